"""A worker in a process of its own that sweeps, or sends, until somebody kills it.

    python -m tests.faults.sweeping_worker URL HOME NAME WHAT

WHAT is `work` (sweep as a worker does), `ask` (only ask for the day's sweep, again and again) or
`send PORT` (only send what the outbox holds to a mail server on this machine).
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from cascade import clock
from cascade.clock import Moment
from cascade.jobs import mail, outbox, sweep, worker
from cascade.jobs.dbos import DbosEngine
from cascade.jobs.outgoing import Outgoing, Smtp
from cascade.jobs.port import Place
from cascade.jobs.sweep import Swept
from models.database import Database

PAGE = 20
_NEXT = text("SELECT id FROM step WHERE id > :after ORDER BY id LIMIT :most")


def remind(conn: Connection, moment: Moment, place: str) -> Swept:
    """A reminder for each step, a page at a time, slowly."""
    values = {"after": int(place or 0), "most": PAGE}
    steps = list(conn.execute(_NEXT, values).scalars())
    recorded = sum(
        mail.owe(
            conn,
            f"reminder:{step}:{moment.today}",
            f"s{step}@office.example",
            subject="Due",
            text="Soon.",
            at=moment.at,
        )
        for step in steps
    )
    time.sleep(0.02)
    return Swept(recorded, str(steps[-1]) if len(steps) == PAGE else None)


def main(url: str, home: str, name: str, what: str) -> None:
    """Work until killed."""
    db = Database(url)
    sweep.HOOKS = {"slow": remind}
    worker.PAUSE = 0.05
    if what == "work":
        place = Place(db, Path(home))
        worker.Worker(place, DbosEngine(place, name), Outgoing()).start()
    while what == "ask":
        sweep.ask(db, clock.now())
        time.sleep(0.01)
    if what.startswith("send"):
        outbox.LEASE = timedelta(seconds=1)
        smtp = Smtp("127.0.0.1", "cascade@office.example", int(what.split()[1]), tls="none")
        while True:
            if not any(outbox.round_of_all(db, Outgoing(smtp), clock.now())):
                time.sleep(0.05)
    time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:])
