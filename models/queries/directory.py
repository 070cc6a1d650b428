"""The directory of units for people to read: the tree as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
)

from models.queries.units import latest
from models.tables import Level, Unit, UnitPeriod, table

_unit, _period, _level = table(Unit), table(UnitPeriod), table(Level)


class BranchRow(NamedTuple):
    """A unit in the tree as of a day, and how long it is so."""

    id: int
    code: str
    name: str
    name_en: str
    parent_id: int | None
    level_vi: str
    level_en: str
    rank: int
    since: date
    until: date


HIGHEST = 20  # levels of a hierarchy; a circle in the data must end somewhere
# A page of children begins after a key of rank and code.
Key = tuple[int, str]
_FIRST: Key = (0, "")


def tops(conn: Connection, day: date, *, limit: int = 50) -> list[BranchRow]:
    """The units under nobody on `day`, highest level first: where the tree begins."""
    return [BranchRow._make(row) for row in conn.execute(_TOPS, {"day": day, "most": limit})]


def under(
    conn: Connection, parent_ids: Sequence[int], day: date, *, limit: int = 50
) -> list[BranchRow]:
    """The first units directly under each of these on `day`, for the tree's second level."""
    values = {"ids": list(parent_ids), "day": day, "most": limit}
    return [BranchRow._make(row) for row in conn.execute(_UNDER, values)]


def children(
    conn: Connection, unit_id: int, day: date, *, after: Key = _FIRST, limit: int = 50
) -> list[BranchRow]:
    """A page of the units directly under one on `day`, after a key."""
    rank, code = after
    values = {"parent": unit_id, "day": day, "rank": rank, "code": code, "most": limit}
    return [BranchRow._make(row) for row in conn.execute(_CHILDREN, values)]


def counts(conn: Connection, unit_ids: Sequence[int], day: date) -> dict[int, int]:
    """unit → how many units stand directly under it on `day`, for folded rows."""
    rows = conn.execute(_COUNTS, {"ids": list(unit_ids), "day": day})
    return {row[0]: row[1] for row in rows}


def chain(conn: Connection, unit_id: int, day: date) -> list[BranchRow]:
    """A unit and all above it as of `day`, the top first; an ended unit as it was last."""
    rows = conn.execute(_CHAIN, {"unit": unit_id, "day": day})
    return [BranchRow._make(row[1:]) for row in rows]


def levels(conn: Connection) -> list[tuple[str, str, str]]:
    """(code, Vietnamese, English) of every level, the highest first."""
    order = select(_level.c.code, _level.c.name_vi, _level.c.name_en)
    return [tuple(row) for row in conn.execute(order.order_by(_level.c.rank, _level.c.code))]


_DAY = bindparam("day", type_=_period.c.valid_from.type)
_IDS = bindparam("ids", expanding=True, type_=Integer)
_MOST = bindparam("most", type_=Integer)
_THERE = and_(_period.c.valid_from <= _DAY, _period.c.valid_to >= _DAY)
_COLUMNS = (
    _unit.c.id,
    _unit.c.code,
    _period.c.name,
    _period.c.name_en,
    _period.c.parent_id,
    _level.c.name_vi,
    _level.c.name_en,
    _level.c.rank,
    _period.c.valid_from,
    _period.c.valid_to,
)


def _branch() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join_from(_period, _unit, _unit.c.id == _period.c.unit_id)
        .join(_level, _level.c.code == _period.c.level)
        .where(_THERE)
        .order_by(_level.c.rank, _unit.c.code)
    )


_TOPS = _branch().where(_period.c.parent_id.is_(None)).limit(_MOST)
_RANK, _CODE = bindparam("rank", type_=Integer), bindparam("code", type_=String)
_CHILDREN = (
    _branch()
    .where(
        _period.c.parent_id == bindparam("parent"),
        or_(_level.c.rank > _RANK, and_(_level.c.rank == _RANK, _unit.c.code > _CODE)),
    )
    .limit(_MOST)
)
_numbered = (
    select(
        *(column.label(name) for name, column in zip(BranchRow._fields, _COLUMNS, strict=True)),
        func.row_number()
        .over(partition_by=_period.c.parent_id, order_by=(_level.c.rank, _unit.c.code))
        .label("place"),
    )
    .join_from(_period, _unit, _unit.c.id == _period.c.unit_id)
    .join(_level, _level.c.code == _period.c.level)
    .where(_THERE, _period.c.parent_id.in_(_IDS))
    .subquery("numbered")
)
_UNDER = (
    select(*(_numbered.c[name] for name in BranchRow._fields))
    .where(_numbered.c.place <= _MOST)
    .order_by(_numbered.c.rank, _numbered.c.code)
)
_COUNTS = (
    select(_period.c.parent_id, func.count())
    .where(_THERE, _period.c.parent_id.in_(_IDS))
    .group_by(_period.c.parent_id)
)
_up = select(bindparam("unit", type_=Integer).label("id"), literal(0).label("height")).cte(
    "up", recursive=True
)
_up = _up.union_all(
    select(_period.c.parent_id, _up.c.height + 1)
    .join_from(_up, _period, _period.c.unit_id == _up.c.id)
    .where(
        _period.c.parent_id.is_not(None),
        _period.c.valid_from == latest(_period.c.unit_id, _DAY),
        _up.c.height < HIGHEST,
    )
)
_CHAIN = (
    select(_up.c.height, *_COLUMNS)
    .join_from(_up, _unit, _unit.c.id == _up.c.id)
    .join(
        _period,
        (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, _DAY)),
    )
    .join(_level, _level.c.code == _period.c.level)
    .order_by(_up.c.height.desc())
)
