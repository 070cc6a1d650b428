"""A worker in a process of its own that kills itself with SIGKILL at a named point of a job.

    python -m tests.faults.killed_worker URL HOME NAME KEY

KILL_AT is `POINT N`: at the Nth time it comes to the point. BATCH is how many units a batch has.
Without KILL_AT the worker works until the job with this key is done. Functions are wrapped here;
the product knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from cascade.clock import Moment
from cascade.jobs import issuing, kinds, worker
from cascade.jobs.dbos import DbosEngine
from cascade.jobs.outgoing import Outgoing
from cascade.jobs.port import Place
from models import jobs as written
from models import laying
from models.database import Database
from models.queries import jobs

# Of one piece, in this order: it is read and locked; its steps are laid; its place is kept; all is
# about to be committed; is committed, and the engine does not know; the engine knows.
POINTS = ["handed", "locked", "laid", "kept", "commit", "committed", "noted"]
PATIENCE = 400.0  # seconds


def die(*_: object, **__: object) -> Any:
    """Gone at once, with nothing put in order."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(do: Callable[..., Any], then: Callable[[], None]) -> Callable[..., Any]:
    """A function that does something more when it has done its work."""

    def both(*given: Any, **named: Any) -> Any:
        done = do(*given, **named)
        then()
        return done

    return both


def arm(db: Database, point: str, number: int) -> None:
    """Wrap the function that stands for the point."""
    seen = [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == number:
            die()

    if point == "handed":
        worker.written.hand_over = after(written.hand_over, count)  # type: ignore[attr-defined]
    elif point == "locked":
        issuing.acting.letters = after(issuing.acting.letters, count)  # type: ignore[attr-defined]
    elif point == "laid":
        issuing.laying.lay_some = after(laying.lay_some, count)  # type: ignore[attr-defined]
    elif point == "kept":
        issuing.written.advance = after(written.advance, count)  # type: ignore[attr-defined]
    elif point == "commit":
        event.listen(db.engine, "commit", lambda conn: count() if conn.info.get("write") else None)
    elif point == "committed":
        kinds.KINDS[issuing.NAME] = after(issuing.piece, count)
    elif point == "noted":
        piece = kinds.work

        def work(place: Place, key: str, moment: Moment) -> bool:
            count()
            return piece(place, key, moment)

        kinds.work = work


def main(url: str, home: str, name: str, key: str) -> None:
    """Work until the job is done, or die of it."""
    issuing.BATCH = int(os.environ.get("BATCH", issuing.BATCH))
    worker.PAUSE = 0.05
    db = Database(url)
    point, _, number = os.environ.get("KILL_AT", "").partition(" ")
    if point:
        arm(db, point, int(number))
    place = Place(db, Path(home))
    worker.Worker(place, DbosEngine(place, name), Outgoing()).start()
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        row = None
        with suppress(DBAPIError), db.read() as conn:
            row = jobs.find(conn, key)
        if row is not None and not row.is_open:
            os._exit(0)
        time.sleep(0.02)
    os._exit(3)


if __name__ == "__main__":
    main(*sys.argv[1:])
