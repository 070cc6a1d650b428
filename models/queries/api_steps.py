"""Steps as programs list them: narrowed down, page by id."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)

from models import lens
from models.queries.units import latest
from models.tables import Letter, Point, Step, Unit, UnitPeriod, table

_step, _letter, _point = table(Step), table(Letter), table(Point)
_unit, _period = table(Unit), table(UnitPeriod)
_issuer, _issuer_period = _unit.alias("issuer"), _period.alias("issuer_period")
_other = _step.alias("other")
_TEXT = 300  # characters of a point's text that a list shows


class Wanted(NamedTuple):
    """Which steps; None: whichever."""

    letter_id: int | None = None
    unit_id: int | None = None
    kind: str | None = None
    state: str | None = None
    is_open: bool | None = None


class StepListRow(NamedTuple):
    """A step in a list."""

    id: int
    version: int
    kind: str
    state: str
    turn: str
    letter_id: int
    letter_kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    point: str
    text: str
    unit_id: int
    unit_code: str
    unit: str
    issuer_id: int
    issuer_code: str
    issuer: str
    parent_id: int | None
    laid_on: date
    due: date | None
    reported_on: date | None


def page(
    conn: Connection, wanted: Wanted, day: date, *, after: int = 0, limit: int
) -> list[StepListRow]:
    """A page of steps after an id, units named as on `day`, for programs."""
    keys = _narrowed(_after(conn, after), wanted)
    query = _shown(keys.limit(limit))
    return [StepListRow._make(row) for row in conn.execute(query, {"day": day})]


def _after(conn: Connection, after: int) -> Select[Any]:
    """The steps after an id, from where they are found quickest."""
    if conn.info.get("lens") != lens.LISTED:
        return select(_step.c.id).where(_step.c.id > after).order_by(_step.c.id)
    # Who sees few letters begins at those: signed, the id lures no planner to walk all steps.
    signed: ColumnElement[int] = literal_column("+step.id", Integer)
    begun = select(_step.c.id).join_from(_letter, _step, _step.c.letter_id == _letter.c.id)
    return begun.where(signed > after).order_by(signed)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.letter_id is not None:
        query = query.where(_step.c.letter_id == wanted.letter_id)
    if wanted.unit_id is not None:
        query = query.where(_step.c.unit_id == wanted.unit_id)
    if wanted.kind is not None:
        query = query.where(_step.c.kind == wanted.kind)
    if wanted.state is not None:
        query = query.where(_step.c.state == wanted.state)
    if wanted.is_open is not None:
        has_ended = _step.c.turn == "nobody"
        query = query.where(~has_ended if wanted.is_open else has_ended)
    return query


_DAY = bindparam("day", type_=_period.c.valid_from.type)


def _shown(keys: Select[Any]) -> Select[Any]:
    """The page's ids first; names only for the rows shown."""
    page_of = keys.subquery("page")
    query = (
        select(
            _step.c.id,
            _step.c.version,
            _step.c.kind,
            _step.c.state,
            _step.c.turn,
            _letter.c.id,
            _letter.c.kind,
            _letter.c.number,
            _letter.c.symbol,
            _letter.c.dated,
            func.coalesce(_point.c.no, ""),
            func.coalesce(func.substr(_point.c.text, 1, _TEXT), _letter.c.subject),
            _step.c.unit_id,
            _unit.c.code,
            func.coalesce(_period.c.short_name, _unit.c.code),
            _step.c.issuer_id,
            _issuer.c.code,
            func.coalesce(_issuer_period.c.short_name, _issuer.c.code),
            # Only where the reader sees it.
            select(_other.c.id).where(_other.c.id == _step.c.parent_id).scalar_subquery(),
            _step.c.laid_on,
            _step.c.due,
            _step.c.reported_on,
        )
        .join_from(page_of, _step, _step.c.id == page_of.c.id)
        .join(_letter, _letter.c.id == _step.c.letter_id)
        .outerjoin(_point, _point.c.id == _step.c.point_id)
    )
    for unit, period, column in (
        (_unit, _period, _step.c.unit_id),
        (_issuer, _issuer_period, _step.c.issuer_id),
    ):
        query = query.join(unit, unit.c.id == column).outerjoin(
            period, (period.c.unit_id == column) & (period.c.valid_from == latest(column, _DAY))
        )
    return query.order_by(_step.c.id)
