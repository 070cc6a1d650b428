"""A duty is reminded of on the right working day, once, and the right posts are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows import days as table
from tests.workflows.days import CALENDAR, rows
from workflows.calendar import WorkingDays
from workflows.reminding import (
    DEFAULTS,
    MOST,
    Audience,
    Kind,
    Policy,
    applies,
    first_day,
    is_told,
    latest_anchor,
    reason,
)
from workflows.roles import WRITING, Role

# rule | number | measured from | first day | why
FIRST_DAYS = """
    before | 3 | 06-19 | 06-16 | three working days before a Friday
    before | 3 | 06-16 | 06-11 | over a weekend
    before | 1 | 06-14 | 06-12 | due on a Sunday: the Friday before
    before | 1 | 09-03 | 08-28 | over National Day and its swap day
    before | 3 | 03-02 | 02-25 | into February
    on | 0 | 06-19 | 06-19 | the day itself
    on | 0 | 06-14 | 06-12 | due on a Sunday: the last day on which anything can be done
    on | 0 | 02-18 | 02-13 | due within Tết: before it
    after | 1 | 06-19 | 06-22 | Friday: Monday
    after | 5 | 06-19 | 06-26 | a week
    after | 1 | 08-21 | 08-22 | the Saturday worked for a day off
    unacknowledged | 3 | 06-12 | 06-17 | sent on a Friday: Wednesday
    unacknowledged | 1 | 02-13 | 02-23 | over Tết
    idle | 2 | 06-05 | 06-19 | two weeks, to the day
    idle | 1 | 06-06 | 06-15 | a Saturday: the Monday after
"""
# rule | number | measured from | laid | today | applies | why
DAYS = """
    before | 3 | 06-19 | 06-01 | 06-15 | no | a day early
    before | 3 | 06-19 | 06-01 | 06-16 | yes | the day
    before | 3 | 06-19 | 06-01 | 06-18 | yes | nothing ran for two days: it still helps
    before | 3 | 06-19 | 06-01 | 06-19 | no | of the day itself the next rule speaks
    before | 3 | 06-14 | 06-01 | 06-11 | yes | due on a Sunday: the Thursday before
    before | 3 | 06-14 | 06-01 | 06-12 | no | and not on its Friday
    before | 1 | 06-14 | 06-01 | 06-12 | yes | unless that is its own day
    before | 1 | 06-14 | 06-01 | 06-13 | no | and no later
    before | 3 | 06-19 | 06-01 | 06-20 | no | after it this would help nobody
    before | 3 | 06-19 | 06-16 | 06-16 | no | just laid
    before | 3 | 06-19 | 06-17 | 06-18 | no | laid with a shorter time
    before | 3 | 06-19 | 06-15 | 06-16 | yes | laid the day before
    on | 0 | 06-19 | 06-01 | 06-18 | no | the day before
    on | 0 | 06-19 | 06-01 | 06-19 | yes | the day
    on | 0 | 06-19 | 06-01 | 06-20 | no | the day after
    on | 0 | 06-19 | 06-19 | 06-19 | no | laid and due on one day
    on | 0 | 06-14 | 06-01 | 06-12 | yes | due on a Sunday
    on | 0 | 06-14 | 06-01 | 06-14 | yes | made up for on the Sunday
    after | 1 | 06-19 | 06-01 | 06-19 | no | in time
    after | 1 | 06-19 | 06-01 | 06-21 | no | no working day has passed
    after | 1 | 06-19 | 06-01 | 06-22 | yes | one has
    after | 1 | 06-19 | 06-22 | 06-22 | yes | laid late is overdue all the same
    after | 1 | 06-19 | 06-01 | 12-31 | yes | months later, if nothing ran
    unacknowledged | 3 | 06-12 | 06-12 | 06-16 | no | two working days
    unacknowledged | 3 | 06-12 | 06-12 | 06-17 | yes | three
    idle | 2 | 06-05 | 05-01 | 06-18 | no | a day early
    idle | 2 | 06-05 | 05-01 | 06-19 | yes | two weeks
"""
PROFILE = settings(max_examples=60)


def day(text: str) -> date:
    """A day of a table."""
    found = table.day(text)
    assert found is not None
    return found


def policy(kind: str, days: str | int, audience: Audience = Audience.UNIT) -> Policy:
    """A rule."""
    return Policy(1, Kind(kind), int(days), audience)


@pytest.mark.parametrize(("kind", "days", "anchor", "first", "why"), rows(FIRST_DAYS))
def test_the_day_of_a_reminder(kind: str, days: str, anchor: str, first: str, why: str) -> None:
    assert first_day(policy(kind, days), day(anchor), CALENDAR) == day(first), why


@pytest.mark.parametrize(("kind", "days", "anchor", "laid", "today", "said", "why"), rows(DAYS))
def test_whether_a_rule_applies_on_a_day(
    kind: str, days: str, anchor: str, laid: str, today: str, said: str, why: str
) -> None:
    found = applies(policy(kind, days), day(anchor), day(laid), CALENDAR, day(today))
    assert found == (said == "yes"), why


@PROFILE
@given(
    kind=st.sampled_from(list(Kind)),
    days=st.integers(1, 12),
    today=st.dates(date(2026, 1, 1), date(2026, 12, 20)),
    off=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)
def test_no_search_that_begins_with_the_latest_anchor_leaves_one_out(
    kind: Kind, days: int, today: date, off: frozenset[date]
) -> None:
    calendar, rule = WorkingDays(off), policy(kind, 0 if kind is Kind.ON else days)
    last = latest_anchor(rule, calendar, today)
    assert first_day(rule, last, calendar) <= today
    assert first_day(rule, last + timedelta(days=1), calendar) > today


@PROFILE
@given(
    kind=st.sampled_from(sorted({Kind.AFTER, Kind.UNACKNOWLEDGED, Kind.IDLE})),
    days=st.integers(1, 12),
    anchor=st.dates(date(2026, 1, 1), date(2026, 12, 20)),
)
def test_reminders_of_what_is_late_begin_on_a_working_day(
    kind: Kind, days: int, anchor: date
) -> None:
    assert CALENDAR.is_working(first_day(policy(kind, days), anchor, CALENDAR))


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        (Audience.UNIT, {Role.STAFF, Role.DRAFTER, Role.HEAD, Role.SECRETARIAT}),
        (Audience.HEAD, {Role.HEAD}),
        (Audience.ABOVE, {Role.SECRETARIAT}),
    ],
)
def test_only_posts_that_act_are_told(audience: Audience, told: set[Role]) -> None:
    assert {role for role in Role if is_told(audience, role)} == told <= WRITING


@pytest.mark.parametrize("kind", list(Kind))
def test_why_is_said_in_both_languages(kind: Kind) -> None:
    one, many = reason(kind, 1), reason(kind, 7)
    assert all(one)
    assert kind is Kind.ON or all("7" in words for words in many)
    assert "1 working days" not in one.en
    assert "1 weeks" not in one.en


def test_what_a_register_begins_with_is_within_bounds() -> None:
    assert {kind for kind, _, _ in DEFAULTS} == set(Kind)
    assert all((kind is Kind.ON) == (days == 0) for kind, days, _ in DEFAULTS)
    assert all(days <= MOST[kind] for kind, days, _ in DEFAULTS)
