"""Who stands in for whom: for givers, deputies, and the page of a unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, func, or_, select

from models.queries.authority import DAY, DRAWN, IN_FORCE, held
from models.queries.units import latest
from models.tables import Appointment, Delegation, Unit, UnitPeriod, User, table
from workflows.roles import WRITING

_delegation, _appointment = table(Delegation), table(Appointment)
_unit, _period, _user = table(Unit), table(UnitPeriod), table(User)
_giver, _deputy = _user.alias("giver"), _user.alias("deputy")


class DelegationRow(NamedTuple):
    """A delegation, with its people and its unit as they are called on the day asked about."""

    id: int
    giver_id: int
    giver: str
    deputy_id: int
    deputy: str
    unit_id: int
    unit_code: str
    unit: str
    role: str
    triggers: list[str] | None
    valid_from: date
    valid_to: date
    reason: str
    ended_at: datetime | None
    is_held: bool  # whether the giver's post it draws on is held on that day


class OwnPost(NamedTuple):
    """A post held on a day that can be stood in for."""

    unit_id: int
    unit: str
    role: str
    valid_to: date


class StandingIn(NamedTuple):
    """A deputy of a unit's post on a day."""

    giver_id: int
    role: str
    deputy: str
    until: date


def of_person(conn: Connection, user_id: int, day: date, *, limit: int = 50) -> list[DelegationRow]:
    """What a person gave and was given, what lasts longest first, for the page about deputies."""
    rows = conn.execute(_OF_PERSON, {"user": user_id, "day": day, "most": limit})
    return [DelegationRow._make(row) for row in rows]


def one(conn: Connection, delegation_id: int, day: date) -> DelegationRow | None:
    """One delegation, to end it."""
    row = conn.execute(_ONE, {"id": delegation_id, "day": day}).first()
    return None if row is None else DelegationRow._make(row)


def own_posts(conn: Connection, user_id: int, day: date) -> list[OwnPost]:
    """The posts a person holds on `day` that a deputy may stand in for: own ones alone."""
    return [OwnPost._make(row) for row in conn.execute(_OWN, {"user": user_id, "day": day})]


def overlapping(
    conn: Connection,
    giver_id: int,
    deputy_id: int,
    unit_id: int,
    role: str,
    first: date,
    last: date,
) -> bool:
    """Whether this deputy stands in for the same post within that time already."""
    values = {"giver": giver_id, "deputy": deputy_id, "unit": unit_id, "role": role}
    found = conn.execute(_OVERLAPPING, {**values, "day": first, "last": last})
    return found.first() is not None


def of_unit(conn: Connection, unit_id: int, day: date) -> list[StandingIn]:
    """Who stands in for a unit's people on `day`, for the page of the unit."""
    return [StandingIn._make(row) for row in conn.execute(_OF_UNIT, {"unit": unit_id, "day": day})]


_MOST = bindparam("most", type_=Integer)
_NAME = func.coalesce(_period.c.name, _unit.c.code)
_NAMED = (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, DAY))
_IS_HELD = (
    select(_appointment.c.id)
    .where(
        _appointment.c.user_id == _delegation.c.giver_id,
        _appointment.c.unit_id == _delegation.c.unit_id,
        _appointment.c.role == _delegation.c.role,
        held(_appointment),
    )
    .correlate(_delegation)
    .exists()
)
_ROW = (
    select(
        _delegation.c.id,
        _giver.c.id,
        _giver.c.name,
        _deputy.c.id,
        _deputy.c.name,
        _unit.c.id,
        _unit.c.code,
        _NAME,
        _delegation.c.role,
        _delegation.c.triggers,
        _delegation.c.valid_from,
        _delegation.c.valid_to,
        _delegation.c.reason,
        _delegation.c.ended_at,
        and_(_IS_HELD, _giver.c.is_active, _deputy.c.is_active),
    )
    .join_from(_delegation, _giver, _giver.c.id == _delegation.c.giver_id)
    .join(_deputy, _deputy.c.id == _delegation.c.deputy_id)
    .join(_unit, _unit.c.id == _delegation.c.unit_id)
    .outerjoin(_period, _NAMED)
)
_USER = bindparam("user", type_=Integer)
_OF_PERSON = (
    _ROW.where(or_(_delegation.c.giver_id == _USER, _delegation.c.deputy_id == _USER))
    .order_by(_delegation.c.valid_to.desc(), _delegation.c.id.desc())
    .limit(_MOST)
)
_ONE = _ROW.where(_delegation.c.id == bindparam("id", type_=Integer))
_OWN = (
    select(_unit.c.id, _NAME, _appointment.c.role, func.max(_appointment.c.valid_to))
    .join_from(_appointment, _unit, _unit.c.id == _appointment.c.unit_id)
    .join(_user, _user.c.id == _appointment.c.user_id)
    .outerjoin(_period, _NAMED)
    .where(
        _appointment.c.user_id == _USER,
        _appointment.c.role.in_(sorted(WRITING)),
        held(_appointment),
        _user.c.is_active,
    )
    .group_by(_unit.c.id, _NAME, _appointment.c.role)
    .order_by(_unit.c.id, _appointment.c.role)
)
_OVERLAPPING = (
    select(_delegation.c.id)
    .where(
        _delegation.c.giver_id == bindparam("giver"),
        _delegation.c.deputy_id == bindparam("deputy"),
        _delegation.c.unit_id == bindparam("unit"),
        _delegation.c.role == bindparam("role"),
        _delegation.c.ended_at.is_(None),
        _delegation.c.valid_from <= bindparam("last", type_=_delegation.c.valid_to.type),
        _delegation.c.valid_to >= DAY,
    )
    .limit(1)
)
_OF_UNIT = (
    select(_delegation.c.giver_id, _delegation.c.role, _user.c.name, _delegation.c.valid_to)
    .select_from(DRAWN)
    .where(_delegation.c.unit_id == bindparam("unit"), IN_FORCE)
    .order_by(_delegation.c.role, _user.c.login)
)
