"""Names in letters matched to units: exact after folding, nearest in the hierarchy first."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz, process
from sqlalchemy import Connection

from cascade.intake.text import without_piles
from models.queries import units
from models.queries.units import UnitRow

# The same body written long or short; each is folded already.
_SHORTER = (
    ("uy ban nhan dan", "ubnd"),
    ("hoi dong nhan dan", "hdnd"),
    ("phat trien nong thon", "ptnt"),
    ("thanh pho", "tp"),
)
# A letter may address the head where it means the body.
_TITLE = re.compile(
    r"^(dong chi |chu tich |giam doc |thu truong |truong ban |truong phong |cac )+(?=\S)"
)
_NOTE = re.compile(r"\s*\([^()]*\)\s*$")
# Below this a suggestion would only puzzle.
_LIKELY = 80
# From here on a name that is not quite a unit's is taken for it, if no other comes this near.
_SURE, _GAP = 95, 5
_SHOWN = 5


class Candidate(NamedTuple):
    """A unit that a printed name may mean, and how near it comes (0-100)."""

    unit_id: int
    code: str
    name: str
    score: int


class Named(NamedTuple):
    """What a printed name stands for: its units, or none with what it may have meant."""

    printed: str
    unit_ids: tuple[int, ...]
    suggestions: tuple[str, ...] = ()
    is_ambiguous: bool = False
    candidates: tuple[Candidate, ...] = ()
    is_picked: bool = False  # by a person, or taken for a name that is not quite the same


class Directory:
    """The organisation as it was on a day, to find units by the names letters use."""

    def __init__(self, conn: Connection, day: date, picks: Mapping[str, int] | None = None) -> None:
        """Read the organisation; `picks` are units a person chose for printed names."""
        self.day = day
        self._others: dict[date, Directory] = {}
        self._picks = {fold(printed): unit_id for printed, unit_id in (picks or {}).items()}
        self.units: dict[int, UnitRow] = {row.id: row for row in units.all_on(conn, day)}
        self._keys: dict[str, set[int]] = defaultdict(set)
        for row in self.units.values():
            for name in (row.name, row.short_name):
                self._keys[fold(name)].add(row.id)
        for unit_id, name in (*units.aliases(conn), *units.former_names(conn)):
            if unit_id in self.units:
                self._keys[fold(name)].add(unit_id)
        self._groups: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
        for phrase, level, parent in units.groups(conn):
            self._groups[fold(phrase)].append((level, parent))

    def find(self, printed: str, near: int | None = None) -> Named:
        """The one unit a printed name means, seen from unit `near` (the body that writes)."""
        key = fold(printed)
        if key in self._picks:
            return Named(printed, (self._picks[key],), is_picked=True)
        found = self._keys.get(key) or self._keys.get(_TITLE.sub("", key)) or set()
        best = self._spelt_so(printed, self._nearest(found, near))
        if len(best) == 1:
            return Named(printed, (best[0],))
        if best:
            several = tuple(self._candidate(unit_id, 100) for unit_id in best)
            names = tuple(one.name for one in several)
            return Named(printed, (), names, is_ambiguous=True, candidates=several)
        alike = self._alike(_TITLE.sub("", key), near)
        near_by = tuple(one for one, _ in alike)
        if _is_sure(alike, key):
            return Named(printed, (near_by[0].unit_id,), candidates=near_by, is_picked=True)
        return Named(printed, (), tuple(one.name for one in near_by[:3]), candidates=near_by)

    def coded(self, code: str) -> int | None:
        """The unit with this code, if it exists on the day."""
        return next((row.id for row in self.units.values() if row.code == code), None)

    def find_all(self, printed: str, near: int | None = None) -> Named:
        """The units a printed name or group phrase ("UBND các xã, phường") means."""
        members = self._members(fold(printed), near)
        if members and fold(printed) not in self._picks:
            return Named(printed, tuple(members))
        return self.find(printed, near)

    def at(self, conn: Connection, day: date) -> Directory:
        """The organisation on another day, read once."""
        if day == self.day:
            return self
        if day not in self._others:
            self._others[day] = Directory(conn, day)
        return self._others[day]

    def _members(self, key: str, near: int | None) -> list[int]:
        groups = self._groups.get(key, ())
        return [
            row.id
            for row in self.units.values()
            if any(
                row.level == level and row.parent_id == (parent or near) for level, parent in groups
            )
        ]

    def _nearest(self, found: Iterable[int], near: int | None) -> list[int]:
        """Own parts before the bodies above before everybody else's; a tie stays a tie."""
        if near is None:
            return sorted(found)
        above = self._line(near)
        ranked: dict[tuple[int, int], list[int]] = defaultdict(list)
        for unit_id in found:
            line = self._line(unit_id)
            shared = next((line.index(unit) for unit in above if unit in line), len(line))
            climbed = next((above.index(unit) for unit in line if unit in above), len(above))
            ranked[climbed, shared].append(unit_id)
        return sorted(ranked[min(ranked)]) if ranked else []

    def _line(self, unit_id: int) -> list[int]:
        """The unit and everything above it, nearest first."""
        line: list[int] = []
        row = self.units.get(unit_id)
        while row is not None and row.id not in line:
            line.append(row.id)
            row = self.units.get(row.parent_id) if row.parent_id is not None else None
        return line

    def _spelt_so(self, printed: str, units_found: list[int]) -> list[int]:
        """Of units whose names differ in marks alone, the one that is spelt as printed."""
        wanted = _plain(printed)
        same = [
            unit_id
            for unit_id in units_found
            if wanted in (_plain(self.units[unit_id].name), _plain(self.units[unit_id].short_name))
        ]
        return same if len(same) == 1 else units_found

    def _alike(self, key: str, near: int | None) -> list[tuple[Candidate, str]]:
        """The units whose names come nearest, best first, each once with its best name."""
        short = {name: name for name in self._keys}
        long = {_lengthened(name): name for name in self._keys}
        hits = {
            names[hit[0]]
            for asked, names in ((key, short), (_lengthened(key), long))
            for scorer in (fuzz.ratio, fuzz.token_sort_ratio)
            for hit in process.extract(
                asked, list(names), scorer=scorer, limit=25, score_cutoff=_LIKELY
            )
        }
        found: dict[int, tuple[Candidate, str]] = {}
        for score, name in sorted(((_score(key, hit), hit) for hit in hits), reverse=True):
            for unit_id in self._nearest(self._keys[name], near):
                found.setdefault(unit_id, (self._candidate(unit_id, int(score)), name))
        return list(found.values())[:_SHOWN]

    def _candidate(self, unit_id: int, score: int) -> Candidate:
        row = self.units[unit_id]
        return Candidate(unit_id, row.code, row.name, score)


