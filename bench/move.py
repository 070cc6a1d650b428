"""Marking a task done: reported with evidence, then accepted, with all that follows by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
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
    said: list[int]


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds an act, beside the bare driver saying the same statements; in both sizes."""
    small: dict[str, float] = {}
    sizes: list[tuple[int, str, Callable[[], AbstractContextManager[Database]]]] = [
        (worlds.size.steps, "province", worlds.province),
        (worlds.size.steps * worlds.size.provinces, "nation", worlds.nation),
    ]
    for steps, world, build in sizes:
        with build():
            pass
        for trigger, acts in measure(worlds, world, communes=repeats).items():
            seconds = median(acts.ours)
            yield Figure(
                name="move",
                what=f"{trigger} a task",
                database=worlds.place.name,
                steps=steps,
                seconds=seconds,
                other=median(acts.bare),
                goal=GOALS[worlds.place.name],
                note=f"{median(acts.said):.0f} statements",
            )
            if world == "province":
                small[trigger] = seconds
                continue
            yield Figure(
                name="move",
                what=f"{trigger} a task",
                database=worlds.place.name,
                steps=steps,
                seconds=seconds,
                against=f"among {worlds.size.steps:,}",
                other=small[trigger],
                note="flat is 1",
            )


def measure(worlds: Worlds, world: str, *, communes: int) -> dict[str, Acts]:
    """Acts on every task of some communes, the last of each fulfilling all that is above it."""
    found = {"report": Acts([], [], []), "accept": Acts([], [], [])}
    with worlds.place.copy(world) as db, worlds.place.copy(world) as other:
        driver = Bare(other)
        chosen = spread(worlds.size, communes + WARM_UP)
        for n, commune in enumerate(chosen):
            work = [
                (trigger, partial(fire, db, task.step, act, actor, MOMENT))
                for task in tasks(db, worlds.size, commune)
                for trigger, act, actor in _acts(task)
            ]
            with recorded(db) as said:
                acts = [(trigger, timed(act), len(said)) for trigger, act in work]
            first = 0
            for trigger, ours, last in acts:
                bare = timed(partial(driver.say, said[first:last], write=True))
                if n >= WARM_UP:
                    found[trigger].ours.append(ours)
                    found[trigger].bare.append(bare)
                    found[trigger].said.append(last - first)
                first = last
        driver.close()
    return found


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
