"""Writing tokens of programs, and what programs were answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, update

from models.tables import ApiAnswer, ApiToken, table

_token, _answer = table(ApiToken), table(ApiAnswer)


class NewToken(NamedTuple):
    """A token as it is kept."""

    user_id: int
    name: str
    token_sha256: str
    hint: str
    scopes: str
    made_at: datetime
    expires_at: datetime


class Asked(NamedTuple):
    """An act asked for: by whom, under which key, and what exactly."""

    user_id: int
    key: str
    sha256: str


def put(conn: Connection, made: NewToken) -> int:
    """A new token; its number."""
    values = {**made._asdict(), "ended_at": None, "used_on": None}
    return int(conn.execute(insert(_token).values(values).returning(_token.c.id)).scalar_one())


def see(conn: Connection, token_id: int, day: date) -> None:
    """A token that was used on a day."""
    conn.execute(update(_token).where(_token.c.id == token_id).values(used_on=day))


def end(conn: Connection, user_id: int, token_id: int, at: datetime) -> bool:
    """One of a person's tokens ended; False if it is none of them, or has ended."""
    found = update(_token).where(
        _token.c.id == token_id, _token.c.user_id == user_id, _token.c.ended_at.is_(None)
    )
    return conn.execute(found.values(ended_at=at)).rowcount == 1


def end_all(conn: Connection, user_id: int, at: datetime) -> None:
    """Every token of a person ended, as when the account is closed."""
    found = update(_token).where(_token.c.user_id == user_id, _token.c.ended_at.is_(None))
    conn.execute(found.values(ended_at=at))


def claim(conn: Connection, asked: Asked, at: datetime, oldest: datetime) -> int:
    """A key taken for an act; whoever comes with it meanwhile waits, then meets IntegrityError.

    What was kept since before `oldest` is swept.
    """
    conn.execute(delete(_answer).where(_answer.c.at < oldest))
    values = {"user_id": asked.user_id, "key": asked.key, "asked_sha256": asked.sha256, "at": at}
    made = insert(_answer).values(**values, status=0, body="").returning(_answer.c.id)
    return int(conn.execute(made).scalar_one())


def answer(
    conn: Connection, claim_id: int, status: int, body: str, location: str | None, etag: str | None
) -> None:
    """What the act was answered, in the transaction that made it."""
    values = {"status": status, "body": body, "location": location, "etag": etag}
    conn.execute(update(_answer).where(_answer.c.id == claim_id).values(values))
