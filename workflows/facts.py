"""What a guard may look at: plain facts about a letter or step, its actor and the act asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflows.roles import Role, Side


class Fate(StrEnum):
    """What becomes of each open child when its parent ends early; there is no default."""

    KEEP = "keep"  # it goes on by itself; the override is recorded
    CANCEL = "cancel"  # it is cancelled too, and so on down
    CARRY = "carry"  # the replacing letter lays it anew (only when superseding)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts common to every act; dates are days, ids are rows."""

    state: str
    today: date
    actor_id: int
    posts: frozenset[tuple[Side, Role]] = frozenset()
    # True only for roll-ups, which the engine fires and no person can ask for.
    itself: bool = False
    note: str = ""
    open_children: int = 0
    fate: Fate | None = None
    has_replacement: bool = False


@dataclass(frozen=True, kw_only=True)
class StepFacts(Facts):
    """An obligation or a task as it stands, with what the act brings."""

    reporter_id: int | None = None
    evidence: int = 0
    due: date | None = None
    until: date | None = None
    laid_on: date | None = None
    done_on: date | None = None
    extension_asked: bool = False
    has_answer: bool = False
    has_target: bool = False
    is_sealed: bool = False


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
