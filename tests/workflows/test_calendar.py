"""Working days are counted right, across holidays, swap days and the turn of months and years."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.days import CALENDAR, day, rows
from workflows.calendar import (
    NoWorkingDayError,
    Roll,
    Unit,
    WorkingDays,
    add,
    add_months,
    between,
    period_end,
    roll,
)

# start | working days | where it ends | why
ADDED = """
    06-10 | 1 | 06-11 | the first day is not counted
    06-10 | 2 | 06-12 | Thursday, Friday
    06-10 | 3 | 06-15 | over a weekend
    06-12 | 1 | 06-15 | Friday: the next is Monday
    06-13 | 1 | 06-15 | from a Saturday as from the Friday before
    06-14 | 1 | 06-15 | from a Sunday too
    06-12 | 5 | 06-19 | a week
    06-12 | 10 | 06-26 | two weeks
    06-10 | 15 | 07-01 | over the end of a month
    06-10 | 0 | 06-10 | none to go: the day itself
    06-13 | 0 | 06-15 | none to go from a day off: the next worked
    08-20 | 1 | 08-21 | Friday
    08-20 | 2 | 08-22 | a Saturday worked for a day off
    08-20 | 3 | 08-24 | and on to Monday
    08-21 | 1 | 08-22 | the worked Saturday
    08-28 | 1 | 09-03 | over a swap day and National Day
    08-28 | 5 | 09-09 | a week from there
    08-31 | 1 | 09-03 | from the swap day off itself
    02-13 | 1 | 02-23 | over Tết
    02-13 | 5 | 02-27 | the week after Tết
    02-16 | 1 | 02-23 | from a day of Tết
    04-24 | 1 | 04-28 | a holiday observed on Monday
    04-24 | 3 | 05-04 | over 30 April and 1 May too
    04-29 | 1 | 05-04 | two holidays and a weekend
    11-23 | 1 | 11-25 | over 24 November
    2025-12-31 | 1 | 01-05 | over New Year and its swap day
    2025-12-31 | 5 | 01-09 | the first week
    2025-12-31 | 6 | 01-10 | the Saturday worked for it
    2025-12-31 | 7 | 01-12 | the Monday after
    12-31 | 1 | 2027-01-04 | into another year
    06-11 | -1 | 06-10 | back
    06-15 | -1 | 06-12 | back over a weekend
    06-14 | -1 | 06-12 | back from a Sunday
    06-19 | -5 | 06-12 | back a week
    08-24 | -1 | 08-22 | back to the worked Saturday
    09-03 | -1 | 08-28 | back over National Day
    02-23 | -1 | 02-13 | back over Tết
    01-12 | -1 | 01-10 | back to the first worked Saturday
    2027-01-04 | -1 | 12-31 | back into the year before
"""


@pytest.mark.parametrize(("start", "count", "end", "why"), rows(ADDED))
def test_working_days_are_added(start: str, count: str, end: str, why: str) -> None:
    assert (add(CALENDAR, _known(start), int(count)), why) == (day(end), why)


# day | which way | where to | why
ROLLED = """
    06-12 | forward | 06-12 | a worked day stays
    06-12 | back | 06-12 | a worked day stays
    06-13 | forward | 06-15 | Saturday to Monday
    06-13 | back | 06-12 | Saturday to Friday
    06-14 | none | 06-14 | nothing is to be done
    08-22 | forward | 08-22 | a worked Saturday stays
    08-23 | back | 08-22 | Sunday back to the worked Saturday
    08-29 | forward | 09-03 | over National Day
    09-02 | back | 08-28 | back over it
    02-14 | forward | 02-23 | over Tết
    05-01 | forward | 05-04 | a holiday on Friday
    11-24 | back | 11-23 | a holiday on Tuesday
