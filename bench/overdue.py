"""The overdue list: its first page, a page far down, its count; at two sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from bench.figures import BARE, Figure, medians
from bench.raw import Bare, recorded
from bench.sizes import TODAY
from bench.worlds import Worlds
from models.database import Database
from models.queries import lists

PAGE = 50
FAR = 400
GOAL = 1.3


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds of a page and of the count, beside the bare driver and beside the other size."""
    size = worlds.size
    with worlds.province() as db:
        few = _measure(db, repeats)
    with worlds.nation() as db:
        many = _measure(db, repeats)
        with db.read() as conn:
            counted = lists.count_overdue(conn, TODAY)
        far, key = _far(db)
        page, first = medians(repeats, lambda: _page(db, key), lambda: _page(db, None))
    all_steps = size.steps * size.provinces
    among = f"among {size.steps:,}"
    note = f"counts {counted:,}" + (" (it stops there)" if counted > lists.MOST else "")

    def figure(
        what: str,
        steps: int,
        pair: tuple[float, float],
        against: str = BARE,
        goal: float | None = None,
        note: str = "",
    ) -> Figure:
        return Figure(
            name="overdue",
            what=what,
            database=worlds.place.name,
            steps=steps,
            seconds=pair[0],
            other=pair[1],
            against=against,
            goal=goal,
            note=note,
        )

    yield figure(f"first page of {PAGE}", size.steps, few["page"])
    yield figure(f"first page of {PAGE}", all_steps, many["page"])
    yield figure(f"first page of {PAGE}", all_steps, (many["page"][0], few["page"][0]), among, GOAL)
    yield figure(f"page {far} by key", all_steps, (page, first), "page 1", GOAL)
    yield figure("count", size.steps, few["count"])
    yield figure("count", all_steps, many["count"], note=note)
    yield figure("count", all_steps, (many["count"][0], few["count"][0]), among, note=note)


def _measure(db: Database, repeats: int) -> dict[str, tuple[float, float]]:
    """Ours and the bare driver's seconds for the first page and for the count."""
    reads: dict[str, Callable[[], object]] = {
        "page": lambda: _page(db, None),
        "count": lambda: _count(db),
    }
    found = {}
    driver = Bare(db)
    for name, read in reads.items():
        with recorded(db) as said:
            read()
        ours, bare = medians(repeats, read, lambda: driver.say(said))
        found[name] = (ours, bare)
    driver.close()
    return found


def _page(db: Database, after: tuple[date, int] | None) -> list[lists.OverdueRow]:
    with db.read() as conn:
        return lists.overdue(conn, TODAY, after=after, limit=PAGE)


def _count(db: Database) -> int:
    with db.read() as conn:
        return lists.count_overdue(conn, TODAY)


def _far(db: Database) -> tuple[int, tuple[date, int]]:
    """A page far down (fewer pages in a small world) and the key before it."""
    with db.read() as conn:
        rows = lists.overdue(conn, TODAY, limit=(FAR - 1) * PAGE)
    last = rows[-1] if len(rows) == (FAR - 1) * PAGE else rows[len(rows) // 2]
    return rows.index(last) // PAGE + 2, (last.due, last.id)
