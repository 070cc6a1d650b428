"""The working calendar of a unit: national holidays, swap days, and what administrators wrote.

Of all that is said of a day the nearest wins: the unit's own, then its superiors' from below, then
everyone's, then the swap days below, then the `holidays` library, then the weekend.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from typing import NamedTuple, TypeVar

from holidays import country_holidays
from sqlalchemy import Connection

from cascade.errors import BadInputError
from models.queries import calendar as reading
from models.queries import directory
from workflows.calendar import Roll, WorkingDays
from workflows.labels import Lang
from workflows.phrases import Customs

Choice = TypeVar("Choice", bound=StrEnum)
# Beyond these the library knows no moon, and a letter no deadline.
_KNOWN = range(1900, 2200)
_LIBRARY = version("holidays")
_LANGUAGES: Mapping[Lang, str] = {"vi": "vi", "en": "en_US"}


class Swap(NamedTuple):
    """A day off worked for, or worked instead of, another; by whom it was announced."""

    day: date
    is_off: bool
    legal_basis: str


_MAY_2025 = "Thông báo 6150/TB-BLĐTBXH năm 2024 (tracuuquyhoach.com, 30/4-1/5/2025)"
_NEW_YEAR_2026 = "Hoán đổi ngày làm việc dịp Tết Dương lịch 2026 (24h.com.vn, a1724830)"
# Those that some version of the library in use misses; they bind public bodies.
SWAPS = (
    Swap(date(2025, 4, 26), False, _MAY_2025),
    Swap(date(2025, 5, 2), True, _MAY_2025),
    Swap(date(2026, 1, 2), True, _NEW_YEAR_2026),
    Swap(date(2026, 1, 10), False, _NEW_YEAR_2026),
)


class NationalDay(NamedTuple):
    """A day that is off or worked for everybody, and what it is."""

    day: date
    is_off: bool
    name: str


class Calendars:
    """The calendars of many units, the days read once; `parents` says who is above whom."""

    def __init__(self, conn: Connection, parents: Mapping[int, int | None]) -> None:
        self._parents = parents
        self._own: dict[int | None, dict[date, bool]] = {None: {}}
        for row in reading.overrides(conn):
            self._own.setdefault(row.unit_id, {})[row.day] = row.is_off
        self._made: dict[int | None, WorkingDays] = {None: _calendar(self._own[None])}

    def of(self, unit_id: int | None) -> WorkingDays:
        """The calendar of a unit; that of everyone without one."""
        if unit_id not in self._made:
            above = self.of(self._parents.get(unit_id) if unit_id is not None else None)
            own = self._own.get(unit_id)
            self._made[unit_id] = above if own is None else _calendar(self._said(unit_id))
        return self._made[unit_id]

    def _said(self, unit_id: int | None) -> dict[date, bool]:
        above = self._said(self._parents.get(unit_id)) if unit_id is not None else {}
        return {**above, **self._own.get(unit_id, {})}


def of_country() -> WorkingDays:
    """What holds where nobody wrote down anything."""
    return _calendar({})


def of_unit(conn: Connection, unit_id: int | None, on: date) -> WorkingDays:
    """The calendar of one unit as it stands under others on a day; everyone's without one."""
    chain = directory.chain(conn, unit_id, on) if unit_id is not None else []
    ids = [row.id for row in chain]
    parents: dict[int, int | None] = dict(zip(ids, [None, *ids], strict=False))
    return Calendars(conn, parents).of(unit_id)


def national(year: int, lang: Lang) -> list[NationalDay]:
    """What the country's calendar itself says of a year: holidays and swap days, in order."""
    if year not in _KNOWN:
        return []
    days = {day: NationalDay(day, True, name) for day, name in _names(year, lang)}
    days |= {day: NationalDay(day, False, "") for day in _library(year).worked}
    for swap in SWAPS:
        known = days.get(swap.day)
        if swap.day.year == year and (known is None or known.is_off != swap.is_off):
            days[swap.day] = NationalDay(swap.day, swap.is_off, swap.legal_basis)
    return [days[day] for day in sorted(days)]


def customs() -> Customs:
    """How this house reads what no law settles: CASCADE_BEFORE, CASCADE_ROLL, CASCADE_ROLL_NAMED.

    Raises BadInputError for a value that means nothing.
    """
    before = _chosen(os.environ.get("CASCADE_BEFORE"), _Before.EXCLUDES, "CASCADE_BEFORE")
    counted = _chosen(os.environ.get("CASCADE_ROLL"), Roll.FORWARD, "CASCADE_ROLL")
    named = _chosen(os.environ.get("CASCADE_ROLL_NAMED"), Roll.NONE, "CASCADE_ROLL_NAMED")
    return Customs(before is _Before.INCLUDES, counted, named)


class _Before(StrEnum):
    EXCLUDES = "excludes"
    INCLUDES = "includes"


class _Library(NamedTuple):
    off: frozenset[date]
    worked: frozenset[date]


class _Days:
    """The days that are off (or those that are worked) when all is said; years are read late."""

    def __init__(self, said: Mapping[date, bool], *, off: bool) -> None:
        self._said = said
        self._off = off

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if (is_off := self._said.get(day)) is not None:
            return is_off == self._off
        known = _library(day.year)
        return day in (known.off if self._off else known.worked)


def _calendar(said: Mapping[date, bool]) -> WorkingDays:
    days = {**{swap.day: swap.is_off for swap in SWAPS}, **said}
    told = ";".join(f"{day:%Y%m%d}{'off' if days[day] else 'on'}" for day in sorted(days))
    seal = hashlib.sha256(told.encode()).hexdigest()[:8]
    made_with = f"vn-{_LIBRARY}-{seal}"
    return WorkingDays(_Days(days, off=True), _Days(days, off=False), version=made_with)


@lru_cache(maxsize=64)
def _library(year: int) -> _Library:
    if year not in _KNOWN:
        return _Library(frozenset(), frozenset())
    days = country_holidays("VN", years=year)
    return _Library(
        frozenset(day for day in days if day.year == year),
        frozenset(day for day in days.weekend_workdays if day.year == year),
    )


def _names(year: int, lang: Lang) -> list[tuple[date, str]]:
    named = country_holidays("VN", years=year, language=_LANGUAGES[lang])
    return sorted((day, name) for day, name in named.items() if day.year == year)


def _chosen(asked: str | None, otherwise: Choice, name: str) -> Choice:
    if not asked:
        return otherwise
    kinds = type(otherwise)
    try:
        return kinds(asked)
    except ValueError:
        raise BadInputError(
            f"{asked!r} is no choice",
            where=name,
            remedy=f"Set it to {' or '.join(kinds)}, or not at all.",
        ) from None
