"""Whether a duty's units are everybody the letter is addressed to."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from cascade.intake.text import fold

# These say "all of you" without naming anybody.
EVERYBODY = re.compile(
    r"^(?:cac|quy|toan the|tat ca)(?: cac)?\s+(?:don vi|co quan|dia phuong|co quan, don vi|dong chi"
    r"|bo, nganh(?: va|,) dia phuong|ong, ba|ong ba|so, ban, nganh|co quan, don vi, dia phuong)$"
    r"|^quy\s|^cac dong chi$|^cac cap(?: \w+){1,3}$"
    r"|^(?:thu truong|lanh dao)(?: cac)? (?:co quan, )?don vi(?:, truong hoc)?$"
)
ALIKE = 0.9
_GROUP = re.compile(r"\b(?:cac|cap|nhung|toan the|quy)\b")
_SMALL = re.compile(r"^(?:cac|quy|toan the|dong chi|d/c|tat ca|nhung)\s+")


def is_everybody(lead: tuple[str, ...], addressees: tuple[str, ...]) -> bool:
    """Whether the units named are the audience as a whole, so that nobody is singled out."""
    if not lead or not addressees:
        return False
    whole = [_bare(name) for name in addressees]
    if len(lead) == 1 and _bare(lead[0]) in whole and len(whole) > 1:
        return False
    if len(lead) == 1 and EVERYBODY.match(fold(lead[0])):
        return True
    if len(addressees) == 1 and not _GROUP.search(fold(addressees[0])):
        return False  # the one body addressed is named with good reason
    return all(any(_same(name, unit) for unit in lead) for name in whole)


def is_addressed(unit: str, addressees: tuple[str, ...]) -> bool:
    """Whether a unit, or its whole group ("các cơ sở"), is among those the letter addresses."""
    words = set(_bare(unit).split())
    return bool(_GROUP.match(fold(unit))) or any(
        words <= set(_bare(name).split()) for name in addressees
    )


def same_body(name: str, issuer: str) -> bool:
    """Whether a name in a sentence is the issuer's, perhaps cut short or abbreviated."""
    short, whole = _bare(name), _bare(issuer)
    return bool(short and whole) and (
        whole == short
        or whole.startswith(short + " ")
        or (
            short.split()[0] == whole.split()[0]
            and len(short.split()) == 2
            and _abbreviates(short.split()[1], whole)
        )
    )


@lru_cache(maxsize=1024)  # each duty's units are compared with the same addressees
def _bare(name: str) -> str:
    folded = " ".join(fold(name).split()).partition(" (")[0]
    folded = folded.replace("ubnd", "uy ban nhan dan")
    while match := _SMALL.match(folded):
        folded = folded[match.end() :]
    return folded


def _same(name: str, unit: str) -> bool:
    """Whether a unit as named in a sentence is the addressee, perhaps cut short."""
    many, unit = bool(_GROUP.search(fold(unit))), _bare(unit)
    size = min(len(name), len(unit))
    if _alike(name[:size], unit[:size]):
        return True
    words, whole = unit.split(), name.split()
    # "các Bộ, ngành" for "Các Bộ, cơ quan ngang Bộ": a group cut short keeps its head.
    if many and words[0] == whole[0] and (words[0].endswith(",") or words[:2] == whole[:2]):
        return True
    first, _, rest = unit.partition(" ")
    return bool(rest) and name.startswith(first + " ") and _abbreviates(rest.split()[0], name)


@lru_cache(maxsize=1024)
def _alike(name: str, unit: str) -> bool:
    matcher = SequenceMatcher(None, name, unit, autojunk=False)
    # Most names have nothing in common, and the quick ratio is never less than the real one.
    return name == unit or (matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE)


def _abbreviates(short: str, name: str) -> bool:
    """Whether `gddt` stands for `giao duc va dao tao`."""
    initials = iter(word[0] for word in re.findall(r"[a-z]+", name.partition(" ")[2]))
    short = re.sub(r"[^a-z]", "", short)
    return len(short) >= 2 and all(char in initials for char in short)
