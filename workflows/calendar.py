"""Working-day arithmetic over a set of days: what is worked, what is off, how a period ends."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_WEEKEND = frozenset({5, 6})
# No holiday is as long; a calendar without working days must end in words, not in a loop.
_LONGEST_REST = 400


class Roll(StrEnum):
    """What becomes of a last day that is off; the Civil Code 2015, Art. 148(5), says forward."""

    FORWARD = "forward"
    BACK = "back"
    NONE = "none"


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"  # runs on through days off
    WORKING_HOUR = "working_hour"  # eight to the working day


class NoWorkingDayError(ValueError):
    """The calendar has no working day where one was looked for."""


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked: weekends and `off` are not, `worked` are whatever else says so."""

    off: Container[date] = frozenset()
    worked: Container[date] = frozenset()
    weekend: frozenset[int] = field(default=_WEEKEND)
    version: str = ""

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day in self.worked:
            return True
        return day.weekday() not in self.weekend and day not in self.off


def add(calendar: WorkingDays, start: date, count: int) -> date:
    """The working day `count` working days after `start` (before, if negative); start not counted.

    None to go is the day itself, or the next working day.
    """
    if count == 0:
        return roll(calendar, start, Roll.FORWARD)
    step = _DAY if count > 0 else -_DAY
    day, left = start, abs(count)
    rest = 0
    while left:
        day += step
        if calendar.is_working(day):
            left, rest = left - 1, 0
            continue
        rest = _rested(rest, day)
    return day


def between(calendar: WorkingDays, start: date, end: date) -> int:
    """How many working days come after `start` up to and with `end`; negative when it is before."""
    if end < start:
        return -between(calendar, end, start)
    days = (start + _DAY * offset for offset in range(1, (end - start).days + 1))
    return sum(map(calendar.is_working, days))


def roll(calendar: WorkingDays, day: date, direction: Roll) -> date:
    """The day itself if it is worked (or nothing is to be done), else the nearest that way."""
    if direction is Roll.NONE:
        return day
    step = _DAY if direction is Roll.FORWARD else -_DAY
    rest = 0
    while not calendar.is_working(day):
        day += step
        rest = _rested(rest, day)
    return day


def period_end(calendar: WorkingDays, start: date, count: int, unit: Unit) -> date:
    """The last day of a period, not rolled; the day it starts from is not counted (Art. 147, 148).

    A month ends on the day of the same number, or on the month's last.
    """
    match unit:
        case Unit.WORKING_DAY:
            return add(calendar, start, count)
        case Unit.WORKING_HOUR:
            return add(calendar, start, -(-count // 8))
        case Unit.HOUR:
            return start + _DAY * -(-count // 24)
        case Unit.DAY:
            return start + _DAY * count
        case Unit.WEEK:
            return start + _DAY * 7 * count
        case Unit.MONTH:
            return add_months(start, count)
        case Unit.YEAR:
            return add_months(start, 12 * count)


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last."""
    ordinal = day.year * 12 + day.month - 1 + months
    year, month = divmod(ordinal, 12)
    return min_day(year, month + 1, day.day)


def min_day(year: int, month: int, day: int) -> date:
    """A day of a month, or its last where the month is shorter."""
    return min(date(year, month, 1) + _DAY * (day - 1), last_of_month(year, month))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - _DAY


def _rested(rest: int, day: date) -> int:
    if rest >= _LONGEST_REST:
        raise NoWorkingDayError(f"no working day within {_LONGEST_REST} days of {day}")
    return rest + 1
