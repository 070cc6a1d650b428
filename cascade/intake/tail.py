"""The foot of a letter: who gets copies, who signed and in what capacity."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from cascade.intake.lines import Piece, Sheet, cells, is_capitals
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, PARTY, USAGE, Rule, any_of, compiled
from cascade.intake.spelling import restore_surname
from cascade.intake.text import fold, lower, squeeze

COPIES = Rule(r"^\W*(?:\w\s)?nơi\s+nhận\b\W*", "the list of copies", "Nơi nhận:", DECREE)
CAPACITY = (
    Rule(r"\bkt\s?[.,]\s?(?=[a-z])|\bk/t\.?\s", "a deputy for the head", "KT. CHỦ TỊCH", DECREE),
    Rule(r"\btm\s?[.,]\s?(?=[a-z])|\bt/m\.?\s", "for a committee", "T/M BAN THƯỜNG VỤ", PARTY),
    Rule(r"\btl\s?[.,]\s?(?=[a-z])|\bt/l\.?\s", "by order", "TL. CHỦ TỊCH", DECREE),
    Rule(r"\btuq\s?[.,]\s?(?=[a-z])", "delegated", "TUQ. GIÁM ĐỐC", DECREE),
    Rule(r"(?:^|\s)q\s?[.,]\s?(?=[a-z])", "acting", "Q. GIÁM ĐỐC", DECREE),
)
# Titles as they are printed under the capacity, or alone when the head signs.
TITLES = ["CHỦ TỊCH", "GIÁM ĐỐC", "TỔNG GIÁM ĐỐC", "CỤC TRƯỞNG", "TỔNG CỤC TRƯỞNG", "CHI CỤC TRƯỞNG", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "VỤ TRƯỞNG", "VIỆN TRƯỞNG", "CHÁNH VĂN PHÒNG", "CHÁNH THANH TRA", "TRƯỞNG BAN", "TRƯỞNG PHÒNG", "BÍ THƯ", "HIỆU TRƯỞNG", "THỦ TƯỚNG", "CHỦ NHIỆM", "TRẠM TRƯỞNG", "HẠT TRƯỞNG", "ĐỘI TRƯỞNG", "TRƯỞNG ĐOÀN", "CHỈ HUY TRƯỞNG", "TƯ LỆNH", "CHÍNH ỦY", "TRƯỞNG CÔNG AN", "VỤ PHÓ", "TỔNG BÍ THƯ", "TRƯỞNG TRẠM", "VIỆN PHÓ"]
NOT_NAME = Rule(
    r"\b(?:phòng|ban|sở|bộ|vụ|cục|như|ngày|tháng|kính|ký|đóng dấu|phụ lục|đính kèm|chủ tịch|các"
    r"|giám đốc|nơi nhận|gửi|ubnd|hđnd|ủy ban|uỷ ban|trân trọng|công ty|đảng ủy|trưởng)\b",
    "words no person's name has",
    "Ban Thường vụ",
    USAGE,
    exact=True,
)
ANNEX = Rule(r"^\W*(?:phụ lục|mẫu số|biểu mẫu|mẫu \d)\b", "an annex", "PHỤ LỤC 1", USAGE)
SIGNED = Rule(r"^\W*(?:đã ký|ký tên|đóng dấu)", "signed in words", "(Đã ký)", USAGE)
FOOT_LINES = 60
_ITEM = re.compile(r"^[-+~•]\s*")
# Behind an entry's end a scan may leave a few specks.
_SPECKS = re.compile(r"(?<=[;.])\s.{0,4}$")
_NAME_WORD = re.compile(r"[^\W\d_]+[.,!]?")


@dataclass(frozen=True)
class Foot:
    """What stands under the body; `line` is the number of its first line."""

    line: int
    distribution: tuple[Found, ...] = ()
    signer: Found | None = None
    capacity: Found | None = None


def read_foot(sheet: Sheet, body: int) -> Foot:
    """Read the foot of a letter whose body begins at line `body`."""
    start = _find(sheet, body)
    if start < 0:
        return Foot(len(sheet.lines))
    copies: list[Found] = []
    right: list[Piece] = []
    listing = False
    for line in sheet.lines[start : start + FOOT_LINES]:
        if compiled(ANNEX).match(line.folded) and is_capitals(line.text):
            break
        for cell in _columns(line):
            head = compiled(COPIES).match(cell.folded)
            if head:
                listing = True
                cell = cell.part(head.end(), len(cell.text))
            listing = listing or bool(_ITEM.match(cell.text))
            if cell.text and not (listing and _take_copy(cell, copies)):
                right.append(cell)
    capacity, signer = _signature(right)
    copied = (replace(copy, value=copy.value.rstrip(" ,")) for copy in copies)
    return Foot(start, tuple(copied), signer, capacity)


def _find(sheet: Sheet, body: int) -> int:
    """The foot's first line: the list of copies, else a signing capacity, else a last dash list."""
    capacity = -1
    for index in range(body, len(sheet.lines)):
        line = sheet.lines[index]
        if compiled(COPIES).match(line.folded):
            return min(index, capacity) if 0 <= index - capacity < 12 and capacity >= 0 else index
        if capacity < 0 and _signs(line):
            capacity = index
    return capacity


