"""The body as blocks: numbered items, bullets and plain paragraphs, broken lines joined again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cascade.intake.lines import Piece, Sheet
from cascade.intake.rules import DECREE, USAGE, Rule, compiled

PLAIN, BULLET = "plain", "bullet"
# From the widest numbering to the narrowest; a block's level is its place here.
ROMAN, NUMBER, DECIMAL, LETTER, PAREN = "roman", "number", "decimal", "letter", "paren"
LEVELS = (ROMAN, NUMBER, DECIMAL, LETTER, PAREN)
MARKERS = {
    ROMAN: Rule(
        r"^(?:phần\s+)?(?P<no>[ivx]{1,5})\s?[./)-]\s+(?=\S)", "part", "II. NHIỆM VỤ", DECREE
    ),
    DECIMAL: Rule(
        r"^(?P<no>\d{1,2}(?:\.\d{1,2}){1,2})[./)]?\s+(?=\D)", "item", "2.1. Rà soát", DECREE
    ),
    NUMBER: Rule(
        r"^(?:điều\s+)?(?P<no>\d{1,2})\s?(?:[./):]-?\s*|-\s+)(?=[^\d\s.,/])",
        "item",
        "1. Sở Y tế",
        DECREE,
    ),
    LETTER: Rule(
        r"^(?P<no>[a-zđ])[.)/]\s+(?=\S)", "letter", "a) Tổ chức trực ban", DECREE, exact=True
    ),
    PAREN: Rule(
        r"^\((?P<no>\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)", "in brackets", "(1) Rà soát", USAGE
    ),
    BULLET: Rule(
        r"^(?:[-+•~]|[oe](?=\s[^\W\d_]*[A-ZĐ]))\s*(?=\S)", "dash", "- Kiểm tra đê", DECREE
    ),
}
# Behind these words a number at a line's head goes on with the sentence.
GOES_ON = Rule(
    r"\b(?:điều|khoản|điểm|mục|số|ngày|tháng|năm|quý|chương|và|đến|từ|lớp|tuần|nghị định"
    r"|thông tư)$",
    "a number at the head of the next line belongs to this",
    "theo quy định tại khoản",
    USAGE,
)
PAGE_NUMBER = Rule(r"^\W{0,2}\d{1,3}\W{0,2}$", "a page's number", "- 2 -", DECREE)
WRAPPED = 130  # longer lines are whole paragraphs
_ENDED = re.compile(r"[.;:!?]\W*$|\./\W*\S{0,4}$")


@dataclass(frozen=True)
class Block:
    """A paragraph: its text span, what marks it, and its number's path (`2`, `2.1`, `2.a`)."""

    kind: str
    no: str
    start: int
    end: int
    mark_end: int

    @property
    def level(self) -> int:
        """How deep its numbering stands; plain text and bullets stand below all."""
        return LEVELS.index(self.kind) if self.kind in LEVELS else len(LEVELS)

    @property
    def numbered(self) -> bool:
        """Whether it is an item with a number of its own."""
        return self.kind in LEVELS


def read_blocks(sheet: Sheet, first: int, last: int) -> list[Block]:
    """The blocks between two line numbers."""
    lines = [
        line for line in sheet.lines[first:last] if not compiled(PAGE_NUMBER).match(line.folded)
    ]
    width = _width(lines)
    blocks: list[Block] = []
    path: dict[str, str] = {}
    before: Piece | None = None
    for line in lines:
        marker = _marker(line, before, path)
        if marker:
            kind, no, end = marker
            blocks.append(Block(kind, no, line.start, line.end, line.start + end))
        elif before is None or not blocks or _begins(line, before, width):
            no = blocks[-1].no if blocks else ""
            blocks.append(Block(PLAIN, no, line.start, line.end, line.start))
        else:
            blocks[-1] = replace(blocks[-1], end=line.end)
        before = line
    return blocks


def _width(lines: list[Piece]) -> int:
    lengths = sorted(len(line.text) for line in lines)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _begins(line: Piece, before: Piece, width: int) -> bool:
    """Whether a line without a marker begins a paragraph."""
    ended = bool(_ENDED.search(before.text[-12:]))
    if line.text[:1].islower():
        return ended and (line.after_gap or width > WRAPPED)
    if line.after_gap or width > WRAPPED:
        return True
    short = len(before.text) < 0.72 * width
    return short or (ended and (before.text.endswith(":") or len(before.text) < 0.85 * width))


def _marker(line: Piece, before: Piece | None, path: dict[str, str]) -> tuple[str, str, int] | None:
    """The marker a line bears, with the path of its number, or None."""
    for kind, rule in MARKERS.items():
        match = compiled(rule).match(line.text if rule.exact else line.folded)
        if not match:
            continue
        if kind == BULLET:
            return BULLET, _parent(path, PAREN), match.end()
        if before and compiled(GOES_ON).search(before.folded[-20:]) and not line.after_gap:
            return None
        no = match["no"]
        if kind == ROMAN and not line.text[match.start("no") : match.end("no")].isupper():
            continue
        if not _follows(kind, no, path):
            continue
        if kind == PAREN and any(level in path for level in (NUMBER, DECIMAL, LETTER)):
            return BULLET, _parent(path, PAREN), match.end()
        for lower in LEVELS[LEVELS.index(kind) :]:
            path.pop(lower, None)
        path[kind] = no.upper() if kind == ROMAN else no
        return kind, _path(path, kind), match.end()
    return None


def _follows(kind: str, no: str, path: dict[str, str]) -> bool:
    """Whether a number goes on with those before it; a stray figure does not."""
    last = path.get(kind)
    if kind == NUMBER:
        return int(no) - (int(last) if last else 0) in (1, 2) or no == "1"
    if kind == DECIMAL:
        return no.split(".")[0] == path.get(NUMBER, no.split(".")[0])
    return True


def _path(path: dict[str, str], kind: str) -> str:
    """`II.1`, `2.1`, `2.a`: a decimal number already holds that of the item above it."""
    over = path.get(ROMAN, "") if kind == DECIMAL else _parent(path, kind)
    return ".".join(part for part in (over, path[kind]) if part)


def _parent(path: dict[str, str], kind: str) -> str:
    """The path of the innermost item above a level."""
    above = [level for level in LEVELS[: LEVELS.index(kind)] if level in path]
    return _path(path, above[-1]) if above else ""
