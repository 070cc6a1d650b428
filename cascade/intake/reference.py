"""The grammar of a reference: number and symbol, State (`12/KH-UBND`) and Party (`12-KH/HU`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from cascade.intake.kinds import BY_CODE, Kind, mend_code
from cascade.intake.text import UPPER

# One group of a symbol: UBND, TTg, GDTrH, SNN&PTNT, QH14.
_GROUP = r"[^\W\d_][\w&]*"
# A hyphen as printers and scanners set it: "UBND–NN", "BNN~ĐĐ".
DASH = "[-‐‑–—−~]"
_NEXT = rf"(?:{DASH}{_GROUP}|\s?{DASH}\s?{_GROUP}|{DASH}\s+{_GROUP})"
STATE = rf"(?P<year>(?:19|20)\d\d\s?/\s?)?(?P<symbol>{_GROUP}(?:{_NEXT}){{0,4}})"
PARTY = rf"(?P<code>{_GROUP})\s?/\s?(?P<body>{_GROUP}(?:{DASH}{_GROUP}){{0,2}})"
ANYWHERE = re.compile(
    rf"(?<![\w/.,])(?P<number>\d{{1,6}}[a-z]?)(?:\s?/\s?{STATE}|\s?{DASH}\s?{PARTY})"
)


MISREAD = (("DU", "ĐU"), ("BCD", "BCĐ"), ("HDND", "HĐND"), ("GDDT", "GDĐT"), ("LDTBXH", "LĐTBXH"))


# "UBND-NNngày 16/8", "BYT-MTHà Nội": a word stuck to the code. No code has small marked vowels.
_GLUED = re.compile(
    rf"(?<=[A-ZĐ])(?:ng[aà]y|[{UPPER}](?!ng[aà]y)(?=[a-z]{{0,2}}[^\W\d_a-z{UPPER}]|[a-z]{{3}}))"
)


class Reference(NamedTuple):
    """A number and symbol found in a text, and where it ends."""

    number: str
    symbol: str
    end: int


def read(match: re.Match[str], kind: Kind | None = None) -> Reference | None:
    """What an ANYWHERE match says, set right where OCR broke it; None when it is no reference."""
    number = match["number"]
    if match["code"]:
        body, cut = _groups(match["body"])
        code = mend_code(match["code"], kind)
        if code not in BY_CODE or not body:
            return None
        return Reference(number, f"{code}/{body}", match.end() - cut)
    symbol, cut = _groups(match["symbol"])
    if not symbol:
        return None
    first, dash, rest = symbol.partition("-")
    symbol = mend_code(first, kind) + dash + rest if dash else symbol
    year = re.sub(r"\W", "", match["year"] or "")
    return Reference(number, f"{year}/{symbol}" if year else symbol, match.end() - cut)


def clean_symbol(printed: str) -> str:
    """A symbol without the spaces and small words that stuck to it; empty when it is none."""
    first, dash, rest = _groups(printed)[0].partition("-")
    return f"{mend_code(first, None)}{dash}{rest}" if dash else first


def _groups(printed: str) -> tuple[str, int]:
    """The groups that belong to a symbol, joined, and how many characters at the end do not."""
    kept: list[str] = []
    end = 0
    for match in re.finditer(rf"(?P<dash>\s?{DASH}\s*)?(?P<group>{_GROUP})", printed):
        group, spaced = (
            match["group"],
            len((match["dash"] or "-").strip(" \n")) < len(match["dash"] or "-"),
        )
        glued = _GLUED.search(group)
        group = group[: glued.start()] if glued else group
        if not _is_code(group, spaced):
            break
        kept.append(_mend_body(group))
        end = match.start("group") + len(group)
        if glued:
            break
    return "-".join(kept), len(printed) - end


def _is_code(group: str, spaced: bool) -> bool:
    capitals = sum(char.isupper() for char in group)
    if not group[:1].isupper() or len(group) > 14:
        return False
    # Behind a spaced dash stands a code of capitals, not the next word of the sentence.
    return capitals >= 2 or (not spaced and len(group) <= 4)


def _mend_body(group: str) -> str:
    """A body's code whose Đ a scanner read as D: `GDDT`, `HDND`, `DU`."""
    for bad, good in MISREAD:
        if group == bad or (len(bad) > 3 and group.endswith(bad)):
            return group[: len(group) - len(bad)] + good
    return group
