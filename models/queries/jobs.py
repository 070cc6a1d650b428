"""Which long work is asked for and how far it has come: for workers, pages and whoever looks on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, select, text

from models.database import is_writing
from models.durable import LEFT, OPEN
from models.tables import Duty, Job, table

_job, _duty = table(Job), table(Duty)


# Nothing is put off for longer: a moment beyond that was written while the clock was ahead.
NEVER_LONGER = timedelta(hours=3)


class JobRow(NamedTuple):
    """A job as it stands."""

    key: str
    name: str
    args: dict[str, Any]
    letter_id: int | None
    state: str
    total: int
    done: int
    place: str
    tries: int
    runs: int
    next_at: datetime
    ended_at: datetime | None
    problem: str | None
    result: dict[str, Any] | None

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to be done."""
        return self.state in ("waiting", "running")


class Underway(NamedTuple):
    """How many of a letter's units have it already, of how many."""

    done: int
    total: int


def find(conn: Connection, key: str) -> JobRow | None:
    """A job as it stands; in a writing transaction it stays locked until the end."""
    query = _FIND.with_for_update() if is_writing(conn) else _FIND
    row = conn.execute(query, {"key": key}).first()
    return None if row is None else JobRow._make(row)


class Due(NamedTuple):
    """A job that waits for a worker, or whose worker seems to be gone."""

    key: str
    runs: int
    next_at: datetime


def due(conn: Connection, now: datetime, most: int = 100) -> list[Due]:
    """What the workers are to begin now, the longest due first."""
    values = {"now": now, "beyond": now + NEVER_LONGER, "most": most}
    return [Due._make(row) for row in conn.execute(_DUE, values)]


def asked_by(conn: Connection, name: str, user_id: int, most: int = 20) -> list[JobRow]:
    """The jobs of a kind whose keys begin with their asker, newest first, for that person."""
    values = {"name": name, "begins": f"{name}-{user_id}-", "most": most}
    return [JobRow._make(row) for row in conn.execute(_ASKED_BY, values)]


def is_anything_running(conn: Connection) -> bool:
    """Whether a worker has begun something and not ended it: it may have been this one."""
    return conn.execute(_RUNNING).first() is not None


def underway(conn: Connection, letter_id: int) -> Underway | None:
    """How far a letter is on its way to its units; None where it is not, or has reached all."""
    row = conn.execute(_UNDERWAY, {"letter": letter_id}).first()
    return None if row is None else Underway._make(row)


def long_letters(conn: Connection, letter_ids: Sequence[int], above: int) -> dict[int, int]:
    """letter → duties, of those letters that lay more than so many: they go out batch by batch."""
    rows = conn.execute(_LONG, {"ids": list(letter_ids), "above": above})
    return {row[0]: row[1] for row in rows}


def counts(conn: Connection) -> list[tuple[str, str, int]]:
    """(name, state, how many) of jobs: what a look at the workers' health begins with."""
    return [tuple(row) for row in conn.execute(_COUNTS)]


def failed(conn: Connection) -> list[tuple[str, str]]:
    """(key, problem) of jobs that were given up: somebody must look at each."""
    return [tuple(row) for row in conn.execute(_FAILED)]


_FIND = select(*[_job.c[name] for name in JobRow._fields]).where(_job.c.key == bindparam("key"))
_ASKED_BY = (
    select(*[_job.c[name] for name in JobRow._fields])
    .where(
        _job.c.name == bindparam("name"),
        _job.c.key.startswith(bindparam("begins", type_=_job.c.key.type), autoescape=False),
    )
    .order_by(_job.c.id.desc())
    .limit(bindparam("most"))
)
_DUE = (
    select(_job.c.key, _job.c.runs, _job.c.next_at)
    .where(
        text(OPEN),
        (_job.c.next_at <= bindparam("now", type_=_job.c.next_at.type))
        | (_job.c.next_at > bindparam("beyond", type_=_job.c.next_at.type)),
    )
    .order_by(_job.c.next_at)
    .limit(bindparam("most"))
)
_RUNNING = select(_job.c.id).where(_job.c.state == "running").limit(1)
_UNDERWAY = select(_job.c.done, _job.c.total).where(
    _job.c.letter_id == bindparam("letter"), text(LEFT)
)
_LONG = (
    select(_duty.c.letter_id, func.count())
    .where(_duty.c.letter_id.in_(bindparam("ids", expanding=True, type_=Integer)))
    .group_by(_duty.c.letter_id)
    .having(func.count() > bindparam("above"))
)
_COUNTS = (
    select(_job.c.name, _job.c.state, func.count())
    .group_by(_job.c.name, _job.c.state)
    .order_by(_job.c.name, _job.c.state)
)
_FAILED = (
    select(_job.c.key, func.coalesce(_job.c.problem, ""))
    .where(_job.c.state == "failed")
    .order_by(_job.c.key)
)
