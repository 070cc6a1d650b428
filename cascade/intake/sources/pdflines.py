"""Words on a page into lines a reader expects: columns apart, paragraphs behind empty lines."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from cascade.intake.sources.pdfwords import Word
from cascade.intake.text import fold

COLUMN = "    "
# How far apart the baselines of one line may lie, in heights of its letters.
SAME_LINE = 0.3
# A space is a column's when it is wider than a letter and much wider than its line's others.
COLUMN_EM, COLUMN_TIMES, USUAL_SPACE_EM = 0.9, 2.2, 0.3
EM = 0.75  # of a font's box height
# A pitch this much wider than the page's usual one shows a new paragraph.
PARAGRAPH_PITCH = 1.2
INDENT_EM = (1.0, 6.0)
LONGEST_FOOT = 60  # lines
_COPIES = re.compile(r"\W*noi nhan\b")
_PAGE_NUMBER = re.compile(r"\W{0,2}\d{1,3}\W{0,2}")

Line = list[Word]


def page_lines(words: list[Word], notes: list[str]) -> list[str]:
    """The page's lines from top to bottom, without the page's number."""
    lines = _lines(words)
    lines = _without_page_number(lines, notes)
    pitch = _pitch(lines)
    copies = next((i for i, line in enumerate(lines) if _COPIES.match(fold(_joined(line)))), None)
    foot = _columns(lines, copies) if copies is not None else None
    if not foot:
        return _texts(lines, pitch)
    first, behind, left, right = foot
    parts = (lines[:first], left, right, lines[behind:])
    found: list[str] = []
    for part in parts:
        found += ["", *_texts(part, pitch)] if found and part else _texts(part, pitch)
    return found


def _texts(lines: list[Line], pitch: float) -> list[str]:
    left = min((line[0].left for line in lines), default=0.0)
    right = max((line[-1].right for line in lines), default=0.0)
    found: list[str] = []
    for index, line in enumerate(lines):
        if index:
            before = lines[index - 1]
            if _drop(before, line) > pitch * PARAGRAPH_PITCH or _indented(
                line, before, left, right
            ):
                found.append("")
        found.append(_joined(line))
    return found


def _columns(lines: list[Line], copies: int) -> tuple[int, int, list[Line], list[Line]] | None:
    """The foot from the list of copies on: its first line, the one behind, its two columns.

    List and signature are out of step, so read across they would be torn.
    """
    for behind in range(min(len(lines), copies + LONGEST_FOOT), copies + 1, -1):
        gutter = _gutter([word for line in lines[copies:behind] for word in line])
        if gutter is None:
            continue
        first = copies
        # The signature may begin above the list.
        while first and lines[first - 1][0].left >= gutter:
            first -= 1
        foot = lines[first:behind]
        left = [part for line in foot if (part := [w for w in line if w.left < gutter])]
        right = [part for line in foot if (part := [w for w in line if w.left >= gutter])]
        return first, behind, left, right
    return None


def _gutter(words: list[Word]) -> float | None:
    """Where the right one of two columns begins: behind the widest strip that no word touches."""
    wide = COLUMN_EM * EM * max(word.height for word in words)
    best, found, reach = wide, None, float("inf")
    for word in sorted(words, key=lambda word: word.left):
        if word.left - reach > best:
            best, found = word.left - reach, word.left
        reach = word.right if reach == float("inf") else max(reach, word.right)
    return found


def _lines(words: list[Word]) -> list[Line]:
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: (-word.base, word.left)):
        line = lines[-1] if lines else None
        same = line and line[0].base - word.base <= SAME_LINE * max(line[0].height, 1.0)
        if line and same:
            line.append(word)
        else:
            lines.append([word])
    return [_once(sorted(line, key=lambda word: word.left)) for line in lines]


def _once(line: Line) -> Line:
    """A line without the second stroke of letters made bold by printing them twice."""
    kept = line[:1]
    for before, word in pairwise(line):
        if not (word.text == before.text and abs(word.left - before.left) < 0.2 * word.height):
            kept.append(word)
    return kept


def _joined(line: Line) -> str:
    gaps = [right.left - left.right for left, right in pairwise(line)]
    em = EM * median(word.height for word in line)
    usual = sorted(gaps)[len(gaps) // 3] if len(gaps) > 2 else USUAL_SPACE_EM * em
    wide = max(COLUMN_EM * em, COLUMN_TIMES * usual)
    parts = [line[0].text]
    for gap, word in zip(gaps, line[1:], strict=True):
        parts.append((COLUMN if gap > wide else " ") + word.text)
    return "".join(parts)


def _pitch(lines: list[Line]) -> float:
    """The usual distance of lines, in heights: that of wrapped ones, among the smaller."""
    # Two columns out of step lie closer than any lines of one.
    drops = sorted(drop for pair in pairwise(lines) if (drop := _drop(*pair)) > 0.8)
    return drops[(len(drops) - 1) * 3 // 10] if drops else 0.0


def _drop(before: Line, line: Line) -> float:
    """How far a line stands below another, in heights of its own letters: fonts differ."""
    return (before[0].base - line[0].base) / max(line[0].height, before[0].height, 1.0)


def _indented(line: Line, before: Line, left: float, right: float) -> bool:
    """Whether a line begins a paragraph by its indent, behind one that filled its line."""
    em = EM * line[0].height
    low, high = INDENT_EM[0] * em, INDENT_EM[1] * em
    filled = before[-1].right > right - em
    return filled and low < line[0].left - left < high and before[0].left < line[0].left - low / 2


def _without_page_number(lines: list[Line], notes: list[str]) -> list[Line]:
    for at in (0, -1):
        if len(lines) > 1 and _PAGE_NUMBER.fullmatch(_joined(lines[at])):
            if "page numbers left out" not in notes:
                notes.append("page numbers left out")
            lines = lines[1:] if at == 0 else lines[:-1]
    return lines
