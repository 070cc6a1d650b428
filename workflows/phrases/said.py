"""What a deadline phrase says, before it is reckoned on a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from workflows.calendar import Unit
from workflows.phrases.reasons import Reason


class Anchor(StrEnum):
    """What a period is counted from."""

    SIGNING = "signing"
    RECEIPT = "receipt"
    DAY = "day"  # one the text names
    EVENT = "event"  # something that happens: "khi bão tan"
    UNSAID = "unsaid"


class Within(StrEnum):
    """Where in its period the day of a series lies."""

    SAME = "same"  # in the period, in its last month where it has several
    NEXT = "next"  # in the month after it


@dataclass(frozen=True, slots=True)
class Every:
    """How often a duty comes again; `day` or `weekday` (Monday is 0) where the text names one.

    Neither months nor days: after each of some event.
    """

    months: int = 0
    days: int = 0  # 1 or 7
    day: int | None = None
    weekday: int | None = None
    within: Within = Within.SAME


@dataclass(frozen=True, slots=True)
class Said:
    """One phrase, where it stands, and what it says.

    `named` is the day the text names; with `inclusive` false that day is out of time already.
    """

    start: int
    end: int
    meaning: str
    named: date | None = None
    inclusive: bool = True
    hour: time | None = None  # until when on the named day
    is_day: bool = True  # a day as such, and no month or quarter
    count: int | None = None
    unit: Unit | None = None
    anchor: Anchor | None = None
    counted_from: date | None = None  # where the anchor is a day
    every: Every | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether the text itself names a day or period, so that nothing else need be known."""
        return self.named is not None and self.every is None
