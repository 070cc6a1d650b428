"""Duties that come again: begun with their letter, made ahead, returned nil, called for, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cascade import recurring
from cascade.errors import BadInputError, MoveRefusedError, NotFoundError
from cascade.jobs import sweep
from cascade.verify import verify
from models import occurrences
from models.database import Database
from models.queries import series
from tests.worlds import EVIDENCE, TODAY, Office  # 15 September 2026, a Tuesday
from workflows.facts import Fate
from workflows.phrases import Every
from workflows.series import Rule

MONTHLY = Rule(Every(months=1, day=20), inclusive=False)  # before the 20th of each month
WEEKLY = Rule(Every(days=7, weekday=4))
CALLED = Rule(Every())
WHY = {"note": "Because."}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request: pytest.FixtureRequest) -> Database:
    """SQLite each day; tests/models/test_times_queries.py asks the queries of both."""
    kind = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    found: Database = request.getfixturevalue(kind)
    return found


def drafted(
    office: Office, rule: Rule, units: Sequence[str] = ("S",), **given: Any
) -> tuple[int, list[int]]:
    """A draft of the province with a duty that comes again for some units; the series' ids."""
    until = given.pop("until", None)
    letter = office.draft("P", **given)
    rows = [
        {
            "unit_id": office.units[unit],
            "phrase": "as the letter says",
            "until": until,
            **recurring.kept(rule)._asdict(),
        }
        for unit in units
    ]
    with office.db.write() as conn:
        occurrences.file(conn, letter, rows)
        query = text(f"SELECT id FROM series WHERE letter_id = {letter} ORDER BY id")
        return letter, list(conn.execute(query).scalars())


def issued(office: Office, rule: Rule, *units: str, **given: Any) -> tuple[int, list[int]]:
    """The same, issued."""
    letter, ids = drafted(office, rule, units or ("S",), **given)
    office.issue(letter)
    return letter, ids


def steps(office: Office, series_id: int) -> list[tuple[str, str, str]]:
    """(named, due, state) of what a series has brought, the oldest first."""
    with office.db.read() as conn:
        rows = series.occurrences(conn, series_id)
    return [(str(r.occurrence), str(r.due), r.state) for r in reversed(rows)]


def step_ids(office: Office, series_id: int) -> list[int]:
    """The steps of a series, the oldest first."""
    with office.db.read() as conn:
        return [row.id for row in reversed(series.occurrences(conn, series_id))]


def make(office: Office, day: date) -> int:
    """What the schedule lays on a day."""
    office.today = day
    return recurring.make_ahead(office.db, office.moment).steps


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


def test_issuing_a_letter_begins_what_comes_again(office: Office) -> None:
    letter, (first, second) = drafted(office, MONTHLY, ("S", "A"), tasks=[("1", "S2")])
    assert make(office, TODAY) == 0  # a draft lays nothing
    office.issue(letter)
    for one in (first, second):
        assert steps(office, one) == [("2026-09-20", "2026-09-19", "open")]
    with office.db.read() as conn:
        told = conn.execute(
            text(
                "SELECT e.role, e.until, c.trigger FROM event e JOIN event c ON c.seq = e.cause_seq"
                " WHERE e.trigger = 'lay' AND e.cause_seq IS NOT NULL ORDER BY e.seq"
            )
        ).all()
    assert [(r.role, str(r.until), r.trigger) for r in told] == [
        ("itself", "2026-09-19", "issue")
    ] * 2
    assert office.count("step") == 3
    assert consistent(office)


def test_the_next_is_laid_once_the_last_has_passed_and_never_twice(office: Office) -> None:
    _, (one,) = issued(office, MONTHLY)
    made = {day: make(office, day) for day in (TODAY, date(2026, 9, 20), date(2026, 9, 21))}
    assert list(made.values()) == [0, 0, 1]
    assert make(office, date(2026, 9, 21)) == 0
    assert make(office, date(2026, 9, 15)) == 0  # a clock that was turned back
    assert [row[0] for row in steps(office, one)] == ["2026-09-20", "2026-10-20"]
    assert consistent(office)


def test_after_a_long_standstill_nothing_is_missing(office: Office) -> None:
    _, (one,) = issued(office, MONTHLY)
    assert make(office, date(2027, 3, 1)) == 6
    named = [row[0] for row in steps(office, one)]
    assert named == [
        "2026-09-20", "2026-10-20", "2026-11-20", "2026-12-20", "2027-01-20", "2027-02-20",
        "2027-03-20",
    ]  # fmt: skip
    assert consistent(office)


