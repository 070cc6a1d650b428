"""The head of a letter: which lines it has, its number, symbol, date and place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cascade.intake import reference
from cascade.intake.kinds import BY_CODE, by_folded_name
from cascade.intake.lines import Piece, Sheet, cells, is_capitals
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, PARTY, USAGE, Rule, any_of, compiled
from cascade.intake.smudged import Smudged
from cascade.intake.text import UPPER, fold
from workflows.phrases.days import to_date

LONGEST_HEAD = 60

GREETING = (
    Rule(r"^\W*k\w?ính\s*gửi\b\s*:?", "whom it addresses", "Kính gửi:", DECREE),
    Rule(r"^\W*k\w{2,4}\s?g\w{1,2}[il1]\s*:", "the same, misread", "Kínb gừi:", USAGE),
    Rule(
        r"^(?:[^.:]{3,120}\s)?kính mời\s*:", "whom it invites", "Phòng trân trọng kính mời:", USAGE
    ),
    Rule(r"^(?:[^.:]{3,120}\s)?điện\s*:", "whom a dispatch addresses", "UBND HUYỆN điện:", USAGE),
)
MOTTO = (
    # Scanners lose spaces, even the one between the columns: "BỘ TÀI CHÍNHCỘNG HÒAXÃ HỘI".
    Rule(r"c[oq0]ng\s*h[oq0]a\s*xã\s*h", "the State's name", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA", DECREE),
    Rule(r"độc\s*lập\s*-?\s*tự\s*do", "the State's motto", "Độc lập - Tự do - Hạnh phúc", DECREE),
    Rule(r"đảng\s*cộng\s*sản\s*việt", "the Party's title", "ĐẢNG CỘNG SẢN VIỆT NAM", PARTY),
)
NUMBER = (
    Rule(r"^\W{0,3}so(?=\s*[:.;]|\s+[\d/-]|\d)", "number", "Số: 1234/UBND-NN", DECREE),
    Rule(r"^\W{0,3}so(?=l\s)", "number, colon misread", "sốl 0357/STC-QL", USAGE),
    Rule(r"^\W{0,3}so[^\W\dl_](?=\s\d)", "number, colon misread", "SốỂ 402/CCKL-NV", USAGE),
    Rule(r"^\W{0,3}[s58$]\s?[oe06]\s*[:.;]", "number, word misread", "$6:214 /TTYT-KH", USAGE),
    Rule(r"^\W{0,4}(?=\d{1,6}\s?/\s?[a-z]{2,}-[a-z])", "number, word lost", ": 456/SYT-NV", USAGE),
)
# The words of a date as scanners spell them: "nqày", "tbáng", "nărn".
_WORD_DAY, _WORD_MONTH, _WORD_YEAR = r"n[gq]\w[yv]", r"t[hb]\w{1,2}[gq]", r"n\w(?:m|rn)"
DATE = (
    Rule(
        rf"{_WORD_DAY}\s*(\S{{0,9}}?)\s*{_WORD_MONTH}\s*(\S{{0,9}}?)\s*,?\s*{_WORD_YEAR}\s*(\S{{0,6}})",
        "place and date in words",
        "Hà Giang, ngày 05 tháng 3 năm 2026",
        DECREE,
    ),
    Rule(
        rf"{_WORD_DAY}\s*(\d{{1,2}})\s?[/.-]\s?(\d{{1,2}})\s?[/.-]\s?(\d{{4}})",
        "place and date in figures",
        "Đồng Tháp, ngày 05/3/2026",
        USAGE,
    ),
    Rule(
        rf"{_WORD_DAY}\s(.{{0,14}}?){_WORD_MONTH}\s*(.{{0,9}}?)\s*,?{_WORD_YEAR}\s*(\S{{0,6}})",
        "a date with noise in its blanks",
        "Suối Mơ, ngày _ 7 (| tháng 5 { năm 2026",
        USAGE,
    ),
)
BODY_BEGINS = Rule(
    r"^\W*(?:căn cứ|thực hiện|theo|nhân dịp|tiếp theo|triển khai|ngày \d|trên cơ sở|để|nhằm"
    r"|phúc đáp|trả lời|trong thời gian|hiện nay|thời gian qua|tiếp tục|thi hành|xét)\s",
    "the words most letters begin their body with",
    "Căn cứ Kế hoạch số 12/KH-UBND",
    USAGE,
)
SIGNED_AT = Rule(
    r"^\W*thời\W{0,2}\s*gian\s*k\w\W*\s+(\d{1,2})\b.*?((?:19|20)\d\d)\b",
    "the day in a digital signature's stamp",
    "Thời gian ký: 18.06.2026 08:15",
    USAGE,
)
# Figures a scanner takes for one another.
ALIKE = ({"3", "8"}, {"1", "7"}, {"5", "6"}, {"1", "4"})

# "…, hồi 20 giờ 00 ngày 22": an hour between the place and the day.
_HOUR = re.compile(r"(?:hồi|lúc)\s\d{1,2}\s*(?:giờ|h)\s*(?:\d{1,2})?\s*(?:phút)?,?\s*$")
# How far apart the parts of a broken number or date may stand.
NEAR = 12
LONGEST_DATE = 40  # a line with nothing but a date is no longer
# "Quảng Trị, " right before a date: words with one capital each.
_PLACE_END = re.compile(
    rf"(?<!\S)(?:(?:TP\.? ?)?[{UPPER}][^\W\d_A-Z]+ ){{0,4}}[{UPPER}][^\W\d_A-Z]+,\s*$"
)
_CUT_NUMBER = re.compile(r"(?:^\W{0,3}so\W*|[/-])$")
_CUT_DATE = re.compile(r"\bngay\W*\d{0,2}\W*(?:thang\W*\d{0,2}\W*)?(?:nam\W*)?$")
_SYMBOL = re.compile(rf"/\s?(?P<symbol>{reference._GROUP}(?:{reference._NEXT}){{0,4}})")
_PARTY_NUMBER = re.compile(rf"^(?P<number>\S*?)\s*{reference.DASH}\s*(?P<code>[^\W\d_]{{1,4}})$")


@dataclass(frozen=True)
class Head:
    """What the head's lines say; `greeting` and `number_line` are line numbers or -1."""

    form: str
    greeting: int
    number_line: int
    cells: tuple[tuple[int, Piece], ...]
    number: Found | None = None
    symbol: Found | None = None
    dated: Found | None = None
    place: Found | None = None
    smudged: Smudged | None = None


