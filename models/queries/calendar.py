"""The days that are off or worked against the rule, as due dates are reckoned with."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.tables import CalendarOverride, table

_override = table(CalendarOverride)


class OverrideRow(NamedTuple):
    """A day against the rule; no unit means everyone."""

    unit_id: int | None
    day: date
    is_off: bool


def overrides(conn: Connection) -> list[OverrideRow]:
    """All of them, for whoever reckons due dates of many units at once: a few a year."""
    return [OverrideRow._make(row) for row in conn.execute(_ALL)]


_ALL = select(_override.c.unit_id, _override.c.day, _override.c.is_off).order_by(_override.c.id)
