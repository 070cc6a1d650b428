"""Units as of a day: names, children, the whole directory for matching names in letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, select

from models.tables import (
    Appointment,
    Level,
    Unit,
    UnitAlias,
    UnitChange,
    UnitChangePart,
    UnitGroup,
    UnitPeriod,
    User,
    table,
)

_unit, _period, _level = table(Unit), table(UnitPeriod), table(Level)
_alias, _group = table(UnitAlias), table(UnitGroup)
_change, _part = table(UnitChange), table(UnitChangePart)
_appointment, _user = table(Appointment), table(User)


class UnitRow(NamedTuple):
    """A unit as it is on a day."""

    id: int
    code: str
    name: str
    short_name: str
    name_en: str
    parent_id: int | None
    level: str
    duty: str


class PeriodRow(NamedTuple):
    """A unit for a time."""

    valid_from: date
    valid_to: date
    name: str
    parent: str | None
    level: str


class ChangeRow(NamedTuple):
    """A reorganisation as one of its units sees it."""

    on: date
    kind: str
    side: str
    other: str | None
    legal_basis: str


class PostRow(NamedTuple):
    """A post in a unit and who holds it."""

    login: str
    name: str
    role: str
    valid_from: date
    valid_to: date


def all_on(conn: Connection, day: date) -> list[UnitRow]:
    """Every unit that exists on `day`, for the tree and for matching names in letters."""
    return [UnitRow._make(row) for row in conn.execute(_ALL_ON, {"day": day})]


def aliases(conn: Connection) -> list[tuple[int, str]]:
    """(unit, other spelling), for matching names in letters."""
    return [tuple(row) for row in conn.execute(_ALIASES)]


def former_names(conn: Connection) -> list[tuple[int, str]]:
    """(unit, name) of every period, so that a letter may still use an old name."""
    return [tuple(row) for row in conn.execute(_NAMES)]


def groups(conn: Connection) -> list[tuple[str, str, int | None]]:
    """(phrase, level, parent) of phrases that stand for many units; no parent: the issuer's."""
    return [tuple(row) for row in conn.execute(_GROUPS)]


def periods_of(conn: Connection, unit_id: int) -> list[PeriodRow]:
    """A unit's names, parents and levels over time."""
    return [PeriodRow._make(row) for row in conn.execute(_PERIODS_OF, {"unit": unit_id})]


def changes_of(conn: Connection, unit_id: int) -> list[ChangeRow]:
    """The reorganisations a unit took part in, a row for each unit on the other side."""
    return [ChangeRow._make(row) for row in conn.execute(_CHANGES_OF, {"unit": unit_id})]


def posts_of(conn: Connection, unit_id: int) -> list[PostRow]:
    """Who holds and held the posts of a unit."""
    return [PostRow._make(row) for row in conn.execute(_POSTS_OF, {"unit": unit_id})]


def children(conn: Connection, unit_id: int, day: date) -> set[int]:
    """The units directly under one on `day`."""
    return set(conn.execute(_CHILDREN, {"parent": unit_id, "day": day}).scalars())


def names(conn: Connection, unit_ids: Sequence[int], day: date) -> dict[int, str]:
    """The short name of each unit on `day`, or the last it had before."""
    rows = conn.execute(_LAST_NAMES, {"ids": list(unit_ids), "day": day})
    return {row[0]: row[1] for row in rows}


def by_code(conn: Connection, code: str) -> int | None:
    """The unit with this code."""
    if "\0" in code:  # no unit's, and PostgreSQL takes no such text
        return None
    return conn.execute(_BY_CODE, {"code": code}).scalar()


def codes(conn: Connection) -> dict[str, int]:
    """Every unit's id by its code, for imports."""
    return {row[0]: row[1] for row in conn.execute(select(_unit.c.code, _unit.c.id))}


def latest(unit_column: Any, day: Any) -> Any:
    """The day the unit's period valid on `day` (or its last one before) began, as a subquery."""
    last = _period.alias("last_period")
    return (
        select(func.max(last.c.valid_from))
        .where(last.c.unit_id == unit_column, last.c.valid_from <= day)
        .scalar_subquery()
    )


_DAY = bindparam("day", type_=_period.c.valid_from.type)
_ALL_ON = (
    select(
        _unit.c.id,
        _unit.c.code,
        _period.c.name,
        _period.c.short_name,
        _period.c.name_en,
        _period.c.parent_id,
        _period.c.level,
        _level.c.duty,
    )
    .join_from(_unit, _period, _period.c.unit_id == _unit.c.id)
    .join(_level, _level.c.code == _period.c.level)
    .where(_period.c.valid_from <= _DAY, _period.c.valid_to >= _DAY)
    .order_by(_level.c.rank, _unit.c.code)
)
_ALIASES = select(_alias.c.unit_id, _alias.c.alias).order_by(_alias.c.id)
_NAMES = select(_period.c.unit_id, _period.c.name).order_by(_period.c.valid_from)
_GROUPS = select(_group.c.phrase, _group.c.level, _group.c.parent_id).order_by(_group.c.id)
_CHILDREN = select(_period.c.unit_id).where(
    _period.c.parent_id == bindparam("parent"),
    _period.c.valid_from <= _DAY,
    _period.c.valid_to >= _DAY,
)
_LAST_NAMES = (
    select(_unit.c.id, func.coalesce(_period.c.short_name, _unit.c.code))
    .join_from(
        _unit,
        _period,
        (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, _DAY)),
        isouter=True,
    )
    .where(_unit.c.id.in_(bindparam("ids", expanding=True, type_=Integer)))
)
_BY_CODE = select(_unit.c.id).where(_unit.c.code == bindparam("code"))
_parent = _unit.alias("parent")
_PERIODS_OF = (
    select(
        _period.c.valid_from,
        _period.c.valid_to,
        _period.c.name,
        _parent.c.code,
        _period.c.level,
    )
    .join_from(_period, _parent, _parent.c.id == _period.c.parent_id, isouter=True)
    .where(_period.c.unit_id == bindparam("unit"))
    .order_by(_period.c.valid_from)
)
_other = _part.alias("other_side")
_CHANGES_OF = (
    select(_change.c.on, _change.c.kind, _part.c.side, _unit.c.code, _change.c.legal_basis)
    .join_from(_part, _change, _change.c.id == _part.c.change_id)
    .outerjoin(_other, (_other.c.change_id == _part.c.change_id) & (_other.c.side != _part.c.side))
    .outerjoin(_unit, _unit.c.id == _other.c.unit_id)
    .where(_part.c.unit_id == bindparam("unit"))
    .order_by(_change.c.on, _change.c.id, _unit.c.code)
)
_POSTS_OF = (
    select(
        _user.c.login,
        _user.c.name,
        _appointment.c.role,
        _appointment.c.valid_from,
        _appointment.c.valid_to,
    )
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .where(_appointment.c.unit_id == bindparam("unit"))
    .order_by(_appointment.c.role, _appointment.c.valid_from, _user.c.login)
)
