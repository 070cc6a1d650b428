"""Anybody does anything, and the register stays true: random cascades on both databases."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from models.database import Database
from tests.cascade.machine import CascadeMachine
from tests.postgres import PostgresServer
from tests.worlds import Office, found_office


def on_sqlite(template: Path, folder: Path, examples: int, steps: int) -> None:
    """Random cascades, each in a file of its own."""
    office_file = folder / "office.db"
    shutil.copy(template, office_file)
    db = Database(f"sqlite:///{office_file}")
    units = found_office(db).units
    db.dispose()

    class OnSqlite(CascadeMachine):
        def __init__(self) -> None:
            path = folder / f"{uuid.uuid4().hex}.db"
            shutil.copy(office_file, path)
            super().__init__(Office(Database(f"sqlite:///{path}"), units))

        def teardown(self) -> None:
            self.office.db.dispose()

    run_state_machine_as_test(OnSqlite, settings=_settings(examples, steps))


def on_postgres(server: PostgresServer, examples: int, steps: int) -> None:
    """Random cascades, each in a database of its own."""
    office_name = f"t_{uuid.uuid4().hex}"
    server.create(office_name, template="template_cascade")
    db = Database(server.url(office_name))
    units = found_office(db).units
    db.dispose()

    class OnPostgres(CascadeMachine):
        def __init__(self) -> None:
            self.name = f"t_{uuid.uuid4().hex}"
            server.create(self.name, template=office_name)
            super().__init__(Office(Database(server.url(self.name)), units))

        def teardown(self) -> None:
            self.office.db.dispose()
            server.drop(self.name)

    run_state_machine_as_test(OnPostgres, settings=_settings(examples, steps))
    server.drop(office_name)


def _settings(examples: int, steps: int) -> settings:
    return settings(max_examples=examples, stateful_step_count=steps, deadline=None)


def test_random_cascades_stay_true_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    on_sqlite(sqlite_template, tmp_path, examples=45, steps=25)


def test_random_cascades_stay_true_on_postgresql(postgres: PostgresServer) -> None:
    on_postgres(postgres, examples=12, steps=25)
