"""The first page: the directives with what is overdue and missing below each, drafts to issue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
)

from models.queries import scopes
from models.tables import Answer, Letter, Step, table
from workflows.rollup import ANSWERING

_letter, _answer, _step = table(Letter), table(Answer), table(Step)

# Each directive costs one look for every letter below it, so the page shows few.
PAGE = 10
# Counted to here below one directive; the page says "more than".
MOST_BELOW = 1_000


class DirectiveRow(NamedTuple):
    """A letter that lays duties and answers nobody."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    subject: str
    state: str
    open_steps: int


def directives(
    conn: Connection, *, after: tuple[date, int] | None = None, limit: int = PAGE
) -> list[DirectiveRow]:
    """Issued letters that answer no obligation, the newest first, after a (dated, id) key."""
    day, letter_id = after or (date.max, 0)
    values = {"day": day, "id": letter_id, "most": limit}
    return [DirectiveRow._make(row) for row in conn.execute(_DIRECTIVES, values)]


def overdue_below(
    conn: Connection, letter_ids: Sequence[int], today: date, units: Sequence[int] | None = None
) -> dict[int, int]:
    """letter → how many steps below it are overdue, at most MOST_BELOW + 1; of a scope's units.

    For the directives of the first page; the same steps as on the board of that scope.
    """
    query = _below(units is not None, scopes.is_lite(conn))
    values: dict[str, object] = {"ids": list(letter_ids), "day": today}
    if units is not None:
        values["units"] = scopes.written(conn, units)
    return {row[0]: row[1] for row in conn.execute(query, values)}


def missing_below(conn: Connection, letter_ids: Sequence[int]) -> dict[int, int]:
    """letter → how many letters are expected below it and have not come, for the first page."""
    rows = conn.execute(_MISSING[scopes.is_lite(conn)], {"ids": list(letter_ids)})
    return {row[0]: row[1] for row in rows}


def drafts(conn: Connection, issuers: Sequence[int], *, limit: int) -> list[DirectiveRow]:
    """The newest letters of these units that are entered and not issued, for their registry."""
    values = {"issuers": list(issuers), "most": limit}
    return [DirectiveRow._make(row) for row in conn.execute(_DRAFTS, values)]


@cache
def _below(scoped: bool, lite: bool) -> Select[Any]:
    first = select(_step.c.id).where(
        scopes.laid_below("letter.id", lite),
        # Written out, not bound: the planner must see that the partial index covers it.
        text("step.turn IN ('lead', 'issuer')"),
        _step.c.due < bindparam("day", type_=_step.c.due.type),
    )
    if scoped:
        first = first.where(scopes.tested(_step.c.acting_id, lite))
    return _counted(first.limit(MOST_BELOW + 1))


def _counted(first: Select[Any]) -> Select[Any]:
    counted = select(func.count()).select_from(first.correlate(_letter).subquery("first"))
    return select(_letter.c.id, counted.scalar_subquery()).where(
        _letter.c.id.in_(bindparam("ids", expanding=True, type_=Integer))
    )


_ROW = select(*[_letter.c[name] for name in DirectiveRow._fields])
_NEWEST = (_letter.c.dated.desc(), _letter.c.id.desc())
_MOST = bindparam("most", type_=Integer, literal_execute=True)
_DAY = bindparam("day", type_=_letter.c.dated.type)
_DIRECTIVES = (
    _ROW.where(
        text("NOT letter.is_answer AND letter.state NOT IN ('cited', 'draft')"),
        # Said twice for the planner: it begins at the key, not at the head of the index.
        _letter.c.dated <= _DAY,
        or_(_letter.c.dated < _DAY, and_(_letter.c.dated == _DAY, _letter.c.id < bindparam("id"))),
    )
    .order_by(*_NEWEST)
    .limit(_MOST)
)
_DRAFTS = (
    _ROW.where(
        _letter.c.state == "draft",
        _letter.c.issuer_id.in_(bindparam("issuers", expanding=True, type_=Integer)),
    )
    .order_by(*_NEWEST)
    .limit(_MOST)
)
_replying = _letter.alias("replying")
# The same as cascade.graph.Cascade.missing: a withdrawn letter answers nothing any more.
_MISSING = {
    lite: _counted(
        select(_step.c.id)
        .where(
            scopes.laid_below("letter.id", lite),
            text("step.kind = 'obligation' AND step.turn = 'lead'"),
            ~exists(
                select(_answer.c.letter_id)
                .join_from(_answer, _replying, _replying.c.id == _answer.c.letter_id)
                .where(_answer.c.step_id == _step.c.id, _replying.c.state.in_(sorted(ANSWERING)))
            ),
        )
        .limit(MOST_BELOW + 1)
    )
    for lite in (True, False)
}
