"""Names in letters matched to units: exact after folding, nearest in the hierarchy first."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz, process
from sqlalchemy import Connection

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


class Named(NamedTuple):
    """What a printed name stands for: its units, or none with what it may have meant."""

    printed: str
    unit_ids: tuple[int, ...]
    suggestions: tuple[str, ...] = ()
    is_ambiguous: bool = False


class Directory:
    """The organisation as it was on a day, to find units by the names letters use."""

    def __init__(self, conn: Connection, day: date) -> None:
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
        found = self._keys.get(key) or self._keys.get(_TITLE.sub("", key)) or set()
        best = self._nearest(found, near)
        if len(best) == 1:
            return Named(printed, (best[0],))
        names = [self.units[unit_id].name for unit_id in best] or self._alike(key)
        return Named(printed, (), tuple(names), is_ambiguous=len(best) > 1)

    def find_all(self, printed: str, near: int | None = None) -> Named:
        """The units a printed name or group phrase ("UBND các xã, phường") means."""
        members = self._members(fold(printed), near)
        if members:
            return Named(printed, tuple(members))
        return self.find(printed, near)

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

    def _alike(self, key: str) -> list[str]:
        hits = process.extract(
            key, list(self._keys), scorer=fuzz.token_sort_ratio, limit=3, score_cutoff=_LIKELY
        )
        ids = {unit_id for hit in hits for unit_id in self._keys[hit[0]]}
        return sorted(self.units[unit_id].name for unit_id in ids)[:3]


def fold(name: str) -> str:
    """A name without accents, capitals, punctuation or notes, long forms made short."""
    plain = unicodedata.normalize("NFD", _NOTE.sub("", name).lower().replace("đ", "d"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    folded = " ".join(letters.split())
    for long, short in _SHORTER:
        folded = folded.replace(long, short)
    return folded


def unknown(names: Sequence[Named]) -> str:
    """The names that stand for no unit, each with what it may have meant, a line each."""
    lines = []
    for name in names:
        hint = f" (several: {'; '.join(name.suggestions)})" if name.is_ambiguous else ""
        if not name.is_ambiguous and name.suggestions:
            hint = f" (did you mean {' or '.join(name.suggestions)}?)"
        lines.append(f"“{name.printed}”{hint}")
    return "\n  - ".join(["", *lines])
