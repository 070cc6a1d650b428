"""The random cascades of tests/cascade, many more and longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cascade.test_cascade_machine import on_postgres, on_sqlite
from tests.postgres import PostgresServer

pytestmark = pytest.mark.slow


def test_long_random_cascades_stay_true_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    on_sqlite(sqlite_template, tmp_path, examples=1500, steps=60)


def test_long_random_cascades_stay_true_on_postgresql(postgres: PostgresServer) -> None:
    on_postgres(postgres, examples=200, steps=60)
