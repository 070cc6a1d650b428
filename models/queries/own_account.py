"""A person's own account: where one is signed in, what waits for a code, links, second factors."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from models.tables import (
    Appointment,
    HalfSession,
    ResetLink,
    SecondFactor,
    Unit,
    UnitPeriod,
    User,
    WebSession,
    table,
)

_user, _session, _appointment = table(User), table(WebSession), table(Appointment)
_half, _link, _factor = table(HalfSession), table(ResetLink), table(SecondFactor)
_unit, _period = table(Unit), table(UnitPeriod)


class OwnSessionRow(NamedTuple):
    """A session as its owner sees it."""

    id: int
    began_at: datetime
    seen_at: datetime
    device: str | None


class HalfRow(NamedTuple):
    """A right password that waits for its code."""

    id: int
    user_id: int
    login: str
    began_at: datetime


class LinkRow(NamedTuple):
    """A link and the person it lets set a password."""

    user_id: int
    login: str
    name: str
    expires_at: datetime


class FactorRow(NamedTuple):
    """A second factor as it is kept."""

    sealed_secret: str
    made_at: datetime
    confirmed_at: datetime | None


def sessions_of(
    conn: Connection, user_id: int, began: datetime, seen: datetime
) -> list[OwnSessionRow]:
    """A person's open sessions, begun and seen since then, for the list of one's own."""
    rows = conn.execute(_SESSIONS_OF, {"user": user_id, "began": began, "seen": seen})
    return [OwnSessionRow._make(row) for row in rows]


def half_session(conn: Connection, token_sha256: str) -> HalfRow | None:
    """The sign-in that waits for its code, unless its person may not in any more."""
    row = conn.execute(_HALF, {"token": token_sha256}).first()
    return None if row is None else HalfRow._make(row)


def link(conn: Connection, token_sha256: str) -> LinkRow | None:
    """Whose password a link sets, unless the account is closed."""
    row = conn.execute(_LINK, {"token": token_sha256}).first()
    return None if row is None else LinkRow._make(row)


def factor(conn: Connection, user_id: int) -> FactorRow | None:
    """A person's second factor, asked for or waiting to be confirmed."""
    row = conn.execute(_FACTOR, {"user": user_id}).first()
    return None if row is None else FactorRow._make(row)


def said_of(conn: Connection, user_id: int) -> list[str]:
    """Login, name and units of a person, now or once: words that make no password."""
    rows = conn.execute(_SAID, {"user": user_id}).all()
    return sorted({str(text) for row in rows for text in row if text})


_SESSIONS_OF = (
    select(_session.c.id, _session.c.began_at, _session.c.seen_at, _session.c.device)
    .where(
        _session.c.user_id == bindparam("user"),
        _session.c.ended_at.is_(None),
        _session.c.began_at >= bindparam("began", type_=_session.c.began_at.type),
        _session.c.seen_at >= bindparam("seen", type_=_session.c.seen_at.type),
    )
    .order_by(_session.c.id.desc())
)
_HALF = (
    select(_half.c.id, _user.c.id, _user.c.login, _half.c.began_at)
    .join_from(_half, _user, _user.c.id == _half.c.user_id)
    .where(_half.c.token_sha256 == bindparam("token"), _user.c.is_active)
)
_LINK = (
    select(_user.c.id, _user.c.login, _user.c.name, _link.c.expires_at)
    .join_from(_link, _user, _user.c.id == _link.c.user_id)
    .where(_link.c.token_sha256 == bindparam("token"), _user.c.is_active)
)
_FACTOR = select(_factor.c.sealed_secret, _factor.c.made_at, _factor.c.confirmed_at).where(
    _factor.c.user_id == bindparam("user")
)
_SAID = (
    select(_user.c.login, _user.c.name, _unit.c.code, _period.c.name, _period.c.short_name)
    .join_from(_user, _appointment, _appointment.c.user_id == _user.c.id, isouter=True)
    .outerjoin(_unit, _unit.c.id == _appointment.c.unit_id)
    .outerjoin(_period, _period.c.unit_id == _unit.c.id)
    .where(_user.c.id == bindparam("user"))
)