def fold(name: str) -> str:
    """A name without accents, capitals, punctuation or notes, long forms made short."""
    plain = unicodedata.normalize(
        "NFD", _NOTE.sub("", without_piles(name)).lower().replace("đ", "d")
    )
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    folded = " ".join(letters.split())
    for long, short in _SHORTER:
        folded = folded.replace(long, short)
    return folded


def unknown(names: Sequence[Named]) -> str:
    """The names that stand for no unit, each with what it may have meant, a line each."""
    lines = []
    for name in {name.printed: name for name in names}.values():
        hint = f" (several: {choices(name)})" if name.is_ambiguous else ""
        if not name.is_ambiguous and name.suggestions:
            hint = f" (did you mean {choices(name) or ' or '.join(name.suggestions)}?)"
        lines.append(f"“{name.printed}”{hint}")
    return "\n  - ".join(["", *lines])


def choices(name: Named) -> str:
    """The units a name may mean, with their codes and how near each comes."""
    joint = "; " if name.is_ambiguous else " or "
    return joint.join(f"{one.name} [{one.code}, {one.score}%]" for one in name.candidates)


def _score(one: str, other: str) -> float:
    """How near two names come, short forms and long; sure only where the short ones are near.

    In a long form the words all names share would make "xã An Lạc" all but "xã An Lao".
    """
    short = _likeness(one, other)
    return max(short, min(_SURE - 1, _likeness(_lengthened(one), _lengthened(other))))


def _likeness(one: str, other: str) -> float:
    # The same words in another order count a little less.
    return max(fuzz.ratio(one, other), 0.97 * fuzz.token_sort_ratio(one, other))


def _lengthened(folded: str) -> str:
    """A folded name with its short forms written out, as a misread name still has them."""
    for long, short in _SHORTER:
        folded = re.sub(rf"\b{short}\b", long, folded)
    return folded


def _is_sure(alike: Sequence[tuple[Candidate, str]], key: str) -> bool:
    """Whether the nearest name is near enough to need no person: no rival, the same digits."""
    scores = [candidate.score for candidate, _ in alike] + [0]
    if scores[0] < _SURE or scores[0] - scores[1] < _GAP:
        return False
    # "Trường THCS số 1" comes nearer to number 2 than any misspelling.
    return re.findall(r"\d+", alike[0][1]) == re.findall(r"\d+", key)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", without_piles(name)).lower().split())