def test_what_comes_often_is_laid_some_days_ahead(office: Office) -> None:
    _, (one,) = issued(office, Rule(Every(days=1)))
    days = [[row[0] for row in steps(office, one)]]
    make(office, TODAY + timedelta(days=1))
    days += [[row[0] for row in steps(office, one)]]
    assert days == [[f"2026-09-{day}" for day in range(16, end)] for end in (19, 20)]


def test_days_off_are_those_of_the_unit(office: Office) -> None:
    with office.db.write() as conn:
        conn.execute(
            text(
                "INSERT INTO calendar_override (unit_id, day, is_off, reason, legal_basis) "
                f"VALUES ({office.units['A']}, :day, true, 'r', 'b')"
            ).bindparams(day=date(2026, 9, 30))
        )
    _, (plain, other) = issued(office, Rule(Every(months=1)), "S", "A")
    assert [steps(office, one)[0][1] for one in (plain, other)] == ["2026-09-30", "2026-09-29"]


def test_the_last_day_ends_it_and_then_the_letter_is_fulfilled(office: Office) -> None:
    letter, (one,) = issued(office, MONTHLY, until=date(2026, 10, 31))
    office.finish(step_ids(office, one)[0], "S", "P")
    assert office.letter_state(letter) == "issued"  # there is more to come
    assert make(office, date(2027, 3, 1)) == 1
    office.finish(step_ids(office, one)[1], "S", "P")
    assert office.letter_state(letter) == "fulfilled"
    assert make(office, date(2028, 3, 1)) == 0
    assert consistent(office)


def test_each_time_has_its_own_evidence_or_says_that_there_is_nothing(office: Office) -> None:
    _, (one,) = issued(office, WEEKLY)
    make(office, date(2026, 9, 19))
    first, second = step_ids(office, one)
    office.fire(first, "report", "s.staff", files=(EVIDENCE,))
    with pytest.raises(MoveRefusedError, match="evidence"):
        office.fire(second, "report", "s.staff")
    with pytest.raises(MoveRefusedError, match="reason"):
        office.fire(second, "return_nil", "s.staff")
    office.fire(second, "return_nil", "s.staff", note="Nothing happened this week.")
    assert [row[2] for row in steps(office, one)] == ["reported", "nil_returned"]
    office.fire(second, "return", "p.sec", note="There was a storm.")
    office.fire(second, "return_nil", "s.staff", note="None here.")
    office.fire(second, "withdraw_report", "s.staff")
    office.fire(second, "return_nil", "s.staff", note="None here.")
    for step in (first, second):
        office.fire(step, "accept", "p.sec")
    assert consistent(office)


def test_what_comes_once_is_never_returned_nil(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "S")])
    with pytest.raises(MoveRefusedError, match="comes again"):
        office.fire(office.step(letter, "S", "1"), "return_nil", "s.staff", **WHY)


@pytest.mark.parametrize(
    ("fate", "left"),
    [(Fate.CANCEL, ["accepted", "in_progress", "cancelled"]),
     (Fate.KEEP, ["accepted", "in_progress", "open"])],
    ids=str,
)  # fmt: skip
def test_ending_it_leaves_what_has_passed(office: Office, fate: Fate, left: list[str]) -> None:
    letter, (one, other) = issued(office, WEEKLY, "S", "S2")
    make(office, date(2026, 9, 26))
    first, second, _ = step_ids(office, one)
    office.finish(first, "S", "P")
    office.fire(second, "start", "s.staff")
    with pytest.raises(MoveRefusedError, match="1 open below"):
        office.fire_letter(letter, "end_series", "p.sec", series=(one,), **WHY)
    office.fire_letter(letter, "end_series", "p.sec", series=(one,), fate=fate, **WHY)
    assert [row[2] for row in steps(office, one)] == left
    assert make(office, date(2026, 10, 3)) == 1
    assert [len(steps(office, each)) for each in (one, other)] == [3, 4]
    with office.db.read() as conn:
        (ended, goes_on) = series.of_letter(conn, letter, office.today)
    assert (ended.why, ended.ended_on, goes_on.ended_on) == ("Because.", date(2026, 9, 26), None)
    assert consistent(office)


