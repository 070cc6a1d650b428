"""A step's page: what is owed, by whom, with which dates, in which parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    select,
)

from models.queries.units import latest
from models.tables import (
    Event,
    Extension,
    Letter,
    Point,
    Step,
    StepUnit,
    Unit,
    UnitPeriod,
    User,
    table,
)

_step, _letter, _point = table(Step), table(Letter), table(Point)
_unit, _period, _user = table(Unit), table(UnitPeriod), table(User)
_extension, _event = table(Extension), table(Event)
_behalf = _user.alias("behalf")
_step_unit = table(StepUnit)
_issuer, _issuer_period = _unit.alias("issuer"), _period.alias("issuer_period")

PAGE = 50


class StepPageRow(NamedTuple):
    """A step with all that stands at the head of its page."""

    id: int
    kind: str
    state: str
    turn: str
    version: int
    letter_id: int
    letter_kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    subject: str
    point: str
    text: str | None
    due_text: str | None
    unit_id: int
    unit: str
    unit_code: str
    issuer_id: int
    issuer: str
    issuer_code: str
    parent_id: int | None
    previous_id: int | None
    laid_on: date
    due: date | None
    original_due: date | None
    reported_on: date | None
    reporter: str | None
    reporter_for: str | None
    open_children: int
    has_units_below: bool
    judged: int  # the event that last judged what was shown before it; 0 for none
    series_id: int | None
    occurrence: date | None


class UnitNameRow(NamedTuple):
    """A unit by its code and short name."""

    code: str
    unit: str


class ExtensionRow(NamedTuple):
    """A later date asked for, and what became of it."""

    state: str
    due_before: date | None
    asked_until: date
    until: date
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    decided_note: str | None


class PartRow(NamedTuple):
    """A sub-step, or the step that took this one over."""

    id: int
    unit: str
    state: str
    turn: str
    due: date | None
    reported_on: date | None


def step(conn: Connection, step_id: int, day: date) -> StepPageRow | None:
    """The step itself, units named as on `day`."""
    row = conn.execute(_STEP, {"the_id": step_id, "day": day}).first()
    return None if row is None else StepPageRow._make(row)


def coordinating(conn: Connection, step_id: int, day: date) -> list[UnitNameRow]:
    """The units that coordinate on a step."""
    rows = conn.execute(_COORDINATING, {"the_id": step_id, "day": day})
    return [UnitNameRow._make(row) for row in rows]


def extensions(conn: Connection, step_id: int) -> list[ExtensionRow]:
    """Every later date asked for, in order."""
    return [ExtensionRow._make(row) for row in conn.execute(_EXTENSIONS, {"the_id": step_id})]


def parts(conn: Connection, step_id: int, day: date, *, after: int = 0) -> list[PartRow]:
    """The sub-steps of a split step after an id, one more than a page."""
    values = {"the_id": step_id, "day": day, "after": after, "most": PAGE + 1}
    return [PartRow._make(row) for row in conn.execute(_PARTS, values)]


def taken_over(
    conn: Connection, step_id: int, letter_id: int, units: Sequence[int], day: date
) -> list[PartRow]:
    """The step that took over a transferred one, laid by the same letter on one of these units."""
    values = {"the_id": step_id, "letter": letter_id, "units": list(units), "day": day}
    return [PartRow._make(row) for row in conn.execute(_TAKEN_OVER, values)]


_DAY = bindparam("day", type_=_period.c.valid_from.type)
_part, _other = _period.alias("part"), _step.alias("other")
_ID = bindparam("the_id", type_=Integer)
_NAME = func.coalesce(_period.c.short_name, _unit.c.code)


def _named(query: Select[Any], unit: Any, period: Any, unit_id: Any) -> Select[Any]:
    """A query joined with a unit under the name it has on the day."""
    return query.join(unit, unit.c.id == unit_id).outerjoin(
        period,
        (period.c.unit_id == unit_id) & (period.c.valid_from == latest(unit_id, _DAY)),
    )


def _seen(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Another step by its number, on a scoped connection only where the reader sees it."""
    return select(_other.c.id).where(_other.c.id == column).correlate(_step).scalar_subquery()


_HEAD = (
    select(
        _step.c.id,
        _step.c.kind,
        _step.c.state,
        _step.c.turn,
        _step.c.version,
        _letter.c.id,
        _letter.c.kind,
        _letter.c.number,
        _letter.c.symbol,
        _letter.c.dated,
        _letter.c.issuer_name,
        _letter.c.subject,
        func.coalesce(_point.c.no, ""),
        _point.c.text,
        _point.c.due_text,
        _step.c.unit_id,
        _NAME,
        _unit.c.code,
        _step.c.issuer_id,
        func.coalesce(_issuer_period.c.short_name, _issuer.c.code),
        _issuer.c.code,
        _seen(_step.c.parent_id),
        _seen(_step.c.previous_id),
        _step.c.laid_on,
        _step.c.due,
        _step.c.original_due,
        _step.c.reported_on,
        _user.c.name,
        _behalf.c.name,
        _step.c.open_children,
        exists().where(
            _part.c.parent_id == _step.c.unit_id,
            _part.c.valid_from <= _DAY,
            _part.c.valid_to >= _DAY,
        ),
        select(func.coalesce(func.max(_event.c.seq), 0))
        .where(_event.c.step_id == _step.c.id, _event.c.trigger.in_(("return", "reopen")))
        .correlate(_step)
        .scalar_subquery(),
        _step.c.series_id,
        _step.c.occurrence,
    )
    .join_from(_step, _letter, _letter.c.id == _step.c.letter_id)
    .outerjoin(_point, _point.c.id == _step.c.point_id)
    .outerjoin(_user, _user.c.id == _step.c.reporter_id)
    .outerjoin(_behalf, _behalf.c.id == _step.c.reporter_for_id)
)
_STEP = _named(
    _named(_HEAD, _unit, _period, _step.c.unit_id), _issuer, _issuer_period, _step.c.issuer_id
).where(_step.c.id == _ID)

_COORDINATING = (
    _named(
        select(_unit.c.code, _NAME).select_from(_step_unit), _unit, _period, _step_unit.c.unit_id
    )
    .where(_step_unit.c.step_id == _ID)
    .order_by(_unit.c.code)
)

_asked, _decided = _event.alias("asked"), _event.alias("decided")
_EXTENSIONS = (
    select(
        _extension.c.state,
        _extension.c.due_before,
        _asked.c.until,
        _extension.c.until,
        _extension.c.reason,
        _asked.c.at,
        _decided.c.at,
        _decided.c.note,
    )
    .join_from(_extension, _asked, _asked.c.seq == _extension.c.asked_seq)
    .outerjoin(_decided, _decided.c.seq == _extension.c.decided_seq)
    .where(_extension.c.step_id == _ID)
    .order_by(_extension.c.id)
    .limit(PAGE)
)

_PART_COLUMNS = (
    _step.c.id,
    _NAME,
    _step.c.state,
    _step.c.turn,
    _step.c.due,
    _step.c.reported_on,
)
_PART = _named(select(*_PART_COLUMNS).select_from(_step), _unit, _period, _step.c.unit_id)
_PARTS = (
    _PART.where(_step.c.parent_id == _ID, _step.c.id > bindparam("after", type_=Integer))
    .order_by(_step.c.id)
    .limit(bindparam("most", type_=Integer))
)
_TAKEN_OVER = _PART.where(
    _step.c.letter_id == bindparam("letter", type_=Integer),
    _step.c.unit_id.in_(bindparam("units", expanding=True, type_=Integer)),
    _step.c.previous_id == _ID,
).order_by(_step.c.id)
