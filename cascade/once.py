"""An act asked for under a key: made once, however often a program has to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from cascade.errors import RefusedError
from models import tokens
from models.database import Database
from models.errors import StaleError
from models.queries import tokens as query
from models.tokens import Asked

__all__ = ["KEPT", "Answer", "Asked", "KeyTakenError", "again", "make"]

KEPT = timedelta(hours=24)


class Answer(NamedTuple):
    """What an act is answered; the same each time its key comes again."""

    status: int
    body: str
    location: str | None = None
    etag: str | None = None


class KeyTakenError(RefusedError):
    """The key was used for something else already."""


def again(db: Database, asked: Asked, at: datetime) -> Answer | None:
    """What was answered under this key; raises KeyTakenError when something else was asked."""
    with db.read() as conn:
        return _kept(conn, asked, at)


def make(db: Database, asked: Asked, at: datetime, work: Callable[[Connection], Answer]) -> Answer:
    """Do the work and keep its answer in the same transaction, or give the answer kept.

    What is refused leaves nothing: the same key may be used once more. Raises KeyTakenError and
    whatever the work raises.
    """

    def attempt(conn: Connection) -> Answer:
        kept = _kept(conn, asked, at)
        if kept is not None:
            return kept
        claim = tokens.claim(conn, asked, at, at - KEPT)
        answer = work(conn)
        tokens.answer(conn, claim, *answer)
        return answer

    try:
        return db.run(attempt)
    except (IntegrityError, StaleError):
        # The same key, or what the work touches, was taken meanwhile: look again.
        return db.run(attempt)


def _kept(conn: Connection, asked: Asked, at: datetime) -> Answer | None:
    row = query.kept(conn, asked.user_id, asked.key, at - KEPT)
    if row is None:
        return None
    if row.asked_sha256 != asked.sha256:
        raise KeyTakenError()
    return Answer(row.status, row.body, row.location, row.etag)
