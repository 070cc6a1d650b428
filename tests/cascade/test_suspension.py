"""Suspension stops the clock: the working days are given back, and every date stays on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from cascade.verify import verify
from models.database import Database
from models.queries import dues
from tests.worlds import TODAY, Office  # a Tuesday
from workflows.facts import Fate

WHY = {"note": "The storm has passed by."}
FRIDAY = TODAY + timedelta(days=3)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request: pytest.FixtureRequest) -> Database:
    """SQLite each day; tests/models/test_times_queries.py asks the queries of both."""
    kind = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    found: Database = request.getfixturevalue(kind)
    return found


def suspended(office: Office, due: date = FRIDAY) -> tuple[int, int]:
    """A task of the province, suspended today, and its letter; beside it one that goes on."""
    letter = office.letter("P", tasks=[("1", "S"), ("2", "S2")], due=due)
    step = office.step(letter, "S", "1")
    office.fire(step, "suspend", "p.sec", **WHY)
    return letter, step


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


def day_off(office: Office, day: date, code: str | None) -> None:
    """A day off for a unit (or everyone)."""
    unit = "NULL" if code is None else str(office.units[code])
    with office.db.write() as conn:
        conn.execute(
            text(
                "INSERT INTO calendar_override (unit_id, day, is_off, reason, legal_basis) "
                f"VALUES ({unit}, :day, true, 'r', 'b')"
            ).bindparams(day=day)
        )


def test_the_working_days_are_given_back_and_told(office: Office) -> None:
    letter, step = suspended(office)
    office.today += timedelta(days=7)
    office.fire(step, "resume", "p.sec", note="It goes on.", until=date(2030, 1, 1))
    row = office.row(step)
    assert (row.state, row.due, row.original_due) == (
        "in_progress",
        FRIDAY + timedelta(days=7),
        FRIDAY,
    )
    assert office.row(office.step(letter, "S2", "2")).due == FRIDAY
    with office.db.read() as conn:
        (told,) = dues.history(conn, step)
    assert (told.trigger, told.until, told.note) == ("resume", row.due, "It goes on.")
    assert told.data is not None
    assert (told.data["given_back"], told.data["due_before"]) == (5, FRIDAY.isoformat())
    assert told.data["calendar"].startswith("vn-")
    assert consistent(office)


def test_days_off_of_the_unit_are_not_given_back_nor_counted(office: Office) -> None:
    day_off(office, TODAY + timedelta(days=1), "S")
    day_off(office, FRIDAY + timedelta(days=3), "S")  # the Monday to which a day would lead
    day_off(office, TODAY + timedelta(days=2), "S2")  # another's
    _, step = suspended(office)
    office.today += timedelta(days=2)
    office.fire(step, "resume", "p.sec")
    assert office.row(step).due == FRIDAY + timedelta(days=4)


@pytest.mark.parametrize("days", [0, -1], ids=["the same day", "a clock that was turned back"])
def test_no_day_lost_changes_nothing(office: Office, days: int) -> None:
    _, step = suspended(office)
    office.today += timedelta(days=days)
    office.fire(step, "resume", "p.sec")
    with office.db.read() as conn:
        assert dues.history(conn, step) == []
    assert office.row(step).due == FRIDAY


def test_what_has_no_date_gets_none(office: Office) -> None:
    _, step = suspended(office)
    with office.db.write() as conn:
        conn.execute(text(f"UPDATE step SET due = NULL WHERE id = {step}"))
    office.today += timedelta(days=7)
    office.fire(step, "resume", "p.sec")
    assert office.row(step).due is None


def test_each_suspension_gives_its_own_days(office: Office) -> None:
    _, step = suspended(office)
    for days in (1, 1):
        office.today += timedelta(days=days)
        office.fire(step, "resume", "p.sec")
        office.fire(step, "suspend", "p.sec", **WHY)
    assert office.row(step).due == FRIDAY + timedelta(days=4)  # Tuesday: two working days on


def test_a_date_given_while_it_stood_still_gets_the_days_after_that(office: Office) -> None:
    letter, step = suspended(office)
    office.today += timedelta(days=1)
    later = FRIDAY + timedelta(days=7)
    office.fire_letter(letter, "extend", "p.sec", until=later, **WHY)
    office.today += timedelta(days=1)
    office.fire(step, "resume", "p.sec")
    assert office.row(step).due == later + timedelta(days=3)  # one working day on: Monday
    assert office.row(step).original_due == FRIDAY


def test_carried_into_another_letter_it_is_due_as_if_it_had_gone_on(office: Office) -> None:
    letter, step = suspended(office)
    other = office.letter("P", tasks=[("1", "S2")])
    office.today += timedelta(days=7)
    office.fire_letter(
        letter, "supersede", "p.sec", replacement=other, fate=Fate.CARRY, note="Anew."
    )
    anew = office.row(office.step(other, "S", "1"))
    assert (anew.state, anew.due, anew.original_due) == (
        "open",
        FRIDAY + timedelta(days=7),
        FRIDAY,
    )
    assert office.row(step).due == FRIDAY
    assert consistent(office)
