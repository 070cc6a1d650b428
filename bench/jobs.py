"""Long work: a directive to every commune batch by batch, and the day's sweep over a nation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Connection

from bench import issue
from bench.figures import Figure, timed
from bench.filling import draft_directive
from bench.raw import Bare, recorded
from bench.sizes import MOMENT, TODAY, Size
from bench.worlds import Worlds
from cascade.clock import Moment
from cascade.jobs import sweep
from cascade.jobs.port import Place, enqueue
from cascade.jobs.sweep import Swept
from models.database import Database
from models.queries import sweeping

COMMUNES = Size(cities=34, communes=100, units=0)
FEW = Size(cities=2, communes=600, units=0)
PAGE = 5000
SOON = timedelta(days=7)
ISSUE_GOAL, SWEEP_GOAL = 2.0, 3.0


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds of each, beside the bare rows and beside the one query that finds the same steps."""
    size = FEW if repeats == 1 else COMMUNES
    with worlds.place.world("far", lambda db: draft_directive(db, size)):
        pass
    many = size.cities * size.communes
    what = f"issue to {many:,} communes in batches"
    yield issue.beside_bare(worlds, "far", [1], what, many, repeats, "jobs", ISSUE_GOAL)
    all_steps = worlds.size.steps * worlds.size.provinces
    with worlds.nation() as db:
        numbers, found = count(), [0]

        def ours() -> None:
            found[0] = _sweep(db, f"sweep-soon-{next(numbers)}")

        with recorded(db) as said, db.read() as conn:
            sweeping.due(conn, TODAY, TODAY + SOON, None, all_steps)
        driver = Bare(db)
        pairs = [(timed(ours), timed(lambda: driver.say(said))) for _ in range(repeats)]
        driver.close()
    pairs.sort()
    middle = pairs[len(pairs) // 2]
    yield Figure(
        name="jobs",
        what="sweep for what falls due in a week",
        database=worlds.place.name,
        steps=all_steps,
        seconds=middle[0],
        other=middle[1],
        against="the one query",
        goal=SWEEP_GOAL,
        note=f"{found[0]:,} found, {PAGE:,} a page",
    )


def _sweep(db: Database, key: str) -> int:
    """A day's sweep with a hook that only finds; how many it found."""
    found = 0

    def soon(conn: Connection, moment: Moment, place: str) -> Swept:
        nonlocal found
        day, _, step = place.partition(" ")
        after = (date.fromisoformat(day), int(step)) if place else None
        rows = sweeping.due(conn, moment.today, moment.today + SOON, after, PAGE)
        found += len(rows)
        more = f"{rows[-1].due} {rows[-1].step_id}" if len(rows) == PAGE else None
        return Swept(len(rows), more)

    sweep.HOOKS["soon"] = soon
    args = {"hook": "soon", "day": TODAY.isoformat()}
    db.run(lambda conn: enqueue(conn, sweep.NAME, args, key, MOMENT.at))
    place = Place(db, Path())
    while sweep.piece(place, key, MOMENT):
        pass
    return found
