"""Filing a draft letter: its points, units and duties, beside the row the journal entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, update

from models import journal
from models.journal import Stamp
from models.tables import Duty, Letter, LetterUnit, Point, PointUnit, table
from workflows.machine import Decision

_letter, _point = table(Letter), table(Point)


def complete(
    conn: Connection, letter_id: int, version: int, values: Mapping[str, object], stamp: Stamp
) -> None:
    """Put the real letter in place of its stub, which becomes a draft; citations stay linked."""
    decision = Decision("register", "cited", "draft")
    journal.move_letter(conn, letter_id, version, decision, stamp)
    columns = {name: value for name, value in values.items() if name != "state"}
    conn.execute(update(_letter).where(_letter.c.id == letter_id).values(**columns))


def points(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The letter's points in order; returns their ids."""
    ids = []
    for position, row in enumerate(rows):
        done = conn.execute(insert(_point), {"letter_id": letter_id, "position": position, **row})
        ids.append(int(done.inserted_primary_key[0]))  # type: ignore[index]
    return ids


def units(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who the letter addresses and who gets a copy."""
    _many(conn, table(LetterUnit), [{"letter_id": letter_id, **row} for row in rows])


def point_units(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who leads and who coordinates, point by point."""
    _many(conn, table(PointUnit), rows)


def duties(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """The duties a person confirmed."""
    _many(conn, table(Duty), [{"letter_id": letter_id, **row} for row in rows])


def _many(conn: Connection, into: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        conn.execute(insert(into), list(rows))
