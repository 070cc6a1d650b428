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
    peer = spiff.measure(tasks) if with_peer else {}
    report = median(acts["province", "report"].ours)
    both = report + median(acts["province", "accept"].ours)
    loaded = "seconds_complete_one_with_load"
    # Our acts begin and end in the database; the peer's do so only with its load. Its side is one
    # act, so like for like is the first line; the others show it at its best and us at our worst.
    for what, seconds, key in (
        ("report; the peer loads, completes, saves", report, loaded),
        ("report; the peer has it in memory, completes, saves", report, "seconds_complete_one"),
        ("report and accept; the peer loads, completes, saves", both, loaded),
    ):
        yield Figure(
            name="spiff",
            what=f"one of {tasks:,} tasks: {what}",
            database=worlds.place.name,
            steps=worlds.size.steps,
            seconds=seconds,
            against="SpiffWorkflow",
            other=peer.get(key),
            goal=GOAL,
            at_least=True,
            note="" if with_peer else "peer not run",
        )
