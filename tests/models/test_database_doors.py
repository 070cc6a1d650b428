"""The two ways into a database: settings on every connection, one writer, retries."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

import models.database
from models.base import Utc
from models.database import ATTEMPTS, Database
from models.tables import Event, Unit, table
from tests.worlds import Office

_unit, _event = table(Unit), table(Event)


def codes(db: Database) -> list[str]:
    """The units on file."""
    with db.read() as conn:
        return list(conn.execute(select(_unit.c.code).order_by(_unit.c.code)).scalars())


def add(conn: Connection, code: str) -> None:
    """One row to see again."""
    conn.execute(insert(_unit), {"code": code})


# -- SQLite's settings ---------------------------------------------------------------------

FULL, ON = 2, 1


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", FULL),
        ("foreign_keys", ON),
        ("recursive_triggers", ON),
        ("busy_timeout", 10_000),
    ],
)
def test_every_sqlite_connection_has_the_setting(
    sqlite_db: Database, pragma: str, value: object
) -> None:
    with sqlite_db.read() as first, sqlite_db.read() as second, sqlite_db.write() as third:
        for conn in (first, second, third):
            assert conn.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_an_sqlite_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(RuntimeError, match="too old"):
        Database("sqlite://")


@pytest.mark.parametrize(("door", "begun"), [("write", "BEGIN IMMEDIATE"), ("read", "BEGIN")])
def test_a_write_says_so_at_its_very_beginning(sqlite_db: Database, door: str, begun: str) -> None:
    said: list[str] = []
    with sqlite_db.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        driver.set_trace_callback(said.append)
    for _ in range(2):  # what the first left on the pooled connection must not reach the second
        said.clear()
        with getattr(sqlite_db, door)() as conn:
            conn.execute(select(_unit.c.id))
        assert said[0].strip() == begun
        with sqlite_db.write():
            pass


def test_while_one_writes_another_reads_what_was_before_and_a_second_writer_waits(
    sqlite_db: Database,
) -> None:
    other = Database(str(sqlite_db.url))
    with sqlite_db.write() as conn:
        add(conn, "P")
        assert codes(other) == []
        with other.engine.connect() as impatient:
            impatient.exec_driver_sql("PRAGMA busy_timeout = 0")
            impatient.commit()
            impatient.info["write"] = True
            with pytest.raises(OperationalError, match="database is locked"):
                impatient.begin()
    assert codes(other) == ["P"]
    other.dispose()


def test_a_second_writer_goes_on_when_the_first_is_done(sqlite_db: Database) -> None:
    other = Database(str(sqlite_db.url))
    begun, seen = threading.Event(), list[list[str]]()

    def wait_for_it() -> None:
        begun.set()
        with other.write() as conn:
            seen.append(list(conn.execute(select(_unit.c.code)).scalars()))

    with sqlite_db.write() as conn:
        waiting = threading.Thread(target=wait_for_it)
        waiting.start()
        begun.wait()
        time.sleep(0.05)
        add(conn, "P")
        assert seen == []
    waiting.join(5)
    other.dispose()
    assert seen == [["P"]]


# -- both databases ------------------------------------------------------------------------


def test_a_transaction_is_kept_whole_or_not_at_all(db: Database) -> None:
    with db.write() as conn:
        add(conn, "P")
    with pytest.raises(IntegrityError), db.write() as conn:
        conn.execute(insert(_unit), [{"code": "Q"}, {"code": "P"}])
    with pytest.raises(IntegrityError), db.session() as session:
        session.add_all([Unit(code="R"), Unit(code="P")])
    assert codes(db) == ["P"]


def test_a_reference_to_nothing_is_refused(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write() as conn:
        conn.execute(text("INSERT INTO unit_alias (unit_id, alias) VALUES (99, 'x')"))


def test_the_moment_of_an_event_keeps_its_zone(office: Office) -> None:
    office.letter("P", owe=["A"])
    with office.db.read() as conn:
        at = conn.execute(select(_event.c.at)).scalars().first()
    assert at == datetime(2026, 9, 15, 2, tzinfo=UTC)
    assert at.utcoffset() is not None


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (datetime(2026, 9, 15, 1, 30, tzinfo=timezone(timedelta(hours=7))), (14, 18)),
        (datetime(2026, 9, 15, 18, 30, tzinfo=UTC), (15, 18)),
    ],
    ids=["the early morning of Hanoi is the evening before in UTC", "UTC as it is"],
)
def test_a_moment_is_kept_in_utc(db: Database, value: datetime, kept: tuple[int, int]) -> None:
    with db.write() as conn:
        _MOMENTS.create(conn)
        conn.execute(insert(_MOMENTS), [{"at": value}, {"at": None}])
        found, nothing = conn.execute(select(_MOMENTS.c.at)).scalars()
        as_written = str(conn.execute(text("SELECT at FROM moments")).scalars().first())
    assert (found, nothing) == (value, None)
    assert (found.astimezone(UTC).day, found.astimezone(UTC).hour) == kept
    if db.is_sqlite:
        assert as_written.startswith(f"2026-09-{kept[0]} {kept[1]}:30")


def test_a_moment_without_zone_is_refused(db: Database) -> None:
    naive = datetime(2026, 9, 15, 1, 30)  # noqa: DTZ001 - it is what is refused
    with db.write() as conn:
        _MOMENTS.create(conn)
    with pytest.raises(StatementError, match="without time zone"), db.write() as conn:
        conn.execute(insert(_MOMENTS), {"at": naive})


_MOMENTS = Table("moments", MetaData(), Column("at", Utc()))


# -- doing it again ------------------------------------------------------------------------


class FaultError(Exception):
    """A driver's error with PostgreSQL's code."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


