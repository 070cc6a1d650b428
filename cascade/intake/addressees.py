"""Whom the letter is addressed to, one entry a line or item."""

from __future__ import annotations

import re
from dataclasses import replace

from cascade.intake.bodies import starts_body
from cascade.intake.head import BODY_BEGINS, GREETING
from cascade.intake.lines import Piece, Sheet
from cascade.intake.mending import mend
from cascade.intake.reading import Found
from cascade.intake.rules import any_of, compiled
from cascade.intake.text import squeeze

LONGEST_LIST = 60  # lines
_DASH = re.compile(r"^[-+~•–—]\s*")


def read_addressees(sheet: Sheet, greeting: int) -> tuple[tuple[Found, ...], int]:
    """The addressees and the number of the first line behind them."""
    if greeting < 0:
        return (), 0
    line = sheet.lines[greeting]
    match = any_of(GREETING).match(line.folded)
    inline = line.part(match.end() if match else 0, len(line.text))
    dash = _DASH.match(inline.text)
    dashed = bool(dash) or not inline.text
    inline = inline.part(dash.end(), len(inline.text)) if dash else inline
    items: list[list[Piece]] = [[inline]] if inline.text else []
    for index in range(greeting + 1, min(len(sheet.lines), greeting + LONGEST_LIST)):
        line = sheet.lines[index]
        dash = _DASH.match(line.text)
        if dash and (dashed or not line.after_gap or _unfinished(items)):
            items.append([line.part(dash.end(), len(line.text))])
            dashed = True
        elif items and _goes_on(items, line, dashed):
            items[-1].append(line)
        elif _begins(items, line, dashed, first=index == greeting + 1):
            items.append([line])
        else:
            break
    end = greeting + 1 + sum(len(item) for item in items) - (1 if inline.text else 0)
    found = [f for item in items for f in _entries(item, dashed)]
    return tuple(replace(f, value=mend(f.value)) for f in found), end


def _unfinished(items: list[list[Piece]]) -> bool:
    return not items or not items[-1][-1].text.endswith(".")


def _begins(items: list[list[Piece]], line: Piece, dashed: bool, *, first: bool) -> bool:
    """Whether a line without a dash is an entry: the first, or one behind a semicolon."""
    if not items:
        return first or not dashed
    return not dashed and line.text[:1].isupper() and items[-1][-1].text.endswith(";")


def _goes_on(items: list[list[Piece]], line: Piece, dashed: bool) -> bool:
    last = items[-1][-1].text
    if line.after_gap or last.endswith((".", ";")):
        return False
    if compiled(BODY_BEGINS).match(line.folded) and line.text[:1].isupper():
        return False
    # A broken line goes on in small letters, or behind one that was full.
    return line.text[:1].islower() or len(last) > 40 or last.endswith(",") or not dashed


def _entries(item: list[Piece], dashed: bool) -> list[Found]:
    start, end = item[0].start, item[-1].end
    whole = " ".join(piece.text for piece in item)
    value = squeeze(whole).rstrip(".; ")
    if dashed or ";" not in value:
        return [Found(value, start, end, 0.95)] if len(value) > 1 else []
    # On one line without dashes a semicolon parts bodies, unless what follows is no body.
    parts = [part.strip() for part in value.split(";")]
    if not all(part[:1].isupper() or starts_body(part) for part in parts if part):
        return [Found(value, start, end, 0.8)]
    return [Found(part, start, end, 0.9) for part in parts if part]
