"""Where a person's mail goes."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from models.tables import User, table

_user = table(User)


class MailRow(NamedTuple):
    """An address and the language of what is sent there; None: nothing is, the installation's."""

    email: str | None
    lang: str | None


def of_person(conn: Connection, user_id: int) -> MailRow | None:
    """A person's address, for the person and for the administrator."""
    row = conn.execute(_OF_PERSON, {"user": user_id}).first()
    return None if row is None else MailRow._make(row)


_OF_PERSON = select(_user.c.email, _user.c.lang).where(
    _user.c.id == bindparam("user"), ~_user.c.is_system
)