def test_the_letter_is_fulfilled_when_the_last_of_it_is_ended(office: Office) -> None:
    letter, (one,) = issued(office, MONTHLY)
    office.finish(step_ids(office, one)[0], "S", "P")
    office.fire_letter(letter, "end_series", "p.sec", series=(one,), **WHY)
    assert office.letter_state(letter) == "fulfilled"
    with pytest.raises(MoveRefusedError):
        office.fire_letter(letter, "end_series", "p.sec", series=(one,), **WHY)
    assert consistent(office)


REFUSED: list[tuple[str, str, dict[str, Any], type[Exception]]] = [
    ("end_series", "p.sec", {"note": "Why."}, MoveRefusedError),
    ("end_series", "p.sec", {"series": "one"}, MoveRefusedError),
    ("end_series", "s.staff", {"series": "one", "note": "Why."}, MoveRefusedError),
    ("end_series", "p.sec", {"series": "other", "note": "Why."}, MoveRefusedError),
    ("end_series", "p.sec", {"series": "both", "note": "Why.", "fate": "keep"}, NotFoundError),
    ("call_up", "p.sec", {"series": "one", "note": "Why."}, MoveRefusedError),
    ("call_up", "p.sec", {"series": "one", "note": "Why.", "until": -1}, BadInputError),
    ("call_up", "p.sec", {"series": "one", "note": "Why.", "until": 5}, BadInputError),
]


def test_what_does_not_fit_a_series_is_refused(office: Office) -> None:
    letter, (one,) = issued(office, MONTHLY)
    other, (strange,) = issued(office, MONTHLY)
    named = {"one": (one,), "other": (strange,), "both": (one, strange)}
    for trigger, login, given, error in REFUSED:
        act = dict(given)
        if "series" in act:
            act["series"] = named[act["series"]]
        if "until" in act:
            act["until"] = office.today + timedelta(days=act["until"])
        if "fate" in act:
            act["fate"] = Fate(act["fate"])
        with pytest.raises(error):
            office.fire_letter(letter, trigger, login, **act)
    assert office.count("step") == 2
    assert office.letter_state(other) == "issued"


def test_one_more_is_called_for_beside_the_rule(office: Office) -> None:
    letter, (rule, called) = issued(office, MONTHLY, "S", "S2")
    office.fire_letter(
        letter, "call_up", "p.sec", series=(rule,), until=date(2026, 10, 20), note="The storm."
    )
    assert [row[0] for row in steps(office, rule)] == ["2026-09-20", "2026-10-20"]
    # The rule names that day too: it is there already, and the series goes on.
    assert make(office, date(2026, 10, 21)) == 2 + 1
    assert [row[0] for row in steps(office, rule)][-1] == "2026-11-20"
    assert len(steps(office, called)) == 3
    assert consistent(office)


def test_what_comes_when_called_for_waits_and_holds_its_letter_open(office: Office) -> None:
    letter, (one,) = issued(office, CALLED, tasks=[("1", "S2")])
    assert steps(office, one) == []
    office.finish(office.step(letter, "S2", "1"), "S2", "P")
    assert office.letter_state(letter) == "issued"
    assert make(office, date(2027, 1, 1)) == 0
    office.fire_letter(letter, "call_up", "p.sec", series=(one,), until=office.today, **WHY)
    assert [row[1] for row in steps(office, one)] == ["2027-01-01"]


@pytest.mark.parametrize(
    ("trigger", "fate", "runs"),
    [
        ("close", Fate.KEEP, True),
        ("close", Fate.CANCEL, False),
        ("withdraw", Fate.CANCEL, False),
        ("supersede", Fate.CANCEL, False),
        ("supersede", Fate.KEEP, True),
    ],
    ids=["closed and kept", "closed", "withdrawn", "superseded", "superseded and kept"],
)
def test_a_letter_that_ends_says_what_becomes_of_it(
    office: Office, trigger: str, fate: Fate, runs: bool
) -> None:
    letter, (one,) = issued(office, MONTHLY)
    office.finish(step_ids(office, one)[0], "S", "P")
    given: dict[str, Any] = dict(WHY)
    if trigger == "supersede":
        given["replacement"] = office.letter("P", tasks=[("1", "S2")])
    with pytest.raises(MoveRefusedError, match="1 open below"):
        office.fire_letter(letter, trigger, "p.sec", **given)
    office.fire_letter(letter, trigger, "p.sec", fate=fate, **given)
    assert make(office, date(2026, 10, 1)) == int(runs)
    if runs:
        office.fire_letter(letter, "end_series", "p.sec", series=(one,), fate=Fate.KEEP, **WHY)
    assert consistent(office)


