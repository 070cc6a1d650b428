"""The standing words of bodies' names, set right where a scanner dropped or changed their marks."""

from __future__ import annotations

import re
from itertools import product

from cascade.intake.bodynames import FIELDS, HEADS
from cascade.intake.text import fold, lower

# Phrases of two words and more: their folded form can mean nothing else in a body's name.
PHRASES = (
    *("thành phố", "nhân dân", "thị xã", "thị trấn", "trung ương", "trực thuộc", "bệnh tật"),
    *("ban chỉ đạo", "ban chỉ huy", "ban quản lý", "ban điều hành", "đơn vị", "địa phương"),
    *("tổng cục thuế", "cục thuế", "chi cục thuế", "tổng cục hải quan", "cục hải quan"),
    *("chi cục hải quan", "kho bạc nhà nước", "ngân hàng nhà nước", "mặt trận tổ quốc"),
    *("để báo cáo", "để thực hiện", "để phối hợp", "để theo dõi", "để b/c", "để t/h", "để p/h"),
    *("để bc", "để b/cáo", "như trên", "như kính gửi", "lãnh đạo", "thứ trưởng", "lưu: vt"),
)
_HEADED = tuple(
    f"{head} {field.replace(',?', '').replace('(?:- )?', '')}"
    for head, field in product(("bộ", "sở", "phòng"), FIELDS.split("|"))
)
_LEVELS = {"tinh": "TỈNH", "huyen": "HUYỆN", "xa": "XÃ", "phuong": "PHƯỜNG", "quan": "QUẬN"}


def _known() -> dict[str, tuple[str, ...]]:
    """Each folded phrase with its spellings (`ủy ban`, `uỷ ban`)."""
    known: dict[str, tuple[str, ...]] = {}
    for phrase in (*PHRASES, *_HEADED, *(head for head in HEADS.split("|") if " " in head)):
        if re.fullmatch(r"[\w\s/,:]+", phrase):
            spellings = known.get(fold(phrase), ())
            known[fold(phrase)] = (*spellings, phrase)
    return known


_KNOWN = _known()
_PHRASE = re.compile(
    rf"(?<![\w/])(?:{'|'.join(map(re.escape, sorted(_KNOWN, key=len, reverse=True)))})(?![\w/])"
)


def mend(name: str) -> str:
    """A name with the marks of its standing words restored; a clean one stays as it is."""
    folded = fold(name)
    parts: list[str] = []
    last = 0
    for match in _PHRASE.finditer(folded):
        printed = name[match.start() : match.end()]
        spellings = _KNOWN[match[0]]
        keep = lower(printed) in spellings or _loses(printed, spellings[0])
        right = printed if keep else _cased(spellings[0], printed)
        parts += [name[last : match.start()], right]
        last = match.end()
    return "".join([*parts, name[last:]])


def mend_place(name: str, place: str) -> str:
    """A name in bare capitals (`TINH BINH LAM`) with the marks of the place it was signed at."""
    match = re.search(rf"\b({'|'.join(_LEVELS)})\s+{re.escape(fold(place))}$", fold(name))
    if not place or not match or not name[match.start() :].isascii():
        return name
    return f"{name[: match.start()]}{_LEVELS[match[1]]} {place.upper()}"


def _loses(printed: str, spelling: str) -> bool:
    """Whether a spelling would take marks off: scanners seldom add any ("đồng chí Ủy viên")."""
    pairs = zip(printed.split(), spelling.split(), strict=False)
    return any(right.isascii() and not word.isascii() for word, right in pairs)


def _cased(spelling: str, printed: str) -> str:
    """A spelling with capitals where the printed words have them."""
    if printed.isupper():
        return spelling.upper()
    pairs = zip(spelling.split(" "), printed.split(" "), strict=False)
    return " ".join(s[:1].upper() + s[1:] if p[:1].isupper() else s for s, p in pairs)
