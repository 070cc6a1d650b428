"""Scopes: the units somebody follows for with all below them, and steps tested against one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    TextClause,
    bindparam,
    false,
    func,
    insert,
    literal,
    select,
    text,
)

from models.queries.units import latest
from models.tables import Letter, Unit, UnitPeriod, table

_unit, _period = table(Unit), table(UnitPeriod)

# On a scoped connection: letters that may be read, and of those they cite the identity alone.
NAMED = table(Letter).to_metadata(MetaData(), name="letter_named")


def below(
    conn: Connection, tops: Sequence[int], day: date, *, level: str | None = None
) -> list[int]:
    """The units somebody follows for with all below them (of one level), for the board's reader.

    A unit that has ended stays under the last parent it had: what it owes is still owed.
    """
    values = {"tops": list(tops), "day": day, "level": level}
    return list(conn.execute(_BELOW if level is None else _BELOW_LEVEL, values).scalars())


def put_below(conn: Connection, tops: Sequence[int], day: date) -> None:
    """The units somebody reads for with all below them, into the list of models.lens."""
    conn.execute(_PUT_BELOW, {"tops": list(tops), "day": day})


def is_within(conn: Connection, unit_id: int, tops: Sequence[int], day: date) -> bool:
    """Whether a unit is one of these or below one, for a filter that names it."""
    values = {"unit": unit_id, "tops": list(tops), "day": day}
    return conn.execute(_WITHIN, values).first() is not None


def above(conn: Connection, unit_id: int, day: date) -> list[int]:
    """A unit and all above it, for the page that says by which post it is read for."""
    return list(conn.execute(_ABOVE, {"unit": unit_id, "day": day}).scalars())


def written(conn: Connection, units: Sequence[int]) -> str:
    """A scope as one value `units`: thousands of parameters would cost more than the query."""
    said = ",".join(map(str, units))
    return f"[{said}]" if is_lite(conn) else f"{{{said}}}"


def is_scoped(conn: Connection) -> bool:
    """Whether a connection shows only what one reader may see: see models.lens."""
    return "lens" in conn.info


def is_lite(conn: Connection) -> bool:
    """Whether a query is to be put in SQLite's words."""
    return conn.dialect.name == "sqlite"


def listed(lite: bool) -> Any:
    """The scope bound as `units`, as a subquery a planner may begin at."""
    return _LISTED_LITE if lite else _LISTED_POSTGRES


def tested(column: ColumnElement[Any], lite: bool) -> ColumnElement[bool]:
    """Whether a unit is in the scope bound as `units`: only a test, no planner begins at it."""
    return func.coalesce(column.in_(listed(lite)), false())


def laid_below(above: str, lite: bool) -> TextClause:
    """Whether a step was laid by a letter or by one below it; `above` names that letter in SQL."""
    letters = f"SELECT below_id FROM letter_line WHERE above_id = {above}"
    if lite:
        return text(f"step.letter_id IN ({letters})")
    # As an array, or PostgreSQL would read everything that is overdue.
    return text(f"step.letter_id = ANY (ARRAY({letters}))")


_LISTED_LITE = text("SELECT value FROM json_each(:units)")
_LISTED_POSTGRES = text("SELECT unnest(CAST(:units AS integer[]))")
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_TOPS = bindparam("tops", expanding=True, type_=Integer)
_top = select(_unit.c.id).where(_unit.c.id.in_(_TOPS)).cte("below", recursive=True)
_below = _top.union(
    select(_period.c.unit_id)
    .join(_top, _period.c.parent_id == _top.c.id)
    .where(_period.c.valid_from == latest(_period.c.unit_id, _DAY))
)
_BELOW = select(_below.c.id)
_BELOW_LEVEL = _BELOW.join(_period, _period.c.unit_id == _below.c.id).where(
    _period.c.level == bindparam("level"),
    _period.c.valid_from == latest(_period.c.unit_id, _DAY),
)
_seen_unit = Table("seen_unit", MetaData(), Column("unit_id", Integer), Column("is_own", Integer))
_PUT_BELOW = insert(_seen_unit).from_select(["unit_id", "is_own"], select(_below.c.id, literal(0)))
_self = select(bindparam("unit", type_=Integer).label("id")).cte("above", recursive=True)
_above = _self.union(
    select(_period.c.parent_id)
    .join(_self, _period.c.unit_id == _self.c.id)
    .where(
        _period.c.parent_id.is_not(None),
        _period.c.valid_from == latest(_period.c.unit_id, _DAY),
    )
)
_WITHIN = select(_above.c.id).where(_above.c.id.in_(_TOPS))
_ABOVE = select(_above.c.id)