def test_a_replacing_letter_goes_on_with_it(office: Office) -> None:
    letter, (one,) = issued(office, MONTHLY)
    other = office.letter("P", tasks=[("1", "S2")])
    office.fire_letter(letter, "supersede", "p.sec", replacement=other, fate=Fate.CARRY, **WHY)
    with office.db.read() as conn:
        (anew,) = series.running(conn, other)
        assert series.running(conn, letter) == []
    assert make(office, date(2026, 10, 1)) == 1
    assert steps(office, anew) == [("2026-10-20", "2026-10-19", "open")]
    assert [row[2] for row in steps(office, one)] == ["superseded"]
    assert consistent(office)


def test_a_letter_withdrawn_from_above_brings_nothing_more(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    letter = office.draft("A", implements=[directive])
    rows = [
        {"unit_id": office.units["A1"], "phrase": "", "until": None,
         **recurring.kept(MONTHLY)._asdict()}
    ]  # fmt: skip
    with office.db.write() as conn:
        occurrences.file(conn, letter, rows)
    office.issue(letter)
    assert office.row(office.step(directive, "A")).open_children == 1
    office.fire_letter(directive, "withdraw", "p.sec", fate=Fate.CANCEL, **WHY)
    assert office.letter_state(letter) == "withdrawn"
    assert make(office, date(2026, 12, 1)) == 0
    assert consistent(office)


def test_one_time_handed_on_or_split_stays_that_time(office: Office) -> None:
    _, (one,) = issued(office, MONTHLY, "A")
    (step,) = step_ids(office, one)
    office.fire(step, "transfer", "p.sec", units=(office.units["B"],), **WHY)
    with office.db.read() as conn:
        rows = conn.execute(text("SELECT series_id, occurrence, state FROM step ORDER BY id")).all()
    assert [(r[0], str(r[1]), r[2]) for r in rows] == [
        (one, "2026-09-20", "transferred"),
        (one, "2026-09-20", "open"),
    ]
    assert consistent(office)


def test_two_makers_at_once_lay_each_time_once(office: Office) -> None:
    _, ids = issued(office, MONTHLY, "S", "S2", "A", "B")
    office.today = date(2026, 10, 1)
    with office.db.write() as conn:
        first = recurring.page(conn, office.moment)
        second = recurring.page(conn, office.moment)
    assert (first.steps, second.steps) == (4, 0)
    assert [len(steps(office, one)) for one in ids] == [2] * 4
    assert consistent(office)


def test_verifying_tells_what_does_not_fit_a_series(office: Office) -> None:
    letter, (one,) = issued(office, MONTHLY, "S")
    (step,) = step_ids(office, one)
    office.finish(step, "S", "P")
    with office.db.write() as conn:
        conn.execute(text(f"UPDATE letter SET state = 'fulfilled' WHERE id = {letter}"))
        conn.execute(text(f"UPDATE step SET series_id = 99 WHERE id = {step}"))
    with office.db.read() as conn:
        told = verify(conn)
    assert f"letter {letter} is fulfilled, but its recurring duty {one} goes on" in told
    assert f"step {step} is one time of recurring duty 99, which is not there" in told


def test_the_daily_sweep_lays_what_is_wanted(office: Office) -> None:
    _, (one,) = issued(office, MONTHLY)
    office.today = date(2026, 9, 21)
    with office.db.write() as conn:
        swept = [sweep.HOOKS["occurrences"](conn, office.moment, place) for place in ("", str(one))]
    assert swept == [(1, None), (0, None)]
    assert len(steps(office, one)) == 2


def test_a_later_date_of_the_letter_is_none_of_each_time(office: Office) -> None:
    letter, (one,) = issued(office, MONTHLY, tasks=[("1", "S2")])
    until = TODAY + timedelta(days=60)
    office.fire_letter(letter, "extend", "p.sec", until=until, **WHY)
    assert [row[1] for row in steps(office, one)] == ["2026-09-19"]
    assert office.row(office.step(letter, "S2", "1")).due == until
