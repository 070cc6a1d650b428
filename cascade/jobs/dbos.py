"""The engine: DBOS behind our port, and the only module that knows it.

DBOS keeps its own record (`jobs.db` beside the register, or the schema `dbos` in PostgreSQL) of
which run was begun by which worker. A worker that comes back under its name takes up what it had
begun. Nothing is lost with that record: what there is to do stands in the register.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from cascade import clock
from cascade.jobs import kinds
from cascade.jobs.port import Place, put_off
from models import jobs as written

if TYPE_CHECKING:
    from dbos import DBOSConfig

QUEUE = "cascade"
# Ours, not a hash of the source: what was begun before an upgrade goes on after it. Raise it only
# if a run begun by older code must not be taken up by newer code.
VERSION = "1"
TIDIED = 1000  # runs looked at together
AT_ONCE = 2  # jobs a worker does side by side
# DBOS gives a run up that was recovered more often; the register gives it out again anyway.
RECOVERIES = 1_000_000


class DbosEngine:
    """One worker's engine; a process has one at most."""

    def __init__(self, place: Place, name: str) -> None:
        self._place = place
        self._name = name
        self._stopping = threading.Event()
        self._submit: Callable[[str, str], None] | None = None

    def start(self) -> None:
        """Load DBOS (a second), take up what this worker had begun, wait for more."""
        if self._submit is not None:
            return
        # Only a worker with something to do loads it.
        from dbos import DBOS, SetWorkflowID

        logging.getLogger("dbos").setLevel(logging.ERROR)
        DBOS(config=self._config())

        @DBOS.step(name="piece", retries_allowed=True, interval_seconds=0.2, max_attempts=6)
        def piece(key: str) -> bool:
            return kinds.work(self._place, key, clock.now())

        @DBOS.workflow(name="job", max_recovery_attempts=RECOVERIES)
        def job(key: str) -> None:
            try:
                while not self._stopping.is_set():
                    if not piece(key):
                        return
            except Exception as error:
                self._failed(key, error)
            else:
                self._hand_back(key)

        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.3)

        def submit(run_id: str, key: str) -> None:
            with SetWorkflowID(run_id):
                DBOS.enqueue_workflow(QUEUE, job, key)

        self._submit = submit

    def submit(self, run: str, key: str) -> None:
        """Run a job; a second submission of the same run is none."""
        self.start()
        assert self._submit is not None
        self._submit(run, key)

    def stop(self) -> None:
        """End after the pieces that are being done."""
        self._stopping.set()
        if self._submit is not None:
            from dbos import DBOS

            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=5)
            self._submit = None

    def tidy(self, before: datetime) -> None:
        """Forget its own record of runs that ended before a moment; by itself it keeps them all."""
        if self._submit is None:
            return
        from dbos import DBOS

        ended = ["SUCCESS", "ERROR", "CANCELLED"]
        old = DBOS.list_workflows(status=ended, limit=TIDIED, load_input=False)
        until = before.timestamp() * 1000
        over = [run.workflow_id for run in old if (run.updated_at or 0) < until]
        if over:
            DBOS.delete_workflows(over)

    def _config(self) -> DBOSConfig:
        return {
            "name": "cascade",
            "system_database_url": system_url(self._place),
            "application_version": VERSION,
            "executor_id": self._name,
            "log_level": "ERROR",
            "use_listen_notify": False,
        }

    def _failed(self, key: str, error: Exception) -> None:
        put_off(self._place.db, key, f"{type(error).__name__}: {error}"[:500], clock.now())

    def _hand_back(self, key: str) -> None:
        at = clock.now().at
        self._place.db.run(lambda conn: written.hand_back(conn, key, at))


def system_url(place: Place) -> str:
    """Where DBOS keeps its record: a file beside the register, or a schema of its PostgreSQL."""
    url = make_url(place.db.url)
    if place.db.is_sqlite:
        return f"sqlite:///{place.home / 'jobs.db'}"
    return url.render_as_string(hide_password=False)
