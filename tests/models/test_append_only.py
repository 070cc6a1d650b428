"""The history can only grow: the database itself refuses everything else."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import administration
from models.administration import Recorded
from models.database import Database
from models.queries import administration as reading
from tests.worlds import Office

ANYWHERE = {
    "changing an event": "UPDATE event SET note = 'x' WHERE seq = 1",
    "changing every event": "UPDATE event SET note = 'x'",
    "removing an event": "DELETE FROM event WHERE seq = 1",
    "removing every event": "DELETE FROM event",
    "writing over an event": (
        "INSERT INTO event (seq, at, actor_id, role, letter_id, trigger, target, note) "
        "SELECT seq, at, actor_id, role, letter_id, trigger, target, 'x' FROM event WHERE seq = 1 "
        "ON CONFLICT (seq) DO UPDATE SET note = 'x'"
    ),
}
ON_SQLITE = {
    "replacing an event": "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1",
    "replacing it shortly": "REPLACE INTO event SELECT * FROM event WHERE seq = 1",
    "changing or replacing": "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
}
ON_POSTGRESQL = {
    "emptying the history": "TRUNCATE event CASCADE",
    "emptying all that hangs together": "TRUNCATE user_account CASCADE",
}


def history(db: Database) -> list[tuple[object, ...]]:
    """Every event, whole."""
    with db.read() as conn:
        return [tuple(row) for row in conn.execute(text("SELECT * FROM event ORDER BY seq"))]


def refuses(office: Office, statement: str) -> None:
    """Nothing of the history changes, and the database says why."""
    office.letter("P", owe=["A"])
    before = history(office.db)
    assert len(before) > 2
    with pytest.raises(DBAPIError, match="event is append-only"), office.db.write() as conn:
        conn.execute(text(statement))
    assert history(office.db) == before


@pytest.mark.parametrize("statement", ANYWHERE.values(), ids=ANYWHERE)
def test_the_history_is_not_changed_on_either_database(office: Office, statement: str) -> None:
    refuses(office, statement)


@pytest.mark.parametrize("statement", ON_SQLITE.values(), ids=ON_SQLITE)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_sqlite_has_no_way_around(office: Office, statement: str) -> None:
    refuses(office, statement)


@pytest.mark.parametrize("statement", ON_POSTGRESQL.values(), ids=ON_POSTGRESQL)
@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_postgresql_has_no_way_around(office: Office, statement: str) -> None:
    refuses(office, statement)


ADMINISTRATION = {
    "changing an act": "UPDATE admin_event SET act = 'x'",
    "removing an act": "DELETE FROM admin_event WHERE id = 1",
    "writing over an act": (
        "INSERT INTO admin_event (id, at, act) SELECT id, at, 'x' FROM admin_event WHERE id = 1 "
        "ON CONFLICT (id) DO UPDATE SET act = 'x'"
    ),
}


@pytest.mark.parametrize("statement", ADMINISTRATION.values(), ids=ADMINISTRATION)
def test_the_record_of_administration_is_not_changed_either(office: Office, statement: str) -> None:
    refuses_administration(office, statement)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_sqlite_does_not_replace_an_act_of_administration(office: Office) -> None:
    refuses_administration(
        office, "INSERT OR REPLACE INTO admin_event SELECT * FROM admin_event WHERE id = 1"
    )


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_postgresql_does_not_empty_the_record_of_administration(office: Office) -> None:
    refuses_administration(office, "TRUNCATE admin_event CASCADE")


def refuses_administration(office: Office, statement: str) -> None:
    """Nothing of the record changes, and the database says why."""
    with office.db.write() as conn:
        administration.record(conn, None, office.moment.at, Recorded("add_user"))
    with pytest.raises(DBAPIError, match="admin_event is append-only"), office.db.write() as conn:
        conn.execute(text(statement))
    with office.db.read() as conn:
        (row,) = reading.record(conn)
    assert (row.act, row.actor, row.at) == ("add_user", None, office.moment.at)
