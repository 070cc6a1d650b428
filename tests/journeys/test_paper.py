"""Printed on A4: the words without the controls, every row, the states without their colours."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Site, enter, watched, window

_PAGES = {
    "inbox": ("nghi.lt", "/inbox", "li.c-row .c-row__link"),
    "board": ("hang.nt", "/board", ".c-board td a[id^=s]"),
    "cascade": (
        "truc.lq",
        "/letters/1/cascade?depth=9",
        ".c-tree__row > div:first-child > a:first-child",
    ),
}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", list(_PAGES))
def test_paper_holds_every_row_with_its_state_and_no_controls(
    browser: Browser, reading: Site, name: str, lang: str
) -> None:
    login, url, every = _PAGES[name]
    with watched(window(browser, reading, lang=lang)) as context:
        enter(context, login)
        page = context.new_page()
        page.goto(url)
        rows = [_plain(text) for text in page.locator(every).all_inner_texts()]
        states = [_plain(text) for text in page.locator("main .c-standing").all_inner_texts()]
        assert len(rows) >= 4
        page.emulate_media(media="print")
        for gone in ("nav", "main button", "footer", "[role=search]"):
            for one in page.locator(gone).all():
                expect(one).to_be_hidden()
        for one in page.locator("main .c-standing").all()[:3]:
            expect(one).to_be_visible()
            assert one.evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
        paper = _printed(page)
    assert [row for row in rows if row not in paper] == []
    assert [state for state in states if state not in paper] == []


def _printed(page: Page) -> str:
    found = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    for sheet in found.pages:
        width, height = (float(side) / 72 * 25.4 for side in sheet.mediabox[2:])
        assert (round(width), round(height)) == (210, 297)
    return _plain(" ".join(sheet.extract_text() for sheet in found.pages))


def _plain(text: str) -> str:
    """The letters and digits alone: lines are broken elsewhere on paper."""
    return re.sub(r"\W+", "", text).lower()
