"""All that an answer says, unpacked: what of it the one who asked may not see."""

from __future__ import annotations

import html
import re
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pypdfium2  # type: ignore[import-untyped]
from werkzeug.test import TestResponse

from tests.authz.marks import ADMIN, BEGIN, Marks
from tests.authz.rules import Person

_MARK = re.compile(r"zq[a-z]+[0-9]{4}z", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9a-f])(?:61|72|83)[0-9]{6}(?![0-9a-f])")
_KINDS = {str(first)[:2]: name for name, first in BEGIN.items()}


def said_by(answer: TestResponse) -> str:
    """Headers and body as text: archives unpacked, PDF read, entities and escapes undone."""
    data = answer.data
    if data.startswith(b"PK"):
        packed = ZipFile(BytesIO(data))
        names = "\n".join(packed.namelist())
        parts = [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
        body = "\n".join([names, *parts])
    elif data.startswith(b"%PDF"):
        body = "\n".join(
            page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)
        )
    else:
        body = data.decode("utf-8", "replace").replace("\r\n ", "")  # folded lines of calendars
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return html.unescape(unquote(heads) + "\n" + body)


def leaked(said: str, asked: str, who: Person, marks: Marks, book: Any, opened: Any) -> set[str]:
    """Marks and numbers in what was said that the person may not see and did not bring along."""
    brought = unquote(asked)
    found = {one.lower() for one in _MARK.findall(said)} | set(_NUMBER.findall(said))
    return {one for one in found if one not in brought and not _may(one, who, marks, book, opened)}


def shown(said: str, asked: str) -> int:
    """How many marks and numbers an answer tells: were there none, nothing would be looked for."""
    found = {one.lower() for one in _MARK.findall(said)} | set(_NUMBER.findall(said))
    return len([one for one in found if one not in unquote(asked)])


def _may(one: str, who: Person, marks: Marks, book: Any, opened: Any) -> bool:
    if not who.is_in:
        return False
    if one.isdigit():
        return _may_see(_KINDS[one[:2]], int(one), who, book)
    return any(_has(who, what, row, opened) for what, row in marks.asks[one])


def _has(who: Person, what: str, row: int | str, opened: Any) -> bool:
    """Whether somebody has the sight that a mark asks for."""
    if what == "person":
        return row == who.login or ((what, row) == ADMIN and who.holds({"administrator"}))
    if what == "answers for":
        return bool(who.answers_for & opened[row])
    seen = {"letter": who.sight.letters, "named": who.sight.cited, "whole": who.sight.whole}
    return row in seen[what]


def _may_see(kind: str, number: int, who: Person, book: Any) -> bool:
    if kind == "letter":
        return number in who.sight.letters | who.sight.cited
    if kind == "step":
        return number in who.sight.steps
    row = book["evidence"].get(number)
    return row is not None and row["step_id"] in who.sight.whole
