"""The organisation as rows of the sheets it can be imported from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

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
_parent = _unit.alias("parent")

Rows = list[dict[str, Any]]


def levels(conn: Connection) -> Rows:
    """The levels sheet."""
    query = select(_level).order_by(_level.c.rank, _level.c.code)
    return [dict(row) for row in conn.execute(query).mappings()]


def units(conn: Connection) -> Rows:
    """The units sheet, the highest level first, without aliases."""
    query = (
        select(
            _unit.c.id,
            _unit.c.code,
            _period.c.name,
            _period.c.short_name,
            _period.c.name_en,
            _parent.c.code.label("parent"),
            _period.c.level,
            _period.c.valid_from,
            _period.c.valid_to,
        )
        .join_from(_period, _unit, _unit.c.id == _period.c.unit_id)
        .join(_level, _level.c.code == _period.c.level)
        .outerjoin(_parent, _parent.c.id == _period.c.parent_id)
        .order_by(_level.c.rank, _unit.c.code, _period.c.valid_from)
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def aliases(conn: Connection) -> list[tuple[int, str]]:
    """(unit, other spelling), for the units sheet."""
    query = select(_alias.c.unit_id, _alias.c.alias).order_by(_alias.c.id)
    return [tuple(row) for row in conn.execute(query)]


def groups(conn: Connection) -> Rows:
    """The groups sheet."""
    query = (
        select(_group.c.phrase, _group.c.level, _unit.c.code.label("parent"))
        .join_from(_group, _unit, _unit.c.id == _group.c.parent_id, isouter=True)
        .order_by(_group.c.id)
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def changes(conn: Connection) -> Rows:
    """The changes, a row for each unit on either side."""
    query = (
        select(
            _change.c.id,
            _change.c.kind,
            _change.c.on,
            _change.c.legal_basis,
            _part.c.side,
            _unit.c.code,
        )
        .join_from(_change, _part, _part.c.change_id == _change.c.id)
        .join(_unit, _unit.c.id == _part.c.unit_id)
        .order_by(_change.c.on, _change.c.id, _unit.c.code)
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def people(conn: Connection) -> Rows:
    """The people sheet: a row a post, and nothing of passwords."""
    query = (
        select(
            _user.c.login,
            _user.c.name,
            _user.c.email,
            _unit.c.code.label("unit"),
            _appointment.c.role,
            _appointment.c.scope,
            _appointment.c.valid_from,
            _appointment.c.valid_to,
        )
        .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
        .join(_unit, _unit.c.id == _appointment.c.unit_id)
        .order_by(_unit.c.code, _appointment.c.role, _user.c.login, _appointment.c.valid_from)
    )
    return [dict(row) for row in conn.execute(query).mappings()]
