"""Who covers which point of a letter: for any number of units a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    String,
    bindparam,
    case,
    func,
    select,
    text,
    union_all,
)

from models.queries.units import latest
from models.tables import (
    Point,
    PointUnit,
    Step,
    Unit,
    UnitPeriod,
    table,
)

_point, _named, _step = table(Point), table(PointUnit), table(Step)
_unit, _period = table(Unit), table(UnitPeriod)

_SHORT = 200  # characters of a point's text


class PointRow(NamedTuple):
    """A point of a letter, its text cut short."""

    id: int
    no: str
    text: str
    due: date | None


class CountRow(NamedTuple):
    """What a point (None: the letter as a whole) laid, and how it stands."""

    point_id: int | None
    kept: int  # laid and not dropped
    units: int
    ended: int
    overdue: int
    dropped: int  # cancelled, waived, transferred, superseded


class CoverRow(NamedTuple):
    """A step that covers a point (None: the letter as a whole)."""

    point_id: int | None
    step_id: int
    unit_id: int
    unit: str
    kind: str
    state: str
    turn: str
    due: date | None
    reported_on: date | None
    by_point_id: int | None  # None: laid by the whole letter, on a unit the point names to lead


def points(conn: Connection, letter_id: int) -> list[PointRow]:
    """The points of a letter in order, for the rows of the table."""
    return [PointRow._make(row) for row in conn.execute(_POINTS, {"letter": letter_id})]


def counts(
    conn: Connection, letter_id: int, today: date, dropped: Collection[str]
) -> list[CountRow]:
    """How many steps each point laid and how they stand, for any number of units."""
    values = {"letter": letter_id, "day": today, "dropped": list(dropped)}
    return [CountRow._make(row) for row in conn.execute(_COUNTS, values)]


def covers(conn: Connection, letter_id: int, today: date, most: int) -> list[CoverRow]:
    """The `most` first steps of each point: overdue before the rest, then as due."""
    values = {"letter": letter_id, "day": today, "most": most}
    return [CoverRow._make(row) for row in conn.execute(_COVERS, values)]


def helpers(conn: Connection, letter_id: int, day: date, most: int) -> list[tuple[int, str]]:
    """(point, unit that coordinates), at most so many of each point."""
    values = {"letter": letter_id, "day": day, "most": most}
    return [(row[0], row[1]) for row in conn.execute(_HELPERS, values)]


_THIS = bindparam("letter", type_=Integer)
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_UNIT = func.coalesce(_period.c.short_name, _unit.c.code)
_UNDONE_LATE = text("step.turn IN ('lead', 'issuer') AND step.due < :day").bindparams(
    bindparam("day", type_=_step.c.due.type)
)


def _named_as_of(unit_column: Any) -> Any:
    return (_period.c.unit_id == unit_column) & (_period.c.valid_from == latest(unit_column, _DAY))


_POINTS = (
    select(_point.c.id, _point.c.no, func.substr(_point.c.text, 1, _SHORT), _point.c.due)
    .where(_point.c.letter_id == _THIS)
    .order_by(_point.c.position)
)
_KEPT = _step.c.state.not_in(bindparam("dropped", expanding=True, type_=String))


def _how_many(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_TOP = (_step.c.letter_id == _THIS) & _step.c.parent_id.is_(None)
# A duty by the whole letter covers every point that names its unit to lead.
_cover = union_all(
    select(_step.c.point_id, _step.c.id).where(_TOP),
    select(_named.c.point_id, _step.c.id)
    .join_from(_point, _named, _named.c.point_id == _point.c.id)
    .join(_step, _step.c.unit_id == _named.c.unit_id)
    .where(_point.c.letter_id == _THIS, _named.c.role == "lead", _TOP, _step.c.point_id.is_(None)),
).subquery("cover")
_COUNTS = (
    select(
        _cover.c.point_id,
        _how_many(_KEPT),
        func.count(case((_KEPT, _step.c.unit_id)).distinct()),
        _how_many(_KEPT & (_step.c.turn == "nobody")),
        _how_many(_UNDONE_LATE),
        _how_many(~_KEPT),
    )
    .join_from(_cover, _step, _step.c.id == _cover.c.id)
    .group_by(_cover.c.point_id)
)
_nth = (
    select(
        _cover.c.point_id,
        _cover.c.id,
        func.row_number()
        .over(
            partition_by=_cover.c.point_id,
            order_by=(
                case((_UNDONE_LATE, 0), (_step.c.turn != "nobody", 1), else_=2),
                _step.c.due,
                _step.c.id,
            ),
        )
        .label("nth"),
    )
    .join_from(_cover, _step, _step.c.id == _cover.c.id)
    .subquery("ranked")
)
_COVERS = (
    select(
        _nth.c.point_id,
        _step.c.id,
        _step.c.unit_id,
        _UNIT,
        _step.c.kind,
        _step.c.state,
        _step.c.turn,
        _step.c.due,
        _step.c.reported_on,
        _step.c.point_id,
    )
    .join_from(_nth, _step, _step.c.id == _nth.c.id)
    .join(_unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_period, _named_as_of(_step.c.unit_id))
    .where(_nth.c.nth <= bindparam("most"))
    .order_by(_nth.c.nth, _step.c.id)
)
_helper = (
    select(
        _named.c.point_id,
        _named.c.unit_id,
        func.row_number()
        .over(partition_by=_named.c.point_id, order_by=_named.c.unit_id)
        .label("n"),
    )
    .join_from(_point, _named, _named.c.point_id == _point.c.id)
    .where(_point.c.letter_id == _THIS, _named.c.role == "coordinate")
    .subquery("helper")
)
_HELPERS = (
    select(_helper.c.point_id, _UNIT)
    .join_from(_helper, _unit, _unit.c.id == _helper.c.unit_id)
    .outerjoin(_period, _named_as_of(_helper.c.unit_id))
    .where(_helper.c.n <= bindparam("most"))
    .order_by(_helper.c.point_id, _helper.c.n)
)
