"""The three-level sample organisation without any letter, copied fresh for every test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from cascade import organisation
from models.database import Database
from tests.cli.letters import SHEETS
from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A SQLite file with the organisation, to be copied."""
    path = tmp_path_factory.mktemp("sample") / "cascade.db"
    shutil.copy(sqlite_template, path)
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sample_template(postgres: PostgresServer) -> str:
    """A PostgreSQL database with the organisation, to be cloned."""
    name = "template_sample"
    postgres.create(name, template="template_cascade")
    _fill(postgres.url(name))
    return name


@pytest.fixture
def small(tmp_path: Path, sample_file: Path) -> Iterator[Database]:
    """The organisation, where one database will do."""
    path = tmp_path / "sample.db"
    shutil.copy(sample_file, path)
    db = Database(f"sqlite:///{path}")
    yield db
    db.dispose()


@pytest.fixture
def cloned(postgres: PostgresServer, sample_template: str) -> Iterator[Database]:
    """The organisation on PostgreSQL."""
    name = f"t_{uuid.uuid4().hex}"
    postgres.create(name, template=sample_template)
    db = Database(postgres.url(name))
    yield db
    db.dispose()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest) -> Database:
    """The organisation on both databases."""
    found: Database = request.getfixturevalue("small" if request.param == "sqlite" else "cloned")
    return found


def _fill(url: str) -> None:
    db = Database(url)
    organisation.import_files(db, SHEETS)
    db.dispose()
