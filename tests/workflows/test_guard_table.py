"""Each guard seen both ways: what it lets pass, what it refuses, and with which data."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from tests.workflows.tables import EVERYTHING, TODAY, TOMORROW, YESTERDAY
from workflows import guards as g
from workflows.diagrams import MACHINES
from workflows.facts import Facts, Fate, StandIn
from workflows.refusals import Refusal
from workflows.roles import Role, Side

STEP, LETTER = EVERYTHING["step"], EVERYTHING["letter"]


class Case(NamedTuple):
    """Facts a guard looks at, and what it says."""

    sentence: str
    guard: Callable[[Any], Refusal | None]
    facts: Facts
    says: Refusal | None = None


def step(**given: Any) -> Facts:
    """A step's facts in which nothing stands in the way, but for what is given."""
    return replace(STEP, **given)


def letter(**given: Any) -> Facts:
    """A letter's facts in which nothing stands in the way, but for what is given."""
    return replace(LETTER, **given)


def no(code: str, **data: object) -> Refusal:
    """A refusal."""
    return Refusal(code, data)


def stands_in(giver_id: int, *only: str) -> tuple[StandIn, ...]:
    """The issuer's head lent by somebody, perhaps for some moves."""
    return (StandIn(Side.ISSUER, Role.HEAD, giver_id, frozenset(only) if only else None),)


