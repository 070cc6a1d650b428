"""Due dates in stages: until when a letter's own duty is to be done, which it lays too late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select

from models.tables import (
    Citation,
    Duty,
    Letter,
    Level,
    Point,
    PointUnit,
    Step,
    UnitPeriod,
    table,
)

_citation, _duty, _letter, _level = table(Citation), table(Duty), table(Letter), table(Level)
_point, _point_unit, _step = table(Point), table(PointUnit), table(Step)
_period = table(UnitPeriod)


class ServedRow(NamedTuple):
    """A duty that a letter serves: its due dates, and the time its body needs in between."""

    letter_id: int
    unit_id: int
    due: date | None
    finish_due: date | None
    slack_days: int


class LateRow(NamedTuple):
    """A duty of a draft that is due after some day."""

    letter_id: int
    point: str
    unit_id: int
    due: date


def served(conn: Connection, letter_ids: Sequence[int], today: date) -> list[ServedRow]:
    """What drafts serve: the open obligations of their issuers, laid by letters they implement."""
    rows = conn.execute(_SERVED, {"ids": list(letter_ids), "today": today})
    return [ServedRow._make(row) for row in rows]


def later_than(conn: Connection, days: Mapping[int, date]) -> list[LateRow]:
    """The duties of drafts that are due after the day allowed to each of those letters."""
    if not days:
        return []
    found = conn.execute(_LATER, {"ids": list(days), "day": min(days.values())})
    rows = (LateRow._make(row) for row in found)
    return [row for row in rows if row.due > days[row.letter_id]]


_IDS = bindparam("ids", expanding=True, type_=Integer)
_TODAY = bindparam("today", type_=_period.c.valid_from.type)
_leads = _point_unit.alias("leads")


# A point is for the units that lead it; where it names none, for everybody addressed.
_LED = (
    exists()
    .where(_leads.c.point_id == _point.c.id, _leads.c.role == "lead")
    .correlate(_point, _step)  # by itself it would look for the step again
)
_LAST = (
    select(func.max(_point.c.due))
    .where(
        _point.c.letter_id == _step.c.letter_id,
        (~_LED) | _LED.where(_leads.c.unit_id == _step.c.unit_id),
    )
    .correlate(_step)
    .scalar_subquery()
)
_SERVED = (
    select(
        _letter.c.id,
        _letter.c.issuer_id,
        _step.c.due,
        _LAST,
        func.coalesce(_level.c.slack_days, 0),
    )
    .join_from(_citation, _letter, _letter.c.id == _citation.c.citing_id)
    .join(
        _step,
        (_step.c.letter_id == _citation.c.cited_id) & (_step.c.unit_id == _letter.c.issuer_id),
    )
    .outerjoin(
        _period,
        (_period.c.unit_id == _letter.c.issuer_id)
        & (_period.c.valid_from <= _TODAY)
        & (_period.c.valid_to >= _TODAY),
    )
    .outerjoin(_level, _level.c.code == _period.c.level)
    .where(
        _citation.c.citing_id.in_(_IDS),
        _citation.c.role == "implements",
        _step.c.kind == "obligation",
        _step.c.turn != "nobody",
    )
    .order_by(_letter.c.id, _step.c.id)
)
_LATER = (
    select(_duty.c.letter_id, func.coalesce(_point.c.no, ""), _duty.c.unit_id, _duty.c.due)
    .outerjoin(_point, _point.c.id == _duty.c.point_id)
    .where(
        _duty.c.letter_id.in_(_IDS),
        _duty.c.due > bindparam("day", type_=_duty.c.due.type),
    )
    .order_by(_duty.c.letter_id, _duty.c.id)
)
