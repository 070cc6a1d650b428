"""Whose a calendar feed is, and what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select, text

from models.queries.units import latest
from models.tables import (
    AdminEvent,
    CalendarFeed,
    Event,
    Letter,
    Point,
    Step,
    Unit,
    UnitPeriod,
    User,
    table,
)
from workflows.roles import Turn

_feed, _user, _admin = table(CalendarFeed), table(User), table(AdminEvent)
_step, _letter, _point, _event = table(Step), table(Letter), table(Point), table(Event)
_unit, _period = table(Unit), table(UnitPeriod)
MOST = 1000


class DueRow(NamedTuple):
    """A step that a unit owes by a day, as far as a calendar names it."""

    id: int
    due: date
    version: int
    unit: str
    point: str
    number: str | None
    symbol: str | None
    changed_at: datetime


def owner(conn: Connection, token_sha256: str) -> int | None:
    """Whose feed a token opens; nobody's once the account was closed since it was made."""
    return conn.execute(_OWNER, {"token": token_sha256}).scalar()


def made_at(conn: Connection, user_id: int) -> datetime | None:
    """Since when a person has a feed, for its owner's page."""
    query = select(_feed.c.made_at).where(_feed.c.user_id == user_id)
    return conn.execute(query).scalar()


def due(conn: Connection, unit_ids: Sequence[int], day: date) -> list[DueRow]:
    """What these units have to do by a day, the earliest first: as whoever the connection is for.

    No more than a calendar takes.
    """
    rows = conn.execute(_DUE, {"ids": list(unit_ids), "day": day})
    return [DueRow._make(row) for row in rows]


_OWNER = (
    select(_feed.c.user_id)
    .join_from(_feed, _user, _user.c.id == _feed.c.user_id)
    .where(
        _feed.c.token_sha256 == bindparam("token"),
        _user.c.is_active,
        ~exists().where(
            _admin.c.user_id == _feed.c.user_id,
            _admin.c.act == "deactivate_user",
            _admin.c.at >= _feed.c.made_at,
        ),
    )
)
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_changed = (
    select(func.max(_event.c.at, type_=_event.c.at.type))
    .where(_event.c.step_id == _step.c.id)
    .scalar_subquery()
)
_DUE = (
    select(
        _step.c.id,
        _step.c.due,
        _step.c.version,
        func.coalesce(_period.c.short_name, _unit.c.code),
        func.coalesce(_point.c.no, ""),
        _letter.c.number,
        _letter.c.symbol,
        _changed,
    )
    .join_from(_step, _letter, _letter.c.id == _step.c.letter_id)
    .join(_unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_point, _point.c.id == _step.c.point_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _step.c.unit_id)
        & (_period.c.valid_from == latest(_step.c.unit_id, _DAY)),
    )
    .where(
        _step.c.unit_id.in_(bindparam("ids", expanding=True, type_=Integer)),
        text("step.turn <> 'nobody'"),
        _step.c.turn == Turn.LEAD,
        _step.c.due.is_not(None),
    )
    .order_by(_step.c.due, _step.c.id)
    .limit(MOST)
)
