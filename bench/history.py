"""Verifying the sealed history, beside reading the same events bare and hashing their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from bench.figures import Figure, medians, timed
from bench.raw import Bare
from bench.worlds import Worlds
from cascade.history_check import HistoryCheck
from models.database import Database
from models.sealing_form import EVENT_BODY, EVENT_HEAD

GOAL = 3.0
AT_ONCE = 5000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds to verify every seal, beside one chain of hashes over the same events."""
    with worlds.nation() as db:
        sealed = _verify(db)
        verify, bare = _in_turn(repeats, lambda: _verify(db), lambda: _hash(db))
        texts = list(_texts(db))
        alone = timed(lambda: [sha256(text) for text in texts])
    yield Figure(
        name="history",
        what=f"verify {sealed:,} seals",
        database=worlds.place.name,
        steps=worlds.size.steps * worlds.size.provinces,
        seconds=verify,
        other=bare,
        against="read bare, one hash each",
        goal=GOAL,
        note=f"SHA-256 alone, in memory: {alone:,.2f} s",
    )


def _in_turn(repeats: int, *works: Callable[[], object]) -> tuple[float, ...]:
    if repeats > 1:  # half a minute each: nothing to warm up
        rounds = [[timed(work) for work in works] for _ in range(repeats)]
        return tuple(sorted(times)[len(times) // 2] for times in zip(*rounds, strict=True))
    return medians(1, *works)


def _verify(db: Database) -> int:
    check = HistoryCheck()
    with db.read() as conn:
        found = list(check.faults(conn))
    assert found == [], found[:3]
    return check.size


def _hash(db: Database) -> bytes:
    """What hashing cannot do without: each event read, written as JSON, chained."""
    before = b""
    for text in _texts(db):
        before = sha256(before + text).digest()
    return before


def _texts(db: Database) -> Iterator[bytes]:
    columns = ", ".join(
        "CAST(data AS text)" if name == "data" else name for name in (*EVENT_HEAD, *EVENT_BODY)
    )
    driver = Bare(db)
    # On PostgreSQL a named cursor, else all rows would be fetched at once.
    named: tuple[Any, ...] = () if db.is_sqlite else ("events",)
    cursor = driver.driver.cursor(*named)
    cursor.execute(f"SELECT {columns} FROM event ORDER BY seq")
    while rows := cursor.fetchmany(AT_ONCE):
        for row in rows:
            yield _encode(row).encode()
    cursor.close()
    driver.driver.rollback()
    driver.close()
