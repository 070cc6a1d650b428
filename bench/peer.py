"""A peer: one of many tasks completed here and in SpiffWorkflow, which saves its whole state."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench import move, spiff
from bench.figures import Figure
from bench.worlds import Worlds

GOAL = 300.0


def figures(worlds: Worlds, *, repeats: int, with_peer: bool) -> Iterator[Figure]:
    """Seconds to complete a task (here: report and accept), beside the peer's; SQLite alone."""
    if worlds.place.name != "SQLite":
        return
    with worlds.province():
        pass
    acts = move.measure(worlds, "province", communes=repeats)
    tasks = worlds.size.bodies - worlds.size.issuers
    other = spiff.measure(tasks)["seconds_complete_one"] if with_peer else None
    yield Figure(
        name="spiff",
        what=f"complete one of {tasks:,} tasks",
        database=worlds.place.name,
        steps=worlds.size.steps,
        seconds=median(acts["report"].ours) + median(acts["accept"].ours),
        against="SpiffWorkflow",
        other=other,
        goal=GOAL,
        at_least=True,
        note="" if with_peer else "peer not run",
    )
