"""The engine without an engine: a job is done where it is submitted, piece after piece.

For whoever stands at the console and waits, and for tests; should the process end, the next worker
goes on from the piece that was not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cascade import clock
from cascade.clock import Moment
from cascade.jobs import kinds
from cascade.jobs.port import Place, put_off


class InlineEngine:
    """Runs a job to its end before `submit` returns."""

    def __init__(self, place: Place, now: Callable[[], Moment] = clock.now) -> None:
        self._place = place
        self._now = now

    def start(self) -> None:
        """There is nothing to load."""

    def submit(self, _run: str, key: str) -> None:
        """Do the whole job; a failure puts it off."""
        try:
            while kinds.work(self._place, key, self._now()):
                pass
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"[:500]
            put_off(self._place.db, key, problem, self._now())

    def tidy(self, before: datetime) -> None:
        """There is no record of its own."""

    def stop(self) -> None:
        """There is nothing to end."""
