"""Writing who stands in for whom, and looks behind glass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Table, insert, update

from models.tables import Delegation, OpenedGlass, table

_delegation, _glass = table(Delegation), table(OpenedGlass)


class Given(NamedTuple):
    """What a giver lends: a post of one's own, to whom, for which moves and days, and why."""

    giver_id: int
    unit_id: int
    role: str
    deputy_id: int
    triggers: Sequence[str] | None
    valid_from: date
    valid_to: date
    reason: str


def delegate(conn: Connection, given: Given, at: datetime) -> int:
    """A deputy for a post; its id."""
    values = {**given._asdict(), "made_at": at}
    if given.triggers is not None:
        values["triggers"] = list(given.triggers)
    made = insert(_delegation).values(values).returning(_delegation.c.id)
    return int(conn.execute(made).scalar_one())


def end_delegation(conn: Connection, delegation_id: int, at: datetime) -> bool:
    """End a delegation before its time; whether it was there and not ended yet."""
    return _end(conn, _delegation, delegation_id, at)


def open_glass(
    conn: Connection, user_id: int, unit_id: int, reason: str, at: datetime, until: datetime
) -> int:
    """A unit's content opened to an administrator for some hours; its id."""
    values = {"user_id": user_id, "unit_id": unit_id, "reason": reason}
    made = insert(_glass).values(**values, opened_at=at, until=until).returning(_glass.c.id)
    return int(conn.execute(made).scalar_one())


def end_glass(conn: Connection, glass_id: int, at: datetime) -> bool:
    """Close it before its time; whether it was open."""
    return _end(conn, _glass, glass_id, at)


def _end(conn: Connection, kept: Table, the_id: int, at: datetime) -> bool:
    ended = update(kept).where(kept.c.id == the_id, kept.c.ended_at.is_(None)).values(ended_at=at)
    return conn.execute(ended).rowcount == 1
