"""What falls through in a letter: who was addressed or named and owes nothing, what is missing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, String, bindparam, exists, func, or_, select

from models.queries.units import latest
from models.tables import (
    Answer,
    Letter,
    LetterUnit,
    Point,
    PointUnit,
    Step,
    Unit,
    UnitPeriod,
    table,
)

_letter, _step, _answer = table(Letter), table(Step), table(Answer)
_point, _named, _addressee = table(Point), table(PointUnit), table(LetterUnit)
_unit, _period = table(Unit), table(UnitPeriod)

# Of each kind of gap so many are told, and whether there are more.
MOST = 50


class UnitGapRow(NamedTuple):
    """A body addressed to act on which the letter laid nothing; without id, one we do not know."""

    unit_id: int | None
    name: str


class IdleRow(NamedTuple):
    """A letter that answers a duty of this one and lays nothing on anybody."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    unit: str


class UnansweredRow(NamedTuple):
    """An obligation whose letter is expected and has not come."""

    step_id: int
    unit: str
    state: str
    turn: str
    due: date | None


class NamedRow(NamedTuple):
    """A unit that a point names to lead, and that owes nothing by it."""

    no: str
    unit: str


def bare_addressees(conn: Connection, letter_id: int, day: date) -> list[UnitGapRow]:
    """Bodies addressed to act that owe no step of the letter, at most MOST + 1."""
    values = {"letter": letter_id, "day": day}
    return [UnitGapRow._make(row) for row in conn.execute(_BARE, values)]


def idle_answers(
    conn: Connection, letter_id: int, day: date, answering: Collection[str]
) -> list[IdleRow]:
    """Letters that answer this one and lay nothing themselves, at most MOST + 1."""
    values = {"letter": letter_id, "day": day, "answering": list(answering)}
    return [IdleRow._make(row) for row in conn.execute(_IDLE, values)]


def unanswered(
    conn: Connection, letter_id: int, day: date, answering: Collection[str]
) -> list[UnansweredRow]:
    """Obligations of the letter with no letter yet, those due first before the rest, MOST + 1."""
    values = {"letter": letter_id, "day": day, "answering": list(answering)}
    return [UnansweredRow._make(row) for row in conn.execute(_UNANSWERED, values)]


def unled(conn: Connection, letter_id: int, day: date) -> list[NamedRow]:
    """Units named by a point to lead, without a duty by it or by the whole letter, MOST + 1."""
    return [NamedRow._make(row) for row in conn.execute(_UNLED, {"letter": letter_id, "day": day})]


_THIS = bindparam("letter", type_=Integer)
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_UNIT = func.coalesce(_period.c.short_name, _unit.c.code)
_ANSWERING = bindparam("answering", expanding=True, type_=String)


def _named_as_of(unit_column: Any) -> Any:
    return (_period.c.unit_id == unit_column) & (_period.c.valid_from == latest(unit_column, _DAY))


_BARE = (
    select(_addressee.c.unit_id, func.coalesce(_period.c.name, _addressee.c.as_printed))
    .select_from(_addressee)
    .outerjoin(_period, _named_as_of(_addressee.c.unit_id))
    .where(
        _addressee.c.letter_id == _THIS,
        _addressee.c.role == "act",
        ~exists().where(
            _step.c.letter_id == _addressee.c.letter_id, _step.c.unit_id == _addressee.c.unit_id
        ),
    )
    .order_by(_addressee.c.id)
    .limit(MOST + 1)
)
_below = _step.alias("laid")
_IDLE = (
    select(
        _letter.c.id,
        _letter.c.kind,
        _letter.c.number,
        _letter.c.symbol,
        _letter.c.dated,
        _letter.c.issuer_name,
        _UNIT,
    )
    .join_from(_step, _answer, _answer.c.step_id == _step.c.id)
    .join(_letter, _letter.c.id == _answer.c.letter_id)
    .join(_unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_period, _named_as_of(_step.c.unit_id))
    .where(
        _step.c.letter_id == _THIS,
        _letter.c.state.in_(_ANSWERING),
        ~exists().where(_below.c.letter_id == _letter.c.id),
    )
    .order_by(_letter.c.id)
    .limit(MOST + 1)
)
_UNANSWERED = (
    select(_step.c.id, _UNIT, _step.c.state, _step.c.turn, _step.c.due)
    .join_from(_step, _unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_period, _named_as_of(_step.c.unit_id))
    .where(
        _step.c.letter_id == _THIS,
        _step.c.kind == "obligation",
        _step.c.turn == "lead",
        ~exists()
        .where(_answer.c.step_id == _step.c.id)
        .where(_letter.c.id == _answer.c.letter_id, _letter.c.state.in_(_ANSWERING)),
    )
    .order_by(_step.c.due.is_(None), _step.c.due, _step.c.id)
    .limit(MOST + 1)
)
_UNLED = (
    select(_point.c.no, _UNIT)
    .join_from(_point, _named, _named.c.point_id == _point.c.id)
    .join(_unit, _unit.c.id == _named.c.unit_id)
    .outerjoin(_period, _named_as_of(_named.c.unit_id))
    .where(
        _point.c.letter_id == _THIS,
        _named.c.role == "lead",
        ~exists().where(
            _step.c.letter_id == _point.c.letter_id,
            _step.c.unit_id == _named.c.unit_id,
            or_(_step.c.point_id == _point.c.id, _step.c.point_id.is_(None)),
        ),
    )
    .order_by(_point.c.position, _named.c.unit_id)
    .limit(MOST + 1)
)
