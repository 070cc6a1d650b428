"""Guessing gets slow: failed tries of a quarter of an hour are counted by where they come from.

A try counts as failed before it is judged, and is forgiven when it was right: many tries sent at
the same moment cannot all slip past the count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.clock import Moment
from cascade.errors import RefusedError
from models import sessions
from models.database import Database
from models.queries import accounts

WINDOW = timedelta(minutes=15)


class TooManyTriesError(RefusedError):
    """There were too many failed tries."""

    remedy = "Wait a quarter of an hour, or ask the administrator for a new password."


class Limit(NamedTuple):
    """How many failures are borne of one source; a right try may make its earlier ones good."""

    source: str
    most: int
    is_forgiven: bool = False


class Try(NamedTuple):
    """A try that is being judged."""

    limits: tuple[Limit, ...]
    ids: tuple[int, ...]


def source(*parts: str) -> str:
    """A name for where tries come from that tells nobody who or what it was."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def begin(db: Database, limits: Sequence[Limit], moment: Moment) -> Try:
    """Count a try as failed until it is forgiven; raises TooManyTriesError."""
    since = moment.at - WINDOW
    _demand(db, limits, since)
    sources = [limit.source for limit in limits]
    ids = db.run(lambda conn: sessions.count_tries(conn, sources, moment.at, since))
    try:
        _demand(db, limits, since, mine=1)
    except TooManyTriesError:
        # What was not judged does not count: whoever waits need not wait longer for having asked.
        db.run(lambda conn: sessions.withdraw_tries(conn, ids))
        raise
    return Try(tuple(limits), tuple(ids))


def forgive(conn: Connection, tried: Try) -> None:
    """The try was right: it does not count, nor do the failures it makes good."""
    sessions.withdraw_tries(conn, tried.ids)
    sessions.forget_failures(conn, [one.source for one in tried.limits if one.is_forgiven])


def _demand(db: Database, limits: Sequence[Limit], since: datetime, mine: int = 0) -> None:
    with db.read() as conn:
        if any(accounts.failures(conn, one.source, since) >= one.most + mine for one in limits):
            raise TooManyTriesError()
