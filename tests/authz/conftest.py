"""A marked world on each database, made once; and what the matrix came to, told at the end."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from cascade import passwords
from models.database import Database
from tests.authz import world
from tests.authz.asking import Asking, app_over, sign_in
from tests.authz.known import find_out
from tests.authz.people import ACTORS, TELLING
from tests.worlds import find_office, found_office

AskingOf = Callable[..., Asking]
# Figures that tests hand over, in the order in which they are told.
_TOLD = (
    "cells",
    "mismatches",
    "responses searched",
    "marks rightly shown",
    "marks wrongly shown",
    "tables compared",
    "random worlds",
    "mutants",
    "mutants caught",
)


@pytest.fixture(scope="session")
def asking_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AskingOf]:
    """The pages over a marked world: all actors or the telling ones, on either database."""
    made: dict[tuple[str, bool], Asking] = {}
    databases: list[Database] = []

    def find(kind: str = "sqlite", *, is_long: bool = False) -> Asking:
        if (kind, is_long) not in made:
            folder = tmp_path_factory.mktemp("authz")
            db = _database(request, kind, is_long, folder)
            databases.append(db)
            made[kind, is_long] = begin(db, folder, ACTORS if is_long else TELLING)
        return made[kind, is_long]

    with pytest.MonkeyPatch.context() as patched:
        # Hashing is slow on purpose; here it need not be.
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_hasher", lambda: quick)
        yield find
    for asking in made.values():
        asking.close()
    for db in databases:
        db.dispose()


def begin(db: Database, folder: Path, logins: list[str]) -> Asking:
    """The marked world put into a database that has the office, everybody signed in."""
    office = find_office(db)
    made = world.make(office, folder / "files")
    keys = sign_in(app_over(db, folder / "files"), office, made, logins)
    with db.read() as conn:
        known = find_out(conn, logins, office.moment.at, made.uploads, made.exports)
    return Asking(db, folder / "files", made, keys, known)


def _database(request: pytest.FixtureRequest, kind: str, is_long: bool, folder: Path) -> Database:
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_office"), folder / "cascade.db")
        return Database(f"sqlite:///{folder / 'cascade.db'}")
    server = request.getfixturevalue("postgres")
    server.create(f"authz_{is_long}".lower(), template="template_cascade")
    db = Database(server.url(f"authz_{is_long}".lower()))
    found_office(db)
    return db


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell the figures, and the list of mutants with what caught them."""
    figures: Counter[str] = Counter()
    lines: list[str] = []
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            for name, value in report.user_properties:
                if name in _TOLD:
                    figures[name] += value
                elif name == "mutant":
                    lines.append(value)
    if not figures:
        return
    terminalreporter.section("authorisation")
    for line in sorted(set(lines)):
        terminalreporter.write_line(line)
    for name in _TOLD:
        if name in figures:
            terminalreporter.write_line(f"{figures[name]:>8} {name}")
