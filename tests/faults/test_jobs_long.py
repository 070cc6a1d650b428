"""Durable work under faults: nothing lost or doubled, whoever is killed, whatever restarts."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cascade import clock
from cascade.jobs import issuing, mail, port
from cascade.jobs.port import Progress
from cascade.jobs.sweep import key_of
from cascade.verify import verify
from models.database import Database
from tests.cascade.jobs.mailbox import mailbox
from tests.faults import far
from tests.faults.far import ROOT, Far
from tests.faults.killed_worker import POINTS
from tests.worlds import Office

pytestmark = pytest.mark.slow
STEPS = 2000


def test_a_hundred_kills_while_a_directive_goes_to_3000_units(
    office: Office, tmp_path: Path
) -> None:
    died = far.killed_often(office, tmp_path / "home", 3000, 100, batch=100)
    assert died.total() == 100
    assert set(died) == set(POINTS)


class Crew:
    """Processes with names, which are killed and started again under the same name."""

    def __init__(self, db: Database, home: Path, jobs: dict[str, str]) -> None:
        self._url = db.url.render_as_string(hide_password=False)
        self._home = home
        self._jobs = jobs
        self._at: dict[str, subprocess.Popen[bytes]] = {}
        self.kills: Counter[str] = Counter()

    def __enter__(self) -> Crew:
        for name in self._jobs:
            self._start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._at.values():
            process.kill()
            process.wait()

    def kill(self, name: str) -> None:
        """One of them dies and comes back."""
        process = self._at[name]
        assert process.poll() is None, f"{name} ended by itself"
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kills[name] += 1
        self._start(name)

    def _start(self, name: str) -> None:
        module = "tests.faults.sweeping_worker"
        self._at[name] = subprocess.Popen(
            [sys.executable, "-m", module, self._url, str(self._home), name, self._jobs[name]],
            cwd=ROOT,
            env=dict(os.environ),
        )


def progress(db: Database, key: str) -> Progress | None:
    """How far a job has come."""
    with db.read() as conn:
        return port.progress(conn, key)


def owed(db: Database) -> Counter[str]:
    """How many messages there are to each recipient."""
    with db.read() as conn:
        return Counter(conn.execute(text("SELECT recipient FROM outbox")).scalars())


def test_four_workers_and_two_schedulers_record_each_reminder_once(
    office: Office, tmp_path: Path
) -> None:
    far.communes(office, STEPS)
    office.issue(far.directive(office))
    crew = {f"worker-{n}": "work" for n in range(1, 5)} | {f"asks-{n}": "ask" for n in (1, 2)}
    key, dice = key_of("slow", clock.now().today), random.Random(6)
    with Crew(office.db, tmp_path, crew) as workers:
        found = None
        while found is None or found.state != "done":
            if found is not None and workers.kills.total() < 40:
                workers.kill(dice.choice(sorted(crew)))
            found = moved_on(office.db, key, found)
    assert found == ("done", STEPS, STEPS, None, {"done": STEPS})
    assert owed(office.db) == dict.fromkeys((f"s{n}@office.example" for n in ids(office)), 1)
    assert workers.kills.total() > 2


def moved_on(db: Database, key: str, seen: Progress | None) -> Progress:
    """A job once something more of it is done: who is killed, is killed at work."""
    give_up = time.monotonic() + 400  # longer than a job lies of which nobody hears
    while (found := progress(db, key)) == seen or found is None:
        assert time.monotonic() < give_up, found
        time.sleep(0.05)
    return found


def ids(office: Office) -> list[int]:
    """Every step there is."""
    with office.db.read() as conn:
        return list(conn.execute(text("SELECT id FROM step")).scalars())


def test_senders_killed_while_sending_repeat_at_most_one_message_a_kill(
    office: Office, tmp_path: Path
) -> None:
    names = [f"p{n}" for n in range(150)]
    at = clock.now().at
    for name in names:
        owe(office.db, name)
    dice = random.Random(7)
    with mailbox() as (got, smtp):
        crew = {f"sender-{n}": f"send {smtp.port}" for n in (1, 2)}
        with Crew(office.db, tmp_path, crew) as senders:
            give_up = time.monotonic() + 180
            while unsent(office.db):
                assert time.monotonic() < give_up
                if senders.kills.total() < 20:
                    time.sleep(dice.uniform(1.0, 2.0))
                    senders.kill(dice.choice(sorted(crew)))
                time.sleep(0.1)
    copies = Counter((to, message["Message-ID"]) for to, message in got.got)
    assert {to for to, _ in copies} == {f"{name}@office.example" for name in names}
    assert len(copies) == len(names)  # a second copy has the name of the first
    assert copies.total() - len(names) <= senders.kills.total()
    assert at < clock.now().at


def owe(db: Database, name: str) -> bool:
    """A mail to somebody."""
    at, to = clock.now().at, f"{name}@office.example"
    return db.run(lambda c: mail.owe(c, name, to, subject="Due", text="Soon.", at=at))


def unsent(db: Database) -> int:
    """How many messages have not gone out."""
    with db.read() as conn:
        query = text("SELECT count(*) FROM outbox WHERE state <> 'sent'")
        return int(conn.execute(query).scalar_one())


@contextmanager
def crashing(db: Database, times: int, every: float) -> Iterator[Counter[str]]:
    """The server loses a process, cuts every connection and recovers, again and again."""
    done: Counter[str] = Counter()
    stop = threading.Event()

    def crash() -> None:
        while done["crashes"] < times and not stop.wait(every):
            other = Database(db.url.render_as_string(hide_password=False))
            try:
                with other.read() as conn:
                    pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
                    os.kill(pid, signal.SIGKILL)
                done["crashes"] += 1
            except DBAPIError:
                done["crashes"] += 1  # the answer to our own COMMIT
            finally:
                other.dispose()

    thread = threading.Thread(target=crash)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_a_server_that_restarts_under_load_loses_and_doubles_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "BATCH", 20)
    far.communes(office, 3000)
    letter = Far(office, tmp_path, far.directive(office), 3000)
    far.begin(office, letter.letter)
    ended, said = threading.Event(), Counter[str]()

    def write(who: int) -> None:
        number = 0
        while not ended.is_set():
            number += 1
            name = f"{who}-{number}"
            while not ended.is_set():
                try:
                    said[name] += owe(office.db, name)
                    break
                except DBAPIError:
                    said["errors"] += 1
                    time.sleep(0.05)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for writer in writers:
        writer.start()
    try:
        with crashing(office.db, times=6, every=1.5) as crashes:
            assert not letter.work(batch=20)
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    assert crashes["crashes"] >= 3
    letter.is_done()
    there = owed(office.db)
    acknowledged = {f"{n}@office.example" for n, times in said.items() if n != "errors" and times}
    assert acknowledged <= set(there)
    assert set(there.values()) == {1}
    with office.db.read() as conn:
        assert verify(conn) == []
