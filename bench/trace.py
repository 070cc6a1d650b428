"""Tracing a directive down to its last task: the rows alone, and the whole graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from bench.figures import Figure, medians
from bench.raw import Bare, recorded
from bench.sizes import TODAY
from bench.worlds import Worlds
from cascade import graph
from models.database import Database
from models.queries import tracing

GOAL = 1.5


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds to trace one province's directive, beside the same SQL with its rows fetched."""
    sizes: list[tuple[int, Callable[[], AbstractContextManager[Database]]]] = [
        (worlds.size.steps, worlds.province),
        (worlds.size.steps * worlds.size.provinces, worlds.nation),
    ]
    among = f"of {worlds.size.steps:,} steps down"
    for steps, build in sizes:
        with build() as db:
            rows, whole, bare = _measure(db, repeats)
        for what, seconds, goal in (("rows", rows, GOAL), ("graph", whole, None)):
            yield Figure(
                name="trace",
                what=f"{what} {among}",
                database=worlds.place.name,
                steps=steps,
                seconds=seconds,
                other=bare,
                goal=goal,
                note="" if goal else "beside the rows",
            )


def _measure(db: Database, repeats: int) -> tuple[float, ...]:
    """Seconds for the rows, for the graph made of them, and for the rows by the bare driver."""
    driver = Bare(db)
    with recorded(db) as said:
        _read(db, _rows)
    found = medians(
        repeats,
        lambda: _read(db, _rows),
        lambda: _read(db, lambda conn: graph.down(conn, 1, TODAY)),
        lambda: driver.say(said),
    )
    driver.close()
    return found


def _rows(conn: Connection) -> None:
    tracing.letters_below(conn, 1)
    tracing.steps_below(conn, 1, TODAY)
    tracing.answers_below(conn, 1)
    tracing.implementing(conn, 1)


def _read(db: Database, work: Callable[[Connection], object]) -> None:
    with db.read() as conn:
        work(conn)
