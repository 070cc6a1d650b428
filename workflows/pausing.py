"""A suspended step's clock: it stands still, and the working days are given back at the end."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflows.calendar import WorkingDays, add, between


class GivenBack(NamedTuple):
    """What a step gets when it goes on: so many working days, and the day it is then due."""

    days: int
    due: date


def given_back(
    calendar: WorkingDays, due: date | None, stopped: date, resumed: date
) -> GivenBack | None:
    """The working days from the day the clock stopped (not counted) to the day it goes on.

    As many working days are left afterwards as were left before, or are passed already. None where
    there is no due date or no working day to give.
    """
    if due is None or resumed <= stopped:
        return None
    days = between(calendar, stopped, resumed)
    return GivenBack(days, add(calendar, due, days)) if days else None
