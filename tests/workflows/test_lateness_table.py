"""Lateness is computed from dates and today; the due date itself is still in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflows.lateness import SOON, Lateness, days_late, lateness
from workflows.roles import Turn

TODAY = date(2026, 9, 15)


def day(ahead: int | None) -> date | None:
    """A day so many days from today."""
    return None if ahead is None else TODAY + timedelta(days=ahead)


@pytest.mark.parametrize(
    ("turn", "due", "reported", "said"),
    [
        pytest.param("lead", None, None, "no_date", id="a duty without a date is never late"),
        pytest.param("lead", SOON + 1, None, "in_time", id="due later than soon"),
        pytest.param("lead", SOON, None, "due_soon", id="the first day that is soon"),
        pytest.param("lead", 0, None, "due_soon", id="due today is in time"),
        pytest.param("lead", -1, None, "overdue", id="due yesterday"),
        pytest.param("lead", -1, -2, "overdue", id="reported in time, but returned"),
        pytest.param("issuer", -1, None, "overdue", id="declined and undecided is not done"),
        pytest.param("issuer", 0, None, "due_soon", id="declined, due today"),
        pytest.param("paused", -1, None, "no_date", id="the clock of a paused duty stands still"),
        pytest.param("accepter", -1, -1, "done_in_time", id="reported on its last day"),
        pytest.param("accepter", -2, -1, "done_late", id="reported one day late"),
        pytest.param("accepter", 5, 0, "done_in_time", id="reported early, not yet accepted"),
        pytest.param("nobody", -2, -1, "done_late", id="accepted, but it was reported late"),
        pytest.param("nobody", -1, -1, "done_in_time", id="accepted, reported in time"),
        pytest.param("nobody", -9, None, "done_in_time", id="ended without a report"),
        pytest.param("nobody", None, -1, "no_date", id="ended, never had a date"),
    ],
)
def test_lateness_follows_from_the_dates(
    turn: str, due: int | None, reported: int | None, said: str
) -> None:
    found = lateness(due=day(due), turn=turn, today=TODAY, reported_on=day(reported))
    assert found == Lateness(said)


@pytest.mark.parametrize("turn", list(Turn))
def test_only_what_is_not_done_can_be_overdue(turn: Turn) -> None:
    found = lateness(due=day(-1), turn=turn, today=TODAY)
    assert (found is Lateness.OVERDUE) == (turn in (Turn.LEAD, Turn.ISSUER))


@pytest.mark.parametrize(
    ("due", "late"),
    [(1, 0), (0, 0), (-1, 1), (-30, 30)],
    ids=["due tomorrow", "due today", "due yesterday", "due thirty days ago"],
)
def test_days_late_are_counted_from_the_day_after(due: int, late: int) -> None:
    assert days_late(TODAY + timedelta(days=due), TODAY) == late