def read_head(sheet: Sheet) -> Head:
    """Read number, symbol, date and place, and set out the head's cells for other readers."""
    greeting = find_greeting(sheet)
    lines = sheet.lines[: greeting if greeting >= 0 else LONGEST_HEAD]
    columns = tuple((i, cell) for i, line in enumerate(lines) for cell in _columns(line))
    number_line, number, symbol = -1, None, None
    for index, cell in columns:
        mark = any_of(NUMBER).match(cell.folded)
        if mark and (read := _number(_run_on(sheet, cell, index, _CUT_NUMBER), mark.end())):
            number_line, (number, symbol) = index, read
            break
    dated, place, smudged = _dated(sheet, columns, lines)
    form = _form(columns, symbol)
    return Head(form, greeting, number_line, columns, number, symbol, dated, place, smudged)


def find_greeting(sheet: Sheet) -> int:
    """The number of the line that says whom the letter addresses, or -1."""
    for index, line in enumerate(sheet.lines[:LONGEST_HEAD]):
        if any_of(GREETING).match(line.folded):
            return index
    return -1


def is_motto(cell: Piece) -> bool:
    """Whether a cell is the State's or the Party's title."""
    return bool(any_of(MOTTO).search(cell.folded))


def _columns(line: Piece) -> list[Piece]:
    """A head line's columns; OCR often leaves one space between them, so known words cut too."""
    found: list[Piece] = []
    for cell in cells(line):
        motto = any_of(MOTTO).search(cell.folded)
        if motto and motto.start() > 0:
            found += [cell.part(0, motto.start()), cell.part(motto.start(), len(cell.text))]
            continue
        cut = _date_at(cell)
        found += [cell.part(0, cut), cell.part(cut, len(cell.text))] if cut else [cell]
    return [cell for cell in found if any(char.isalnum() for char in cell.text)]


def _date_at(cell: Piece) -> int:
    """Where place and date begin behind a body's name in capitals; 0 when they do not."""
    dated = compiled(DATE[0]).search(cell.folded)
    place = _PLACE_END.search(cell.text[: dated.start()]) if dated else None
    before = cell.text[: place.start()] if place else ""
    name = len(before.split()) > 1 and is_capitals(before) and not any(c in "/:" for c in before)
    return place.start() if place and name else 0


def _run_on(sheet: Sheet, cell: Piece, index: int, cut: re.Pattern[str]) -> Piece:
    """A cell with the lines it was broken over, as long as its end is visibly cut off."""
    for line in sheet.lines[index + 1 : index + 3]:
        if not cut.search(cell.folded) or line.start - cell.end > NEAR:
            break
        cell = sheet.piece(cell.start, line.end)
    return cell


def _number(cell: Piece, start: int) -> tuple[Found | None, Found | None] | None:
    """Number and symbol behind the word `Số`; None when nothing there looks like a symbol."""
    for match in _SYMBOL.finditer(cell.text, start):
        symbol = reference.clean_symbol(match["symbol"])
        if not symbol or len(symbol) < 2:
            continue
        before = cell.text[start : match.start()]
        first = cell.text[start : match.start()].lstrip(" :.;\n")
        begin = cell.start + start + len(before) - len(first)
        value = first.strip()
        symbol_at = match.start("symbol")
        party = _PARTY_NUMBER.match(value)
        if party and party["code"] in BY_CODE:
            symbol, value = f"{party['code']}/{symbol}", party["number"]
            symbol_at = start + len(before) - len(first) + party.start("code")
        elif re.fullmatch(r"\d{1,6}[a-z]?\s?/\s?(?:19|20)\d\d", value):
            year = value[-4:]
            symbol, value = f"{year}/{symbol}", value[:-4].rstrip(" /")
            symbol_at = match.start() - 4
        end = cell.start + match.start("symbol") + len(match["symbol"].rstrip())
        found = Found(symbol, cell.start + symbol_at, end, 0.98)
        return _figures(value, begin), found
    return None


