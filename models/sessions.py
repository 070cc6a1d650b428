"""Writing accounts: passwords, sessions, one-time links, failed sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from models.tables import HalfSession, Password, ResetLink, SignInFailure, WebSession, table

_password, _session, _half = table(Password), table(WebSession), table(HalfSession)
_failure, _link = table(SignInFailure), table(ResetLink)


def put_password(conn: Connection, user_id: int, hashed: str, at: datetime) -> None:
    """A person's password, new or another; sessions and links of the time before end."""
    conn.execute(delete(_password).where(_password.c.user_id == user_id))
    conn.execute(insert(_password).values(user_id=user_id, hash=hashed, set_at=at))
    end_all(conn, user_id, at)
    void_links(conn, user_id)


def put_first_passwords(
    conn: Connection, user_ids: Sequence[int], hashed: str, at: datetime
) -> None:
    """The same password for people who have none; they have no session to end."""
    rows = [{"user_id": user_id, "hash": hashed, "set_at": at} for user_id in user_ids]
    if rows:
        conn.execute(insert(_password), rows)


def begin(
    conn: Connection, user_id: int, token_sha256: str, at: datetime, device: str = ""
) -> None:
    """A session that begins now."""
    values = {"began_at": at, "seen_at": at, "ended_at": None, "device": device or None}
    conn.execute(insert(_session).values(token_sha256=token_sha256, user_id=user_id, **values))


def begin_half(
    conn: Connection, user_id: int, token_sha256: str, at: datetime, oldest: datetime
) -> None:
    """A right password that waits for its code; what waited since before `oldest` is swept."""
    conn.execute(delete(_half).where(_half.c.began_at < oldest))
    conn.execute(insert(_half).values(token_sha256=token_sha256, user_id=user_id, began_at=at))


def take_half(conn: Connection, half_id: int) -> bool:
    """Use up a half-session; False if another request was first."""
    return conn.execute(delete(_half).where(_half.c.id == half_id)).rowcount == 1


def see(conn: Connection, session_id: int, at: datetime) -> None:
    """A session that was used."""
    conn.execute(update(_session).where(_session.c.id == session_id).values(seen_at=at))


def end(conn: Connection, session_id: int, at: datetime) -> None:
    """A session signed out."""
    conn.execute(update(_session).where(_session.c.id == session_id).values(ended_at=at))


def end_own(conn: Connection, user_id: int, session_id: int, at: datetime) -> bool:
    """One of a person's open sessions signed out; False if it is none of them."""
    found = update(_session).where(
        _session.c.id == session_id, _session.c.user_id == user_id, _session.c.ended_at.is_(None)
    )
    return conn.execute(found.values(ended_at=at)).rowcount == 1


def end_all(conn: Connection, user_id: int, at: datetime, but: int = 0) -> None:
    """Every session of a person signed out, half ones too; the session `but` may stay."""
    conn.execute(
        update(_session)
        .where(_session.c.user_id == user_id, _session.c.ended_at.is_(None), _session.c.id != but)
        .values(ended_at=at)
    )
    conn.execute(delete(_half).where(_half.c.user_id == user_id))


def put_link(conn: Connection, user_id: int, token_sha256: str, expires_at: datetime) -> None:
    """A person's one link; an earlier one opens nothing any more."""
    void_links(conn, user_id)
    values = {"token_sha256": token_sha256, "expires_at": expires_at}
    conn.execute(insert(_link).values(user_id=user_id, **values))


def take_link(conn: Connection, token_sha256: str) -> bool:
    """Use up a link; False if another request was first."""
    found = delete(_link).where(_link.c.token_sha256 == token_sha256)
    return conn.execute(found).rowcount == 1


def void_links(conn: Connection, user_id: int) -> None:
    """The links of a person open nothing any more."""
    conn.execute(delete(_link).where(_link.c.user_id == user_id))


def count_tries(
    conn: Connection, sources: Sequence[str], at: datetime, oldest: datetime
) -> list[int]:
    """A try under each of its sources, failed until it is forgiven; the numbers of its rows.

    Those before `oldest` no longer count and are swept.
    """
    conn.execute(delete(_failure).where(_failure.c.at < oldest))
    counted = insert(_failure).returning(_failure.c.id)
    return [
        int(conn.execute(counted, {"source": source, "at": at}).scalar_one()) for source in sources
    ]


def withdraw_tries(conn: Connection, ids: Sequence[int]) -> None:
    """Tries that do not count after all."""
    conn.execute(delete(_failure).where(_failure.c.id.in_(ids)))


def forget_failures(conn: Connection, sources: Sequence[str]) -> None:
    """What a successful sign-in makes good."""
    conn.execute(delete(_failure).where(_failure.c.source.in_(sources)))
