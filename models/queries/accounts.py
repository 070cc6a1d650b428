"""Who is signed in, and what signing in must know."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select

from models.queries import authority
from models.queries.units import latest
from models.tables import (
    Appointment,
    Level,
    Password,
    SecondFactor,
    SignInFailure,
    Unit,
    UnitPeriod,
    User,
    WebSession,
    table,
)

_user, _password, _session = table(User), table(Password), table(WebSession)
_failure, _appointment = table(SignInFailure), table(Appointment)
_factor = table(SecondFactor)
_unit, _period, _level = table(Unit), table(UnitPeriod), table(Level)


class SessionRow(NamedTuple):
    """An open session with the person it belongs to."""

    id: int
    user_id: int
    login: str
    name: str
    began_at: datetime
    seen_at: datetime
    has_factor: bool


class SignInRow(NamedTuple):
    """What a password is checked against, and whether a code is asked for after it."""

    user_id: int
    hash: str
    has_factor: bool


class HeldPost(NamedTuple):
    """A post held on a day, or stood in for, with its unit as it is called then."""

    unit_id: int
    unit_code: str
    unit: str
    unit_name: str
    role: str
    giver: str | None  # in whose place, unless the post is one's own


class PersonRow(NamedTuple):
    """A person with a post in a unit."""

    login: str
    name: str
    role: str
    unit: str


def open_session(conn: Connection, token_sha256: str) -> SessionRow | None:
    """The session a request's cookie belongs to, unless it has ended or its person may not in."""
    row = conn.execute(_OPEN, {"token": token_sha256}).first()
    return None if row is None else SessionRow._make(row)


def hash_of(conn: Connection, login: str) -> SignInRow | None:
    """The password hash of an active person who has a password."""
    if "\0" in login:  # nobody's, and PostgreSQL takes no such text
        return None
    row = conn.execute(_HASH, {"login": login}).first()
    return None if row is None else SignInRow._make(row)


def failures(conn: Connection, source: str, since: datetime) -> int:
    """How many sign-ins failed under this source since then."""
    return int(conn.execute(_FAILURES, {"source": source, "since": since}).scalar_one())


def anybody(conn: Connection) -> bool:
    """Whether anybody can sign in; if not, the register is being set up."""
    return conn.execute(_ANYBODY).first() is not None


def without_password(conn: Connection) -> list[int]:
    """Everybody who cannot sign in yet."""
    return list(conn.execute(_WITHOUT).scalars())


def posts_held(conn: Connection, user_id: int, day: date) -> list[HeldPost]:
    """Every post a person holds or stands in for on `day`, highest unit first."""
    rows = conn.execute(_POSTS, {"user": user_id, "day": day})
    return [HeldPost._make(row) for row in rows]


def to_be(conn: Connection, day: date, *, units: int = 1, limit: int = 60) -> list[PersonRow]:
    """Some people with posts on `day`, of the first units of each level: whom to be in a sample."""
    rows = conn.execute(_TO_BE, {"day": day, "units": units, "most": limit})
    return [PersonRow._make(row[:-2]) for row in rows]


_HAS_FACTOR = exists().where(_factor.c.user_id == _user.c.id, _factor.c.confirmed_at.is_not(None))
_OPEN = (
    select(
        _session.c.id,
        _user.c.id,
        _user.c.login,
        _user.c.name,
        _session.c.began_at,
        _session.c.seen_at,
        _HAS_FACTOR,
    )
    .join_from(_session, _user, _user.c.id == _session.c.user_id)
    .where(
        _session.c.token_sha256 == bindparam("token"),
        _session.c.ended_at.is_(None),
        _user.c.is_active,
    )
)
_HASH = (
    select(_user.c.id, _password.c.hash, _HAS_FACTOR)
    .join_from(_user, _password, _password.c.user_id == _user.c.id)
    .where(_user.c.login == bindparam("login"), _user.c.is_active)
)
_FAILURES = select(func.count()).where(
    _failure.c.source == bindparam("source"),
    _failure.c.at >= bindparam("since", type_=_failure.c.at.type),
)
_ANYBODY = select(_password.c.user_id).limit(1)
_WITHOUT = (
    select(_user.c.id)
    .outerjoin(_password, _password.c.user_id == _user.c.id)
    .where(_password.c.user_id.is_(None), ~_user.c.is_system)
    .order_by(_user.c.id)
)
_DAY = bindparam("day", type_=_appointment.c.valid_from.type)
_held, _giver = authority.POWERS.subquery("held"), _user.alias("giver")
_POSTS = (
    select(
        _unit.c.id,
        _unit.c.code,
        func.coalesce(_period.c.short_name, _unit.c.code),
        func.coalesce(_period.c.name, _unit.c.code),
        _held.c.role,
        _giver.c.name,
    )
    .join_from(_held, _unit, _unit.c.id == _held.c.unit_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, _DAY)),
    )
    .outerjoin(_giver, _giver.c.id == _held.c.on_behalf_of_id)
    .order_by(_unit.c.id, _held.c.role, _giver.c.id)
)
_there = (_period.c.valid_from <= _DAY) & (_period.c.valid_to >= _DAY)
_first_units = (
    select(
        _period.c.unit_id,
        _period.c.name,
        _level.c.rank,
        _unit.c.code,
        func.row_number().over(partition_by=_period.c.level, order_by=_unit.c.code).label("place"),
    )
    .join_from(_period, _unit, _unit.c.id == _period.c.unit_id)
    .join(_level, _level.c.code == _period.c.level)
    .where(_there)
    .subquery("first_units")
)
_TO_BE = (
    select(
        _user.c.login,
        _user.c.name,
        _appointment.c.role,
        _first_units.c.name,
        _first_units.c.rank,
        _first_units.c.code,
    )
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .join(_first_units, _first_units.c.unit_id == _appointment.c.unit_id)
    .where(
        _user.c.is_active,
        _appointment.c.valid_from <= _DAY,
        _appointment.c.valid_to >= _DAY,
        _first_units.c.place <= bindparam("units", type_=Integer),
    )
    .order_by(_first_units.c.rank, _first_units.c.code, _appointment.c.role, _user.c.login)
    .limit(bindparam("most", type_=Integer))
)
