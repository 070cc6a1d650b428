"""Suspension gives back the working days it took: as many are left after it as before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import WorkingDays, between
from workflows.pausing import GivenBack, given_back

MON, TUE, FRI, SAT, SUN = (date(2026, 9, 14 + n) for n in (0, 1, 4, 5, 6))
NEXT_MON, NEXT_TUE, NEXT_FRI = (day + timedelta(days=7) for day in (MON, TUE, FRI))
PLAIN = WorkingDays()
FEAST = WorkingDays(off=frozenset({date(2026, 9, 16), date(2026, 9, 17)}))
SWAPPED = WorkingDays(worked=frozenset({SAT}))

CASES = {
    "the same day: nothing": (PLAIN, FRI, MON, MON, None),
    "a day": (PLAIN, FRI, MON, TUE, (1, NEXT_MON)),
    "a working week": (PLAIN, FRI, MON, NEXT_MON, (5, NEXT_FRI)),
    "a weekend: nothing": (PLAIN, FRI, FRI, SUN, None),
    "over a weekend": (PLAIN, NEXT_TUE, FRI, NEXT_MON, (1, date(2026, 9, 23))),
    "days off give nothing": (FEAST, FRI, MON, FRI, (2, NEXT_TUE)),
    "a Saturday that is worked gives one": (SWAPPED, FRI, FRI, SUN, (1, SAT)),
    "overdue already: as overdue afterwards": (PLAIN, MON, TUE, FRI, (3, date(2026, 9, 17))),
    "no due date": (PLAIN, None, MON, FRI, None),
    "a clock turned back": (PLAIN, FRI, TUE, MON, None),
}


@pytest.mark.parametrize(
    ("calendar", "due", "stopped", "resumed", "given"), CASES.values(), ids=CASES
)
def test_what_is_given_back(
    calendar: WorkingDays,
    due: date | None,
    stopped: date,
    resumed: date,
    given: tuple[int, date] | None,
) -> None:
    told = given_back(calendar, due, stopped, resumed)
    assert told == (None if given is None else GivenBack(*given))


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    WorkingDays, off=st.frozensets(days, max_size=20), worked=st.frozensets(days, max_size=20)
)


@given(calendar=calendars, due=days, stopped=days, pause=st.integers(0, 60))
def test_as_many_working_days_are_left_as_before(
    calendar: WorkingDays, due: date, stopped: date, pause: int
) -> None:
    resumed = stopped + timedelta(days=pause)
    told = given_back(calendar, due, stopped, resumed)
    later = told.due if told else due
    assert later >= due
    assert between(calendar, resumed, later) == between(calendar, stopped, due)
