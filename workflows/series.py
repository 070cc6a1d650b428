"""Duties that come again: from a rule and a day to the occurrences, each with its due date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from workflows.calendar import Roll, WorkingDays, last_of_month, min_day
from workflows.phrases import Customs, Every, Said, reckon
from workflows.phrases.said import Within

_DAY = timedelta(days=1)
_WEEK = 7
_SUNDAY = 6


class Rhythm(StrEnum):
    """How often, as people say it."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    OTHER = "other"
    AD_HOC = "ad_hoc"  # called for one by one


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series goes on; with `inclusive` false the named day itself is too late."""

    every: Every
    inclusive: bool = True

    @property
    def is_ad_hoc(self) -> bool:
        """Whether no calendar says when the next one comes."""
        return not (self.every.months or self.every.days)

    @property
    def rhythm(self) -> Rhythm:
        """How often, as people say it."""
        return _RHYTHMS.get((self.every.months, self.every.days), Rhythm.OTHER)


class Occurrence(NamedTuple):
    """One time: the day the rule names, and the last day on which it is in time."""

    named: date
    due: date


def occurrences(
    rule: Rule,
    anchor: date,
    calendar: WorkingDays,
    customs: Customs,
    until: date | None = None,
    after: date | None = None,
) -> Iterator[Occurrence]:
    """The times a series comes, in order, of those still to be done after the day it began.

    Those named up to `after` have been had; none is named after `until`.
    """
    named_days = _named(rule.every, anchor) if after is None else _named_after(rule.every, after)
    for named in _within(named_days, until):
        due = _due(rule, named, calendar, customs)
        if due >= anchor:
            yield Occurrence(named, due)


def following(
    rule: Rule,
    anchor: date,
    calendar: WorkingDays,
    customs: Customs,
    until: date | None = None,
    after: date | None = None,
) -> Occurrence | None:
    """The next of them; None when the series is over, or comes when it is called for."""
    return next(occurrences(rule, anchor, calendar, customs, until, after), None)


def wanted_on(upcoming: date, last: date, ahead_days: int) -> date:
    """The day an occurrence is laid: some days ahead, or else when the one before it has passed.

    So there is always a next one to be seen: of a yearly report that of the next year.
    """
    return min(upcoming - timedelta(days=ahead_days), last + _DAY)


def _named(every: Every, anchor: date) -> Iterator[date]:
    """The days a rule names from the day it began, without end."""
    if every.months:
        return _by_months(every, anchor)
    if every.days % _WEEK:
        return _by_days(every, anchor + timedelta(days=every.days))
    weekday = _SUNDAY if every.weekday is None else every.weekday
    first = anchor + timedelta(days=(weekday - anchor.weekday()) % _WEEK)
    return _by_days(every, first + timedelta(days=every.days - _WEEK))


def _named_after(every: Every, last: date) -> Iterator[date]:
    """The days a rule names after one that it named before."""
    if every.months:
        return _by_months(every, last + _DAY)
    return _by_days(every, last + timedelta(days=every.days))


def _by_days(every: Every, first: date) -> Iterator[date]:
    while every.days:
        yield first
        first += timedelta(days=every.days)


def _by_months(every: Every, since: date) -> Iterator[date]:
    # Each period has its day counted anew: after the 29th of February comes the 31st of March.
    behind = 1 if every.within is Within.NEXT else 0
    last = -(-since.month // every.months) * every.months - every.months * behind
    at = since.year * 12 + last - 1
    while True:
        year, month = divmod(at + behind, 12)
        named = _day_of(every, year, month + 1)
        if named >= since:
            yield named
        at += every.months


def _day_of(every: Every, year: int, month: int) -> date:
    return last_of_month(year, month) if every.day is None else min_day(year, month, every.day)


def _due(rule: Rule, named: date, calendar: WorkingDays, customs: Customs) -> date:
    """The last day in time for a named day, by the one grammar of deadlines."""
    every = rule.every
    if every.day is None and every.weekday is None and every.days != 1:
        # Nothing in the text names this day, so it may as well be one on which somebody works.
        said = Said(0, 0, "", named=named)
        customs = replace(customs, roll_named=Roll.BACK)
    else:
        said = Said(0, 0, "", named=named, inclusive=rule.inclusive)
    due = reckon(said, calendar, customs=customs).due
    assert due is not None  # a named day always has one
    return due


def _within(days: Iterator[date], until: date | None) -> Iterator[date]:
    return days if until is None else takewhile(lambda day: day <= until, days)


_RHYTHMS = {
    (0, 0): Rhythm.AD_HOC,
    (0, 1): Rhythm.DAILY,
    (0, _WEEK): Rhythm.WEEKLY,
    (1, 0): Rhythm.MONTHLY,
    (3, 0): Rhythm.QUARTERLY,
    (6, 0): Rhythm.HALF_YEARLY,
    (12, 0): Rhythm.YEARLY,
}
