"""Writing identities: which account elsewhere signs whom in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert

from models.tables import Identity, table

_identity = table(Identity)


def put(
    conn: Connection, user_id: int, issuer: str, subject: str, shown: str, at: datetime
) -> None:
    """A link; one that the person had to the same provider gives way to it."""
    conn.execute(
        delete(_identity).where(_identity.c.user_id == user_id, _identity.c.issuer == issuer)
    )
    values = {"issuer": issuer, "subject": subject, "shown": shown, "linked_at": at}
    conn.execute(insert(_identity).values(user_id=user_id, **values))


def drop(conn: Connection, user_id: int, identity_id: int) -> bool:
    """One of a person's links is none any more; False if it is not one of them."""
    found = delete(_identity).where(_identity.c.id == identity_id, _identity.c.user_id == user_id)
    return conn.execute(found).rowcount == 1


def drop_all(conn: Connection, user_id: int) -> None:
    """No account elsewhere signs this person in."""
    conn.execute(delete(_identity).where(_identity.c.user_id == user_id))
