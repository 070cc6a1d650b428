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
    acts = move.measure(worlds, ["province"], communes=repeats)
    tasks = worlds.size.bodies - worlds.size.issuers
    other = spiff.measure(tasks)["seconds_complete_one"] if with_peer else None
    report, accept = (
        median(acts["province", "report"].ours),
        median(acts["province", "accept"].ours),
    )
    among = f"one of {tasks:,} tasks"
    # The peer's is one act; so both are shown: all it takes here, and one act beside one act.
    for what, seconds in (
        (f"report and accept {among}", report + accept),
        (f"report {among}", report),
    ):
        yield Figure(
            name="spiff",
            what=what,
            database=worlds.place.name,
            steps=worlds.size.steps,
            seconds=seconds,
            against="SpiffWorkflow",
            other=other,
            goal=GOAL,
            at_least=True,
            note="" if with_peer else "peer not run",
        )
