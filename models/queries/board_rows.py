"""The rows of the board: ids turned into what is shown, for those of one page alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from models.queries.units import latest
from models.tables import Event, Letter, Point, Step, Unit, UnitPeriod, table

_step, _letter, _point, _event = table(Step), table(Letter), table(Point), table(Event)
_unit, _period = table(Unit), table(UnitPeriod)
_acting, _acting_period = _unit.alias("acting"), _period.alias("acting_period")
_lead, _lead_period = _unit.alias("lead"), _period.alias("lead_period")
_issuer, _issuer_period = _unit.alias("issuer"), _period.alias("issuer_period")
_TEXT = 300  # characters of a point's text that a list shows


class Key(NamedTuple):
    """Where a page ended; the unit's code counts only in the order by unit."""

    code: str
    due: date
    id: int


class BoardRow(NamedTuple):
    """A step that a unit must act on."""

    id: int
    version: int
    kind: str
    state: str
    turn: str
    due: date
    reported_on: date | None
    acting_id: int
    acting_code: str
    acting: str
    unit: str
    issuer_id: int
    issuer: str
    point: str
    text: str
    letter_id: int
    letter_kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    reminded_at: datetime | None

    @property
    def key(self) -> Key:
        """The key of the page that this row ends."""
        return Key(self.acting_code, self.due, self.id)


class NamedStep(NamedTuple):
    """A step by what names it."""

    id: int
    unit: str
    point: str
    number: str | None
    symbol: str | None


def named(conn: Connection, step_ids: Sequence[int], day: date) -> list[NamedStep]:
    """Steps by id, to be named in a sentence."""
    rows = conn.execute(_NAMED, {"ids": list(step_ids), "day": day})
    return [NamedStep._make(row) for row in rows]


def shown(keys: Select[Any], *, by_unit: bool) -> Select[Any]:
    """The rows of these ids in their order, units named as on the bound `day`."""
    page = keys.subquery("page")
    reminded = (
        select(func.max(_event.c.at))
        .where(_event.c.step_id == _step.c.id, _event.c.trigger == "remind")
        .correlate(_step)
        .scalar_subquery()
    )
    query = (
        select(
            _step.c.id,
            _step.c.version,
            _step.c.kind,
            _step.c.state,
            _step.c.turn,
            _step.c.due,
            _step.c.reported_on,
            _step.c.acting_id,
            _acting.c.code,
            func.coalesce(_acting_period.c.short_name, _acting.c.code),
            func.coalesce(_lead_period.c.short_name, _lead.c.code),
            _step.c.issuer_id,
            func.coalesce(_issuer_period.c.short_name, _issuer.c.code),
            func.coalesce(_point.c.no, ""),
            func.coalesce(func.substr(_point.c.text, 1, _TEXT), _letter.c.subject),
            _letter.c.id,
            _letter.c.kind,
            _letter.c.number,
            _letter.c.symbol,
            _letter.c.dated,
            reminded,
        )
        .join_from(page, _step, _step.c.id == page.c.id)
        .join(_letter, _letter.c.id == _step.c.letter_id)
        .outerjoin(_point, _point.c.id == _step.c.point_id)
    )
    for unit, period, column in (
        (_acting, _acting_period, _step.c.acting_id),
        (_lead, _lead_period, _step.c.unit_id),
        (_issuer, _issuer_period, _step.c.issuer_id),
    ):
        query = query.join(unit, unit.c.id == column).outerjoin(
            period, (period.c.unit_id == column) & (period.c.valid_from == latest(column, _DAY))
        )
    by_code = [_acting.c.code] if by_unit else []
    return query.order_by(*by_code, _step.c.due, _step.c.id)


_DAY = bindparam("day", type_=_step.c.due.type)
_NAMED = (
    select(
        _step.c.id,
        func.coalesce(_period.c.short_name, _unit.c.code),
        func.coalesce(_point.c.no, ""),
        _letter.c.number,
        _letter.c.symbol,
    )
    .join_from(_step, _unit, _unit.c.id == _step.c.unit_id)
    .join(_letter, _letter.c.id == _step.c.letter_id)
    .outerjoin(_point, _point.c.id == _step.c.point_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _unit.c.id) & (_period.c.valid_from == latest(_unit.c.id, _DAY)),
    )
    .where(_step.c.id.in_(bindparam("ids", expanding=True, type_=Integer)))
)
