"""Lateness: computed from dates and today, never stored as a state."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from workflows.roles import UNDONE, Turn

# How many days ahead a step counts as due soon; the working calendar will refine it.
SOON = 7


class Lateness(StrEnum):
    """How a step stands against its due date on a given day."""

    NO_DATE = "no_date"
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"  # not done, and the day has passed
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"


def lateness(
    *, due: date | None, turn: str, today: date, reported_on: date | None = None
) -> Lateness:
    """How a step stands; it is late only while it is not done, or by the day it was reported."""
    if due is None or turn == Turn.PAUSED:
        return Lateness.NO_DATE
    if turn in UNDONE:
        if due < today:
            return Lateness.OVERDUE
        return Lateness.DUE_SOON if (due - today).days <= SOON else Lateness.IN_TIME
    if reported_on is not None and reported_on > due:
        return Lateness.DONE_LATE
    return Lateness.DONE_IN_TIME


def days_late(due: date, today: date) -> int:
    """Calendar days past the due date; the due date itself is still in time."""
    return max(0, (today - due).days)
