"""Writing accounts: passwords, sessions, failed sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from models.tables import Password, SignInFailure, WebSession, table

_password, _session, _failure = table(Password), table(WebSession), table(SignInFailure)


def put_password(conn: Connection, user_id: int, hashed: str, at: datetime) -> None:
    """A person's password, new or another; every session of the old one ends."""
    conn.execute(delete(_password).where(_password.c.user_id == user_id))
    conn.execute(insert(_password).values(user_id=user_id, hash=hashed, set_at=at))
    end_all(conn, user_id, at)


def put_first_passwords(
    conn: Connection, user_ids: Sequence[int], hashed: str, at: datetime
) -> None:
    """The same password for people who have none; they have no session to end."""
    rows = [{"user_id": user_id, "hash": hashed, "set_at": at} for user_id in user_ids]
    if rows:
        conn.execute(insert(_password), rows)


def begin(conn: Connection, user_id: int, token_sha256: str, at: datetime) -> None:
    """A session that begins now."""
    conn.execute(
        insert(_session).values(
            token_sha256=token_sha256, user_id=user_id, began_at=at, seen_at=at, ended_at=None
        )
    )


def see(conn: Connection, session_id: int, at: datetime) -> None:
    """A session that was used."""
    conn.execute(update(_session).where(_session.c.id == session_id).values(seen_at=at))


def end(conn: Connection, session_id: int, at: datetime) -> None:
    """A session signed out."""
    conn.execute(update(_session).where(_session.c.id == session_id).values(ended_at=at))


def end_all(conn: Connection, user_id: int, at: datetime) -> None:
    """Every session of a person signed out."""
    conn.execute(
        update(_session)
        .where(_session.c.user_id == user_id, _session.c.ended_at.is_(None))
        .values(ended_at=at)
    )


def count_failure(conn: Connection, sources: list[str], at: datetime, oldest: datetime) -> None:
    """A failed sign-in under each of its sources; those before `oldest` no longer count."""
    conn.execute(delete(_failure).where(_failure.c.at < oldest))
    conn.execute(insert(_failure), [{"source": source, "at": at} for source in sources])


def forget_failures(conn: Connection, source: str) -> None:
    """What a successful sign-in makes good."""
    conn.execute(delete(_failure).where(_failure.c.source == source))
