"""An installation at work, with evidence, keys and a checkpoint; places to restore it to."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from cascade import config, history, history_keys
from cascade.config import Settings
from cascade.history_check import HistoryCheck
from cascade.store import FileStore, Stream
from cascade.verify import verify
from models import schema
from models.database import Database
from tests.postgres import PostgresServer
from tests.worlds import Office

ON_SQLITE = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("db", ["postgresql"], indirect=True)
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)


@dataclass
class Installation:
    """Settings and the database they name."""

    settings: Settings
    db: Database

    @property
    def store(self) -> FileStore:
        """Its files."""
        return FileStore(self.settings.files)


def faults(place: Installation) -> list[str]:
    """What verify finds, checkpoints and files included."""
    schema.check(place.db)
    key = history_keys.load(place.settings.home)
    held = history.kept([place.settings.checkpoints])
    assert key is not None
    assert held
    with place.db.read() as conn:
        return verify(conn, place.store, HistoryCheck(held, key.verifier, []))


@pytest.fixture
def at_work(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The office, in a home of its own, with a step reported and a checkpoint signed."""
    settings = _settings(tmp_path / "home", office.db)
    found = Installation(settings, office.db)
    if not office.db.is_sqlite:
        programs = PostgresServer().binaries
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    with found.store.staging([Stream("report.txt", BytesIO(b"what was done"))]) as files:
        office.fire(step, "report", "a1.staff", files=files)
    config.secret_key(settings)
    key = history_keys.load_or_make(settings.home)
    with office.db.read() as conn:
        history.keep(history.take(conn, key), settings.checkpoints, key)
    return found


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, at_work: Installation, tmp_path: Path
) -> Iterator[Callable[[], Installation]]:
    """Makes places with nothing in them, for a database of the same kind."""
    made: list[tuple[Database, str]] = []

    def make() -> Installation:
        name = f"t_{uuid.uuid4().hex}"
        home = tmp_path / name
        if at_work.db.is_sqlite:
            db = Database(f"sqlite:///{home / 'cascade.db'}")
        else:
            postgres: PostgresServer = request.getfixturevalue("postgres")
            postgres.create(name)
            db = Database(postgres.url(name))
        made.append((db, name))
        return Installation(_settings(home, db), db)

    yield make
    for db, name in made:
        db.dispose()
        if not db.is_sqlite:
            request.getfixturevalue("postgres").drop(name)


def _settings(home: Path, db: Database) -> Settings:
    return Settings(home, db.url.render_as_string(hide_password=False), "en", None)
