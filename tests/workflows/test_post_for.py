"""Which post a move is made from: an own one first, then one stood in for that is for this move."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from workflows.facts import StandIn, StepFacts, Used, post_for
from workflows.roles import DOER, ISSUER, By, Role, Side

LEAD_HEAD, LEAD_STAFF = (Side.LEAD, Role.HEAD), (Side.LEAD, Role.STAFF)
ISSUER_HEAD, ISSUER_STAFF = (Side.ISSUER, Role.HEAD), (Side.ISSUER, Role.STAFF)


def lent(
    post: tuple[Side, Role], giver: int, triggers: frozenset[str] | None = None
) -> tuple[StandIn, ...]:
    """A post stood in for."""
    return (StandIn(*post, giver, triggers),)


class Case(NamedTuple):
    """Posts, and the one used to accept as issuer (or as told)."""

    sentence: str
    own: tuple[tuple[Side, Role], ...]
    given: tuple[StandIn, ...]
    used: Used | None
    by: By = ISSUER


CASES = [
    Case("none", (), (), None),
    Case("own", (ISSUER_HEAD,), (), Used(Role.HEAD)),
    Case("own on the other side", (LEAD_HEAD,), (), None),
    Case("own of another role", (ISSUER_STAFF,), (), None),
    Case("lent", (), lent(ISSUER_HEAD, 7), Used(Role.HEAD, 7)),
    Case("lent on the other side", (), lent(LEAD_HEAD, 7), None),
    Case("lent of another role", (), lent(ISSUER_STAFF, 7), None),
    Case("own before lent", (ISSUER_HEAD,), lent(ISSUER_HEAD, 7), Used(Role.HEAD)),
    Case(
        "an own lower one before a lent higher one",
        (LEAD_STAFF,),
        lent(LEAD_HEAD, 7),
        Used(Role.STAFF),
        DOER,
    ),
    Case("lent for this move", (), lent(ISSUER_HEAD, 7, frozenset({"accept"})), Used(Role.HEAD, 7)),
    Case("lent for another move", (), lent(ISSUER_HEAD, 7, frozenset({"return"})), None),
    Case(
        "lent for another move by one, for all by another",
        (),
        lent(ISSUER_HEAD, 7, frozenset({"return"})) + lent(ISSUER_HEAD, 8),
        Used(Role.HEAD, 8),
    ),
    Case(
        "the first of two givers",
        (),
        lent(ISSUER_HEAD, 8) + lent(ISSUER_HEAD, 7),
        Used(Role.HEAD, 8),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_the_post_used_is(case: Case) -> None:
    facts = StepFacts(
        state="reported",
        today=date(2026, 9, 15),
        actor_id=1,
        posts=frozenset(case.own),
        stands_in=case.given,
    )
    assert post_for(case.by, "accept", facts) == case.used