"""


@pytest.mark.parametrize(("start", "way", "end", "why"), rows(ROLLED))
def test_a_day_off_is_moved(start: str, way: str, end: str, why: str) -> None:
    assert (roll(CALENDAR, _known(start), Roll(way)), why) == (day(end), why)


# from | count | unit | its last day | why
PERIODS = """
    06-10 | 10 | day | 06-20 | calendar days, not rolled
    06-10 | 2 | week | 06-24 | weeks
    06-10 | 1 | month | 07-10 | the same day of the month
    01-31 | 1 | month | 02-28 | a shorter month ends it
    2028-01-31 | 1 | month | 2028-02-29 | in a leap year
    11-30 | 3 | month | 2027-02-28 | over the year
    2028-02-29 | 1 | year | 2029-02-28 | from a leap day
    06-10 | 1 | hour | 06-11 | any hours end within the next day
    06-10 | 24 | hour | 06-11 | a day
    06-10 | 25 | hour | 06-12 | and an hour more
    06-12 | 8 | working_hour | 06-15 | eight hours are a working day
    06-12 | 9 | working_hour | 06-16 | nine are more
    06-12 | 5 | working_day | 06-19 | working days
"""


@pytest.mark.parametrize(("start", "count", "unit", "end", "why"), rows(PERIODS))
def test_a_period_ends_with_its_last_day(
    start: str, count: str, unit: str, end: str, why: str
) -> None:
    assert (period_end(CALENDAR, _known(start), int(count), Unit(unit)), why) == (day(end), why)


# from | to | working days after the first, up to and with the second
COUNTED = """
    06-10 | 06-10 | 0
    06-10 | 06-11 | 1
    06-12 | 06-14 | 0
    06-12 | 06-15 | 1
    06-12 | 06-19 | 5
    08-21 | 08-22 | 1
    08-28 | 09-03 | 1
    02-01 | 02-28 | 15
    06-19 | 06-12 | -5
"""


@pytest.mark.parametrize(("start", "end", "count"), rows(COUNTED))
def test_working_days_between(start: str, end: str, count: str) -> None:
    assert between(CALENDAR, _known(start), _known(end)) == int(count)


def test_a_calendar_without_working_days_says_so() -> None:
    never = WorkingDays(weekend=frozenset(range(7)))
    with pytest.raises(NoWorkingDayError):
        add(never, date(2026, 6, 10), 1)
    with pytest.raises(NoWorkingDayError):
        roll(never, date(2026, 6, 10), Roll.BACK)


# -- what holds on every calendar ----------------------------------------------------------

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 700).map(lambda days: FIRST + timedelta(days))
COUNTS = st.integers(1, 60)
CALENDARS = st.builds(
    WorkingDays,
    st.frozensets(DAYS, max_size=60),
    st.frozensets(DAYS, max_size=20),
    st.sampled_from([frozenset({5, 6}), frozenset({6}), frozenset({4, 5}), frozenset()]),
)


@settings(max_examples=80, deadline=None)
@given(CALENDARS, DAYS, COUNTS)
def test_so_many_days_there_and_back(calendar: WorkingDays, start: date, count: int) -> None:
    start = roll(calendar, start, Roll.FORWARD)
    end = add(calendar, start, count)
    assert add(calendar, end, -count) == start
    assert between(calendar, start, end) == count


@settings(max_examples=80, deadline=None)
@given(CALENDARS, DAYS, st.integers(-60, 60))
def test_it_never_ends_on_a_day_off(calendar: WorkingDays, start: date, count: int) -> None:
    assert calendar.is_working(add(calendar, start, count))
    for way in (Roll.FORWARD, Roll.BACK):
        moved = roll(calendar, start, way)
        assert calendar.is_working(moved)
        assert roll(calendar, moved, way) == moved


@settings(max_examples=60, deadline=None)
@given(CALENDARS, st.lists(DAYS, min_size=2, max_size=6), COUNTS)
def test_a_later_start_or_more_days_never_end_earlier(
    calendar: WorkingDays, starts: list[date], count: int
) -> None:
    ends = [add(calendar, start, count) for start in sorted(starts)]
    assert ends == sorted(ends)
    more = [add(calendar, starts[0], n) for n in range(1, count + 1)]
    assert all(one < two for one, two in pairwise(more))


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(-40, 40))
def test_months_end_on_the_same_day_or_the_last(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(1)).day == 1)


def _known(text: str) -> date:
    found = day(text)
    assert found is not None
    return found
