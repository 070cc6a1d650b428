"""How much is in the register: what is left to do in a new one."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from models.tables import Password, Unit, User, table


def of_register(conn: Connection) -> tuple[int, int, int]:
    """(units, people, people with a password), for the page on what to do next."""
    counts = [
        select(func.count()).select_from(table(what)).scalar_subquery()
        for what in (Unit, User, Password)
    ]
    row = conn.execute(select(*counts)).one()
    return int(row[0]), int(row[1]), int(row[2])
