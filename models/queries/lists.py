"""Lists across everything: what is overdue, page by key, the same cost at any size."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
)

from models.queries.units import latest
from models.tables import Letter, Point, Step, Unit, UnitPeriod, table

_step, _letter, _point = table(Step), table(Letter), table(Point)
_unit, _period = table(Unit), table(UnitPeriod)
_issuer, _issuer_period = _unit.alias("issuer"), _period.alias("issuer_period")

# Counting further would cost more than anybody reads; lists say "more than".
MOST = 10_000


class OverdueRow(NamedTuple):
    """A step that is not done though its due date has passed."""

    id: int
    kind: str
    state: str
    turn: str
    due: date
    unit_id: int
    unit: str
    unit_code: str
    issuer: str
    issuer_code: str
    point: str
    letter_id: int
    letter_kind: str
    number: str | None
    symbol: str | None
    dated: date | None


def overdue(
    conn: Connection,
    today: date,
    *,
    unit_id: int | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 50,
) -> list[OverdueRow]:
    """Steps overdue on `today`, the longest first, after a (due, id) key; of a unit and all
    below it, if one is named.
    """
    due, step_id = after or (date.min, 0)
    values = {"day": today, "due": due, "id": step_id, "most": limit, "unit": unit_id}
    query = _OVERDUE if unit_id is None else _OVERDUE_UNIT
    return [OverdueRow._make(row) for row in conn.execute(query, values)]


def count_overdue(conn: Connection, today: date, *, unit_id: int | None = None) -> int:
    """How many steps are overdue on `today`, at most MOST + 1."""
    query = _COUNT if unit_id is None else _COUNT_UNIT
    return int(conn.execute(query, {"day": today, "unit": unit_id}).scalar_one())


# Written out, not bound: the planner must see that the partial index covers it.
_IS_UNDONE = text("step.turn IN ('lead', 'issuer')")
_DAY = bindparam("day", type_=_step.c.due.type)


def _in_unit(query: Select[Any]) -> Select[Any]:
    top = select(bindparam("unit", type_=Integer).label("id")).cte("below", recursive=True)
    below = top.union(
        select(_period.c.unit_id)
        .join(top, _period.c.parent_id == top.c.id)
        # A unit that has ended stays under the last parent it had: what it owes is still owed.
        .where(_period.c.valid_from == latest(_period.c.unit_id, _DAY))
    )
    return query.where(_step.c.unit_id.in_(select(below.c.id)))


_KEYS = (
    select(_step.c.id)
    .where(
        _IS_UNDONE,
        _step.c.due < _DAY,
        # Said again for the planner: it begins at the key, not at the head of the index.
        _step.c.due >= bindparam("due", type_=_step.c.due.type),
        or_(
            _step.c.due > bindparam("due", type_=_step.c.due.type),
            and_(
                _step.c.due == bindparam("due", type_=_step.c.due.type),
                _step.c.id > bindparam("id"),
            ),
        ),
    )
    .order_by(_step.c.due, _step.c.id)
    .limit(bindparam("most", type_=Integer, literal_execute=True))
)


def _rows(keys: Select[Any]) -> Select[Any]:
    """The page's ids first, from the index alone; names only for the rows shown."""
    page = keys.subquery("page")
    return (
        select(
            _step.c.id,
            _step.c.kind,
            _step.c.state,
            _step.c.turn,
            _step.c.due,
            _step.c.unit_id,
            func.coalesce(_period.c.short_name, _unit.c.code),
            _unit.c.code,
            func.coalesce(_issuer_period.c.short_name, _issuer.c.code),
            _issuer.c.code,
            func.coalesce(_point.c.no, ""),
            _letter.c.id,
            _letter.c.kind,
            _letter.c.number,
            _letter.c.symbol,
            _letter.c.dated,
        )
        .join_from(page, _step, _step.c.id == page.c.id)
        .join(_letter, _letter.c.id == _step.c.letter_id)
        .join(_unit, _unit.c.id == _step.c.unit_id)
        .join(_issuer, _issuer.c.id == _step.c.issuer_id)
        .outerjoin(_point, _point.c.id == _step.c.point_id)
        .outerjoin(
            _period,
            (_period.c.unit_id == _step.c.unit_id)
            & (_period.c.valid_from == latest(_step.c.unit_id, _DAY)),
        )
        .outerjoin(
            _issuer_period,
            (_issuer_period.c.unit_id == _step.c.issuer_id)
            & (_issuer_period.c.valid_from == latest(_step.c.issuer_id, _DAY)),
        )
        .order_by(_step.c.due, _step.c.id)
    )


def _counted(keys: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(keys.limit(MOST + 1).subquery("some"))


_ALL = select(_step.c.id).where(_IS_UNDONE, _step.c.due < _DAY)
_OVERDUE = _rows(_KEYS)
_OVERDUE_UNIT = _rows(_in_unit(_KEYS))
_COUNT = _counted(_ALL)
_COUNT_UNIT = _counted(_in_unit(_ALL))
