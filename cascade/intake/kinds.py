"""The kinds of document: their codes in a symbol and their names in a text."""

from __future__ import annotations

import re
from typing import NamedTuple

from cascade.intake.text import strip_marks


class Kind(NamedTuple):
    """One kind of document: code, name, and the codes OCR makes of it."""

    code: str
    name: str
    misread: tuple[str, ...] = ()


# Decree 30/2020, Annex III, and the laws that letters cite.
KINDS = (
    Kind("CV", "công văn"),
    Kind("CĐ", "công điện", ("CD", "CÐ")),
    Kind("KH", "kế hoạch"),
    Kind("TB", "thông báo"),
    Kind("CT", "chỉ thị"),
    Kind("QĐ", "quyết định", ("QD", "QÐ", "QB", "OĐ", "OD")),
    Kind("NQ", "nghị quyết", ("NO",)),
    Kind("NĐ", "nghị định", ("ND", "NÐ", "NB")),
    Kind("TT", "thông tư", ("T1", "TI", "1T", "IT")),
    Kind("TTLT", "thông tư liên tịch"),
    Kind("HD", "hướng dẫn"),
    Kind("CTr", "chương trình"),
    Kind("BC", "báo cáo"),
    Kind("BB", "biên bản"),
    Kind("TTr", "tờ trình"),
    Kind("PA", "phương án"),
    Kind("ĐA", "đề án"),
    Kind("DA", "dự án"),
    Kind("HĐ", "hợp đồng"),
    Kind("QC", "quy chế"),
    Kind("QyĐ", "quy định"),
    Kind("TC", "thông cáo"),
    Kind("GM", "giấy mời"),
    Kind("KL", "kết luận"),
    Kind("VBHN", "văn bản hợp nhất"),
    Kind("L", "luật"),
    Kind("BL", "bộ luật"),
    Kind("PL", "pháp lệnh"),
    Kind("VB", "văn bản"),
)
BY_CODE = {kind.code: kind for kind in KINDS}
BY_NAME = {kind.name: kind for kind in KINDS}
# Codes that are as often a body's own: CT is also a tax office, TT a centre, BC a committee.
AMBIGUOUS = ("CT", "TT", "BC", "DA", "PA", "HD", "GM", "TC", "QC", "KL", "L", "BL", "PL", "VB")
NAMES = "|".join(
    strip_marks(kind.name).replace(" ", r"\s+")
    for kind in sorted(KINDS, key=lambda k: -len(k.name))
)
_BY_FOLDED = {strip_marks(kind.name): kind for kind in KINDS}
_MISREAD = {bad: kind for kind in KINDS for bad in kind.misread}
# "Thông tr 156/…", "Quyết dinh": the second word may have lost a letter.
NAME_BEFORE = re.compile(rf"\b({NAMES})\s*(?:s[o06ea])?\s*[:.]?\s*$")


def by_folded_name(folded: str) -> Kind | None:
    """The kind whose folded name this is."""
    return _BY_FOLDED.get(" ".join(folded.split()))


def of_symbol(symbol: str) -> Kind | None:
    """The kind a symbol's code tells: `KH-UBND`, `CV/HU`, `2020/NĐ-CP`; None for a letter's own."""
    for code in re.split(r"[/-]", symbol)[:2]:
        if not code.isdigit():
            return BY_CODE.get(code)
    return None


def mend_code(code: str, kind: Kind | None) -> str:
    """A code as OCR left it, set right by the kind's printed name or by the known misreadings."""
    if code in BY_CODE:
        return code
    if kind and code in kind.misread:
        return kind.code
    return _MISREAD[code].code if kind is None and code in _MISREAD else code
