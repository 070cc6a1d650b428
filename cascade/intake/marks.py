"""Marks that stand alone in a letter's head: secrecy, which is refused, and urgency."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cascade.errors import SecrecyMarkError
from cascade.intake.lines import Piece, Sheet, cells
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, USAGE, Rule, compiled

# A stamp may stand beside or a little under the addressees, never pages further down.
HEAD_LINES = 40

_FRAME = r"[\W_]*"
_MAT = r"m\s?ậ\s?t"  # stamps space their letters
SECRECY = (
    Rule(
        rf"^{_FRAME}(?:(?:độ|mức độ)\s+mật\s*:?\s*)?(?:tuyệt|tối)\s+{_MAT}{_FRAME}$",
        "a top or absolute secrecy mark",
        "[TỐI MẬT]",
        "Circular 24/2020/TT-BCA",
    ),
    Rule(
        rf"^{_FRAME}(?:(?:độ|mức độ)\s+mật\s*:?\s*)?{_MAT}{_FRAME}$",
        "a secrecy mark",
        "Độ mật: Mật",
        "Circular 24/2020/TT-BCA",
        exact=True,
    ),
    Rule(
        rf"^{_FRAME}(?:văn bản|tài liệu)\s+(?:(?:tuyệt|tối)\s+)?{_MAT}{_FRAME}$",
        "a secrecy mark in words",
        "TÀI LIỆU MẬT",
        USAGE,
        exact=True,
    ),
)
URGENCY = (
    Rule(rf"^{_FRAME}(hỏa tốc hẹn giờ){_FRAME}$", "by a set hour", "HỎA TỐC HẸN GIỜ", "edXML"),
    Rule(rf"^{_FRAME}(hỏa tốc){_FRAME}$", "at once", "(HỎA TỐC)", DECREE),
    Rule(rf"^{_FRAME}(thượng khẩn){_FRAME}$", "very urgent", "THƯỢNG KHẨN", DECREE),
    Rule(rf"^{_FRAME}(khẩn){_FRAME}$", "urgent", "KHẨN", DECREE),
    Rule(rf"^{_FRAME}độ khẩn\s*:\s*([\w\s]{{4,20}}?){_FRAME}$", "named", "Độ khẩn: Khẩn", USAGE),
)
BESIDE = Rule(
    r"^(?:(?:số|so)\W.{0,30}?[/-]\s?\S+|.{0,60}\d{4})\s+((?:(?:tối|tuyệt)\s+)?mật)$",
    "a mark printed right behind the number or the date",
    "Số: 12/UBND-NC MẬT",
    USAGE,
    exact=True,
)


def refuse_secret(sheet: Sheet, greeting: int) -> None:
    """Raise SecrecyMarkError when the head bears a secrecy mark."""
    for index, line in enumerate(sheet.lines[:HEAD_LINES]):
        for cell in (line, *cells(line)):
            # Under the greeting the small-letter word may be a list's; the stamp is capitals.
            if index > greeting >= 0 and not cell.text.isupper():
                continue
            alone = len(cell.text) < 40 and any(_bears(rule, cell) for rule in SECRECY)
            beside = len(cell.text) < 120 and _fits(BESIDE, cell)
            if alone or (beside and cell.text.split()[-1].isupper()):
                raise _refusal(index)


def read_urgency(pieces: Iterable[Piece]) -> Found | None:
    """The urgency mark among the cells of the head, as printed."""
    for cell in pieces:
        for rule in URGENCY if len(cell.text) < 40 else ():
            match = _fits(rule, cell)
            if match:
                start, end = match.span(1)
                return Found(cell.text[start:end], cell.start + start, cell.start + end, 0.97)
    return None


def _bears(rule: Rule, cell: Piece) -> bool:
    # A scanner may have dropped the marks; a lone MAT in capitals is refused all the same.
    loose = cell.text.isupper() and _fits(rule._replace(exact=False), cell)
    return bool(loose or _fits(rule, cell))


def _fits(rule: Rule, cell: Piece) -> re.Match[str] | None:
    text = cell.text.lower() if rule.exact else cell.folded
    # str.lower may lengthen a letter; such a line is no mark.
    return compiled(rule).search(text) if len(text) == len(cell.text) else None


def _refusal(index: int) -> SecrecyMarkError:
    # The mark itself is not repeated: it could reveal what the letter is about.
    return SecrecyMarkError("the letter bears a secrecy mark", where=f"line {index + 1} of text")
