"""Glass that was broken: for administrators, and for those whose content was opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, select

from models.queries.authority import DAY
from models.queries.units import latest
from models.tables import OpenedGlass, Unit, UnitPeriod, User, table

_glass, _unit, _period, _user = table(OpenedGlass), table(Unit), table(UnitPeriod), table(User)


class OpeningRow(NamedTuple):
    """Who opened which unit's content, when, why and until when."""

    id: int
    user_id: int
    user: str
    unit_id: int
    unit_code: str
    unit: str
    reason: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None


def openings(
    conn: Connection, day: date, *, before: int | None = None, limit: int = 50
) -> list[OpeningRow]:
    """A page of all openings, the newest first, for administrators."""
    values = {"day": day, "before": before or 2**31 - 1, "most": limit}
    return [OpeningRow._make(row) for row in conn.execute(_OPENINGS, values)]


def one(conn: Connection, glass_id: int, day: date) -> OpeningRow | None:
    """One opening, to end it."""
    row = conn.execute(_ONE, {"id": glass_id, "day": day, "most": 1}).first()
    return None if row is None else OpeningRow._make(row)


def open_now(conn: Connection, user_id: int, unit_id: int, at: datetime) -> datetime | None:
    """Until when a unit stands open to an administrator already."""
    values = {"user": user_id, "unit": unit_id, "at": at}
    return conn.execute(_OPEN_NOW, values).scalar()


def notices(
    conn: Connection, units: Sequence[int], day: date, since: datetime, *, limit: int = 20
) -> list[OpeningRow]:
    """What was opened of these units since then, or of one above with all below it.

    For their heads and secretariats, the newest first.
    """
    values = {"ids": list(units), "day": day, "since": since, "most": limit}
    return [OpeningRow._make(row) for row in conn.execute(_NOTICES, values)]


_MOST = bindparam("most", type_=Integer)
_ROW = (
    select(
        _glass.c.id,
        _user.c.id,
        _user.c.name,
        _unit.c.id,
        _unit.c.code,
        func.coalesce(_period.c.name, _unit.c.code),
        _glass.c.reason,
        _glass.c.opened_at,
        _glass.c.until,
        _glass.c.ended_at,
    )
    .join_from(_glass, _user, _user.c.id == _glass.c.user_id)
    .join(_unit, _unit.c.id == _glass.c.unit_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, DAY)),
    )
    .order_by(_glass.c.id.desc())
    .limit(_MOST)
)
_OPENINGS = _ROW.where(_glass.c.id < bindparam("before", type_=Integer))
_ONE = _ROW.where(_glass.c.id == bindparam("id", type_=Integer))
_AT = bindparam("at", type_=_glass.c.until.type)
_OPEN_NOW = (
    select(_glass.c.until)
    .where(
        _glass.c.user_id == bindparam("user"),
        _glass.c.unit_id == bindparam("unit"),
        _glass.c.opened_at <= _AT,
        _glass.c.until > _AT,
        _glass.c.ended_at.is_(None),
    )
    .limit(1)
)
_up = (
    select(_unit.c.id)
    .where(_unit.c.id.in_(bindparam("ids", expanding=True, type_=Integer)))
    .cte("up", recursive=True)
)
_above = _up.union(
    select(_period.c.parent_id)
    .join(_up, _period.c.unit_id == _up.c.id)
    .where(
        _period.c.parent_id.is_not(None),
        _period.c.valid_from == latest(_period.c.unit_id, DAY),
    )
)
_NOTICES = _ROW.where(
    _glass.c.unit_id.in_(select(_above.c.id)),
    _glass.c.opened_at >= bindparam("since", type_=_glass.c.opened_at.type),
)
