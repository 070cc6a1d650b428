"""What an administrator works with: people, their posts, the calendar, the record of it all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select

from models.base import FOREVER
from models.queries.units import latest
from models.tables import (
    AdminEvent,
    Appointment,
    CalendarOverride,
    Password,
    Unit,
    UnitPeriod,
    User,
    WebSession,
    table,
)
from models.terms import USER, Term, words
from workflows.roles import Role

_user, _password, _session = table(User), table(Password), table(WebSession)
_appointment, _override = table(Appointment), table(CalendarOverride)
_event, _unit, _period = table(AdminEvent), table(Unit), table(UnitPeriod)
_term = table(Term)
AFTER_ALL = "\U0010ffff"  # no word goes on with it


class UserRow(NamedTuple):
    """A person as the list of accounts shows one."""

    id: int
    login: str
    name: str
    is_active: bool
    has_password: bool


class PostRow(NamedTuple):
    """A post of a person, with its unit as it is called on the day asked about."""

    id: int
    user_id: int
    unit_id: int
    unit_code: str
    unit: str
    role: str
    valid_from: date
    valid_to: date
    scope: str


class DayRow(NamedTuple):
    """A day that is off or worked against the rule; no unit means everyone."""

    id: int
    day: date
    is_off: bool
    reason: str
    legal_basis: str
    unit_id: int | None
    unit_code: str | None
    unit: str | None


class AdminEventRow(NamedTuple):
    """One act of administration, with the people and the unit it names."""

    id: int
    at: datetime
    actor: str | None
    act: str
    user_id: int | None
    login: str | None
    user: str | None
    unit_code: str | None
    day: date | None
    data: dict[str, Any] | None


def users(conn: Connection, *, asked: str = "", after: str = "", limit: int = 50) -> list[UserRow]:
    """A page of people by login after a login, whose login or name has words that begin so."""
    query = _USERS
    for word in words(asked):
        query = query.where(
            exists().where(
                _term.c.kind == USER,
                _term.c.target_id == _user.c.id,
                _term.c.term >= word,
                _term.c.term < word + AFTER_ALL,
            )
        )
    rows = conn.execute(query, {"after": after, "most": limit})
    return [UserRow._make(row) for row in rows]


def user(conn: Connection, user_id: int) -> UserRow | None:
    """One person, for the page about the account."""
    row = conn.execute(_USER, {"user": user_id}).first()
    return None if row is None else UserRow._make(row)


def user_by_login(conn: Connection, login: str) -> UserRow | None:
    """The person with this login, active or not."""
    row = conn.execute(_USER_BY_LOGIN, {"login": login}).first()
    return None if row is None else UserRow._make(row)


def open_sessions(conn: Connection, user_id: int) -> int:
    """In how many browsers a person has not signed out, for the page about the account."""
    return int(conn.execute(_SESSIONS, {"user": user_id}).scalar_one())


def posts(conn: Connection, user_id: int, day: date) -> list[PostRow]:
    """Every post of a person, those that last longest first."""
    rows = conn.execute(_POSTS, {"user": user_id, "day": day})
    return [PostRow._make(row) for row in rows]


def post(conn: Connection, post_id: int, day: date) -> PostRow | None:
    """One post, to end it."""
    row = conn.execute(_POST, {"post": post_id, "day": day}).first()
    return None if row is None else PostRow._make(row)


def overlapping(
    conn: Connection, user_id: int, unit_id: int, role: str, valid_from: date, valid_to: date
) -> PostRow | None:
    """A post of the same kind that the person holds within that time."""
    values = {"user": user_id, "unit": unit_id, "role": role, "day": valid_from, "last": valid_to}
    row = conn.execute(_OVERLAPPING, values).first()
    return None if row is None else PostRow._make(row)


def administrators_on(conn: Connection, day: date) -> list[int]:
    """Who can sign in and administer on `day`: never may the last of them go."""
    return list(conn.execute(_ADMINISTRATORS, {"day": day}).scalars())


def overrides(conn: Connection, year: int) -> list[DayRow]:
    """The days of a year that differ from the rule, in order."""
    values = {"day": date(year, 12, 31), "first": date(year, 1, 1)}
    return [DayRow._make(row) for row in conn.execute(_DAYS, values)]


def override(conn: Connection, override_id: int) -> DayRow | None:
    """One such day, to change or remove it."""
    row = conn.execute(_DAY_BY_ID, {"id": override_id, "day": FOREVER}).first()
    return None if row is None else DayRow._make(row)


def override_on(conn: Connection, unit_id: int | None, on: date) -> int | None:
    """The override of a unit (or everyone's) on a day: there can be one only."""
    same = _override.c.unit_id.is_(None) if unit_id is None else _override.c.unit_id == unit_id
    return conn.execute(select(_override.c.id).where(same, _override.c.day == on)).scalar()


def record(conn: Connection, *, before: int | None = None, limit: int = 50) -> list[AdminEventRow]:
    """A page of the record of administration, the newest first."""
    values = {"before": before or 2**31 - 1, "most": limit}
    return [AdminEventRow._make(row) for row in conn.execute(_RECORD, values)]


def record_of(conn: Connection, user_id: int, *, limit: int = 20) -> list[AdminEventRow]:
    """What was lately done to a person's account, the newest first."""
    rows = conn.execute(_RECORD_OF, {"user": user_id, "most": limit})
    return [AdminEventRow._make(row) for row in rows]


_MOST = bindparam("most", type_=Integer)
_ONE_USER = select(
    _user.c.id,
    _user.c.login,
    _user.c.name,
    _user.c.is_active,
    exists().where(_password.c.user_id == _user.c.id),
).where(~_user.c.is_system)  # nobody administers the account of what happens by itself
_USERS = _ONE_USER.where(_user.c.login > bindparam("after")).order_by(_user.c.login).limit(_MOST)
_USER = _ONE_USER.where(_user.c.id == bindparam("user"))
_USER_BY_LOGIN = _ONE_USER.where(_user.c.login == bindparam("login"))
_SESSIONS = select(func.count()).where(
    _session.c.user_id == bindparam("user"), _session.c.ended_at.is_(None)
)
_DAY = bindparam("day", type_=_appointment.c.valid_from.type)
_NAMED = (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, _DAY))
_ONE_POST = (
    select(
        _appointment.c.id,
        _appointment.c.user_id,
        _unit.c.id,
        _unit.c.code,
        func.coalesce(_period.c.name, _unit.c.code),
        _appointment.c.role,
        _appointment.c.valid_from,
        _appointment.c.valid_to,
        _appointment.c.scope,
    )
    .join_from(_appointment, _unit, _unit.c.id == _appointment.c.unit_id)
    .outerjoin(_period, _NAMED)
)
_POSTS = _ONE_POST.where(_appointment.c.user_id == bindparam("user")).order_by(
    _appointment.c.valid_to.desc(), _unit.c.code, _appointment.c.role, _appointment.c.valid_from
)
_POST = _ONE_POST.where(_appointment.c.id == bindparam("post"))
_OVERLAPPING = _ONE_POST.where(
    _appointment.c.user_id == bindparam("user"),
    _appointment.c.unit_id == bindparam("unit"),
    _appointment.c.role == bindparam("role"),
    _appointment.c.valid_from <= bindparam("last", type_=_appointment.c.valid_to.type),
    _appointment.c.valid_to >= _DAY,
).limit(1)
_ADMINISTRATORS = (
    select(_user.c.id)
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .join(_password, _password.c.user_id == _user.c.id)
    .where(
        _user.c.is_active,
        _appointment.c.role == Role.ADMINISTRATOR,
        _appointment.c.valid_from <= _DAY,
        _appointment.c.valid_to >= _DAY,
    )
    .distinct()
    .order_by(_user.c.id)
)
_ONE_DAY = (
    select(
        _override.c.id,
        _override.c.day,
        _override.c.is_off,
        _override.c.reason,
        _override.c.legal_basis,
        _override.c.unit_id,
        _unit.c.code,
        func.coalesce(_period.c.name, _unit.c.code),
    )
    .join_from(_override, _unit, _unit.c.id == _override.c.unit_id, isouter=True)
    .outerjoin(_period, _NAMED)
)
_DAYS = _ONE_DAY.where(
    _override.c.day >= bindparam("first", type_=_override.c.day.type), _override.c.day <= _DAY
).order_by(_override.c.day, _override.c.id)
_DAY_BY_ID = _ONE_DAY.where(_override.c.id == bindparam("id"))
_actor = _user.alias("actor")
_ONE_EVENT = (
    select(
        _event.c.id,
        _event.c.at,
        _actor.c.name,
        _event.c.act,
        _user.c.id,
        _user.c.login,
        _user.c.name,
        _unit.c.code,
        _event.c.day,
        _event.c.data,
    )
    .join_from(_event, _actor, _actor.c.id == _event.c.actor_id, isouter=True)
    .outerjoin(_user, _user.c.id == _event.c.user_id)
    .outerjoin(_unit, _unit.c.id == _event.c.unit_id)
    .order_by(_event.c.id.desc())
    .limit(_MOST)
)
_RECORD = _ONE_EVENT.where(_event.c.id < bindparam("before"))
_RECORD_OF = _ONE_EVENT.where(_event.c.user_id == bindparam("user"))
