"""A directive to very many units, and the workers that bring it to them and are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from cascade import issue
from cascade.jobs import issuing
from cascade.verify import verify
from models.base import FOREVER
from models.queries import jobs
from tests.faults.killed_worker import POINTS
from tests.worlds import SINCE, Office

ROOT = Path(__file__).parents[2]
_UNITS = "INSERT INTO unit (code) SELECT 'W' || n FROM ({numbers}) AS numbers"
_PERIODS = (
    "INSERT INTO unit_period (unit_id, valid_from, valid_to, name, short_name, name_en, parent_id,"
    " level) SELECT id, '{since}', '{to}', code, code, code, {parent}, 'commune' FROM unit"
    " WHERE code LIKE 'W%'"
)
_DUTIES = (
    "INSERT INTO duty (letter_id, unit_id, kind, due) SELECT {letter}, id, 'obligation',"
    " '2026-10-01' FROM unit WHERE code LIKE 'W%' ORDER BY id"
)
SQLITE = (
    "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {many})"
    " SELECT n FROM s"
)
POSTGRESQL = "SELECT n FROM generate_series(1, {many}) AS n"


def communes(office: Office, many: int) -> None:
    """So many communes more in the province."""
    numbers = (SQLITE if office.db.is_sqlite else POSTGRESQL).format(many=many)
    with office.db.write() as conn:
        conn.execute(text(_UNITS.format(numbers=numbers)))
        values = {"since": SINCE, "to": FOREVER, "parent": office.units["P"]}
        conn.execute(text(_PERIODS.format(**values)))


def directive(office: Office) -> int:
    """A draft of the province that lays an obligation on each commune; its id."""
    letter = office.draft("P", owe=["A"])
    with office.db.write() as conn:
        conn.execute(text(f"DELETE FROM duty WHERE letter_id = {letter}"))
        conn.execute(text(_DUTIES.format(letter=letter)))
    return letter


def begin(office: Office, letter: int) -> None:
    """Decide it and lay the first batch, as the pages do."""
    issue.begin(office.db, [letter], office.who("p.sec"), office.moment)


@dataclass
class Far:
    """A letter on its way to many units."""

    office: Office
    home: Path
    letter: int
    many: int

    def laid(self) -> int:
        """How many units have it."""
        with self.office.db.read() as conn:
            found = text("SELECT count(*) FROM step WHERE letter_id = :id")
            return int(conn.execute(found, {"id": self.letter}).scalar_one())

    def work(self, point: str = "", *, name: str = "worker-1", batch: int = 100) -> bool:
        """A worker until the letter has reached all, or it is killed; whether it was."""
        url = self.office.db.url.render_as_string(hide_password=False)
        key = issuing.key_of(self.letter)
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.killed_worker", url, str(self.home), name, key],
            cwd=ROOT,
            env={**os.environ, "KILL_AT": point, "BATCH": str(batch)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL), (done.returncode, done.stderr)
        return done.returncode != 0

    def is_whole(self) -> None:
        """What there is agrees; those who have the letter and those who wait are all."""
        with self.office.db.read() as conn:
            assert verify(conn) == []
            waiting = jobs.underway(conn, self.letter)
        done, total = waiting or (self.many, self.many)
        assert (self.laid(), total) == (done, self.many)

    def is_done(self) -> None:
        """Every unit has one step, which was laid by one event."""
        self.is_whole()
        with self.office.db.read() as conn:
            assert jobs.underway(conn, self.letter) is None
            units = text("SELECT count(*), count(DISTINCT unit_id) FROM step WHERE letter_id = :id")
            events = text(
                "SELECT count(*), count(DISTINCT step_id) FROM event "
                "WHERE letter_id = :id AND trigger = 'lay'"
            )
            for query in (units, events):
                found = conn.execute(query, {"id": self.letter}).one()
                assert tuple(found) == (self.many, self.many)


def killed_often(office: Office, home: Path, many: int, kills: int, batch: int) -> Counter[str]:
    """Issue letters to many units with workers killed in turn; how often at which point."""
    home.mkdir(parents=True, exist_ok=True)
    communes(office, many)
    dice, died = random.Random(18), Counter[str]()
    while died.total() < kills:
        far = Far(office, home, directive(office), many)
        with_batch = issuing.BATCH
        issuing.BATCH = batch
        begin(office, far.letter)
        issuing.BATCH = with_batch
        far.is_whole()
        while died.total() < kills:
            point = POINTS[died.total() % len(POINTS)]
            # A worker is handed a job once; the rest it comes to with every batch.
            number = 1 if point == "handed" else dice.randint(1, 3)
            if not far.work(f"{point} {number}", batch=batch):
                break
            died[point] += 1
            far.is_whole()
        far.work(batch=batch)
        far.is_done()
    return died
