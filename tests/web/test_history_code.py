"""Exports say the code of the newest checkpoint, so that whoever keeps one is a witness."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from cascade import history
from cascade.history_keys import load_or_make
from tests.web.conftest import Browser
from tests.worlds import Office

Enter = Callable[[str], Browser]


@pytest.fixture
def code(site: Flask, office: Office, tmp_path: Path) -> str:
    """The code of a checkpoint, taken where the site knows of it."""
    site.extensions["world"].checkpoints = tmp_path / "checkpoints"
    office.letter("P", owe=["A"])
    with office.db.read() as conn:
        note = history.take(conn, load_or_make(tmp_path))
    history.keep(note, tmp_path / "checkpoints", load_or_make(tmp_path))
    found = history.newest_code(tmp_path / "checkpoints")
    assert found
    return found


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_table_says_the_code_at_its_foot(browser_of: Enter, code: str) -> None:
    browser = browser_of("p.sec")
    assert browser.get("/board.csv").splitlines()[-1] == f"History: {code}"
    said = browser.client.get("/board.xlsx", headers={"Accept-Language": "en"})
    book = load_workbook(BytesIO(said.data))
    assert book.properties.description == f"History: {code}"
    assert book.active is not None
    assert book.active.oddFooter is not None
    assert book.active.oddFooter.left.text == f"History: {code}"


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_picture_says_it_where_it_leaves_the_register(browser_of: Enter, code: str) -> None:
    browser = browser_of("p.sec")
    assert f"· History: {code}" in browser.get("/letters/1/cascade?tab=picture&as=svg")
    assert code not in browser.get("/letters/1/cascade?tab=picture")


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_without_a_checkpoint_nothing_is_said(
    site: Flask, browser_of: Enter, tmp_path: Path
) -> None:
    for folder in (None, tmp_path / "none"):
        site.extensions["world"].checkpoints = folder
        assert len(browser_of("p.sec").get("/board.csv").splitlines()) == 1