LOCKED = sqlite3.OperationalError("database is locked")


def failing(times: int, fault: Exception, tries: list[int]) -> Callable[[Connection], str]:
    """Work that writes a row and then meets a fault, so many times."""

    def work(conn: Connection) -> str:
        add(conn, f"try {len(tries)}")
        tries.append(1)
        if len(tries) <= times:
            raise DBAPIError("work", None, fault)
        return "done"

    return work


@pytest.mark.parametrize(
    "fault",
    [LOCKED, FaultError("40001"), FaultError("40P01")],
    ids=["somebody else wrote", "not serialisable", "a deadlock"],
)
def test_work_that_met_a_passing_lock_is_done_again_from_the_start(
    db: Database, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(models.database.time, "sleep", waited.append)  # type: ignore[attr-defined]
    tries: list[int] = []
    assert db.run(failing(2, fault, tries)) == "done"
    assert codes(db) == ["try 2"]
    assert len(waited) == 2
    assert all(0 < pause < 1 for pause in waited)


def test_a_lock_that_does_not_pass_is_told_in_the_end(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.database.time, "sleep", lambda _: None)  # type: ignore[attr-defined]
    tries: list[int] = []
    with pytest.raises(DBAPIError, match="locked"):
        db.run(failing(99, LOCKED, tries))
    assert (len(tries), codes(db)) == (ATTEMPTS, [])


@pytest.mark.parametrize(
    "fault",
    [
        sqlite3.OperationalError("database or disk is full"),
        FaultError("23505"),
        FaultError("57014"),
    ],
    ids=["the disk is full", "a row is there already", "the server gave up"],
)
def test_work_that_met_another_fault_is_not_done_again(db: Database, fault: Exception) -> None:
    tries: list[int] = []
    with pytest.raises(DBAPIError):
        db.run(failing(99, fault, tries))
    assert (len(tries), codes(db)) == (1, [])


def test_the_last_day_of_what_has_no_end_is_a_date_both_databases_hold(db: Database) -> None:
    with db.session() as session:
        session.execute(text("INSERT INTO unit_change VALUES (1, 'rename', '9999-12-31', '')"))
    with db.read() as conn:
        said = conn.execute(text('SELECT "on" FROM unit_change')).scalar_one()
    assert str(said) == str(date(9999, 12, 31))
