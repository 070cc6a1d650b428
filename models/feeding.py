"""Writing calendar feeds: one a person, under a token of which only the hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert

from models.tables import CalendarFeed, table

_feed = table(CalendarFeed)


def put(conn: Connection, user_id: int, token_sha256: str, at: datetime) -> None:
    """A person's feed under a new token; the old address is dead."""
    end(conn, user_id)
    conn.execute(insert(_feed), {"user_id": user_id, "token_sha256": token_sha256, "made_at": at})


def end(conn: Connection, user_id: int) -> bool:
    """No feed any more; whether there was one."""
    return conn.execute(delete(_feed).where(_feed.c.user_id == user_id)).rowcount == 1
