"""The due dates a step has had, and the day on which a suspended step's clock stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, or_, select

from models.tables import Event, Point, PointUnit, Step, table

_event, _step = table(Event), table(Step)
_point, _point_unit = table(Point), table(PointUnit)
# The moves that set another due date, which they name in `until`.
SETTING = ("grant_extension", "extend", "resume", "acknowledge", "start", "split")
_MOST = 50


class DueRow(NamedTuple):
    """A due date as it was set: by which move, when, with which word."""

    seq: int
    trigger: str
    at: datetime
    until: date
    note: str
    data: dict[str, Any] | None


def stopped_at(conn: Connection, step_id: int) -> datetime | None:
    """When a suspended step's clock stopped, for whoever lets it go on."""
    found: datetime | None = conn.execute(_STOPPED, {"step": step_id}).scalar()
    return found


def undated(conn: Connection, step_ids: Sequence[int]) -> dict[int, list[str]]:
    """Step → the phrases without a date it must keep to, for whoever says when it will be due.

    Those of its point, or of all its unit leads; a point that names no lead is everybody's.
    """
    found: dict[int, list[str]] = {}
    if step_ids:
        for step_id, phrase in conn.execute(_UNDATED, {"ids": list(step_ids)}):
            found.setdefault(step_id, []).append(phrase)
    return found


def history(conn: Connection, step_id: int) -> list[DueRow]:
    """The due dates given to a step after the one it was laid with, in order, for its page."""
    return [DueRow._make(row) for row in conn.execute(_HISTORY, {"step": step_id})]


_STEP = _event.c.step_id == bindparam("step", type_=Integer)
_STOPPED = (
    select(_event.c.at)
    .where(_STEP, _event.c.trigger.in_(("suspend", "extend")))
    .order_by(_event.c.seq.desc())
    .limit(1)
)
_HISTORY = (
    select(*[_event.c[name] for name in DueRow._fields])
    .where(_STEP, _event.c.trigger.in_(SETTING), _event.c.until.is_not(None))
    .order_by(_event.c.seq)
    .limit(_MOST)
)
_lead = exists().where(_point_unit.c.point_id == _point.c.id, _point_unit.c.role == "lead")
_UNDATED = (
    select(_step.c.id, _point.c.due_text)
    .join_from(_step, _point, _point.c.letter_id == _step.c.letter_id)
    .where(
        _step.c.id.in_(bindparam("ids", expanding=True, type_=Integer)),
        _point.c.due.is_(None),
        _point.c.due_text.is_not(None),
        or_(
            _point.c.id == _step.c.point_id,
            _step.c.point_id.is_(None)
            & (~_lead | _lead.where(_point_unit.c.unit_id == _step.c.unit_id)),
        ),
    )
    .order_by(_step.c.id, _point.c.position)
)
