"""What a guard may look at: plain facts about a letter or step, its actor and the act asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from workflows.roles import By, Role, Side


class Fate(StrEnum):
    """What becomes of each open child when its parent ends early; there is no default."""

    KEEP = "keep"  # it goes on by itself; the override is recorded
    CANCEL = "cancel"  # it is cancelled too, and so on down
    CARRY = "carry"  # the replacing letter lays it anew (only when superseding)


class StandIn(NamedTuple):
    """A post that the actor stands in for: its giver, and the moves it is for (None: all)."""

    side: Side
    role: Role
    giver_id: int
    triggers: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts common to every act; dates are days, ids are rows."""

    state: str
    today: date
    actor_id: int
    posts: frozenset[tuple[Side, Role]] = frozenset()  # the actor's own
    stands_in: tuple[StandIn, ...] = ()
    # True only for roll-ups, which the engine fires and no person can ask for.
    itself: bool = False
    note: str = ""
    open_children: int = 0
    fate: Fate | None = None
    has_replacement: bool = False
    # All that this serves has ended, and nobody said that what is below goes on by itself.
    ended_above: bool = False


@dataclass(frozen=True, kw_only=True)
class StepFacts(Facts):
    """An obligation or a task as it stands, with what the act brings."""

    reporter_id: int | None = None
    reporter_for_id: int | None = None
    evidence: int = 0
    due: date | None = None
    until: date | None = None
    laid_on: date | None = None
    done_on: date | None = None
    extension_asked: bool = False
    has_answer: bool = False
    has_target: bool = False
    is_sealed: bool = False
    is_occurrence: bool = False  # one time of a duty that comes again


@dataclass(frozen=True, kw_only=True)
class LetterFacts(Facts):
    """A letter as it stands, with what the act brings."""

    has_issuer: bool = True
    number: str | None = None
    symbol: str | None = None
    dated: date | None = None
    until: date | None = None
    # Point number ("" for the letter as a whole) → due date of duties the letter would lay.
    dues: Mapping[str, date] = field(default_factory=dict)
    cycle: tuple[str, ...] = ()
    is_sealed: bool = False
    # Units that the letter has still to reach: one to very many units goes out batch by batch.
    on_its_way: int = 0
    # Duties due later than those they serve allow, by point; and the latest day that does.
    unstaged: Mapping[str, date] = field(default_factory=dict)
    latest: date | None = None
    # Its duties that come again: those going on, those the act names, and what of them was laid
    # ahead and not begun.
    series_running: int = 0
    series_named: int = 0
    made_ahead: int = 0


class Used(NamedTuple):
    """The post a move is made from: its role, and for whom unless it is the actor's own."""

    role: Role
    giver_id: int | None = None


def post_for(by: By, trigger: str, facts: Facts) -> Used | None:
    """The post that lets the actor make a move as this party; an own post before another's."""
    for role in sorted(by.roles):
        if (by.side, role) in facts.posts:
            return Used(role)
    for post in facts.stands_in:
        fits = post.side is by.side and post.role in by.roles
        if fits and (post.triggers is None or trigger in post.triggers):
            return Used(post.role, post.giver_id)
    return None
