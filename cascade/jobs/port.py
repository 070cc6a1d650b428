"""The port: what asks for long work and what does it know of each other; no engine is named here.

A job is asked for by a row in the register, written in the transaction of its cause, and done
piece by piece. Each piece keeps its result and the place of the next one in one transaction, so
however often a piece is begun, by however many, it is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection

from cascade.clock import Moment
from models import jobs as written
from models.database import Database
from models.queries import jobs

# A job of which nothing was heard for so long is handed out again: its worker is gone for good.
# One that only restarts takes up its own at once.
UNHEARD = timedelta(minutes=5)
# Between tries of what failed, growing; after the last one somebody must look.
PAUSES = [timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 900, 3600, 3600, 3600, 3600)]


@dataclass(frozen=True)
class Place:
    """Where jobs work: the register and the folder of its files."""

    db: Database
    home: Path


# Does the next piece of the job with this key; whether there is more to do.
Piece = Callable[[Place, str, Moment], bool]


class Progress(NamedTuple):
    """How far a job has come; `total` 0 while nobody knows how much there is."""

    state: str
    done: int
    total: int
    problem: str | None
    result: dict[str, Any] | None


class Engine(Protocol):
    """What runs jobs: it takes them up again after a crash of its own process."""

    def start(self) -> None:
        """Begin to work; what was running when this worker last ended goes on."""

    def submit(self, run: str, key: str) -> None:
        """Run a job; a second submission of the same run is none."""

    def tidy(self, before: datetime) -> None:
        """Forget its own record of runs that ended before a moment."""

    def stop(self) -> None:
        """End after the pieces that are being done."""


def enqueue(
    conn: Connection,
    name: str,
    args: Mapping[str, Any],
    key: str,
    at: datetime,
    *,
    total: int = 0,
) -> bool:
    """Ask for a job in the transaction of its cause; asked again with the same key, it is no-op."""
    return written.ask(conn, key, name, args, at, total=total)


def progress(conn: Connection, key: str) -> Progress | None:
    """How far a job has come, for whoever asked for it; None where there is none."""
    row = jobs.find(conn, key)
    if row is None:
        return None
    return Progress(row.state, row.done, row.total, row.problem, row.result)


def put_off(db: Database, key: str, problem: str, moment: Moment) -> None:
    """A piece failed: try later, or after many tries leave it to be looked at."""

    def work(conn: Connection) -> None:
        row = jobs.find(conn, key)
        if row is None or not row.is_open:
            return
        if row.tries >= len(PAUSES):
            written.end(conn, key, moment.at, problem=problem)
        else:
            written.put_off(conn, key, moment.at + PAUSES[row.tries], problem)

    db.run(work)
