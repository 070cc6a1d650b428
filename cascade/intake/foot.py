"""The foot of a letter: where it begins, who gets copies, who signed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cascade.intake.lines import Piece, Sheet, cells, is_capitals
from cascade.intake.mending import mend
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, USAGE, Rule, any_of, compiled
from cascade.intake.signature import CAPACITY, is_name, is_title, read_signature, signs, title_at
from cascade.intake.text import fold, lower

COPIES = Rule(r"^\W*(?:\w\s)?nơi\s+nhận\b\W*", "the list of copies", "Nơi nhận:", DECREE)
ANNEX = Rule(r"^\W*(?:phụ lục|mẫu số|biểu mẫu|mẫu \d)\b", "an annex", "PHỤ LỤC 1", USAGE)
SIGNED = Rule(r"^\W*(?:đã ký|ký tên|đóng dấu)", "signed in words", "(Đã ký)", USAGE)
FOOT_LINES = 60
SIGNATURE_LINES = 12
_END = re.compile(r"[.;)]\s+")
_ITEM = re.compile(r"^[-+~•]\s*")
# Behind an entry's end a scan may leave a few specks.
_SPECKS = re.compile(r"(?<=[;.])\s.{0,4}$")


@dataclass(frozen=True)
class Foot:
    """What stands under the body: the numbers of its first line and of the annex's, or -1."""

    line: int
    distribution: tuple[Found, ...] = ()
    signer: Found | None = None
    capacity: Found | None = None
    annex: int = -1


def read_foot(sheet: Sheet, body: int) -> Foot:
    """Read the foot of a letter whose body begins at line `body`."""
    start = _find(sheet, body)
    if start < 0:
        return Foot(len(sheet.lines))
    copies: list[Found] = []
    others: list[Piece] = []
    listing = False
    annex = -1
    for index, line in enumerate(sheet.lines[start : start + FOOT_LINES], start):
        if compiled(ANNEX).match(line.folded) and is_capitals(line.text):
            annex = index
            break
        for place, cell in enumerate(_columns(line)):
            head = compiled(COPIES).match(cell.folded)
            rest = cell.part(head.end(), len(cell.text)) if head else cell
            listing = listing or bool(head or _ITEM.match(rest.text))
            # What stands beside an entry, without a dash of its own, is the signature's.
            beside = place > 0 and not head and not _ITEM.match(rest.text)
            if rest.text and (beside or not (listing and _take_copy(rest, copies))):
                others.append(rest)
    capacity, signer = read_signature(others)
    entries = tuple(replace(copy, value=_clean(copy.value, i)) for i, copy in enumerate(copies))
    return Foot(start, entries, signer, capacity, annex)


def _find(sheet: Sheet, body: int) -> int:
    """The foot's first line: the list of copies, a signature just before it, or the last one."""
    signature = last = -1
    for index in range(body, len(sheet.lines)):
        line = sheet.lines[index]
        if compiled(COPIES).match(line.folded):
            return signature if last >= 0 and index - last < SIGNATURE_LINES else index
        if signs(line):
            # A title in capitals may also head a decision: what counts is the last group.
            near = last >= 0 and index - last < SIGNATURE_LINES
            signature, last = (signature if near else index), index
    behind = sheet.lines[signature + 1 : signature + 5]
    over = any(len(line.text) > 60 and not is_capitals(line.text) for line in behind)
    return -1 if over or len(sheet.lines) - signature > FOOT_LINES else signature


def _columns(line: Piece) -> list[Piece]:
    """A foot line's columns: OCR sets the list of copies and the signature side by side."""
    found: list[Piece] = []
    for cell in cells(line):
        mark = any_of(CAPACITY).search(cell.folded) if len(cell.text) < 200 else None
        cut = mark.start() if mark and is_capitals(cell.text[mark.start() :]) else 0
        if not cut and _ITEM.match(cell.text):
            cut = title_at(cell) or _name_at(cell)
        found += [cell.part(0, cut), cell.part(cut, len(cell.text))] if cut else [cell]
    return [cell for cell in found if any(char.isalnum() for char in cell.text)]


def _name_at(cell: Piece) -> int:
    """Where behind the list's last entry the signer's name begins; 0 when it does not."""
    end = _END.search(cell.text) if cell.folded.lstrip("-+~• ").startswith("luu") else None
    return end.end() if end and is_name(cell.text[end.end() :]) else 0


def _take_copy(cell: Piece, copies: list[Found]) -> bool:
    """Add a cell to the list of copies; False when it does not belong there."""
    item = _ITEM.match(cell.text)
    last = copies[-1] if copies else None
    complete = last is not None and fold(last.value).startswith("luu")
    if compiled(SIGNED).match(cell.folded):
        return False
    if not item and (signs(cell) or is_title(cell.text)):
        return False
    value = " ".join(_SPECKS.sub("", cell.text[item.end() if item else 0 :]).split()).rstrip(" .;")
    if not any(char.isalpha() for char in value):
        return bool(item)
    bracket = value[0] == "(" and not cell.after_gap
    if last and not item and (bracket or (not complete and _goes_on(last, cell, value))):
        copies[-1] = replace(last, value=f"{last.value} {value}", end=cell.end)
        return True
    stopped = cell.text.endswith((";", ".", ","))
    if complete or (not item and not stopped and (is_name(value) or not cell.after_gap)):
        return False
    copies.append(Found(value, cell.start, cell.end, 0.93))
    return True


def _clean(value: str, place: int) -> str:
    """An entry without what a scan left behind it, its standing words mended."""
    head, mark, tail = value.rpartition(";")
    if mark and len(tail) <= 12 and not re.search(r"[^\W\d_]{4}", tail):
        value = head
    value = mend(re.sub(r"^L[uư]u(?=[:\s])", "Lưu", value.rstrip(" ,")))
    cut = re.search(r",\s[^\s,]*[»€@#{}|~<>\\][^,]*$", value)
    value = value[: cut.start()] if cut else value
    first = place == 0 and re.match(r"như(?! (?:điều|kính|mục|trên))\W?\s", lower(value))
    return "Như trên" if first and len(value) <= 10 else value


def _goes_on(last: Found, cell: Piece, value: str) -> bool:
    """Whether a line without a dash goes on with the entry above it."""
    near = not cell.after_gap and cell.start - last.end < 8
    return near and (value[0].islower() or last.value.endswith(",") or not is_name(cell.text))
