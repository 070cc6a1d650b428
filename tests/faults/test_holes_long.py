"""Each row of the table of holes fails once its defence is taken away; and all the bombs."""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.exceptions import ClientDisconnected

from tests.holes import bombs
from tests.holes.conftest import browser_of, compiled, quick_hashes, site
from tests.holes.hall import Hall
from tests.holes.plants import PLANTS
from tests.holes.table import ROWS, Row
from tests.holes.test_holes import THEMES
from tests.web.conftest import Browser
from tests.web.letter_texts import named
from tests.worlds import Office

__all__ = ["THEMES", "browser_of", "compiled", "quick_hashes", "site"]
BrowserOf = Callable[[str], Browser]


# What a row breaks half-way may be told when it is swept up, here or while the next one begins.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_row_fails_without_its_defence(
    row: Row,
    office: Office,
    site: Flask,
    browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site.config["PROPAGATE_EXCEPTIONS"] = False
    hall = Hall.opened(site, office, browser_of)
    PLANTS[row.name](hall, monkeypatch)
    # Where a body's length is no longer bounded, it is waited for, and never comes.
    with pytest.raises((AssertionError, ClientDisconnected)) as failed:
        row.shot(hall)
    gc.collect()
    print(f"{row.name}: {str(failed.value).splitlines()[:1]}")


@pytest.mark.slow
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_bomb_as_a_letter_leaves_the_pages_up(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    hall = Hall.opened(site, named(office), browser_of)
    browser = browser_of("p.reg")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    dropped = 0
    for name, content in bombs.letters():
        bombs.drop(hall, browser, "/letters/import", "file", name, content)
        dropped += 1
    assert dropped >= 28
    bombs.held(before)


@pytest.mark.slow
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_bomb_as_a_sheet_leaves_the_pages_up(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    hall = Hall.opened(site, office, browser_of)
    browser = hall.admin()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for name, content in bombs.books():
        bombs.drop(hall, browser, "/admin/import", "sheets", name, content)
    bombs.held(before)
