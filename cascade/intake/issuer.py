"""Who issues the letter, and the body printed above it."""

from __future__ import annotations

import re

from cascade.intake.head import NUMBER, Head, is_motto
from cascade.intake.kinds import by_folded_name
from cascade.intake.lines import Piece, Sheet, is_capitals
from cascade.intake.marks import SECRECY, URGENCY
from cascade.intake.mending import mend, mend_place
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, USAGE, Rule, any_of, compiled
from cascade.intake.spelling import restore
from cascade.intake.text import fold

# Folded words that begin a body's name in a head, where all is in capitals anyway.
BODY_WORDS = re.compile(
    r"(?:thue (?:tinh|thanh pho|co so|khu vuc)|hai quan|doi thue|chu tich|thu tuong|thanh tra"
    r"|cang|dien luc|nha may|hop tac xa|to|khoa|khu|bo|so|cuc|tong|chi cuc|chi bo|uy ban|ubnd|ub"
    r"|hdnd|hoi|van phong|ban|trung tam"
    r"|tram|truong|cong an|cong ty|cong doan|dang|tinh|thanh|huyen|quan|xa|mat tran|mttq|lien|phong"
    r"|vien|vu|kho bac|ngan hang|bao hiem|benh vien|dai|hat|doan|bch|bcd|hoc vien|toa an|btv|btl"
    r"|quan khu|bo chi huy|thi uy|lien doan|so|dang bo|dang uy)\b"
)
# "THÀNH PHỐ SUỐI MƠ", "XÃ TÂN LẬP": these go on with the line above unless a body's word follows.
PLACES = re.compile(
    r"(?:thanh pho|tp\.?|tinh|huyen|quan|thi xa|xa|phuong|dac khu)\s+(?!uy\b|doan\b)"
)
NOT_BODY = (
    Rule(r"^(?:ký|ky) bởi|^cơ quan:|^địa chỉ|^email:", "a digital stamp", "Ký bởi: Sở Y tế", USAGE),
    Rule(r"^thời\W{0,2}\s*gian", "a digital stamp", "Thời gian ký: 18.06.2026", USAGE),
    Rule(r"^(?:công văn )?đến\W*(?:số|ngày|$)", "an arrival stamp", "ĐẾN Số: 214", USAGE),
    Rule(r"^v\s?/\s?v\b|^về việc", "a subject", "V/v chuẩn bị năm học mới", DECREE),
    Rule(r"\bngay\b.{0,20}\bthang\b", "a date", "Lào Cai, ngày 05 tháng 3 năm 2026", DECREE),
    Rule(r"^(?:mẫu|phụ lục)\s", "a form's number", "Mẫu 1.4", USAGE),
)


def read_issuer(sheet: Sheet, head: Head) -> tuple[Found | None, Found | None]:
    """The issuing body and the one above it, from the lines over the number."""
    names = _names(head)
    if not names:
        return None, None
    body_at = sheet.lines[head.greeting].start if head.greeting >= 0 else names[-1][-1].end
    place = head.place.value if head.place else ""
    found = [_found(name, sheet, body_at, place) for name in names]
    return found[-1], found[-2] if len(found) > 1 else None


def _names(head: Head) -> list[list[Piece]]:
    """The bodies in the head, each as the cells its name runs through."""
    names: list[list[Piece]] = []
    for index, cell in head.cells:
        if index == head.number_line or (head.number_line < 0 and _numbers(cell)):
            break
        if not _may_name(cell):
            if names and head.number_line < 0 and not is_motto(cell):
                break  # without a number the names end where something else begins
            continue
        piece = cell.part(0, len(cell.text))
        if names and not _begins(piece.folded):
            names[-1].append(piece)
        else:
            names.append([piece])
    return names


def _numbers(cell: Piece) -> bool:
    """Whether a cell is a letter's number that could not be read; an arrival stamp's is not."""
    return bool(any_of(NUMBER).match(cell.folded)) and "/" in cell.text


def _may_name(cell: Piece) -> bool:
    if is_motto(cell) or not is_capitals(cell.text) or len(cell.text) > 120:
        return False
    if by_folded_name(cell.folded.strip(" .:*-")) or any_of(NOT_BODY).search(cell.folded):
        return False
    marks = any(compiled(r).search(cell.folded) for r in (*URGENCY, *SECRECY) if not r.exact)
    words = re.findall(r"[^\W\d_]+", cell.text)
    return not marks and len(words) >= 2 and sum(map(len, words)) >= 5


def _begins(folded: str) -> bool:
    if folded.startswith(("phong, chong", "phong chong", "va ")):
        return False
    if PLACES.match(folded):
        return False
    return bool(BODY_WORDS.match(folded))


def _found(cells: list[Piece], sheet: Sheet, body_at: int, place: str) -> Found:
    printed = " ".join(re.sub(r"^\W+|[\W_]+$", "", cell.text) for cell in cells)
    flat = " ".join(printed.split())
    value = mend(mend_place(restore(flat, sheet, body_at), place))
    sure = 0.95 if value == flat else 0.8 if fold(value) == fold(flat) else 0.7
    return Found(value, cells[0].start, cells[-1].end, sure)
