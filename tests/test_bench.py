"""The benchmarks run, measure all they promise, and measure it in a world that is true."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.composing import letters
from bench.places import Sqlite
from bench.sizes import Size
from bench.worlds import Worlds
from cascade.intake import read_text
from cascade.verify import verify
from tests.postgres import PostgresServer, PostgresUnavailable

CHECKOUT = Path(__file__).resolve().parent.parent
# figure → words for what is measured, each at least once on every database
PROMISED = {
    "issue": ["letters in one call", "one directive to"],
    "move": ["report a task", "accept a task"],
    "trace": ["rows of", "graph of"],
    "overdue": ["first page", "by key", "count"],
    "scope": ["for a unit", "for a commune", "for the province"],
    "pages": ["inbox", "board", "cascade", "letter", "step", "units", "search"],
    "clients": ["a move, 32 clients"],
    "history": ["verify "],
    "sweep": ["the first day", "the next day", "nothing new"],
    "jobs": ["communes in batches", "sweep for what falls due"],
}


# The others build worlds of their own and take a minute.
DAILY = ("issue", "trace", "overdue", "letters")


def test_the_daily_figures_are_there(tmp_path: Path) -> None:
    measured(tmp_path, DAILY)


@pytest.mark.slow
def test_every_figure_is_there(tmp_path: Path) -> None:
    figures = measured(tmp_path, ())
    assert [figure["what"][:6] for figure in figures if figure["name"] == "spiff"] == ["one of"] * 3
    read = [figure["what"] for figure in figures if figure["name"] == "letters"]
    many = [f"3 {form} in turn" for form in ("TXT", "DOCX", "PDF")]
    assert sorted(read) == sorted([*many, "one DOCX alone", "one PDF alone"])
    assert all(figure["seconds"] > 0 for figure in figures)


def measured(folder: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """The figures of a quick run, all that are promised among them."""
    path = folder / "results.json"
    command = [sys.executable, "-m", "bench", *names]
    command += ["--quick", "--markdown", "--json", str(path)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures: list[dict[str, Any]] = json.loads(path.read_text())
    assert len(done.stdout.splitlines()) == len(figures) + 2
    for database in _databases():
        mine = [figure for figure in figures if figure["database"] == database]
        for name in PROMISED if not names else set(names) & set(PROMISED):
            said = [figure["what"] for figure in mine if figure["name"] == name]
            words = PROMISED[name]
            assert all(any(word in what for what in said) for word in words), (database, name)
    return figures


def test_the_world_measured_is_true(tmp_path: Path) -> None:
    size = Size(cities=2, communes=3, units=2, provinces=3)
    with Worlds(Sqlite(tmp_path), size).nation() as db, db.read() as conn:
        assert verify(conn) == []
        count = conn.exec_driver_sql("SELECT count(*) FROM step").scalar()
    assert count == size.steps * size.provinces


def test_the_letters_measured_are_read_whole() -> None:
    texts = list(letters(20))
    readings = [read_text(text) for text in texts]
    assert {reading.missing for reading in readings} == {()}
    assert all(reading.addressees and reading.citations for reading in readings)
    assert all(any(point.is_duty for point in reading.points) for reading in readings)
    assert min(map(len, texts)) < 2_500 < 5_000 < max(map(len, texts))  # one page to three
    assert texts == list(letters(20))


def _databases() -> list[str]:
    try:
        PostgresServer()
    except PostgresUnavailable:
        return ["SQLite"]
    return ["SQLite", "PostgreSQL"]