def _signs(line: Piece) -> bool:
    mark = any_of(CAPACITY).search(line.folded)
    if mark:
        return is_capitals(line.text[mark.start() :]) and len(line.text) < 100
    return len(line.text) < 40 and line.text.isupper() and _title(line.text) is not None


def _columns(line: Piece) -> list[Piece]:
    """A foot line's columns: OCR sets the list of copies and the signature side by side."""
    found: list[Piece] = []
    for cell in cells(line):
        mark = any_of(CAPACITY).search(cell.folded)
        if mark and mark.start() > 0 and is_capitals(cell.text[mark.start() :]):
            found += [cell.part(0, mark.start()), cell.part(mark.start(), len(cell.text))]
            continue
        cut = _title_at(cell) if _ITEM.match(cell.text) else 0
        if cut:
            found += [cell.part(0, cut), cell.part(cut, len(cell.text))]
            continue
        found.append(cell)
    return [cell for cell in found if any(char.isalnum() for char in cell.text)]


def _take_copy(cell: Piece, copies: list[Found]) -> bool:
    """Add a cell to the list of copies; False when it does not belong there."""
    item = _ITEM.match(cell.text)
    last = copies[-1] if copies else None
    complete = last is not None and fold(last.value).startswith("luu")
    if not item and (_signs(cell) or _is_title(cell.text)):
        return False
    if compiled(SIGNED).match(cell.folded):
        return False
    value = " ".join(_SPECKS.sub("", cell.text[item.end() if item else 0 :]).split()).rstrip(" .;")
    if not any(char.isalpha() for char in value):
        return bool(item)
    bracket = value[0] == "(" and not cell.after_gap
    if last and not item and (bracket or (not complete and _goes_on(last, cell, value))):
        copies[-1] = replace(last, value=f"{last.value} {value}", end=cell.end)
        return True
    stopped = cell.text.endswith((";", ".", ","))
    if complete or (not item and not stopped and (_is_name(value) or not cell.after_gap)):
        return False
    copies.append(Found(value, cell.start, cell.end, 0.93))
    return True


def _goes_on(last: Found, cell: Piece, value: str) -> bool:
    """Whether a line without a dash goes on with the entry above it."""
    near = not cell.after_gap and cell.start - last.end < 8
    return near and (value[0].islower() or last.value.endswith(",") or not _is_name(cell.text))


