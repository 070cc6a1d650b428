"""Writing where a person's mail goes."""

from __future__ import annotations

from sqlalchemy import Connection, update

from models.tables import User, table

_user = table(User)


def put(conn: Connection, user_id: int, email: str | None, lang: str | None) -> None:
    """The address and the language of a person's reminders."""
    person = update(_user).where(_user.c.id == user_id, ~_user.c.is_system)
    conn.execute(person.values(email=email, lang=lang))