CASES = [
    Case("a reason is stated", g.reason_stated, step(note="late")),
    Case("no reason is stated", g.reason_stated, step(note=""), no("reason_missing")),
    Case("blanks are no reason", g.reason_stated, step(note=" \n"), no("reason_missing")),
    Case("nothing is open, no reason", g.reason_stated_while_open, step(note="")),
    Case("open, with a reason", g.reason_stated_while_open, step(open_children=2)),
    Case(
        "open, without a reason",
        g.reason_stated_while_open,
        step(note="", open_children=2),
        no("reason_missing_while_open", count=2),
    ),
    Case("nothing is open, no fate", g.children_have_a_fate, step()),
    Case("open, to be kept", g.children_have_a_fate, step(open_children=1, fate=Fate.KEEP)),
    Case(
        "open, fate unknown",
        g.children_have_a_fate,
        step(open_children=1),
        no("fate_missing", count=1),
    ),
    Case("kept", g.fate_fits, step(fate=Fate.KEEP)),
    Case("cancelled", g.fate_fits, step(fate=Fate.CANCEL)),
    Case("carried into a letter", g.fate_fits, letter(fate=Fate.CARRY)),
    Case(
        "carried nowhere",
        g.fate_fits,
        step(fate=Fate.CARRY),
        no("fate_carry_needs_replacement"),
    ),
    Case("superseded by a letter", g.replacement_named, letter()),
    Case(
        "superseded by nothing",
        g.replacement_named,
        letter(has_replacement=False),
        no("replacement_missing"),
    ),
    Case("all below ended", g.children_ended, step()),
    Case("one below open", g.children_ended, step(open_children=1), no("children_open", count=1)),
    Case("one file shown", g.evidence_attached, step()),
    Case("nothing shown", g.evidence_attached, step(evidence=0), no("evidence_missing")),
    Case("done today", g.done_day_has_come, step()),
    Case("no day of doing", g.done_day_has_come, step(done_on=None)),
    Case(
        "done tomorrow",
        g.done_day_has_come,
        step(done_on=TOMORROW),
        no("done_in_future", done_on=TOMORROW, today=TODAY),
    ),
    Case("done the day it was laid", g.done_after_laid, step()),
    Case("no day of doing, laid tomorrow", g.done_after_laid, step(done_on=None, laid_on=TOMORROW)),
    Case(
        "done the day before it was laid",
        g.done_after_laid,
        step(done_on=YESTERDAY),
        no("done_before_laid", done_on=YESTERDAY, laid_on=TODAY),
    ),
    Case("another person reported", g.reporter_is_not_accepter, step(reporter_id=2)),
    Case("nobody reported", g.reporter_is_not_accepter, step(reporter_id=None)),
    Case("own report", g.reporter_is_not_accepter, step(reporter_id=1), no("same_person")),
    Case(
        "own report, as a deputy",
        g.reporter_is_not_accepter,
        step(reporter_id=1, reporter_for_id=7),
        no("same_person"),
    ),
    Case(
        "a deputy reported for whoever accepts",
        g.reporter_is_not_accepter,
        step(reporter_id=2, reporter_for_id=1),
        no("same_principal"),
    ),
    Case(
        "accepted for whoever reported",
        g.reporter_is_not_accepter,
        step(reporter_id=2, posts=frozenset(), stands_in=stands_in(2)),
        no("same_principal"),
    ),
    Case(
        "reported and accepted for the same by two deputies",
        g.reporter_is_not_accepter,
        step(reporter_id=2, reporter_for_id=7, posts=frozenset(), stands_in=stands_in(7)),
        no("same_principal"),
    ),
    Case(
        "reported and accepted for two",
        g.reporter_is_not_accepter,
        step(reporter_id=2, reporter_for_id=7, posts=frozenset(), stands_in=stands_in(8)),
    ),
    Case(
        "accepted from an own post, though deputy of whoever reported",
        g.reporter_is_not_accepter,
        step(reporter_id=2, stands_in=stands_in(2)),
    ),
    Case(
        "accepted for another, as what was lent by the reporter does not accept",
        g.reporter_is_not_accepter,
        step(reporter_id=2, posts=frozenset(), stands_in=(*stands_in(2, "return"), *stands_in(8))),
    ),
    Case("a letter answers", g.answer_named, step()),
    Case("no letter answers", g.answer_named, step(has_answer=False), no("answer_missing")),
    Case("a unit receives it", g.target_named, step()),
    Case("nobody receives it", g.target_named, step(has_target=False), no("target_missing")),
    Case("a later day", g.later_date_named, step(until=TOMORROW)),
    Case("any day where there was none", g.later_date_named, step(due=None, until=YESTERDAY)),
    Case("no day", g.later_date_named, step(until=None), no("until_missing")),
    Case(
        "the same day",
        g.later_date_named,
        step(until=TODAY),
        no("until_not_later", until=TODAY, due=TODAY),
    ),
    Case(
        "an earlier day",
        g.later_date_named,
        step(until=YESTERDAY),
        no("until_not_later", until=YESTERDAY, due=TODAY),
    ),
    Case("none asked yet", g.no_extension_asked, step()),
    Case(
        "one asked already",
        g.no_extension_asked,
        step(extension_asked=True),
        no("extension_already_asked"),
    ),
    Case("one to decide on", g.extension_asked, step(extension_asked=True)),
    Case("none to decide on", g.extension_asked, step(), no("extension_not_asked")),
    Case("one time of several", g.comes_again, step()),
    Case("the only time", g.comes_again, step(is_occurrence=False), no("comes_once")),
    Case("too late, with a reason", g.dues_in_stages, letter()),
    Case("in stages, without one", g.dues_in_stages, letter(note="", unstaged={})),
    Case(
        "too late without a reason",
        g.dues_in_stages,
        letter(note=" "),
        no("not_in_stages", latest=TODAY, late={"point 1": TOMORROW}),
    ),
    Case("something goes on", g.something_comes_again, letter()),
    Case(
        "nothing goes on",
        g.something_comes_again,
        letter(series_running=0),
        no("nothing_comes_again"),
    ),
    Case("a series is named", g.series_named, letter()),
    Case("no series is named", g.series_named, letter(series_named=0), no("series_missing")),
    Case("nothing was laid ahead", g.made_ahead_has_a_fate, letter()),
    Case("laid ahead, kept", g.made_ahead_has_a_fate, letter(made_ahead=1, fate=Fate.KEEP)),
    Case(
        "laid ahead, fate unknown",
        g.made_ahead_has_a_fate,
        letter(made_ahead=1),
        no("fate_missing", count=1),
    ),
    Case("not accepted above", g.above_not_accepted, step()),
    Case("accepted above", g.above_not_accepted, step(is_sealed=True), no("sealed_above")),
    Case("something above goes on", g.above_goes_on, step()),
    Case("all above has ended", g.above_goes_on, step(ended_above=True), no("ended_above")),
    Case("above a letter too", g.above_goes_on, letter(ended_above=True), no("ended_above")),
    Case("an identity", g.identity_complete, letter()),
    Case(
        "an empty number",
        g.identity_complete,
        letter(number=""),
        no("identity_incomplete", missing=["number"]),
    ),
    Case(
        "nothing of an identity, told in order",
        g.identity_complete,
        letter(has_issuer=False, number=None, symbol=None, dated=None),
        no("identity_incomplete", missing=["issuer", "number", "symbol", "date"]),
    ),
    Case("dated today", g.date_has_come, letter(dated=TODAY)),
    Case("without a date yet", g.date_has_come, letter(dated=None)),
    Case(
        "dated tomorrow",
        g.date_has_come,
        letter(dated=TOMORROW),
        no("date_in_future", dated=TOMORROW, today=TODAY),
    ),
    Case("due on the letter's day", g.dues_after_issue, letter(dues={"point 1": TODAY})),
    Case("no day to compare with", g.dues_after_issue, letter(dated=None)),
    Case(
        "due the day before, only that point told",
        g.dues_after_issue,
        letter(dues={"point 1": YESTERDAY, "point 2": TODAY}),
        no("due_before_issue", dated=TODAY, early={"point 1": YESTERDAY}),
    ),
    Case("no circle", g.cites_no_cycle, letter()),
    Case(
        "a circle",
        g.cites_no_cycle,
        letter(cycle=("a", "b", "a")),
        no("cycle", path=("a", "b", "a")),
    ),
    Case("a letter that all its units have", g.has_reached_all, letter()),
    Case(
        "a letter on its way",
        g.has_reached_all,
        letter(on_its_way=7),
        no("on_its_way", count=7),
    ),
    Case("a letter not accepted above", g.letter_not_accepted_above, letter()),
    Case(
        "a letter accepted above",
        g.letter_not_accepted_above,
        letter(is_sealed=True),
        no("sealed_above"),
    ),
    Case("a new day", g.new_date_named, letter()),
    Case("no new day", g.new_date_named, letter(until=None), no("until_missing")),
]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.guard.__name__}: {case.sentence}" for case in CASES]
)
def test_a_guard_says_what_is_in_the_way(case: Case) -> None:
    assert case.guard(case.facts) == case.says


def test_every_guard_is_seen_to_pass_and_to_refuse() -> None:
    guards = {f for _, f in inspect.getmembers(g, inspect.isfunction) if f.__module__ == g.__name__}
    assert {case.guard for case in CASES if case.says is None} == guards
    assert {case.guard for case in CASES if case.says is not None} == guards


def test_every_guard_is_used_by_a_machine() -> None:
    used = {guard for machine in MACHINES for move in machine.moves for guard in move.when}
    assert used == {case.guard for case in CASES}
