"""How much is in the register: what is left to do in a new one."""

from __future__ import annotations

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy import table as named

from models.tables import Letter, Password, Unit, User, table


def of_register(conn: Connection) -> tuple[int, int, int]:
    """(units, people, people with a password), for the page on what to do next."""
    counts = [
        select(func.count()).select_from(table(what)).scalar_subquery()
        for what in (Unit, User, Password)
    ]
    row = conn.execute(select(*counts)).one()
    return int(row[0]), int(row[1]), int(row[2])


def has_letters(conn: Connection) -> bool:
    """Whether any letter is on file: before that there is nothing to be seen by a post."""
    return conn.execute(select(table(Letter).c.id).limit(1)).first() is not None


def of_tables(conn: Connection) -> dict[str, int]:
    """Table → how many rows it has, in whatever schema there is, for a migration to lose none."""
    names = sorted(inspect(conn).get_table_names())
    counts = {name: select(func.count()).select_from(named(name)) for name in names}
    return {name: conn.execute(count).scalar_one() for name, count in counts.items()}
