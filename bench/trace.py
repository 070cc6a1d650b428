"""Tracing a directive down to its last task: the rows alone, and the whole graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from bench.figures import Figure, medians
from bench.raw import Bare, recorded
from bench.worlds import TODAY, Worlds
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
    for steps, build in sizes:
        with build() as db:
            driver = Bare(db)
            with recorded(db) as said:
                _read(db, _rows)
            rows, whole, bare = medians(
                repeats,
                lambda: _read(db, _rows),  # noqa: B023
                lambda: _read(db, lambda conn: graph.down(conn, 1, TODAY)),  # noqa: B023
                lambda: driver.say(said),  # noqa: B023
            )
            driver.close()
        among = f"of {worlds.size.steps:,} steps down"
        common = {"name": "trace", "database": worlds.place.name, "steps": steps, "other": bare}
        yield Figure(what=f"rows {among}", seconds=rows, goal=GOAL, **common)  # type: ignore[arg-type]
        yield Figure(what=f"graph {among}", seconds=whole, **common)  # type: ignore[arg-type]


def _rows(conn: Connection) -> None:
    tracing.letters_below(conn, 1)
    tracing.steps_below(conn, 1, TODAY)
    tracing.answers_below(conn, 1)
    tracing.implementing(conn, 1)


def _read(db: Database, work: Callable[[Connection], object]) -> None:
    with db.read() as conn:
        work(conn)
