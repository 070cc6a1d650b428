"""Killing an act at a point: what must hold afterwards, whatever the point was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade.act import fire
from cascade.acts import Act, Ref
from cascade.errors import MoveRefusedError
from cascade.store import FileStore
from cascade.verify import verify
from models import organisation
from models.base import FOREVER
from models.tables import metadata
from tests.worlds import SINCE, Office

ROOT = Path(__file__).parents[2]
MANY = 300
COUNTS = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table}" for table in sorted(metadata.tables)
)
# Each is reached by issuing and by reporting; the last two only with evidence.
POINTS = ["statement 1", "statement 4", "commit", "committed"]
FILE_POINTS = ["fsync", "rename"]


@dataclass
class Victim:
    """An office with a directive to 300 units and a task, each about to be moved."""

    office: Office
    store: FileStore
    letter: int
    step: int
    shown: Path

    def kill(self, what: str, point: str) -> bool:
        """Do the act in a process that dies at the point; whether it came that far."""
        row = self.letter if what == "issue" else self.step
        arguments = (
            self.office.db.url.render_as_string(hide_password=False),
            str(self.store.folder),
            what,
            str(row),
            str(self.shown),
        )
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.killed", *arguments],
            cwd=ROOT,
            env={**os.environ, "KILL_AT": point},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode != 0

    def seen(self) -> list[tuple[object, ...]]:
        """How many rows every table has, and every state."""
        with self.office.db.read() as conn:
            rows = [tuple(row) for row in conn.execute(text(COUNTS))]
            rows += [tuple(r) for r in conn.execute(text("SELECT id, state, version FROM letter"))]
            return sorted(map(str, rows))  # type: ignore[arg-type]

    def check(self, what: str, point: str) -> None:
        """Kill the act; nothing is half-saved, all agrees, and the act can be done."""
        before = self.seen()
        assert self.kill(what, point), f"the act never came to {point}"
        with self.office.db.read() as conn:
            assert verify(conn, self.store) == [], point
        # Nobody saw the process end, so nobody was told; but what is there is whole.
        if point == "committed":
            assert self.seen() != before
        else:
            assert self.seen() == before, point
        self.again(what, done=point == "committed")
        with self.office.db.read() as conn:
            assert verify(conn, self.store) == [], point
            laid = conn.execute(
                text("SELECT count(*) FROM step WHERE letter_id = :id"), {"id": self.letter}
            ).scalar_one()
            shown = conn.execute(text("SELECT count(*) FROM evidence")).scalar_one()
        assert (laid, shown) == ((MANY, 0) if what == "issue" else (0, 1)), point

    def again(self, what: str, *, done: bool) -> None:
        """Do the act again as a person would; it is refused only if it was done."""
        if done:
            with pytest.raises(MoveRefusedError) as refused:
                self._act(what)
            assert [r.code for r in refused.value.refused.refusals] == ["not_from_here"]
        else:
            self._act(what)

    def _act(self, what: str) -> None:
        office = self.office
        if what == "issue":
            assert office.issue(self.letter).steps == MANY
            return
        with self.store.staging([self.shown]) as files:
            act = Act(trigger="report", files=files)
            who = office.who("a1.staff")
            fire(office.db, Ref("step", self.step), act, who, office.moment)


def victim(office: Office, folder: Path) -> Victim:
    """The office grown to 300 communes, with what is about to be done."""
    codes = [f"W{number}" for number in range(MANY)]
    with office.db.session() as session:
        for code in codes:
            office.units[code] = organisation.unit_id(session, code)
            values = {
                "valid_to": FOREVER,
                "name": code,
                "short_name": code,
                "name_en": code,
                "parent_id": office.units["P"],
                "level": "commune",
            }
            organisation.put_period(session, office.units[code], SINCE, values)
    folder.mkdir(parents=True, exist_ok=True)
    shown = folder / "minutes.txt"
    shown.write_text("Done on all sites.", encoding="utf-8")
    task = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    letter = office.draft("P", owe=codes)
    return Victim(office, FileStore(folder / "files"), letter, task, shown)
