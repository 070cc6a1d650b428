"""The bare driver: what our code said to the database, said again with nothing on top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from models.database import Database


class Statement(NamedTuple):
    """SQL as the driver was given it, with its parameters (`many`: a list of them)."""

    sql: str
    parameters: Any
    many: bool


@contextmanager
def recorded(db: Database) -> Iterator[list[Statement]]:
    """Collects every statement said to the database meanwhile, but for BEGIN."""
    said: list[Statement] = []

    def hear(
        _conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if not sql.startswith("BEGIN"):
            said.append(Statement(sql, parameters, many))

    for engine in db.engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        for engine in db.engines:
            event.remove(engine, "before_cursor_execute", hear)


class Bare:
    """A driver's own connection, set up as the product sets up its own."""

    def __init__(self, db: Database) -> None:
        self._pooled = db.engine.raw_connection()
        self.driver: Any = self._pooled.driver_connection
        self._mark = "?" if db.is_sqlite else "%s"
        # psycopg begins by itself at the first statement.
        self._begin = {True: "BEGIN IMMEDIATE", False: "BEGIN"} if db.is_sqlite else {}

    def say(self, statements: Sequence[Statement], *, write: bool = False) -> None:
        """All statements in one transaction, every row of every answer fetched."""
        cursor = self.driver.cursor()
        if self._begin:
            cursor.execute(self._begin[write])
        for sql, parameters, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, parameters)
            if cursor.description:
                cursor.fetchall()
        self.driver.commit()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query answers."""
        found: list[tuple[Any, ...]] = self.driver.execute(sql).fetchall()
        self.driver.commit()
        return found

    def write(self, batches: Sequence[tuple[str, Sequence[tuple[Any, ...]]]]) -> None:
        """Each SQL (with `?` for values) over its rows by executemany, all in one transaction."""
        cursor = self.driver.cursor()
        if self._begin:
            cursor.execute(self._begin[True])
        for sql, rows in batches:
            if rows:
                cursor.executemany(sql.replace("?", self._mark), rows)
        self.driver.commit()

    def close(self) -> None:
        """Let go of the connection."""
        self._pooled.close()
