"""A due date below another leaves the unit between the time it needs, or is warned of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.days import CALENDAR, day, rows
from workflows.calendar import between
from workflows.staging import CONCERNS, Concern, latest_below, stages, warnings

# due above | proposed below | slack | working days between | latest | concerns
TABLE = """
    06-19 | 06-17 | 2 | 2 | 06-17 |
    06-19 | 06-10 | 2 | 2 | 06-17 |
    06-19 | 06-18 | 2 | 1 | 06-17 | tight
    06-19 | 06-19 | 2 | 0 | 06-17 | tight
    06-19 | 06-19 | 0 | 0 | 06-19 |
    06-19 | 06-22 | 2 | 1 | 06-17 | after_above
    06-19 | 06-22 | 0 | 1 | 06-19 | after_above
    06-19 | 06-29 | 2 | 6 | 06-17 | after_above
    06-15 | 06-12 | 1 | 1 | 06-12 |
    06-15 | 06-13 | 1 | 1 | 06-12 | day_off
    06-15 | 06-14 | 2 | 1 | 06-11 | day_off tight
    06-14 | 06-12 | 1 | 0 | 06-11 | tight
    09-03 | 08-28 | 1 | 1 | 08-28 |
    09-03 | 08-28 | 2 | 1 | 08-27 | tight
    08-24 | 08-21 | 2 | 2 | 08-21 |
    06-19 | -     | 2 | 0 | 06-17 | no_date
    -     | 06-19 | 2 | 0 | -     |
    -     | 06-20 | 2 | 0 | -     | day_off
    -     | -     | 2 | 0 | -     |
"""


@pytest.mark.parametrize(("above", "below", "slack", "left", "latest", "told"), rows(TABLE))
def test_what_leaves_too_little_time_is_warned_of(
    above: str, below: str, slack: str, left: str, latest: str, told: str
) -> None:
    found = warnings(CALENDAR, above=day(above), proposed=day(below), slack=int(slack))
    assert [str(one.concern) for one in found] == told.split()
    for one in found:
        if one.concern in (Concern.TIGHT, Concern.AFTER_ABOVE):
            assert (one.days, one.latest) == (int(left), day(latest))
        said = CONCERNS[one.concern].say("vi").format(above="19/6", days=one.days, slack=one.slack)
        assert "{" not in said


def test_each_level_down_is_due_before_the_one_above() -> None:
    dates = stages(CALENDAR, date(2026, 9, 3), [1, 2, 0, 3])
    assert dates == [date(2026, 8, 28), date(2026, 8, 26), date(2026, 8, 26), date(2026, 8, 22)]


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2026, 1, 5), date(2026, 12, 28)), st.integers(1, 15))
def test_the_latest_day_raises_no_concern_and_the_next_does(above: date, slack: int) -> None:
    latest = latest_below(CALENDAR, above, slack)
    assert warnings(CALENDAR, above=above, proposed=latest, slack=slack) == []
    following = latest_below(CALENDAR, above, slack - 1) if slack > 1 else above
    assert between(CALENDAR, latest, above) >= slack
    assert warnings(CALENDAR, above=above, proposed=following, slack=slack) != []
