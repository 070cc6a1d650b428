"""Backups under fifty writes a second, restored elsewhere and verified, twenty of twenty."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from cascade.upkeep.backup import backup, restore
from tests.cascade.upkeep.conftest import NOW, Installation, at_work, elsewhere, faults
from tests.worlds import Office

__all__ = ["at_work", "elsewhere"]
pytestmark = pytest.mark.slow
RATE = 50  # writes a second


class Writers:
    """People who register and issue letters at a steady rate."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.written = 0

    def __enter__(self) -> Writers:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        begun = time.monotonic()
        while not self._stop.is_set():
            self._office.letter("P", owe=["A"])
            self.written += 2  # registered, then issued
            ahead = self.written / RATE - (time.monotonic() - begun)
            if ahead > 0:
                time.sleep(ahead)


def test_twenty_backups_under_load_are_restored_and_verified(
    office: Office, at_work: Installation, elsewhere: Callable[[], Installation]
) -> None:
    sizes = []
    begun = time.monotonic()
    with Writers(office) as writers:
        for number in range(20):
            while writers.written < 25 * (number + 1):  # half a second of work
                time.sleep(0.01)
            path = at_work.settings.home.parent / f"{number}.tar"
            backup(at_work.settings, at_work.db, path, NOW)
            there = elsewhere()
            restore(path, there.settings, there.db)
            assert faults(there) == [], number
            with there.db.read() as conn:
                sizes.append(conn.exec_driver_sql("SELECT count(*) FROM event").scalar_one())
    rate = writers.written / (time.monotonic() - begun)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]  # else nobody wrote meanwhile
    assert rate > RATE / 2, rate
