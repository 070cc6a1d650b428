"""Issuing: a province's letters in one call, and one directive to all, beside bare inserts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from bench.figures import Figure, timed
from bench.raw import Bare, recorded
from bench.sizes import MOMENT
from bench.worlds import Worlds, who
from cascade import issue
from models.database import Database

Batch = tuple[str, Sequence[tuple[Any, ...]]]
GOAL = 1.5
SEAL = "seq, form, kind, event_id, head_salt, body_salt, head, body, hash"


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds to issue drafts, beside inserting and updating the same rows by executemany."""
    size = worlds.size
    with worlds.drafts():
        pass
    what = f"issue {size.issuers:,} letters in one call"
    yield beside_bare(worlds, "drafts", range(1, size.issuers + 1), what, size.steps, repeats)
    with worlds.directive():
        pass
    laid = size.bodies - 1 - size.cities
    what = f"issue one directive to {laid:,} units"
    yield beside_bare(worlds, "directive", [1], what, laid, repeats)


def beside_bare(
    worlds: Worlds,
    world: str,
    letters: Sequence[int],
    what: str,
    steps: int,
    repeats: int,
    name: str = "issue",
    goal: float = GOAL,
) -> Figure:
    """Issuing drafts of a world beside writing the same rows with the bare driver."""
    rounds = [_once(worlds, world, letters) for _ in range(repeats)]
    ours, bare, said, events = map(median, zip(*rounds, strict=True))
    return Figure(
        name=name,
        what=what,
        database=worlds.place.name,
        steps=steps,
        seconds=ours,
        other=bare,
        goal=goal,
        note=f"{events:,.0f} events; {said:,.0f} statements",
    )


def _once(worlds: Worlds, world: str, letters: Sequence[int]) -> tuple[float, float, int, int]:
    """Ours on one copy, the bare driver on another: seconds of each, statements, events."""
    with worlds.place.copy(world) as db, worlds.place.copy(world) as other:
        actor, before = who(db, "registrar"), _last_event(other)
        with recorded(db) as said:
            ours = timed(lambda: issue.issue(db, letters, actor, MOMENT))
        batches = _rows(db, before)
        driver = Bare(other)
        bare = timed(lambda: driver.write(batches))
        driver.close()
        return ours, bare, len(said), len(batches[-2][1])


def _last_event(db: Database) -> int:
    driver = Bare(db)
    ((last,),) = driver.rows("SELECT max(seq) FROM event")
    driver.close()
    return int(last)


def _rows(db: Database, before: int) -> list[Batch]:
    """What issuing wrote, read back: the same rows in the same order of tables."""
    driver = Bare(db)
    letters = driver.rows(
        "SELECT state, version, open_steps, id, version - 1 FROM letter WHERE version > 1"
    )
    names = (
        "id, letter_id, point_id, kind, unit_id, issuer_id, turn, version, open_children,"
        " laid_on, due, original_due, state"
    )
    # A step is laid in its first state and answered by a later statement, as the rules have it.
    first = "CASE kind WHEN 'task' THEN 'open' ELSE 'sent' END"
    laid = driver.rows(
        "SELECT id, letter_id, point_id, kind, unit_id, issuer_id, 'lead', 1, 0, laid_on, due,"
        f" original_due, {first} FROM step ORDER BY id"
    )
    answered = driver.rows(
        "SELECT state, turn, version, open_children, reported_on, reporter_id, id, version - 1"
        " FROM step WHERE version > 1 ORDER BY id"
    )
    links = driver.rows("SELECT step_id, letter_id FROM answer ORDER BY step_id")
    columns = (
        "seq, at, actor_id, role, unit_id, on_behalf_of_id, letter_id, step_id, trigger, source,"
        " target, note, until, cause_seq"
    )
    events = driver.rows(
        f"SELECT {columns}, CAST(data AS text) FROM event WHERE seq > {before} ORDER BY seq"
    )
    seals = driver.rows(f"SELECT {SEAL} FROM event_seal WHERE event_id > {before} ORDER BY seq")
    driver.close()
    return [
        (
            "UPDATE letter SET state = ?, version = ?, open_steps = ? WHERE id = ? AND version = ?",
            letters,
        ),
        (_insert("step", names), laid),
        (_insert("answer", "step_id, letter_id"), links),
        (
            "UPDATE step SET state = ?, turn = ?, version = ?, open_children = ?, reported_on = ?,"
            " reporter_id = ? WHERE id = ? AND version = ?",
            answered,
        ),
        (_insert("event", columns + ", data"), events),
        (_insert("event_seal", SEAL), seals),
    ]


def _insert(table: str, columns: str) -> str:
    marks = ", ".join("?" * (columns.count(",") + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"
