"""Fixtures shared by all tests: a migrated database of each kind, copied fresh for every test."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from models import schema
from models.database import Database
from tests.postgres import PostgresServer, PostgresUnavailable
from tests.worlds import Office, find_office, found_office

# One machine's slowness is no fault of a rule; sizes are set where the tests are.
settings.register_profile(
    "cascade", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("cascade")
PAGES = Path(__file__).parent / "web"
FIRST_ALONE = {PAGES, Path(__file__).parent / "cascade"}
PAGES_ALSO = 3  # tests of a file of pages that PostgreSQL is asked each day too


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a table of cases the first is run on PostgreSQL each day, all by ./run faults.

    What the databases differ in are the queries, and tests/models asks all of those of both. Of the
    pages, which ask no others, a file's first three are.
    """
    begun: set[tuple[Path, str]] = set()
    pages: Counter[Path] = Counter()
    for item in items:
        if not isinstance(item, pytest.Function) or FIRST_ALONE.isdisjoint(item.path.parents):
            continue
        case = getattr(item, "callspec", None)
        if case is None or case.params.get("db") != "postgresql":
            continue
        table = item.path, item.originalname
        is_page = PAGES in item.path.parents
        if table in begun or (is_page and pages[item.path] >= PAGES_ALSO):
            item.add_marker(pytest.mark.slow)
        elif is_page:
            pages[item.path] += 1
        begun.add(table)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "cascade.db"
    db = Database(f"sqlite:///{path}")
    schema.upgrade(db)
    db.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_office(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The same file with the small office in it."""
    path = tmp_path_factory.mktemp("office") / "cascade.db"
    shutil.copy(sqlite_template, path)
    _found(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL with a migrated database `template_cascade`, to be cloned."""
    try:
        server = PostgresServer(in_memory=True)
        server.start()
    except PostgresUnavailable as reason:
        pytest.skip(f"no PostgreSQL: {reason}")
    try:
        server.create("template_cascade")
        db = Database(server.url("template_cascade"))
        schema.upgrade(db)
        db.dispose()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_office(postgres: PostgresServer) -> str:
    """The name of a database with the small office in it, to be cloned."""
    postgres.create("template_office", template="template_cascade")
    _found(postgres.url("template_office"))
    return "template_office"


def _found(url: str) -> None:
    db = Database(url)
    found_office(db)
    db.dispose()


def _has_office(request: pytest.FixtureRequest) -> bool:
    # Founding it takes longer than most tests: whoever asks for it gets a copy that has it.
    return "office" in request.fixturenames


@pytest.fixture
def sqlite_db(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Database]:
    """A fresh, migrated SQLite database, with the office in it where a test asks for one."""
    path = tmp_path / "cascade.db"
    founded = _has_office(request)
    shutil.copy(request.getfixturevalue("sqlite_office") if founded else sqlite_template, path)
    db = Database(f"sqlite:///{path}")
    yield db
    db.dispose()


@pytest.fixture
def postgres_db(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[Database]:
    """A fresh, migrated PostgreSQL database, with the office in it where a test asks for one."""
    name = f"t_{uuid.uuid4().hex}"
    founded = _has_office(request)
    template = request.getfixturevalue("postgres_office") if founded else "template_cascade"
    postgres.create(name, template=template)
    db = Database(postgres.url(name))
    yield db
    db.dispose()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases."""
    kind = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    found: Database = request.getfixturevalue(kind)
    return found


@pytest.fixture
def office(db: Database) -> Office:
    """A small office on both databases: see tests.worlds."""
    return find_office(db)
