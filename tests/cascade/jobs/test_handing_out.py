"""Jobs are asked for once, handed out until they are done, put off when they fail, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from cascade import clock
from cascade.clock import Moment
from cascade.jobs import kinds, port, sweep, worker
from cascade.jobs.inline import InlineEngine
from cascade.jobs.port import PAUSES, UNHEARD, Place, Progress
from cascade.jobs.sweep import Swept
from models import jobs as written
from models.database import Database
from models.queries import jobs

NOW = clock.on(date(2026, 9, 15))
HOUR = timedelta(hours=1)


@dataclass
class Engine:
    """Remembers what it was given, and does nothing: as one does whose process dies."""

    given: list[tuple[str, str]] = field(default_factory=list)

    def start(self) -> None:
        """Nothing to start."""

    def submit(self, run: str, key: str) -> None:
        """Only remembered."""
        self.given.append((run, key))

    def tidy(self, before: datetime) -> None:
        """Nothing to tidy."""

    def stop(self) -> None:
        """Nothing to stop."""


def later(by: timedelta) -> Moment:
    """A moment before or after."""
    at = NOW.at + by
    return Moment(at, at.astimezone(clock.OFFICE).date())


def ask(db: Database, *keys: str) -> list[bool]:
    """Jobs of a kind there is."""
    return db.run(lambda c: [port.enqueue(c, sweep.NAME, {}, key, NOW.at) for key in keys])


def progress(db: Database, key: str) -> Progress:
    """How far a job has come."""
    with db.read() as conn:
        found = port.progress(conn, key)
    assert found is not None
    return found


def test_asked_for_twice_it_is_one_job(db: Database) -> None:
    assert ask(db, "a", "b") == [True, True]
    assert ask(db, "a") == [False]
    with db.read() as conn:
        assert jobs.counts(conn) == [("sweep", "waiting", 2)]
        assert port.progress(conn, "c") is None


def test_a_job_is_gone_with_the_transaction_that_asked_for_it(db: Database) -> None:
    def work(conn: Connection) -> None:
        port.enqueue(conn, sweep.NAME, {}, "a", NOW.at)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(work)
    with db.read() as conn:
        assert jobs.counts(conn) == []


def test_it_is_handed_out_again_only_when_nothing_is_heard_of_it(db: Database) -> None:
    ask(db, "a")
    engine = Engine()
    times = (-HOUR, 0 * HOUR, UNHEARD / 2, UNHEARD, UNHEARD * 3)
    handed = [worker.hand_out(db, engine, later(by)) for by in times]
    assert handed == [0, 1, 0, 1, 1]
    assert engine.given == [("a#0", "a"), ("a#1", "a"), ("a#2", "a")]


def test_a_job_handed_out_while_the_clock_was_ahead_is_not_forgotten(db: Database) -> None:
    ask(db, "a")
    engine = Engine()
    assert worker.hand_out(db, engine, later(25 * HOUR)) == 1
    assert worker.hand_out(db, engine, NOW) == 1


def test_what_fails_is_tried_later_and_later_then_left_to_be_looked_at(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise OSError("the disk is full")

    monkeypatch.setitem(kinds.KINDS, sweep.NAME, fail)
    ask(db, "a")
    at, tried = NOW, 0
    for pause in [*PAUSES, None]:
        tried += worker.hand_out(db, InlineEngine(Place(db, Path()), lambda: at), at)  # noqa: B023
        told = progress(db, "a")
        assert told.problem == "OSError: the disk is full"
        assert told.state == ("failed" if pause is None else "waiting")
        early = at.at + (pause or HOUR) - timedelta(seconds=1)
        assert worker.hand_out(db, Engine(), Moment(early, at.today)) == 0
        at = Moment(at.at + (pause or HOUR), at.today)
    assert tried == len(PAUSES) + 1
    with db.read() as conn:
        assert jobs.failed(conn) == [("a", "OSError: the disk is full")]
    db.run(lambda conn: written.try_again(conn, at.at))
    assert progress(db, "a").state == "waiting"


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[date, str]]:
    """A hook with three pages; which were swept."""
    swept: list[tuple[date, str]] = []

    def hook(_conn: Connection, moment: Moment, place: str) -> Swept:
        swept.append((moment.today, place))
        following = {"": "b", "b": "c"}.get(place)
        return Swept(10, following)

    monkeypatch.setattr(sweep, "HOOKS", {"pages": hook})
    return swept


def run(db: Database, moment: Moment) -> None:
    """What a worker does in its round."""
    sweep.ask(db, moment)
    worker.hand_out(db, InlineEngine(Place(db, Path()), lambda: moment), moment)


def test_each_day_is_swept_once_page_by_page(db: Database, pages: list[tuple[date, str]]) -> None:
    for by in (0, 1, 5):
        run(db, later(by * HOUR))
    assert pages == [(NOW.today, ""), (NOW.today, "b"), (NOW.today, "c")]
    assert progress(db, "sweep-pages-2026-09-15")[:3] == ("done", 30, 30)
    pages.clear()
    run(db, later(72 * HOUR))  # a weekend without a worker
    assert {day for day, _ in pages} == {date(2026, 9, 18)}


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ((0, 25, 0, 25), [15, 16]),
        ((0, -25, 0), [15, 14]),
        ((25, 0, -25), [16, 15, 14]),
    ],
)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_clock_that_jumps_sweeps_no_day_twice(
    db: Database, pages: list[tuple[date, str]], hours: list[int], days: list[int]
) -> None:
    for by in hours:
        run(db, later(by * HOUR))
    assert [day.day for day, place in pages if place == ""] == days


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_day_that_is_not_in_every_year_is_swept(
    db: Database, pages: list[tuple[date, str]]
) -> None:
    for day in (date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)):
        run(db, clock.on(day))
    assert [str(day) for day, place in pages if not place] == [
        "2028-02-28",
        "2028-02-29",
        "2028-03-01",
    ]


def test_a_page_that_fails_keeps_nothing_and_is_swept_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [True]

    def hook(conn: Connection, moment: Moment, place: str) -> Swept:
        port.enqueue(conn, "nothing", {}, f"made-{place}", moment.at + HOUR)
        if place and failing.pop():
            raise OSError("gone")
        return Swept(1, None if place else "b")

    monkeypatch.setattr(sweep, "HOOKS", {"one": hook})
    run(db, NOW)
    with db.read() as conn:
        assert jobs.find(conn, "made-") is not None
        assert jobs.find(conn, "made-b") is None
    failing.append(False)
    run(db, later(HOUR / 2))
    assert progress(db, "sweep-one-2026-09-15").state == "done"
    assert progress(db, "made-b").state == "waiting"


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_housekeeping_forgets_what_is_long_done_and_nothing_else(db: Database) -> None:
    ask(db, "old", "new", "failed", "waiting")
    end: Callable[..., None] = written.end
    db.run(lambda c: end(c, "old", NOW.at - sweep.KEPT - HOUR))
    db.run(lambda c: end(c, "new", NOW.at))
    db.run(lambda c: end(c, "failed", NOW.at - sweep.KEPT - HOUR, problem="no"))
    assert db.run(lambda c: sweep.housekeeping(c, NOW, "")) == Swept(1)
    with db.read() as conn:
        assert jobs.find(conn, "old") is None
        assert jobs.counts(conn) == [
            ("sweep", "done", 1),
            ("sweep", "failed", 1),
            ("sweep", "waiting", 1),
        ]
