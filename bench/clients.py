"""Many clients at once: moves a second and how long the unlucky ones wait."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from statistics import quantiles
from threading import Thread
from time import monotonic

from bench.figures import Figure, timed
from bench.move import ACCEPT, REPORT, Task, tasks
from bench.sizes import CLIENTS, MOMENT, Size
from bench.worlds import Worlds
from cascade.act import fire
from models.database import Database

PROCESSES = 4  # of eight threads each, as web workers have


def figures(worlds: Worlds, *, seconds: float) -> Iterator[Figure]:
    """The median wait for a move while 32 clients make one after the other."""
    with worlds.province():
        pass
    with worlds.place.copy("province") as db:
        waits = sorted(
            _run(str(db.engine.url.render_as_string(hide_password=False)), worlds.size, seconds)
        )
    points = quantiles(waits, n=100)
    yield Figure(
        name="clients",
        what=f"a move, {CLIENTS} clients at once",
        database=worlds.place.name,
        steps=worlds.size.steps,
        seconds=points[49],
        note=f"{len(waits) / seconds:,.0f} moves/s; p99 {points[98] * 1000:,.0f} ms, "
        f"worst {waits[-1] * 1000:,.0f} ms",
    )


def _run(url: str, size: Size, seconds: float) -> list[float]:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, _init, (ready,)) as pool:
        share = [(url, size, range(n, CLIENTS, PROCESSES), seconds) for n in range(PROCESSES)]
        return [wait for waits in pool.starmap(_process, share, chunksize=1) for wait in waits]


_ready: Barrier


def _init(ready: Barrier) -> None:
    global _ready
    _ready = ready


def _process(url: str, size: Size, clients: range, seconds: float) -> list[float]:
    """Several clients in one process; returns every wait in seconds."""
    db = Database(url)
    waits: list[float] = []
    work = [_tasks(db, size, client) for client in clients]
    _ready.wait()
    end = monotonic() + seconds
    threads = [Thread(target=_client, args=(db, mine, end, waits)) for mine in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.dispose()
    return waits


def _tasks(db: Database, size: Size, client: int) -> list[Task]:
    """The tasks of a client's own communes."""
    mine = [n for n in size.commune_letters() if size.pair(n) == client]
    return [task for commune in mine for task in tasks(db, size, commune)]


def _client(db: Database, mine: list[Task], end: float, waits: list[float]) -> None:
    for task in mine:
        for act, actor in ((REPORT, task.staff), (ACCEPT, task.secretary)):
            if monotonic() >= end:
                return
            waits.append(timed(lambda: fire(db, task.step, act, actor, MOMENT)))  # noqa: B023
