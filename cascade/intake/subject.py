"""What the letter is about and what kind of document it is."""

from __future__ import annotations

import re

from cascade.intake.head import BODY_BEGINS, DATE, NUMBER, Head, is_motto
from cascade.intake.kinds import AMBIGUOUS, by_folded_name, of_symbol
from cascade.intake.lines import Piece, Sheet, is_capitals
from cascade.intake.marks import SECRECY, URGENCY
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, USAGE, Rule, any_of, compiled
from cascade.intake.text import UPPER, squeeze

LEAD_IN = (
    Rule(r"^\W*v\s?/\s?v\b\s*[:.]?\s*(?:việc\b\s*)?", "V/v", "V/v tiêm chủng mở rộng", DECREE),
    Rule(r"^\W*(?:về )?việc\b\s*:?\s*", "in words", "Về việc tiêm chủng mở rộng", DECREE),
    Rule(r"^\W*trích yếu\s*:\s*", "a form's label", "Trích yếu: Tiêm chủng mở rộng", USAGE),
    Rule(r"^\W*về\s+(?=\w)", "short, under a kind's name", "Về tiêm chủng mở rộng", DECREE),
)
LONGEST_SUBJECT = 12  # lines
_CAPITAL = rf"[{UPPER}][\w.]*"
_DATE_TAIL = re.compile(
    rf"\s+{_CAPITAL}(?:\s(?:{_CAPITAL}|phố)){{0,4}},\s*(?:(?:hồi|lúc)\s.{{0,16}})?ng[aà]y\s.{{0,30}}$"
)


def read_kind(sheet: Sheet, head: Head) -> Found | None:
    """The kind printed over the subject, or told by the symbol; a letter has none and is CV."""
    for _, cell in head.cells:
        kind = by_folded_name(cell.folded.strip(" .:*-"))
        if kind and is_capitals(cell.text):
            return Found(kind.name, cell.start, cell.end, 0.98)
    if head.symbol:
        kind = of_symbol(head.symbol.value)
        letter = kind and kind.code in AMBIGUOUS and head.greeting >= 0
        if kind and not letter:
            return Found(kind.name, head.symbol.start, head.symbol.end, 0.9)
        return Found("công văn", head.symbol.start, head.symbol.end, 0.9)
    if head.greeting >= 0:
        line = sheet.lines[head.greeting]
        return Found("công văn", line.start, line.end, 0.7)
    return None


def read_subject(head: Head) -> Found | None:
    """The subject, with or without `V/v`, however many lines it runs through."""
    for at, (_, cell) in enumerate(head.cells):
        lead = compiled(LEAD_IN[0]).match(cell.folded) or compiled(LEAD_IN[2]).match(cell.folded)
        if lead:
            return _collect(head, at, lead.end())
    for at, (_, cell) in enumerate(head.cells[:-1]):
        kind = by_folded_name(cell.folded.strip(" .:*-"))
        if kind and is_capitals(cell.text):
            first = at + 1
            while first + 1 < len(head.cells) and _names_body(head.cells[first][1]):
                first += 1
            words = any_of(LEAD_IN).match(head.cells[first][1].folded)
            return _collect(head, first, words.end() if words else 0)
    return _bare(head)


def _names_body(cell: Piece) -> bool:
    """`CỦA BAN THƯỜNG VỤ TỈNH ỦY` between the kind's name and the subject."""
    return cell.folded.startswith("cua ") and is_capitals(cell.text)


def _bare(head: Head) -> Found | None:
    """A subject without `V/v`: what stands between number and greeting and is nothing else."""
    if head.number_line < 0 or head.greeting < 0:
        return None
    for at, (index, cell) in enumerate(head.cells):
        lead = any_of(LEAD_IN).match(cell.folded)
        if index > head.number_line and not _foreign(cell) and len(cell.text) > 8:
            found = _collect(head, at, lead.end() if lead else 0)
            return found and Found(found.value, found.start, found.end, 0.75)
    return None


def _collect(head: Head, first: int, skip: int) -> Found | None:
    index, cell = head.cells[first]
    parts: list[Piece] = [cell.part(skip, len(cell.text))] if cell.text[skip:].strip() else []
    column = cell.start
    for later, other in head.cells[first + 1 : first + LONGEST_SUBJECT]:
        if other.after_gap and later > index and parts:
            break
        if _foreign(other):
            if later > index and not _is_date(other):
                break
            continue
        body = compiled(BODY_BEGINS).match(other.folded) and other.text[:1].isupper()
        if body and parts and head.greeting < 0:
            break
        if other.start == column:
            continue
        parts.append(other)
    if not parts:
        return None
    value = " ".join(_DATE_TAIL.sub("", part.text) for part in parts)
    value = re.sub(r"^\W+|[\s.;,_|]+$", "", squeeze(value))
    return Found(value, parts[0].start, parts[-1].end, 0.95) if len(value) > 3 else None


def _foreign(cell: Piece) -> bool:
    """Whether a cell belongs to another part of the head."""
    # In small letters "số" goes on with the subject: "… Nghị định / số 12/2026/NĐ-CP".
    number = any_of(NUMBER).match(cell.folded) and not cell.text[0].islower()
    if is_motto(cell) or number or _is_date(cell):
        return True
    return any(compiled(r).search(cell.folded) for r in (*URGENCY, *SECRECY) if not r.exact)


def _is_date(cell: Piece) -> bool:
    return len(cell.text) < 60 and bool(any_of(DATE).search(cell.folded))
