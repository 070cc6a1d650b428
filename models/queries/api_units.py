"""Units as programs list them: as of a day, page by id, and found by their codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, select

from models.queries.units import latest
from models.tables import Level, Unit, UnitPeriod, table

_unit, _period, _level = table(Unit), table(UnitPeriod), table(Level)
_parent = _unit.alias("parent")


class UnitListRow(NamedTuple):
    """A unit as it is on a day, or was last before it."""

    id: int
    code: str
    name: str
    short_name: str
    name_en: str
    level: str
    duty: str
    parent_id: int | None
    parent_code: str | None
    valid_from: date
    valid_to: date


def page(conn: Connection, day: date, *, after: int, limit: int) -> list[UnitListRow]:
    """The units there are on `day`, those after an id, for programs."""
    values = {"day": day, "after": after, "most": limit}
    return [UnitListRow._make(row) for row in conn.execute(_PAGE, values)]


def one(conn: Connection, unit_id: int, day: date) -> UnitListRow | None:
    """One unit as it is on `day`; an ended one as it was last."""
    row = conn.execute(_ONE, {"unit": unit_id, "day": day}).first()
    return None if row is None else UnitListRow._make(row)


def coded(conn: Connection, codes: Sequence[str]) -> dict[str, int]:
    """code → unit of those that there are, for what programs name by code."""
    return {row[0]: row[1] for row in conn.execute(_CODED, {"codes": list(codes)})}


_DAY = bindparam("day", type_=_period.c.valid_from.type)
_ROW = (
    select(
        _unit.c.id,
        _unit.c.code,
        _period.c.name,
        _period.c.short_name,
        _period.c.name_en,
        _period.c.level,
        _level.c.duty,
        _period.c.parent_id,
        _parent.c.code,
        _period.c.valid_from,
        _period.c.valid_to,
    )
    .join_from(_unit, _period, _period.c.unit_id == _unit.c.id)
    .join(_level, _level.c.code == _period.c.level)
    .outerjoin(_parent, _parent.c.id == _period.c.parent_id)
)
_PAGE = (
    _ROW.where(
        _period.c.valid_from <= _DAY,
        _period.c.valid_to >= _DAY,
        _unit.c.id > bindparam("after", type_=Integer),
    )
    .order_by(_unit.c.id)
    .limit(bindparam("most", type_=Integer))
)
_ONE = _ROW.where(
    _unit.c.id == bindparam("unit", type_=Integer),
    _period.c.valid_from == latest(_unit.c.id, _DAY),
)
_CODED = select(_unit.c.code, _unit.c.id).where(
    _unit.c.code.in_(bindparam("codes", expanding=True))
)
