"""Filling in the forms of pages as a browser does: hidden fields come along, files too."""

from __future__ import annotations

import html
import re
from io import BytesIO

from werkzeug.test import TestResponse

from tests.web.conftest import Browser, token_of


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's main form."""
    main = page[page.index('id="main"') :]
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: html.unescape(value) for name, value in fields}


def fill(page: str, **typed: object) -> dict[str, object]:
    """What a browser would send of a page's form, filled in so."""
    return {"csrf_token": token_of(page), **hidden(page), **typed}


def send(browser: Browser, url: str, data: dict[str, object]) -> TestResponse:
    """A form sent as it is."""
    return browser.client.post(url, data=data, headers={"Accept-Language": "en"})


def move(browser: Browser, step_id: int, trigger: str, **typed: object) -> TestResponse:
    """A move's form opened, filled in and sent."""
    url = f"/steps/{step_id}/{trigger}"
    return send(browser, url, fill(browser.get(url), **typed))


def file(name: str = "minutes.txt", content: bytes = b"Done.") -> tuple[BytesIO, str]:
    """A file chosen in a form."""
    return BytesIO(content), name


def said(page: str) -> str:
    """The text of a page's main part, without markup."""
    main = page[page.index('id="main"') + 10 : page.index("<footer")]
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return re.sub(r" ([,.:;)])", r"\1", words)
