"""One act in a process of its own that kills itself with SIGKILL at a named point.

    python -m tests.faults.killed URL STORE WHAT ID FILE

The environment's KILL_AT names the point: `statement N` (before the Nth statement of the act),
`commit` (all is written, nothing committed), `committed`, `fsync` or `rename` (of the evidence);
anything else lets the act end. Functions are wrapped here; the product knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from cascade import act, issue
from cascade.acts import Act, Ref
from cascade.clock import on
from cascade.store import FileStore
from models.database import Database
from models.queries import acting
from tests.worlds import TODAY


def die(*_: object, **__: object) -> Any:
    """Gone at once, with nothing put in order."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(db: Database, point: str) -> None:
    """Wrap the function that stands for the point."""
    name, _, number = point.partition(" ")
    if name == "statement":
        seen = [0]

        def count(*_: object) -> None:
            seen[0] += 1
            if seen[0] == int(number):
                die()

        event.listen(db.engine, "before_cursor_execute", count)
    elif name == "commit":
        event.listen(db.engine, "commit", die)
    elif name == "fsync":
        os.fsync = die
    elif name == "rename":
        Path.replace = die  # type: ignore[method-assign]


def main(url: str, folder: str, what: str, row: str, shown: str) -> None:
    """Do the act, or die of it."""
    db, store, moment = Database(url), FileStore(Path(folder)), on(TODAY)
    login = "p.sec" if what == "issue" else "a1.staff"
    with db.read() as conn:
        who = acting.actor(conn, login)
    assert who is not None
    point = os.environ.get("KILL_AT", "")
    arm(db, point)
    if what == "issue":
        issue.issue(db, [int(row)], who, moment)
    else:
        with store.staging([Path(shown)]) as files:
            act.fire(db, Ref("step", int(row)), Act(trigger="report", files=files), who, moment)
    if point == "committed":
        die()


if __name__ == "__main__":
    main(*sys.argv[1:])
