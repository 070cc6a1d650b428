"""A worker: hands jobs to the engine, sends what is owed, asks for each day's sweep."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date

from sqlalchemy.exc import DBAPIError

from cascade import clock
from cascade.clock import Moment
from cascade.jobs import checkpoint, outbox, sweep
from cascade.jobs.outgoing import Outgoing
from cascade.jobs.port import UNHEARD, Engine, Place
from models import jobs as written
from models.database import Database
from models.queries import jobs

PAUSE = 0.5  # seconds between looks at what there is to do
LONG_PAUSE = 5.0  # after the database could not be reached
_log = logging.getLogger("cascade.worker")


def hand_out(db: Database, engine: Engine, moment: Moment) -> int:
    """Give the engine what waits, and what nothing was heard of; returns how many.

    It is given first and noted afterwards: who dies between leaves it to be given again, which
    the engine knows by the run's name.
    """
    with db.read() as conn:
        due = jobs.due(conn, moment.at)
    until = moment.at + UNHEARD
    for job in due:
        engine.submit(f"{job.key}#{job.runs}", job.key)
        db.run(lambda conn, job=job: written.hand_over(conn, job, until))  # type: ignore[misc]
    return len(due)


class Worker:
    """Two loops that end together: jobs in one, what goes out in the other."""

    def __init__(
        self,
        place: Place,
        engine: Engine,
        outgoing: Outgoing,
        now: Callable[[], Moment] = clock.now,
    ) -> None:
        self._place = place
        self._engine = engine
        self._outgoing = outgoing
        self._now = now
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._tidied: date | None = None

    def start(self) -> None:
        """Begin both loops, in threads of their own."""
        loops = [self._hand_out]
        if self._outgoing.smtp is not None or self._outgoing.endpoints:
            loops.append(self._send)
        for loop in loops:
            thread = threading.Thread(target=self._repeat, args=(loop,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End after what is being done; what is left is taken up by whoever works next."""
        self._stop.set()
        for thread in self._threads:
            thread.join(10)
        self._engine.stop()

    def _hand_out(self) -> int:
        moment = self._now()
        if self._tidied is None:  # the first round: what this worker had begun goes on
            with self._place.db.read() as conn:
                is_begun = jobs.is_anything_running(conn)
            # Not while we read: PostgreSQL makes some of DBOS's indexes only when nobody does.
            if is_begun:
                self._engine.start()
        sweep.ask(self._place.db, moment)
        checkpoint.ask(self._place.db, moment)
        hand_out(self._place.db, self._engine, moment)
        if self._tidied != moment.today:
            self._engine.tidy(moment.at - sweep.KEPT)
            self._tidied = moment.today
        return 0

    def _send(self) -> int:
        done = outbox.round_of_all(self._place.db, self._outgoing, self._now())
        return sum(done)

    def _repeat(self, loop: Callable[[], int]) -> None:
        while not self._stop.is_set():
            pause = PAUSE
            try:
                if loop():
                    continue  # there may be more
            except DBAPIError as error:
                _log.warning("the database does not answer: %s", error.orig)
                pause = LONG_PAUSE
            except Exception:
                _log.exception("a round failed; the next one follows")
                pause = LONG_PAUSE
            self._stop.wait(pause)