def _signature(right: list[Piece]) -> tuple[Found | None, Found | None]:
    marks: list[tuple[Piece, str]] = []
    signer: Found | None = None
    for cell in right:
        text = re.sub(r"^[^\w(]+|[^\w.)]+$", "", cell.text)
        lead = any_of(CAPACITY).search(cell.folded)
        if lead and is_capitals(cell.text[lead.start() :]):
            marks.append((cell, _mend(cell.text[lead.start() :])))
        elif marks and is_capitals(text) and (deputy := _deputy(text, marks[-1][1])):
            marks.append((cell, deputy))
        elif is_capitals(text) and _title(text) and not signer:
            marks.append((cell, _mend(text)))
        elif marks and _is_office(text) and not signer:
            marks.append((cell, text))
        elif _is_name(text):
            value = restore_surname(re.sub(r"[!,.](?=\s|$)", "", text))
            signer = Found(value, cell.start, cell.end, 0.9)
    if not marks:
        return None, signer
    value = squeeze(" ".join(text for _, text in marks))
    return Found(value, marks[0][0].start, marks[-1][0].end, 0.9), signer


def _is_office(text: str) -> bool:
    """A line in capitals that goes on with a capacity: `VỤ GIÁO DỤC TRUNG HỌC`."""
    plain = re.fullmatch(r"[^\W\d_][^\d()]{8,}", text)
    return bool(plain) and is_capitals(text) and not _is_name(text)


def _mend(text: str) -> str:
    """A capacity with its title's marks restored and one space behind the abbreviation."""
    match = re.match(r"((?:KT|TM|TL|TUQ|Q|K/T|T/M|T/L))\s?([.,]?)\s*(.+)", text.strip())
    if not match:
        return _title(text) or squeeze(text)
    title = _title(match[3]) or squeeze(match[3])
    return f"{match[1]}{'.' if match[2] else ''} {title}"


def _title(text: str) -> str | None:
    """The title a text in capitals stands for, when it is one up to marks."""
    folded = fold(squeeze(text)).strip(" .,-_:")
    for title in TITLES:
        for form in (title, f"PHÓ {title}"):
            if fold(form) == folded:
                return form
            if folded.startswith(fold(form) + " "):
                return squeeze(text)
    close = [t for t in TITLES if len(folded) > 6 and _ratio(folded, fold(t)) >= 0.88]
    return max(close, key=lambda t: _ratio(folded, fold(t))) if close else None


def _deputy(text: str, above: str) -> str | None:
    """Under `KT. X` stands the deputy of X; a line near enough to `PHÓ X` is read so."""
    title = above.partition(" ")[2]
    if not above.startswith(("KT", "K/T")) or not title:
        return None
    wanted = f"PHÓ {title}"
    if fold(wanted) == fold(text):
        return wanted
    if _ratio(fold(text), fold(wanted)) >= 0.6 and not _title(text):
        return wanted
    return wanted if len(text) >= 6 and fold(wanted).endswith(" " + fold(text)) else None


def _title_at(cell: Piece) -> int:
    """Where behind a list entry a title in capitals begins; 0 when none does."""
    for word in list(re.finditer(r"\S+", cell.text))[1:]:
        text = cell.text[word.start() :]
        folded = fold(text).strip(" -=_`.,;")
        if len(folded) >= 6 and is_capitals(text) and word[0].isupper():
            if any(_like(folded, fold(title)) for title in TITLES):
                return word.start()
    return 0


def _is_title(text: str) -> bool:
    folded = fold(text).strip(" -=_`.,;")
    like = len(folded) >= 6 and any(_like(folded, fold(title)) for title in TITLES)
    return is_capitals(text) and (len(text) > 12 or like)


def _like(folded: str, title: str) -> bool:
    return max(_ratio(folded, title), _ratio(folded, "pho " + title)) >= 0.72 or (
        folded in ("truong", "giam doc")
    )


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a[:60], b, autojunk=False).ratio()


def _is_name(text: str) -> bool:
    """Whether a text is a person's name: two to five capitalised words, each with a vowel."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 40:
        return False
    if compiled(NOT_NAME).search(lower(text)):
        return False
    return all(_name_word(word, last=word is words[-1]) for word in words)


def _name_word(word: str, *, last: bool) -> bool:
    if not _NAME_WORD.fullmatch(word) or not word[0].isupper():
        return False
    bare = word.rstrip("!,.")
    if len(bare) == 1:
        return last  # a name shortened for publication: "Nguyễn Văn A"
    return bool(re.search("[aeiouy]", fold(word))) and (bare[1:].islower() or bare.isupper())
