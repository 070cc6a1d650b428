"""A figure: what was timed, beside what, and the goal for their ratio."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

BARE = "bare driver"
# psycopg prepares a statement at its fifth use, PostgreSQL settles on a plan five uses later.
SETTLED = 12


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the results: `seconds` beside `other` seconds, both medians of one run."""

    name: str
    what: str
    seconds: float
    database: str = ""  # neither one nor steps where a figure needs none
    steps: int = 0
    against: str = BARE
    other: float | None = None
    goal: float | None = None
    at_least: bool = False  # the goal is to be so many times faster, not at most so much slower
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times `other` it takes (or, where the goal is a speed-up, how often faster)."""
        if self.other is None:
            return None
        return self.other / self.seconds if self.at_least else self.seconds / self.other

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None or self.ratio is None:
            return None
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


def timed(work: Callable[[], object]) -> float:
    """The seconds one call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def medians(repeats: int, *works: Callable[[], object]) -> tuple[float, ...]:
    """The median seconds of each work, run in turn so that a busy machine slows all alike."""
    for work in works * (SETTLED if repeats > 1 else 1):
        work()
    gc.freeze()  # else each collection would look through all that earlier figures have left
    rounds = [[_alone(work) for work in works] for _ in range(repeats)]
    gc.unfreeze()
    return tuple(median(times) for times in zip(*rounds, strict=True))


def _alone(work: Callable[[], object]) -> float:
    """The seconds of a work that does not clear away what another has left."""
    gc.collect()
    return timed(work)
