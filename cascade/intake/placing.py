"""Where the values inside a citation or a duty stand: its number, day, issuer, units, deadline."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from cascade.intake import reference
from cascade.intake.cited import LOOK_AHEAD, LOOK_BACK
from cascade.intake.lines import Sheet
from cascade.intake.reading import CitationFound, Found, PointFound, Reading
from cascade.intake.text import fold
from workflows.phrases.days import DAY, from_match

# A value told around an item (by its heading, by another mention) is less sure to be meant there.
AROUND = 0.8
HEADING_WITHIN = 20_000  # characters from a sub-item back to the heading that names its unit
MARK_WITHIN = 4_000
MENTIONS = 5  # of one document, searched for what the first leaves out
FIRST_WORDS = 12
_DAY = re.compile(DAY)

_Parts = Iterator[tuple[str, Found]]


def place(reading: Reading, sheet: Sheet) -> Reading:
    """The reading, each citation and duty with the places of its values that the text shows."""
    flat = _Flat(sheet)
    return replace(
        reading,
        citations=tuple(replace(c, parts=tuple(_citation(c, flat))) for c in reading.citations),
        points=tuple(
            replace(p, parts=tuple(_duty(p, flat))) if p.is_duty else p for p in reading.points
        ),
    )


class _Flat:
    """The sheet with single spaces, in which a value is looked for and placed in the original."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        words = [match.span() for match in re.finditer(r"\S+", sheet.text)]
        self.text = " ".join(sheet.text[start:end] for start, end in words)
        self.folded = " ".join(sheet.folded[start:end] for start, end in words)
        self._words = [start for start, _ in words]
        self._at = [0]
        for start, end in words:
            self._at.append(self._at[-1] + end - start + 1)

    def find(self, value: str, start: int, end: int) -> tuple[int, int] | None:
        """The first place of a value between two offsets, in the original's offsets."""
        return self._search(value, start, end, last=False)

    def find_last(self, value: str, start: int, end: int) -> tuple[int, int] | None:
        """The last place of a value between two offsets."""
        return self._search(value, start, end, last=True)

    def _search(self, value: str, start: int, end: int, *, last: bool) -> tuple[int, int] | None:
        wanted = " ".join(value.split())
        low, high = self._flat(max(0, start)), self._flat(end)
        # As printed, else with the marks a scanner dropped and the reader restored.
        for hay, needle in ((self.text, wanted), (self.folded, fold(wanted))):
            at = hay.rfind(needle, low, high) if last else hay.find(needle, low, high)
            while needle and at >= 0:
                if _is_whole(hay, at, at + len(needle)):
                    return self._original(at), self._original(at + len(needle) - 1) + 1
                step = (low, at + len(needle) - 1) if last else (at + 1, high)
                at = hay.rfind(needle, *step) if last else hay.find(needle, *step)
        return None

    def _flat(self, at: int) -> int:
        word = bisect_right(self._words, at) - 1
        if word < 0:
            return 0
        return min(self._at[word] + at - self._words[word], self._at[word + 1] - 1)

    def _original(self, at: int) -> int:
        word = bisect_right(self._at, at) - 1
        return self._words[word] + at - self._at[word]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a find is no part of a longer word."""
    before, first = text[start - 1 : start], text[start]
    last, behind = text[end - 1], text[end : end + 1]
    return not (before.isalnum() and first.isalnum()) and not (last.isalnum() and behind.isalnum())


def _citation(cited: CitationFound, flat: _Flat) -> _Parts:
    sheet, sure = flat.sheet, cited.confidence
    mentions = list(_mentions(cited, flat))
    named = next((at for at in mentions if at[2]), None)
    if named:
        yield "number_symbol", _found(cited.number_symbol, named[:2], cited)
    reach = [(cited.start, cited.end), *(at[:2] for at in mentions[1:])]
    if cited.dated and (day := _first(_day(sheet, cited.dated, *at) for at in reach)):
        yield "date", _found(cited.dated.isoformat(), day, cited)
    if cited.issuer and (who := _first(_issuer(flat, cited.issuer, *at) for at in reach)):
        yield "issuer", _found(cited.issuer, who, cited)
    if cited.verb:
        # A later phrase ("triển khai Công văn nêu trên") may have said what is done with it.
        verb = flat.find_last(cited.verb, cited.start - LOOK_BACK, cited.start)
        if verb := verb or flat.find(cited.verb, cited.end, len(sheet.text)):
            yield "verb", Found(cited.verb, *verb, sure)


def _first(found: Iterable[tuple[int, int] | None]) -> tuple[int, int] | None:
    return next((at for at in found if at), None)


def _mentions(cited: CitationFound, flat: _Flat) -> Iterator[tuple[int, int, bool]]:
    """Where the reference stands, first in the citation itself, and whether it is whole there."""
    text, found_at = flat.sheet.text, cited.end
    for match in reference.ANYWHERE.finditer(text, cited.start, cited.end):
        if (found := reference.read(match)) and found.number in cited.number:
            yield match.start(), found.end, found[:2] == (cited.number, cited.symbol)
            break
    else:
        yield cited.start, cited.end, False
    for _ in range(MENTIONS):
        again = flat.find(cited.number_symbol, found_at, len(text))
        if again is None:
            return
        yield *again, True
        found_at = again[1]


def _day(sheet: Sheet, wanted: date, start: int, end: int) -> tuple[int, int] | None:
    """Where a day is written: in a mention, else nearest before it, else behind."""
    stretches = ((start, end), (max(0, start - LOOK_BACK), start), (end, end + LOOK_AHEAD))
    for at, stretch in enumerate(stretches):
        days = [m.span() for m in _DAY.finditer(sheet.folded, *stretch) if from_match(m) == wanted]
        if days:
            return days[-1] if at == 1 else days[0]
    return None


def _issuer(flat: _Flat, name: str, start: int, end: int) -> tuple[int, int] | None:
    behind = flat.find(name, start, end + LOOK_AHEAD)
    return behind or flat.find_last(name, start - LOOK_BACK, start)


def _duty(point: PointFound, flat: _Flat) -> _Parts:
    sure = point.confidence
    if point.no and (mark := _mark(flat.sheet, point.no, point.start)):
        yield "no", Found(point.no, *mark, sure)
    start = " ".join(point.text.split()[:FIRST_WORDS])
    if opens := flat.find(start, point.start, point.end):
        yield "text_start", Found(start, *opens, sure)
    for name, units in (("lead", point.lead), ("coordinating", point.coordinating)):
        for unit in units:
            at = flat.find(unit, point.start, point.end) or flat.find_last(
                unit, point.start - HEADING_WITHIN, point.start
            )
            if at:
                yield name, _found(unit, at, point)
    for name, phrase in (("due_text", point.due_text), ("recurring", point.recurring)):
        if phrase and (told := flat.find(phrase, point.start, point.end)):
            if name == "due_text" and point.due:
                yield "due", Found(point.due.isoformat(), *told, sure)
            yield name, Found(phrase, *told, sure)


def _mark(sheet: Sheet, no: str, start: int) -> tuple[int, int] | None:
    """The mark of the item (`2.a` is the `a` of item 2) that begins a line at or before it."""
    last = re.escape(fold(no).rpartition(".")[2])
    mark = re.compile(rf"^[^\w\n]*(?:dieu\s+)?({last})\b", re.MULTILINE)
    line = sheet.folded.rfind("\n", 0, start) + 1
    for begin in (line, max(0, start - MARK_WITHIN)):
        if marks := [match.span(1) for match in mark.finditer(sheet.folded, begin, start)]:
            return marks[-1]
    return None


def _found(value: str, at: tuple[int, int], item: CitationFound | PointFound) -> Found:
    inside = item.start <= at[0] and at[1] <= item.end
    return Found(value, *at, item.confidence if inside else round(item.confidence * AROUND, 3))
