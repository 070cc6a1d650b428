"""An old register is saved, brought up to date in one transaction, and verified."""

from __future__ import annotations

import shutil

import pytest
from alembic import command
from sqlalchemy import Connection, text

from cascade.errors import RefusedError, StorageError
from cascade.upkeep.backup import restore
from cascade.upkeep.migrating import LostRowsError, Migrated, migrate
from models import schema
from tests.cascade.upkeep.conftest import NOW, ON_SQLITE, Installation
from tests.cascade.upkeep.test_backup import Elsewhere, rows

OLD = "0014"


@pytest.fixture
def old(at_work: Installation) -> Installation:
    """The office as an older program has kept it."""
    with at_work.db.write() as conn:
        command.downgrade(schema.config(conn), OLD)
    return at_work


def test_an_old_register_is_brought_up_to_date_and_kept_as_it_was(
    old: Installation, elsewhere: Elsewhere
) -> None:
    before = rows(old.db)
    done = migrate(old.settings, old.db, NOW)
    assert (done.before, done.after) == (OLD, schema.HEAD)
    schema.check(old.db)
    assert done.backup is not None
    there = elsewhere()
    restore(done.backup, there.settings, there.db)
    assert rows(there.db) == before


def test_what_is_up_to_date_is_left_alone(at_work: Installation) -> None:
    assert migrate(at_work.settings, at_work.db, NOW) == Migrated(schema.HEAD, schema.HEAD, None)
    assert not (at_work.settings.home / "backups").exists()


@ON_SQLITE
def test_a_migration_that_would_lose_rows_is_not_kept(
    old: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_upgrade = schema.upgrade_on

    def careless(conn: Connection) -> None:
        true_upgrade(conn)
        conn.execute(text("DELETE FROM evidence"))

    monkeypatch.setattr(schema, "upgrade_on", careless)
    before = rows(old.db)
    with pytest.raises(LostRowsError, match="evidence had 1 rows, would have 0"):
        migrate(old.settings, old.db, NOW, saved=False)
    assert rows(old.db) == before


def test_where_there_is_no_register_nothing_is_made(elsewhere: Elsewhere) -> None:
    there = elsewhere()
    if there.db.is_sqlite:
        there.settings.home.mkdir()
    with pytest.raises(RefusedError, match="no register here yet"):
        migrate(there.settings, there.db, NOW)


@ON_SQLITE
def test_too_little_room_is_told_before_anything_is_done(
    old: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StorageError, match="MiB are needed"):
        migrate(old.settings, old.db, NOW)
    with old.db.read() as conn:
        assert schema.revision(conn) == OLD
