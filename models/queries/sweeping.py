"""What a day's sweep finds: open steps by their due date, page by page, however many there are."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, or_, select, text

from models.tables import Step, table

_step = table(Step)


class DueRow(NamedTuple):
    """A step that falls due, as far as whoever reminds must know it."""

    due: date
    step_id: int
    letter_id: int
    kind: str
    unit_id: int
    acting_id: int | None  # whose move it is


def due(
    conn: Connection, first: date, last: date, after: tuple[date, int] | None, most: int
) -> list[DueRow]:
    """For the sweep: steps somebody must act on that fall due in these days, after a key."""
    begin, step_id = max(after, (first, 0)) if after else (first, 0)
    values = {"begin": begin, "last": last, "id": step_id, "most": most}
    return [DueRow._make(row) for row in conn.execute(_DUE, values)]


_BEGIN = bindparam("begin", type_=_step.c.due.type)
_DUE = (
    select(
        _step.c.due,
        _step.c.id,
        _step.c.letter_id,
        _step.c.kind,
        _step.c.unit_id,
        _step.c.acting_id,
    )
    .where(
        # Written out, not bound: the planner must see that the partial index covers it.
        text("step.turn IN ('lead', 'issuer')"),
        _step.c.due <= bindparam("last", type_=_step.c.due.type),
        _step.c.due >= _BEGIN,
        or_(_step.c.due > _BEGIN, and_(_step.c.due == _BEGIN, _step.c.id > bindparam("id"))),
    )
    .order_by(_step.c.due, _step.c.id)
    .limit(bindparam("most", type_=Integer, literal_execute=True))
)
