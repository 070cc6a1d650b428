"""What a letter lays: its points, the duties a draft would lay, the steps it laid; fifty a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, case, func, select

from models.queries.listing import PAGE
from models.queries.units import latest
from models.tables import Duty, Letter, Point, PointUnit, Step, Unit, UnitPeriod, table

_letter, _point, _step = table(Letter), table(Point), table(Step)
_point_unit, _duty = table(PointUnit), table(Duty)
_unit, _period = table(Unit), table(UnitPeriod)


class PointRow(NamedTuple):
    """A point of a letter."""

    id: int
    position: int
    no: str
    text: str
    due: date | None
    due_text: str | None
    recurring: str | None


class LaidRow(NamedTuple):
    """What came of a point: how many steps, how many are open or overdue, and the only one."""

    point_id: int | None
    steps: int
    open: int
    overdue: int
    first: int


class StepRow(NamedTuple):
    """A step a letter laid."""

    id: int
    kind: str
    state: str
    turn: str
    due: date | None
    reported_on: date | None
    unit: str
    point: str


class DutyRow(NamedTuple):
    """A duty that issuing a draft would lay."""

    id: int
    kind: str
    due: date | None
    unit: str
    point: str


def points(conn: Connection, letter_id: int, *, after: int = -1) -> list[PointRow]:
    """A letter's points in order, after a position."""
    rows = conn.execute(_POINTS, {"the_id": letter_id, "after": after})
    return [PointRow._make(row) for row in rows]


def point_units(conn: Connection, point_ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """(point, short name, role) of the units that points name, as on their letter's date."""
    return [tuple(row) for row in conn.execute(_POINT_UNITS, {"ids": list(point_ids)})]


def laid(conn: Connection, letter_id: int, today: date) -> list[LaidRow]:
    """What came of each point of a letter, counted, for its page."""
    rows = conn.execute(_LAID, {"the_id": letter_id, "day": today})
    return [LaidRow._make(row) for row in rows]


def steps(
    conn: Connection, letter_id: int, today: date, *, point_id: int | None = None, after: int = 0
) -> list[StepRow]:
    """The steps a letter laid (by one point, if it is named), with units as called today."""
    query = _STEPS if point_id is None else _STEPS_OF_POINT
    values = {"the_id": letter_id, "day": today, "after": after, "point": point_id}
    return [StepRow._make(row) for row in conn.execute(query, values)]


def duties(conn: Connection, letter_id: int, today: date, *, after: int = 0) -> list[DutyRow]:
    """The duties that issuing a draft would lay, for whoever is to issue it."""
    values = {"the_id": letter_id, "day": today, "after": after}
    return [DutyRow._make(row) for row in conn.execute(_DUTIES, values)]


def count_duties(conn: Connection, letter_id: int) -> tuple[int, int]:
    """(duties, units) that issuing a draft would lay."""
    row = conn.execute(_COUNT_DUTIES, {"the_id": letter_id}).one()
    return row[0], row[1]


_THE_ID = bindparam("the_id", type_=Integer)
_AFTER = bindparam("after", type_=Integer)
_DAY = bindparam("day", type_=_step.c.due.type)
_IS_UNDONE = _step.c.turn.in_(("lead", "issuer"))


def _called(unit_column: Any, day: Any) -> Any:
    """A unit's period of a day, or its last one before."""
    return (_period.c.unit_id == unit_column) & (_period.c.valid_from == latest(unit_column, day))


_POINTS = (
    select(*[_point.c[name] for name in PointRow._fields])
    .where(_point.c.letter_id == _THE_ID, _point.c.position > _AFTER)
    .order_by(_point.c.position)
    .limit(PAGE + 1)
)
_POINT_UNITS = (
    select(_point_unit.c.point_id, _period.c.short_name, _point_unit.c.role)
    .join_from(_point_unit, _point, _point.c.id == _point_unit.c.point_id)
    .join(_letter, _letter.c.id == _point.c.letter_id)
    .join(_period, _called(_point_unit.c.unit_id, _letter.c.dated))
    .where(_point_unit.c.point_id.in_(bindparam("ids", expanding=True, type_=Integer)))
    .order_by(_point_unit.c.point_id, _point_unit.c.unit_id)
)
_LAID = (
    select(
        _step.c.point_id,
        func.count(),
        func.count(case((_step.c.turn != "nobody", 1))),
        func.count(case((_IS_UNDONE & (_step.c.due < _DAY), 1))),
        func.min(_step.c.id),
    )
    .where(_step.c.letter_id == _THE_ID, _step.c.parent_id.is_(None))
    .group_by(_step.c.point_id)
)
_STEPS = (
    select(
        _step.c.id,
        _step.c.kind,
        _step.c.state,
        _step.c.turn,
        _step.c.due,
        _step.c.reported_on,
        func.coalesce(_period.c.short_name, _unit.c.code),
        func.coalesce(_point.c.no, ""),
    )
    .join_from(_step, _unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_point, _point.c.id == _step.c.point_id)
    .outerjoin(_period, _called(_step.c.unit_id, _DAY))
    .where(_step.c.letter_id == _THE_ID, _step.c.parent_id.is_(None), _step.c.id > _AFTER)
    .order_by(_step.c.id)
    .limit(PAGE + 1)
)
_STEPS_OF_POINT = _STEPS.where(_step.c.point_id == bindparam("point", type_=Integer))
_DUTIES = (
    select(
        _duty.c.id,
        _duty.c.kind,
        _duty.c.due,
        func.coalesce(_period.c.short_name, _unit.c.code),
        func.coalesce(_point.c.no, ""),
    )
    .join_from(_duty, _unit, _unit.c.id == _duty.c.unit_id)
    .outerjoin(_point, _point.c.id == _duty.c.point_id)
    .outerjoin(_period, _called(_duty.c.unit_id, _DAY))
    .where(_duty.c.letter_id == _THE_ID, _duty.c.id > _AFTER)
    .order_by(_duty.c.id)
    .limit(PAGE + 1)
)
_COUNT_DUTIES = select(func.count(), func.count(_duty.c.unit_id.distinct())).where(
    _duty.c.letter_id == _THE_ID
)
