"""A name broken by OCR, set right by the way the letter's own body spells it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

from cascade.intake.lines import Sheet
from cascade.intake.text import fold

# Where the body is long, its first pages name the issuer often enough.
SEARCHED = 60_000
ALIKE = 0.8

# The surnames nearly everybody bears; a scanner often drops their marks.
SURNAMES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ"),
    *("Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Đoàn", "Đào", "Lâm", "Phùng", "Vương"),
    *("Trương", "Tạ", "Hà", "Thái", "Châu", "Lương", "Tô", "Quách", "Từ", "Tăng", "Triệu"),
)
_SURNAME = {fold(name): name for name in SURNAMES}
_WORD = re.compile(r"[^\W_]+")


def restore(name: str, sheet: Sheet, start: int) -> str:
    """The body's spelling of a name in capitals, where the printed one has lost letters or marks.

    Only words that carry no mark at all may change a letter: a clean name stays as it is.
    """
    words = _WORD.findall(name)
    if not words or len(words) > 12:
        return name
    body = [match.span() for match in _WORD.finditer(sheet.text, start, start + SEARCHED)]
    capital = [at for at, (begin, _) in enumerate(body) if sheet.text[begin].isupper()]
    seen: Counter[str] = Counter()
    glued = fold("".join(words))
    upper = "".join(words).upper()
    for size in {len(words), len(words) + 1}:
        for at in capital[: bisect_right(capital, len(body) - size)]:
            if abs(body[at + size - 1][1] - body[at][0] - len(name)) > size:
                continue
            phrase = " ".join(sheet.text[begin:end] for begin, end in body[at : at + size])
            joined = phrase.replace(" ", "")
            if joined.upper() == upper:
                return name if size == len(words) else phrase.upper()
            same = size == len(words) and _misread(words, phrase.split())
            if same or (size != len(words) and fold(joined) == glued):
                seen[phrase.upper()] += 1
    best = seen.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else name


def restore_surname(name: str) -> str:
    """A signer's name with the marks of its surname, when that stands there bare."""
    surname, space, rest = name.partition(" ")
    bare = surname.isascii() and rest and not rest.isascii()
    proper = _SURNAME.get(surname.lower(), surname) if bare else surname
    return proper + space + rest


def _misread(printed: list[str], spelt: list[str]) -> bool:
    """Whether each word may be what a scanner made of the other."""
    changed = 0
    for a, b in zip(printed, spelt, strict=True):
        fa, fb = fold(a), fold(b)
        if fa == fb:
            continue
        differing = sum(x != y for x, y in zip(fa, fb, strict=False)) + abs(len(fa) - len(fb))
        if differing > 1 or len(fb) < 2 or not a.isascii():
            return False
        changed += 1
    return changed * 2 <= len(printed)
