"""What the rules say of a world, found out once: who sees what, and every row there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, inspect, text

from tests.authz import rules
from tests.authz.rules import Person
from tests.oracle import Sight, sight


@dataclass
class Known:
    """Plain words and numbers, so that it can be kept beside the world."""

    book: dict[str, dict[Any, Any]]  # table → number → row
    people: dict[str, Person]  # who asks, by login
    ids: dict[str, int]  # everybody there is
    sights: dict[str, Sight]  # also of who cannot sign in: what would be seen
    opened: dict[int, set[int]]  # unit → whose heads are told when it is opened
    units: dict[str, int]  # by code
    at: datetime


def find_out(
    conn: Connection,
    logins: Iterable[str],
    at: datetime,
    uploads: dict[str, str],
    exports: dict[str, str] | None = None,
) -> Known:
    """All of it, from the plain tables, at a moment."""
    day = at.date()
    book: dict[str, dict[Any, Any]] = {"upload": dict(uploads), "export": dict(exports or {})}
    for name in inspect(conn).get_table_names():
        rows = [dict(row._mapping) for row in conn.execute(text(f"SELECT * FROM {name}"))]
        book[name] = {row.get("id", number): row for number, row in enumerate(rows)}
    ids = {row["login"]: row["id"] for row in book["user_account"].values()}
    units = {row["code"]: row["id"] for row in book["unit"].values()}
    return Known(
        book,
        {login: rules.person(conn, login, day, at) for login in logins},
        ids,
        {login: sight(conn, user_id, day, at) for login, user_id in ids.items()},
        {unit_id: rules.opened(conn, unit_id, day) for unit_id in units.values()},
        units,
        at,
    )
