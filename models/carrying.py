"""A register outgrows SQLite: every row of it into an empty PostgreSQL, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from psycopg import Error as PostgresError
from psycopg import sql
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from models import schema
from models.database import Database
from models.errors import CopyError
from models.tables import metadata

_AT_ONCE = 1000  # rows read ahead


def carry(source: Path, target: Database) -> None:
    """Fill an empty PostgreSQL database from a SQLite file of the same schema.

    Raises SchemaError where it is of another one, CopyError where a row finds no place.
    """
    found = Database(f"sqlite:///{source}")
    try:
        schema.check(found)
        with found.read() as old, target.engine.begin() as new:
            schema.upgrade_on(new)
            _empty(new)
            for table in metadata.sorted_tables:
                _copy(old, new, table)
                _go_on(new, table)
    except (SQLAlchemyError, PostgresError) as error:
        said = str(getattr(error, "orig", error)).splitlines()[0]
        raise CopyError(f"PostgreSQL: {said}", str(source)) from error
    finally:
        found.dispose()


def _empty(new: Connection) -> None:
    """Take away what the migrations put into a new register: the old one has its own of it."""
    for table in reversed(metadata.sorted_tables):
        # What may only be added to has nothing yet, and its triggers would refuse even so.
        if new.execute(select(func.count()).select_from(table)).scalar_one():
            new.execute(table.delete())


def _copy(old: Connection, new: Connection, table: Table) -> None:
    """All rows in one statement: so a row may name one that comes after it."""
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    said = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    written = [_writer(column.type, new) for column in table.columns]
    rows = old.execute(select(table), execution_options={"yield_per": _AT_ONCE})
    with closing(new.connection.cursor()) as cursor, cursor.copy(said) as copied:
        for row in rows:
            copied.write_row(
                [
                    None if value is None else write(value)
                    for write, value in zip(written, row, strict=True)
                ]
            )


def _writer(kind: Any, new: Connection) -> Callable[[Any], Any]:
    """What a value of a column is for PostgreSQL's driver."""
    made = kind.dialect_impl(new.dialect).bind_processor(new.dialect)
    return made or (lambda value: value)


def _go_on(new: Connection, table: Table) -> None:
    """Let the numbers go on after the last one."""
    for column in table.primary_key.columns:
        named = {"table": table.name, "column": column.name}
        sequence = new.execute(_SEQUENCE, named).scalar()
        if sequence is not None:
            last = new.execute(select(func.max(column))).scalar()
            if last is not None:
                new.execute(_SET, {"sequence": sequence, "last": last})


_SEQUENCE = text("SELECT pg_get_serial_sequence(:table, :column)")
_SET = text("SELECT setval(CAST(:sequence AS regclass), :last)")
