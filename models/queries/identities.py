"""Accounts elsewhere: whom one signs in, and which a person has."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, select

from models.tables import Identity, SecondFactor, User, table

_identity, _user, _factor = table(Identity), table(User), table(SecondFactor)


class LinkedRow(NamedTuple):
    """Whom an identity signs in, and whether a code is asked for after it."""

    user_id: int
    login: str
    has_factor: bool


class IdentityRow(NamedTuple):
    """A link as its owner and the administrator see it."""

    id: int
    issuer: str
    shown: str
    linked_at: datetime


def linked(conn: Connection, issuer: str, subject: str) -> LinkedRow | None:
    """The active person whom an identity signs in, for the sign-in."""
    row = conn.execute(_LINKED, {"issuer": issuer, "subject": subject}).first()
    return None if row is None else LinkedRow._make(row)


def owner(conn: Connection, issuer: str, subject: str) -> int | None:
    """Whose an identity is, the account closed or not, for whoever would link it."""
    found: int | None = conn.execute(_OWNER, {"issuer": issuer, "subject": subject}).scalar()
    return found


def of_person(conn: Connection, user_id: int) -> list[IdentityRow]:
    """A person's links, for the person and the administrator."""
    return [IdentityRow._make(row) for row in conn.execute(_OF_PERSON, {"user": user_id})]


_THIS = (_identity.c.issuer == bindparam("issuer")) & (_identity.c.subject == bindparam("subject"))
_LINKED = (
    select(
        _user.c.id,
        _user.c.login,
        exists().where(_factor.c.user_id == _user.c.id, _factor.c.confirmed_at.is_not(None)),
    )
    .join_from(_identity, _user, _user.c.id == _identity.c.user_id)
    .where(_THIS, _user.c.is_active)
)
_OWNER = select(_identity.c.user_id).where(_THIS)
_OF_PERSON = (
    select(_identity.c.id, _identity.c.issuer, _identity.c.shown, _identity.c.linked_at)
    .where(_identity.c.user_id == bindparam("user"))
    .order_by(_identity.c.id)
)
