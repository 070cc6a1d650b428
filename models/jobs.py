"""Asking for long work, and writing down how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, literal, update

from models.once import once
from models.queries.jobs import Due
from models.tables import Job, table

_job = table(Job)


def ask(
    conn: Connection,
    key: str,
    name: str,
    args: Mapping[str, Any],
    at: datetime,
    *,
    total: int = 0,
    letter_id: int | None = None,
) -> bool:
    """A job to be done once; False where one with this key is or was there already."""
    values = {"key": key, "name": name, "args": dict(args), "letter_id": letter_id}
    values |= {"state": "waiting", "total": total, "done": 0, "place": "", "tries": 0, "runs": 0}
    return once(conn, _job, {**values, "next_at": at, "made_at": at}, "key")


def begun(conn: Connection, key: str, done: int, place: str) -> None:
    """What was done of a job in the transaction that asks for the rest."""
    conn.execute(update(_job).where(_job.c.key == key).values(done=done, place=place))


def hand_over(conn: Connection, job: Due, until: datetime) -> None:
    """Note that a job was given to the engine, unless another worker has noted it meanwhile.

    A job of which nothing is heard until then is given to it again. The engine may have been
    quicker than this note: what it has written about how the job goes on stays.
    """
    is_as_seen = _job.c.next_at == job.next_at
    given = update(_job).where(
        _job.c.key == job.key, _job.c.runs == job.runs, _job.c.state.in_(("waiting", "running"))
    )
    conn.execute(
        given.values(
            runs=job.runs + 1,
            state=case((is_as_seen, "running"), else_=_job.c.state),
            next_at=case((is_as_seen, literal(until, _job.c.next_at.type)), else_=_job.c.next_at),
        )
    )


def advance(conn: Connection, key: str, done: int, total: int, place: str, until: datetime) -> None:
    """So many of so many are done, and the next piece begins there."""
    values = {"done": done, "total": total, "place": place, "tries": 0, "problem": None}
    values["state"] = "running"
    conn.execute(update(_job).where(_job.c.key == key).values(**values, next_at=until))


def hand_back(conn: Connection, key: str, now: datetime) -> None:
    """A worker that stops leaves its job to another at once."""
    back = update(_job).where(_job.c.key == key, _job.c.state == "running")
    conn.execute(back.values(state="waiting", next_at=now))


def end(
    conn: Connection,
    key: str,
    at: datetime,
    result: Mapping[str, Any] | None = None,
    problem: str | None = None,
) -> None:
    """A job is over, done or given up for a reason."""
    state = "done" if problem is None else "failed"
    values = {"state": state, "ended_at": at, "problem": problem, "result": result}
    conn.execute(update(_job).where(_job.c.key == key).values(values))


def put_off(conn: Connection, key: str, until: datetime, problem: str) -> None:
    """A piece failed: the job waits, then it is tried again."""
    values = {"state": "waiting", "next_at": until, "problem": problem}
    put = update(_job).where(_job.c.key == key, _job.c.state.in_(("waiting", "running")))
    conn.execute(put.values(**values, tries=_job.c.tries + 1))


def try_again(conn: Connection, now: datetime) -> int:
    """What was given up is tried anew, once somebody has removed the reason."""
    again = update(_job).where(_job.c.state == "failed")
    values = {"state": "waiting", "tries": 0, "next_at": now, "ended_at": None}
    return conn.execute(again.values(values)).rowcount


def forget(conn: Connection, before: datetime) -> int:
    """Remove jobs that were done before a moment; those given up stay until somebody looked."""
    old = delete(_job).where(_job.c.state == "done", _job.c.ended_at < before)
    return conn.execute(old).rowcount
