"""Marking a task done: reported with evidence, then accepted, with all that follows by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from statistics import median
from typing import NamedTuple

from bench.figures import Figure, timed
from bench.raw import Bare, recorded
from bench.sizes import MOMENT, Size
from bench.worlds import Worlds, who
from cascade.act import fire
from cascade.acts import Act, Ref, StoredFile
from models.database import Database
from models.queries.acting import ActorRow

REPORT = Act(trigger="report", files=(StoredFile("ab" * 32, "report.txt", 3),))
ACCEPT = Act(trigger="accept")
GOALS = {"SQLite": 4.0, "PostgreSQL": 2.5}
WARM_UP = 2  # communes whose acts are not counted


class Task(NamedTuple):
    """A task with the two people who move it."""

    step: Ref
    staff: ActorRow
    secretary: ActorRow


class Acts(NamedTuple):
    """Seconds of each act, ours and the bare driver's, and how many statements it says."""

    ours: list[float]
    bare: list[float]
    said: list[float]


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds an act, beside the bare driver saying the same statements; in both sizes."""
    with worlds.nation():
        pass
    few, many = worlds.size.steps, worlds.size.steps * worlds.size.provinces
    found = measure(worlds, ["province", "nation"], communes=repeats)
    for trigger in ("report", "accept"):
        small = median(found["province", trigger].ours)
        for world, steps in (("province", few), ("nation", many)):
            acts = found[world, trigger]
            common = partial(
                Figure,
                name="move",
                what=f"{trigger} a task",
                database=worlds.place.name,
                steps=steps,
                seconds=median(acts.ours),
            )
            said = f"{median(acts.said):.0f} statements"
            goal = GOALS[worlds.place.name]
            yield common(other=median(acts.bare), goal=goal, note=said)
            if world == "nation":
                yield common(against=f"among {few:,}", other=small, note="flat is 1")


def measure(worlds: Worlds, names: Sequence[str], *, communes: int) -> dict[tuple[str, str], Acts]:
    """Acts on every task of some communes, the last of each fulfilling all that is above it.

    By (world, trigger); the worlds take turns, so that a slow disk is slow for all of them.
    """
    found = {
        (name, trigger): Acts([], [], []) for name in names for trigger in ("report", "accept")
    }
    with ExitStack() as stack:
        pairs = {}
        for name in names:
            db, other = (stack.enter_context(worlds.place.copy(name)) for _ in range(2))
            pairs[name] = db, stack.enter_context(closing(Bare(other)))
        for n, commune in enumerate(spread(worlds.size, communes + WARM_UP)):
            for name, (db, driver) in pairs.items():
                for trigger, ours, bare, said in _finish(db, driver, worlds.size, commune):
                    if n >= WARM_UP:
                        for into, value in zip(
                            found[name, trigger], (ours, bare, said), strict=True
                        ):
                            into.append(value)
    return found


def _finish(
    db: Database, driver: Bare, size: Size, commune: int
) -> Iterator[tuple[str, float, float, int]]:
    """Each act on a commune's tasks: trigger, our seconds, the bare driver's, statements."""
    work = [
        (trigger, partial(fire, db, task.step, act, actor, MOMENT))
        for task in tasks(db, size, commune)
        for trigger, act, actor in _acts(task)
    ]
    with recorded(db) as said:
        acts = [(trigger, timed(act), len(said)) for trigger, act in work]
    first = 0
    for trigger, ours, last in acts:
        bare = timed(partial(driver.say, said[first:last], write=True))
        yield trigger, ours, bare, last - first
        first = last


def spread(size: Size, count: int) -> list[int]:
    """Some communes from all over the province."""
    letters = size.commune_letters()
    count = min(count, len(letters))
    return [letters[n * len(letters) // count] for n in range(count)]


def tasks(db: Database, size: Size, commune: int) -> list[Task]:
    """The tasks a commune's letter laid, each with those who report and accept it."""
    pair = size.pair(commune)
    staff, secretary = who(db, f"staff.{pair}"), who(db, f"sec.{pair}")
    with db.read() as conn:
        rows = conn.exec_driver_sql(f"SELECT id FROM step WHERE letter_id = {commune} ORDER BY id")
        return [Task(Ref("step", row[0]), staff, secretary) for row in rows]


def _acts(task: Task) -> list[tuple[str, Act, ActorRow]]:
    return [("report", REPORT, task.staff), ("accept", ACCEPT, task.secretary)]
