"""The board: undone steps of the units in somebody's scope, filtered, counted, page by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
)

from models.queries import scopes
from models.queries.board_rows import BoardRow, Key, shown
from models.queries.lists import MOST
from models.tables import Step, Unit, table

_step, _unit = table(Step), table(Unit)

PAGE = 50
# Counted to here for one unit; the heading says "more than".
MOST_OF_ONE = 1_000
_AT_ONCE = 500  # rows of a file
_FEW = 200  # units of a scope that is read unit by unit

Order = Literal["unit", "longest"]


class Asked(NamedTuple):
    """What the board is asked for; the units are the scope, already narrowed by the filters."""

    units: Sequence[int]
    last: date  # due at the latest
    first: date = date.min  # due at the earliest
    directive_id: int | None = None
    kind: str | None = None
    state: str | None = None
    order: Order = "unit"


def rows(
    conn: Connection, asked: Asked, day: date, *, after: Key | None = None, limit: int = PAGE
) -> list[BoardRow]:
    """A page of the board after a key, units named as on `day`."""
    path = _path(asked, by_code=asked.order == "unit")
    query = _page(path, asked.order, *_filters(asked), after is not None, scopes.is_lite(conn))
    values = _values(conn, asked) | {"day": day, "most": limit}
    if after is not None:
        values |= {"after_code": after.code, "after_due": after.due, "after_id": after.id}
    return [BoardRow._make(row) for row in conn.execute(query, values)]


def count(conn: Connection, asked: Asked) -> int:
    """How many rows all pages of the board have together, at most MOST + 1."""
    query = _count(_path(asked), *_filters(asked), scopes.is_lite(conn))
    return int(conn.execute(query, _values(conn, asked) | {"most": MOST + 1}).scalar_one())


def counts_of(conn: Connection, asked: Asked, units: Sequence[int]) -> dict[int, int]:
    """unit → how many rows of the board it has, for its heading; at most MOST_OF_ONE + 1."""
    query = _count_each(_path(asked), *_filters(asked), scopes.is_lite(conn))
    values = _values(conn, asked) | {"some": list(units), "most": MOST_OF_ONE + 1}
    return {row[0]: row[1] for row in conn.execute(query, values)}


def everything(conn: Connection, asked: Asked, day: date, *, most: int) -> Iterator[BoardRow]:
    """All rows of the board up to `most`, a page at a time, for a file."""
    after = None
    while most > 0:
        page = rows(conn, asked, day, after=after, limit=min(most, _AT_ONCE))
        yield from page
        most -= len(page)
        if len(page) < _AT_ONCE:
            return
        after = page[-1].key


# Where a query begins: at the listed units, at all units in their order (until the page is
# full), at the due dates, or at the letters below one.
Path = Literal["listed", "codes", "dates", "letters"]


def _path(asked: Asked, *, by_code: bool = False) -> Path:
    if asked.directive_id is not None:
        return "letters"
    if len(asked.units) <= _FEW:
        return "listed"
    if by_code:
        return "codes"
    # Kind and state stand in the index that begins with the unit, not in that of the dates.
    return "listed" if asked.kind is not None or asked.state is not None else "dates"


def _filters(asked: Asked) -> tuple[bool, bool]:
    return asked.kind is not None, asked.state is not None


def _values(conn: Connection, asked: Asked) -> dict[str, object]:
    return {
        "units": scopes.written(conn, asked.units),
        "first": asked.first,
        "last": asked.last,
        "directive": asked.directive_id,
        "kind": asked.kind,
        "state": asked.state,
    }


def _date(name: str) -> Any:
    return bindparam(name, type_=_step.c.due.type)


# Written out, not bound: the planner must see that the partial indexes cover it.
_IS_UNDONE = text("step.turn IN ('lead', 'issuer')")
_LIMIT = bindparam("most", type_=Integer, literal_execute=True)
_BELOW = {lite: scopes.laid_below(":directive", lite) for lite in (True, False)}


def _where(kind: bool, state: bool) -> list[Any]:
    found = [_IS_UNDONE, _step.c.due >= _date("first"), _step.c.due <= _date("last")]
    if kind:
        found.append(_step.c.kind == bindparam("kind"))
    if state:
        found.append(_step.c.state == bindparam("state"))
    return found


def _found(path: Path, kind: bool, state: bool, lite: bool) -> Select[Any]:
    """The ids of what the board shows, before its order."""
    query = select(_step.c.id).where(*_where(kind, state))
    if path in ("listed", "codes"):
        # The sign keeps SQLite from beginning at the steps.
        unit_id: ColumnElement[int] = literal_column("+unit.id", Integer)
        query = query.join_from(_unit, _step, _step.c.acting_id == unit_id)
        is_listed = path == "listed"
        return query.where(
            _unit.c.id.in_(scopes.listed(lite)) if is_listed else scopes.tested(_unit.c.id, lite)
        )
    query = query.where(scopes.tested(_step.c.acting_id, lite))
    if path == "letters":
        query = query.where(_BELOW[lite])
    return query


@cache
def _page(
    path: Path, order: Order, kind: bool, state: bool, has_key: bool, lite: bool
) -> Select[Any]:
    """The page's ids first; names only for the rows shown."""
    keys = _found(path, kind, state, lite)
    after_due = or_(
        _step.c.due > _date("after_due"),
        and_(_step.c.due == _date("after_due"), _step.c.id > bindparam("after_id")),
    )
    if order == "unit":
        if path == "letters":
            # Signed, it keeps SQLite from beginning at the units.
            acting: ColumnElement[int] = literal_column("+step.acting_id", Integer)
            keys = keys.join_from(_step, _unit, _unit.c.id == acting)
        code = bindparam("after_code", type_=String)
        if has_key:
            same = and_(_unit.c.code == code, after_due)
            keys = keys.where(_unit.c.code >= code, or_(_unit.c.code > code, same))
        keys = keys.order_by(_unit.c.code, _step.c.due, _step.c.id)
    else:
        if has_key:
            keys = keys.where(_step.c.due >= _date("after_due"), after_due)
        # Wrapped, the order does not lure SQLite away from the few units it is to begin at.
        due = func.coalesce(_step.c.due, _step.c.due) if path == "listed" else _step.c.due
        keys = keys.order_by(due, _step.c.id)
    return shown(keys.limit(_LIMIT), by_unit=order == "unit")


@cache
def _count(path: Path, kind: bool, state: bool, lite: bool) -> Select[Any]:
    found = _found(path, kind, state, lite).limit(_LIMIT)
    return select(func.count()).select_from(found.subquery("some"))


@cache
def _count_each(path: Path, kind: bool, state: bool, lite: bool) -> Select[Any]:
    some = bindparam("some", expanding=True, type_=Integer)
    if path == "letters":
        found = _found(path, kind, state, lite).where(_step.c.acting_id.in_(some))
        return found.with_only_columns(_step.c.acting_id, func.count()).group_by(_step.c.acting_id)
    one = select(_step.c.id).where(*_where(kind, state), _step.c.acting_id == _unit.c.id)
    first = one.limit(_LIMIT).correlate(_unit).subquery("first")
    counted = select(func.count()).select_from(first).scalar_subquery()
    return select(_unit.c.id, counted).where(_unit.c.id.in_(some))