def _figures(value: str, begin: int) -> Found | None:
    """A number that can be trusted; a wrong one is worse than none."""
    end = begin + len(value)
    if re.fullmatch(r"[1-9]\d{0,5}[a-z]?|0[1-9]", value):
        return Found(value, begin, end, 0.98)
    # Numbers below ten are padded to two figures and no further: an `l` before 0357 is its 1.
    # "1 486": a scanner parts figures of one number; less sure, for it may have lost one there.
    parted = re.fullmatch(r"[1-9]\d{0,2} \d{1,3}", value)
    if parted and len(value) <= 6:
        return Found(value.replace(" ", ""), begin, end, 0.6)
    misread = re.fullmatch(r"[lI|!]\s?(0\d{2,4})", value)
    return Found("1" + misread[1], begin, end, 0.6) if misread else None


def _dated(
    sheet: Sheet, columns: tuple[tuple[int, Piece], ...], lines: tuple[Piece, ...]
) -> tuple[Found | None, Found | None, Smudged | None]:
    body = _body_begins(lines)
    for index, printed in columns:
        cell = _run_on(sheet, printed, index, _CUT_DATE)
        for rule in DATE:
            match = compiled(rule).search(cell.folded)
            if not match:
                continue
            place = _place(cell, match.start())
            beside = any_of(NUMBER).match(cell.folded)
            if place is None and match.start() > 2 and not beside:
                continue
            if place is None and index >= body:
                continue  # a day that the text speaks of
            day, sure = _day(match, lines)
            start, end = cell.start + match.start(), cell.start + match.end()
            if day:
                return Found(day.isoformat(), start, end, sure), place, None
            year = match[3].strip(" .,")[:4]
            if not (year.isdigit() and len(year) == 4):
                return None, place, None
            printed_day, printed_month = (cell.text[slice(*match.span(n))] for n in (1, 2))
            return None, place, Smudged(printed_day, printed_month, int(year), start, end)
    return None, None, None


def _body_begins(lines: tuple[Piece, ...]) -> int:
    """The first line that is surely below the date: the kind's name, or the body's first words."""
    for index, line in enumerate(lines):
        kind = is_capitals(line.text) and by_folded_name(line.folded.strip(" .:*-"))
        opens = line.text[:1].isupper() and compiled(BODY_BEGINS).match(line.folded)
        if kind or (opens and len(line.text) > LONGEST_DATE):
            return index
    return len(lines)


def _day(match: re.Match[str], lines: tuple[Piece, ...]) -> tuple[date | None, float]:
    day, month, year = (match[n].strip(" .,") for n in (1, 2, 3))
    if not (month.isdigit() and year[:4].isdigit() and len(year[:4]) == 4):
        return None, 0
    found = to_date(day, month, year[:4]) if day.isdigit() else None
    if found:
        return found, 0.97
    stamp = next((m for line in lines if (m := compiled(SIGNED_AT).search(line.folded))), None)
    if stamp and day and stamp[2] == year[:4] and _alike(day[-1], stamp[1][-1]):
        return to_date(stamp[1], month, year[:4]), 0.6
    return None, 0


def _alike(printed: str, other: str) -> bool:
    return printed == other or {printed, other} in ALIKE


def _place(cell: Piece, date_at: int) -> Found | None:
    before = _HOUR.sub("", cell.text[:date_at])
    symbol = list(_SYMBOL.finditer(before))
    left = symbol[-1].end() if symbol else 0
    words = list(re.finditer(r"\S+", before[left:].rstrip(" ,")))
    if not words or "," not in before[left + words[-1].end() - 1 :]:
        return None
    first = len(words)
    while first > 0 and _names_place(words[first - 1][0]):
        first -= 1
    if first == len(words):
        return None
    start, end = left + words[first].start(), left + words[-1].end()
    value = before[start:end].rstrip(" ,")
    return Found(value, cell.start + start, cell.start + start + len(value), 0.95)


def _names_place(word: str) -> bool:
    # "Thành phố Hồ Chí Minh": the one small word a place's name has inside.
    return word[0].isupper() or fold(word) in ("pho", "-")


def _form(columns: tuple[tuple[int, Piece], ...], symbol: Found | None) -> str:
    titles = " ".join(cell.folded for _, cell in columns)
    if compiled(MOTTO[2]).search(titles):
        return "party"
    if any_of(MOTTO[:2]).search(titles):
        return "state"
    if symbol is None:
        return "unknown"
    code = symbol.value.partition("/")[0]
    return "party" if code in BY_CODE else "state"
