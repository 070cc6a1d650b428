"""Each hole that peers had is tried here: the table is in this folder, a file a theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.holes import bombs, doors, files, forms, sight, texts
from tests.holes.hall import Hall
from tests.holes.plants import PLANTS
from tests.holes.table import ROWS, Row
from tests.web.conftest import Browser
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
ROOT = Path(__file__).resolve().parents[2]
THEMES = {theme.__name__ for theme in (bombs, doors, files, forms, sight, texts)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_hole_of_peers_is_none_here(
    row: Row, office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    row.shot(Hall.opened(site, office, browser_of))


def test_every_row_tells_what_it_is_and_has_a_fault_that_it_finds() -> None:
    assert len(ROWS) >= 55
    assert {row.shot.__module__ for row in ROWS} == THEMES
    # tests/faults/test_holes_long.py sees each of them fail.
    assert {row.name for row in ROWS} == set(PLANTS)
    for row in ROWS:
        assert all((row.hole, row.peer, row.fired, row.expected)), row.name


def test_what_goes_on_is_there() -> None:
    for name in {name for row in ROWS for name in row.goes_on}:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), name
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8"), name
