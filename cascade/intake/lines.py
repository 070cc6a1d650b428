"""A letter laid out in lines and columns, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from cascade.intake.text import fold, plain

# About 80 full pages; what lies beyond is not read, and the reading says so.
LONGEST = 240_000
MOST_LINES = 8_000


class Piece(NamedTuple):
    """A stretch of the letter, trimmed, and whether an empty line stands before it."""

    start: int
    end: int
    text: str
    folded: str
    after_gap: bool = False

    def part(self, start: int, end: int) -> Piece:
        """The trimmed part between two offsets of this piece."""
        raw = self.text[start:end]
        left = len(raw) - len(raw.lstrip(_EDGES))
        text = raw.strip(_EDGES)
        begin = start + left
        return Piece(
            self.start + begin,
            self.start + begin + len(text),
            text,
            self.folded[begin : begin + len(text)],
            self.after_gap,
        )


@dataclass(frozen=True)
class Sheet:
    """The text without markup, its folded twin (same offsets) and its lines that say something."""

    text: str
    folded: str
    lines: tuple[Piece, ...]
    cut: bool

    def piece(self, start: int, end: int) -> Piece:
        """Any stretch of the letter as a piece."""
        return Piece(start, end, self.text[start:end], self.folded[start:end])


def lay_out(text: str) -> Sheet:
    """Lay a letter out; offsets are those of the NFC text given."""
    kept = text[:LONGEST]
    if kept.count("\n") > MOST_LINES:
        kept = "\n".join(kept.split("\n", MOST_LINES)[:MOST_LINES])
    body = plain(kept)
    folded = fold(body)
    lines: list[Piece] = []
    gap, start = True, 0
    for raw in body.split("\n"):
        inner = raw.strip()
        if inner:
            begin = start + len(raw) - len(raw.lstrip())
            end = begin + len(inner)
            lines.append(Piece(begin, end, inner, folded[begin:end], gap))
        gap = not inner
        start += len(raw) + 1
    return Sheet(body, folded, tuple(lines), len(kept) < len(text))


def cells(line: Piece) -> list[Piece]:
    """The columns of a line: what stands more than two spaces apart."""
    gaps = (gap for gap in _COLUMN.finditer(line.text) if not _is_blank(line.folded, gap))
    cuts = [0, *(gap.end() for gap in gaps), len(line.text)]
    parts = [line.part(a, b) for a, b in pairwise(cuts)]
    return [part for part in parts if part.text]


def _is_blank(folded: str, gap: re.Match[str]) -> bool:
    """Whether a gap is a blank to be filled in (`Số:     /UBND`, `ngày     tháng`), no column."""
    before = _BLANK_BEHIND.search(folded[max(0, gap.start() - 8) : gap.start()])
    return bool(before or _BLANK_BEFORE.match(folded, gap.end()))


def is_capitals(text: str) -> bool:
    """Whether a line is set in capitals (OCR lets a few small letters slip in)."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 2 and sum(char.isupper() for char in letters) >= 0.7 * len(letters)


_COLUMN = re.compile(r"\t+|\s{3,}")
_BLANK_BEHIND = re.compile(r"\b(?:so\s*:?|ngay|thang|nam)$")
_BLANK_BEFORE = re.compile(r"/|-[a-z]|(?:thang|nam)\b")
_EDGES = " \t|_="
