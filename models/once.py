"""Writing a row that may be there already: the first one stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def once(conn: Connection, into: Table, row: Mapping[str, Any], unique: str) -> bool:
    """Insert a row unless one has its unique value already; whether it was inserted."""
    into_it = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    # Of two at the same moment one waits here, and then sees the other's.
    made = into_it(into).values(row).on_conflict_do_nothing(index_elements=[unique])
    return conn.execute(made.returning(into.c[unique])).first() is not None
