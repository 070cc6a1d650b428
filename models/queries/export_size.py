"""How large an export will be: for whoever waits for it."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from models.tables import Letter, table

_letter = table(Letter)


def letters(conn: Connection) -> int:
    """How many letters of the register there are for whoever reads on this connection."""
    return int(conn.execute(_LETTERS).scalar_one())


_LETTERS = select(func.count()).where(_letter.c.dated.is_not(None), _letter.c.state != "cited")
