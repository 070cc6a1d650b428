"""A letter's sheet: everything on file about it, for the terminal and the page alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from cascade.errors import NotFoundError
from models.queries import register, tracing


def sheet(conn: Connection, letter_id: int) -> dict[str, Any]:
    """Everything on file about a letter, but its text; raises NotFoundError."""
    row = register.whole(conn, letter_id)
    if row is None:
        raise NotFoundError(
            "there is no such letter",
            where=f"L{letter_id}",
            remedy="List letters with: cascade letter list",
        )
    units = register.units_of(conn, letter_id)
    named = register.point_units_of(conn, letter_id)
    points = register.points_of(conn, letter_id)
    for point in points:
        for role in ("lead", "coordinate"):
            point[role] = [
                name for at, name, as_role in named if (at, as_role) == (point["id"], role)
            ]
    row.pop("text")
    return {
        **row,
        "addressees": [printed for role, printed, _ in units if role == "act"],
        "distribution": [printed for role, printed, _ in units if role == "know"],
        "points": points,
        "cites": [c._asdict() for c in tracing.cited_by(conn, letter_id)],
        "cited_by": [c._asdict() for c in tracing.citing(conn, letter_id)],
    }
