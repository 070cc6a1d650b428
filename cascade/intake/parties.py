"""Who leads and who helps: the units a sentence lays a duty on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from cascade.intake.audience import same_body
from cascade.intake.bodies import list_end, split_bodies
from cascade.intake.partyrules import (
    ASKS,
    HELPED_BY,
    HELPS,
    LEADING_CLAUSE,
    LEADS,
    LED_BY,
    NOT_CHARGED,
    NOT_GIVEN,
)
from cascade.intake.rules import compiled
from cascade.intake.text import fold, lower

# Who is charged stands at the head of a duty, not pages down.
LONGEST_READ = 4_000
LONGEST_HEADING = 200
# Said of by a ruling ("… thì Công ty phải nộp"), not charged with a task.
PRIVATE = ("công ty", "doanh nghiệp", "hộ ", "hợp tác xã")
_CLAUSE = re.compile(r"(?:^|[.;:]\s+|,\s+(?:và\s+)?)")
_UNIT_BEHIND = re.compile(r",\s+|\bthì\s+")
_BRACKET = re.compile(r"\s*\([^)]{2,80}\)")


@dataclass(frozen=True)
class Parties:
    """Units as printed; `explicit` when the text charges them, `asked` by a request at `at`."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    at: int = 0
    explicit: bool = False
    asked: bool = False
    labelled: bool = False


class _Sentence(NamedTuple):
    text: str
    low: str
    folded: str
    issuer: str

    def charges(self, start: int, end: int) -> bool:
        """Whether the unit named from start to end is charged with what follows."""
        rest = self.low[end:].lstrip()
        if not rest.strip(" .;)") or rest[0] in ".,;)" or compiled(NOT_CHARGED).match(rest):
            return False
        return not self.is_issuer(start, end)

    def is_issuer(self, start: int, end: int) -> bool:
        """Whether the name from start to end is the letter's own issuer."""
        return bool(self.issuer) and same_body(self.text[start:end], self.issuer)


_Lead = tuple[tuple[str, ...], int] | None


def read_parties(text: str, issuer: str, *, item: bool = False) -> Parties:
    """The parties of a duty. Only a whole `item` may be a heading that is nothing but a name."""
    return _read_parties(text[:LONGEST_READ], issuer, item)


@lru_cache(maxsize=64)  # an item is read as such, and again with what stands below it
def _read_parties(text: str, issuer: str, item: bool) -> Parties:
    sentence = _Sentence(text, lower(text), fold(text), issuer)
    if item and (heading := _heading(sentence)):
        return _parties(heading, sentence)
    if item:
        return _read_parties(text, issuer, False)
    for reader in (_labelled, _opening, _asked, _leading, _behind_clause):
        if found := reader(sentence):
            asked, labelled = reader is _asked, reader is _labelled
            return replace(_parties(found, sentence), asked=asked, labelled=labelled)
    return Parties((), _helpers(sentence))


def _parties(found: tuple[tuple[str, ...], int], sentence: _Sentence) -> Parties:
    lead, at = found
    helpers = tuple(unit for unit in _helpers(sentence) if unit not in lead)
    return Parties(lead, helpers, at, explicit=True)


def opening_units(text: str, issuer: str) -> tuple[str, ...]:
    """The units an item opens with, whatever its sentence says of them."""
    end = list_end(text[:LONGEST_READ])
    rest = text[end:].lstrip()[:1]
    if not end or rest in (",", ";", "(") or (issuer and same_body(text[:end], issuer)):
        return ()
    return split_bodies(text[:end])


def is_heading(text: str) -> bool:
    """Whether a paragraph is nothing but the units that those below it are for."""
    return bool(text.endswith(":") and _heading(_Sentence(text, lower(text), fold(text), "")))


def _heading(sentence: _Sentence) -> _Lead:
    """`Sở Y tế:`, `Đối với các thôn:` or the bare name as an item's heading."""
    text = sentence.text
    begin = 8 if sentence.low.startswith("đối với ") else 0
    end = begin + list_end(text[begin:])
    rest = text[end:].lstrip(" ")
    bare = not rest.strip(" .;") and len(text) < LONGEST_HEADING
    names = end > begin and (bare or rest.startswith(":"))
    return (split_bodies(text[begin:end]), 0) if names else None


def _labelled(sentence: _Sentence) -> _Lead:
    """`Đơn vị chủ trì: X`, as plans put it under each of their items."""
    match = compiled(LED_BY).search(sentence.folded)
    end = match.end() + list_end(sentence.text[match.end() :]) if match else 0
    if not match or end == match.end():
        return None
    return split_bodies(sentence.text[match.end() : end]), 0


def _opening(sentence: _Sentence) -> _Lead:
    """The unit opens the sentence and a verb follows."""
    end = list_end(sentence.text)
    return (split_bodies(sentence.text[:end]), 0) if end and sentence.charges(0, end) else None


def _asked(sentence: _Sentence) -> _Lead:
    """`Đề nghị X …`, `Giao X …`: the first that names a unit."""
    text = sentence.text
    for match in compiled(ASKS).finditer(sentence.folded):
        giving = match[0].startswith("giao")
        before = sentence.low[max(0, match.start() - 12) : match.start()]
        # Folded, "giao" is also "giáo": that word is heeded with its marks.
        taught = giving and not sentence.low.startswith("giao", match.start())
        if taught or (giving and compiled(NOT_GIVEN).search(before)):
            continue
        end = match.end() + list_end(text[match.end() :], any_case=not giving)
        if end > match.end() and not sentence.is_issuer(match.end(), end):
            return split_bodies(text[match.end() : end]), match.start()
    return None


def _leading(sentence: _Sentence) -> _Lead:
    """A clause `X chủ trì …` further on in the text."""
    text = sentence.text
    for match in compiled(LEADS).finditer(sentence.folded):
        for start in reversed([m.end() for m in _CLAUSE.finditer(text, 0, match.start())]):
            end = start + list_end(text[start:])
            if end > start and 0 <= match.start() - end <= 25:
                return split_bodies(text[start:end]), start
    return None


def _behind_clause(sentence: _Sentence) -> _Lead:
    """`Sau mỗi đợt …, X thực hiện …`."""
    text = sentence.text
    if not compiled(LEADING_CLAUSE).match(sentence.low):
        return None
    for match in islice(_UNIT_BEHIND.finditer(sentence.low), 12):
        end = match.end() + list_end(text[match.end() :], any_case=True)
        private = sentence.low.startswith(PRIVATE, match.end())
        if end > match.end() and not private and sentence.charges(match.end(), end):
            # "… thì cơ quan thuế thực hiện": whichever of those addressed it concerns.
            anybody = text.startswith("cơ quan", match.end()) and sentence.low.startswith("trường")
            return () if anybody else split_bodies(text[match.end() : end]), 0
    return None


def _helpers(sentence: _Sentence) -> tuple[str, ...]:
    units: list[str] = []
    matches = [m for rule in (HELPS, HELPED_BY) for m in compiled(rule).finditer(sentence.folded)]
    for match in sorted(matches, key=lambda m: m.start()):
        text = sentence.text[match.end() :]
        end = list_end(text, any_case=True)
        bracket = _BRACKET.match(text, end) if end else None
        units += split_bodies(text[: bracket.end() if bracket else end])
    return tuple(dict.fromkeys(units))
