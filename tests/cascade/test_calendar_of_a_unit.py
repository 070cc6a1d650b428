"""The working calendar of a unit, and the due dates that keep the calendar they were made with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from cascade import calendar, offdays, plan, register
from cascade.administration import By
from cascade.errors import BadInputError
from cascade.intake.reading import PointFound, Reading
from cascade.intake.text import fold
from cascade.offdays import OffDay
from cascade.plan import Plan
from models.database import Database
from tests.cascade.readings import point, reading
from tests.worlds import Office, found_office
from workflows import phrases
from workflows.calendar import Roll, WorkingDays
from workflows.labels import Lang
from workflows.phrases import Customs

# day, whether it is worked, why
COUNTRY = [
    ("2026-06-10", True, "a Wednesday"),
    ("2026-06-13", False, "a Saturday"),
    ("2024-04-29", False, "swapped: the library"),
    ("2024-05-04", True, "a Saturday worked for it: the library"),
    ("2025-05-02", False, "swapped: notice 6150 of 2024"),
    ("2025-04-26", True, "a Saturday worked for it"),
    ("2026-01-02", False, "swapped: the library misses it"),
    ("2026-01-10", True, "a Saturday worked for it: the library misses it"),
    ("2026-02-17", False, "Tết, by the moon"),
    ("2026-04-27", False, "the Hùng Kings' day, observed on Monday"),
    ("2026-09-01", False, "the second day of National Day"),
    ("2150-06-10", True, "beyond the library: weekends alone"),
    ("9999-12-31", True, "the last day there is"),
]


@pytest.mark.parametrize(("day", "is_worked", "why"), COUNTRY)
def test_the_country_knows_its_days(day: str, is_worked: bool, why: str) -> None:
    found = calendar.of_country().is_working(date.fromisoformat(day))
    assert (found, why) == (is_worked, why)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_year_is_listed_with_its_swaps(lang: Lang) -> None:
    listed = {known.day.isoformat(): known for known in calendar.national(2026, lang)}
    assert list(listed) == sorted(listed)
    assert (listed["2026-01-02"].is_off, listed["2026-01-10"].is_off) == (True, False)
    assert ("Quốc khánh" if lang == "vi" else "National Day") in listed["2026-09-02"].name
    days = calendar.of_country()
    assert [
        known.day for known in listed.values() if known.is_off == days.is_working(known.day)
    ] == []
    assert calendar.national(20260, lang) == []


# -- what administrators wrote -------------------------------------------------------------

MONDAY = date(2026, 10, 5)


def say(office: Office, unit: str | None, day: date, *, off: bool) -> None:
    """A day against the rule, for a unit or for everyone."""
    by = By(office.who("p.head").id, office.moment)
    unit_id = None if unit is None else office.units[unit]
    offdays.put(office.db, None, OffDay(unit_id, day, off, "local", "Decision 1"), by)


def calendar_of(office: Office, unit: str | None) -> WorkingDays:
    """The calendar of a unit as the office stands."""
    with office.db.read() as conn:
        return calendar.of_unit(conn, office.units[unit] if unit else None, office.today)


def test_the_nearest_word_on_a_day_counts(office: Office) -> None:
    say(office, None, MONDAY, off=True)
    say(office, "A", MONDAY, off=False)
    say(office, "AW", MONDAY, off=True)
    say(office, "QA", MONDAY, off=False)  # nobody of P hears of it
    say(office, "A1", date(2026, 10, 7), off=True)  # beside what it hears from above
    say(office, "B", date(2026, 10, 6), off=True)
    say(office, "B", date(2026, 1, 10), off=True)  # against the country's swap
    told = {
        code: calendar_of(office, code).is_working(MONDAY)
        for code in (None, "P", "S", "A", "A1", "AW", "AW1", "B", "B1", "C", "Q", "QA", "QA1")
    }
    assert {code for code, is_worked in told.items() if is_worked} == {"A", "A1", "QA", "QA1"}
    assert not calendar_of(office, "B1").is_working(date(2026, 10, 6))
    assert calendar_of(office, "A1").is_working(date(2026, 10, 6))
    swapped = date(2026, 1, 10)
    assert [calendar_of(office, code).is_working(swapped) for code in ("A1", "B1")] == [True, False]


def test_a_version_changes_with_the_days_of_the_unit_and_above_alone(office: Office) -> None:
    first = {code: calendar_of(office, code).version for code in ("A1", "B1")}
    say(office, "A", MONDAY, off=True)
    second = {code: calendar_of(office, code).version for code in ("A1", "B1")}
    assert first["A1"] == first["B1"] == second["B1"] == calendar.of_country().version
    assert second["A1"] != first["A1"]
    say(office, None, date(2026, 10, 6), off=True)
    assert calendar_of(office, "B1").version != first["B1"]


# -- due dates -----------------------------------------------------------------------------

S, A = "Body S", "Body A"
COUNTED = "trong thời hạn 15 ngày làm việc kể từ ngày ký"
SIGNED = date(2026, 9, 14)


def says(no: str, phrase: str, *lead: str) -> PointFound:
    """A point with a deadline in words."""
    said = phrases.read(fold(phrase), SIGNED)
    assert said is not None
    named = said.named if said.is_dated else None
    return replace(point(no, *lead), due=named, due_text=phrase, said=said)


def planned(office: Office, *points: PointFound) -> Plan:
    """The plan of a letter that says so."""
    made: Reading = reading(points=points)
    with office.db.read() as conn:
        return plan.plan(conn, made, {}, "letter.txt")


def asked(db: Database, query: str) -> list[tuple[Any, ...]]:
    """Rows, with days as text."""
    with db.read() as conn:
        return [
            tuple(str(v) if v is not None else None for v in r) for r in conn.execute(text(query))
        ]


KEPT = "SELECT u.code, s.due, s.due_calendar FROM step s JOIN unit u ON u.id = s.unit_id ORDER BY 1"


def test_each_unit_has_its_own_date_and_later_edits_move_none(office: Office) -> None:
    say(office, "A", date(2026, 9, 21), off=True)
    made = planned(office, says("1", COUNTED, S, A))
    assert {(one.unit_id, one.due) for one in made.duties} == {
        (office.units["S"], date(2026, 10, 5)),
        (office.units["A"], date(2026, 10, 6)),
    }
    letter_id = register.enter(office.db, made, office.who("p.reg"), office.moment, text="x")
    office.issue(letter_id)
    country, of_a = calendar.of_country().version, calendar_of(office, "A").version
    kept = [("A", "2026-10-06", of_a), ("S", "2026-10-05", country)]
    assert asked(office.db, KEPT) == kept
    say(office, None, date(2026, 9, 22), off=True)
    assert asked(office.db, KEPT) == kept
    again = planned(office, says("1", COUNTED, S))
    assert [one.due for one in again.duties] == [date(2026, 10, 6)]
    assert again.duties[0].calendar != country


@pytest.fixture
def desk(sqlite_db: Database) -> Office:
    """The office, where one database will do."""
    return found_office(sqlite_db)


def test_a_point_keeps_the_phrase_what_it_names_and_the_last_day_in_time(desk: Office) -> None:
    made = planned(
        desk,
        says("1", "trước ngày 15/10/2026", S),
        says("2", "chậm nhất ngày 15/10/2026", S),
        says("3", COUNTED, S),
        says("4", "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này", S),
        point("5", S, due=date(2026, 10, 15)),
        point("6", S),
    )
    register.enter(desk.db, made, desk.who("p.reg"), desk.moment, text="x")
    query = "SELECT no, due_named, due_inclusive, due, due_calendar FROM point ORDER BY no"
    country = calendar.of_country().version
    assert asked(desk.db, query) == [
        ("1", "2026-10-15", "0", "2026-10-14", country),
        ("2", "2026-10-15", "1", "2026-10-15", country),
        ("3", "2026-10-05", "1", "2026-10-05", country),
        ("4", None, None, None, None),  # each unit receives it on its own day
        ("5", "2026-10-15", "1", "2026-10-15", None),
        ("6", None, None, None, None),
    ]
    words = asked(desk.db, "SELECT due_text FROM point WHERE no = '1'")
    assert words == [("trước ngày 15/10/2026",)]


def test_a_date_set_by_hand_has_no_calendar(desk: Office) -> None:
    made = planned(desk, says("1", COUNTED, S), says("2", COUNTED, A))
    task = next(duty for duty in made.duties if duty.position is not None)
    other = tuple(duty for duty in made.duties if duty is not task)
    moved = replace(made, duties=(replace(task, due=date(2026, 10, 9)), *other))
    register.enter(desk.db, moved, desk.who("p.reg"), desk.moment, text="x")
    kept = asked(desk.db, "SELECT due, due_calendar FROM duty ORDER BY due")
    assert kept == [("2026-10-05", calendar.of_country().version), ("2026-10-09", None)]


def test_an_answer_is_due_with_the_first_of_its_points(desk: Office) -> None:
    made = planned(
        desk,
        says("1", "chậm nhất ngày 30/9/2026", A),
        says("2", "trước ngày 30/9/2026", A),
        says("3", "trong thời hạn 05 ngày kể từ ngày nhận được văn bản này", A),
    )
    assert [(one.due, one.named) for one in made.duties] == [(date(2026, 9, 29), date(2026, 9, 30))]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, Customs(False, Roll.FORWARD, Roll.NONE)),
        ({"CASCADE_BEFORE": "includes"}, Customs(before_includes=True)),
        ({"CASCADE_ROLL": "back"}, Customs(roll=Roll.BACK)),
        ({"CASCADE_ROLL_NAMED": "forward"}, Customs(roll_named=Roll.FORWARD)),
    ],
)
def test_a_house_settles_its_customs(
    monkeypatch: pytest.MonkeyPatch, desk: Office, given: dict[str, str], wanted: Customs
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert calendar.customs() == wanted
    due = planned(desk, says("1", "trước ngày 15/10/2026", S)).duties[0].due
    assert due == date(2026, 10, 15 if wanted.before_includes else 14)


@pytest.mark.parametrize("name", ["CASCADE_BEFORE", "CASCADE_ROLL", "CASCADE_ROLL_NAMED"])
def test_a_custom_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "sideways")
    with pytest.raises(BadInputError, match=f"{name}: 'sideways' is no choice") as told:
        calendar.customs()
    assert "or not at all" in told.value.remedy
