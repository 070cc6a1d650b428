"""Duties that come again: which days, from when, until when, and what days off do to them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.calendar import WorkingDays, last_of_month
from workflows.phrases import Customs, Every, Said, reckon
from workflows.phrases.said import Within
from workflows.series import Rhythm, Rule, following, occurrences, wanted_on

PLAIN, HOUSE = WorkingDays(), Customs()
NO_DAY_OFF = WorkingDays(weekend=frozenset())
EVERY_MONTH = Every(months=1)
CASES = {  # rule, from → the first due dates
    "monthly, before the 20th": (
        Rule(Every(months=1, day=20), inclusive=False),
        "2026-09-15",
        "2026-09-19 2026-10-19 2026-11-19",
    ),
    "monthly, on the 20th": (
        Rule(Every(months=1, day=20)),
        "2026-09-15",
        "2026-09-20 2026-10-20 2026-11-20",
    ),
    "begun on the very day": (Rule(Every(months=1, day=20)), "2026-09-20", "2026-09-20 2026-10-20"),
    "begun the day after": (Rule(Every(months=1, day=20)), "2026-09-21", "2026-10-20 2026-11-20"),
    "begun on the day named, which is too late": (
        Rule(Every(months=1, day=20), inclusive=False),
        "2026-09-20",
        "2026-10-19 2026-11-19",
    ),
    "the 31st is a month's last": (
        Rule(Every(months=1, day=31)),
        "2026-12-30",
        "2026-12-31 2027-01-31 2027-02-28 2027-03-31 2027-04-30",
    ),
    "and the 29th of February comes in its year": (
        Rule(Every(months=1, day=30)),
        "2028-01-31",
        "2028-02-29 2028-03-30",
    ),
    "monthly without a day: its last working day": (
        Rule(EVERY_MONTH),
        "2026-09-01",
        "2026-09-30 2026-10-30 2026-11-30",
    ),
    "in the month after": (
        Rule(Every(months=1, day=5, within=Within.NEXT)),
        "2026-09-15",
        "2026-10-05 2026-11-05",
    ),
    "quarterly, the 25th of its last month": (
        Rule(Every(months=3, day=25)),
        "2026-09-26",
        "2026-12-25 2027-03-25",
    ),
    "quarterly, in the month after, that of the quarter before": (
        Rule(Every(months=3, day=10, within=Within.NEXT)),
        "2026-10-05",
        "2026-10-10 2027-01-10",
    ),
    "quarter ends": (Rule(Every(months=3)), "2026-01-01", "2026-03-31 2026-06-30 2026-09-30"),
    "half-years": (Rule(Every(months=6)), "2026-05-04", "2026-06-30 2026-12-31 2027-06-30"),
    "yearly, the 15th of December": (
        Rule(Every(months=12, day=15)),
        "2026-12-16",
        "2027-12-15 2028-12-15",
    ),
    "Fridays": (Rule(Every(days=7, weekday=4)), "2026-09-15", "2026-09-18 2026-09-25 2026-10-02"),
    "Fridays from a Friday": (Rule(Every(days=7, weekday=4)), "2026-09-18", "2026-09-18"),
    "weekly: the last working day": (Rule(Every(days=7)), "2026-09-15", "2026-09-18 2026-09-25"),
    "a fortnight": (Rule(Every(days=14, weekday=4)), "2026-09-15", "2026-09-25 2026-10-09"),
    "fifteen days": (Rule(Every(days=15, weekday=None)), "2026-09-01", "2026-09-16 2026-10-01"),
    "every day, and not the first": (
        Rule(Every(days=1)),
        "2026-09-18",
        "2026-09-19 2026-09-20 2026-09-21",
    ),
    "as called for": (Rule(Every()), "2026-09-15", ""),
}


def dues(told: str) -> list[date]:
    """Days as written."""
    return [date.fromisoformat(day) for day in told.split()]


@pytest.mark.parametrize(("rule", "since", "told"), CASES.values(), ids=CASES)
def test_the_first_times_of_a_series(rule: Rule, since: str, told: str) -> None:
    found = islice(occurrences(rule, date.fromisoformat(since), PLAIN, HOUSE), 9)
    wanted = dues(told)
    assert [one.due for one in found][: len(wanted) or 1] == wanted


def test_days_off_move_the_end_of_a_period_back_to_a_day_on_which_somebody_works() -> None:
    feast = WorkingDays(off=frozenset({date(2026, 9, 30), date(2026, 9, 29)}))
    first = following(Rule(EVERY_MONTH), date(2026, 9, 1), feast, HOUSE)
    assert first is not None
    assert (first.named, first.due) == (date(2026, 9, 30), date(2026, 9, 28))


def test_a_named_day_off_follows_the_custom_of_the_house() -> None:
    rule, since = Rule(Every(months=1, day=20)), date(2026, 9, 15)  # a Sunday
    for way, due in (("none", 20), ("forward", 21), ("back", 18)):
        customs = Customs(roll_named=type(HOUSE.roll_named)(way))
        found = following(rule, since, PLAIN, customs)
        assert found is not None
        assert (found.named, found.due) == (date(2026, 9, 20), date(2026, 9, due))


def test_the_last_day_ends_it() -> None:
    rule, until = Rule(Every(months=1, day=20)), date(2026, 11, 19)
    found = list(occurrences(rule, date(2026, 9, 15), PLAIN, HOUSE, until))
    assert [one.named.month for one in found] == [9, 10]
    assert following(rule, date(2026, 9, 15), PLAIN, HOUSE, until, after=found[-1].named) is None


@pytest.mark.parametrize(
    ("every", "rhythm"),
    [
        (Every(days=1), Rhythm.DAILY),
        (Every(days=7, weekday=2), Rhythm.WEEKLY),
        (Every(months=1, day=3), Rhythm.MONTHLY),
        (Every(months=3), Rhythm.QUARTERLY),
        (Every(months=6), Rhythm.HALF_YEARLY),
        (Every(months=12), Rhythm.YEARLY),
        (Every(months=2), Rhythm.OTHER),
        (Every(), Rhythm.AD_HOC),
    ],
)
def test_how_often_in_words(every: Every, rhythm: Rhythm) -> None:
    assert Rule(every).rhythm is rhythm


@pytest.mark.parametrize(
    ("upcoming", "last", "laid"),
    [
        (date(2026, 12, 15), date(2025, 12, 15), date(2025, 12, 16)),
        (date(2026, 9, 25), date(2026, 9, 24), date(2026, 9, 22)),
    ],
    ids=["the next of a year at once", "every day, ahead"],
)
def test_when_an_occurrence_is_laid(upcoming: date, last: date, laid: date) -> None:
    assert wanted_on(upcoming, last, 3) == laid


rules = st.builds(
    Rule,
    st.one_of(
        st.builds(
            Every,
            months=st.sampled_from([1, 2, 3, 6, 12]),
            day=st.none() | st.integers(1, 31),
            within=st.sampled_from(list(Within)),
        ),
        st.builds(Every, days=st.sampled_from([1, 7, 14]), weekday=st.none() | st.integers(0, 6)),
    ),
    inclusive=st.booleans(),
)
starts = st.dates(date(2023, 1, 1), date(2029, 12, 31))


@given(rules, starts)
def test_the_first_time_is_the_one_the_phrase_is_reckoned_to(rule: Rule, since: date) -> None:
    assume(rule.inclusive or rule.every.day is not None)  # one is only "before" a named day
    assume(rule.every.days != 1 or rule.every.weekday is None)
    said = Said(0, 1, "", inclusive=rule.inclusive, every=rule.every)
    first = following(rule, since, PLAIN, HOUSE)
    assert first is not None
    assert first.due == reckon(said, PLAIN, signed=since, customs=HOUSE).due


@given(rules, starts, st.integers(1, 12))
def test_going_on_from_any_time_gives_the_same_series(rule: Rule, since: date, had: int) -> None:
    whole = list(islice(occurrences(rule, since, PLAIN, HOUSE), had + 5))
    rest = occurrences(rule, since, PLAIN, HOUSE, after=whole[had - 1].named)
    assert list(islice(rest, 5)) == whole[had:]


@given(rules, starts)
def test_a_series_goes_forward_and_never_twice_to_a_day(rule: Rule, since: date) -> None:
    found = list(islice(occurrences(rule, since, NO_DAY_OFF, HOUSE), 30))
    named = [one.named for one in found]
    assert named == sorted(set(named))
    assert all(one.due >= since for one in found)
    if rule.every.months and rule.every.day is not None:
        for day in named:
            assert day.day == min(rule.every.day, last_of_month(day.year, day.month).day)
            assert (named[-1] - named[0]) > timedelta(days=27 * rule.every.months)
