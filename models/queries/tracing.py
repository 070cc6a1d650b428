"""Tracing: everything below a letter, everything above it; a fixed number of statements each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, Table, bindparam, func, select, union
from sqlalchemy.orm import aliased

from models.queries import scopes
from models.queries.scopes import NAMED
from models.queries.units import latest
from models.tables import (
    Answer,
    Citation,
    Letter,
    LetterLine,
    Point,
    Step,
    Unit,
    UnitPeriod,
    table,
)
from workflows.reference import identity

_step, _letter, _answer, _line = table(Step), table(Letter), table(Answer), table(LetterLine)
_citation, _point, _unit, _period = table(Citation), table(Point), table(Unit), table(UnitPeriod)


class LetterLineRow(NamedTuple):
    """A letter in a trace."""

    id: int
    issuer_id: int | None
    issuer_name: str
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    subject: str
    state: str
    open_steps: int


class StepLineRow(NamedTuple):
    """A step in a trace."""

    id: int
    letter_id: int
    parent_id: int | None
    kind: str
    unit_id: int
    unit: str
    unit_code: str
    issuer_id: int
    point: str
    state: str
    turn: str
    due: date | None
    original_due: date | None
    reported_on: date | None


class CitationRow(NamedTuple):
    """A letter at the other end of a citation."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    state: str
    role: str


def cited_by(conn: Connection, letter_id: int) -> list[CitationRow]:
    """The letters this one cites, in the order of its text."""
    cited = _CITED_BY_NAMED if scopes.is_scoped(conn) else _CITED_BY
    return [CitationRow._make(row) for row in conn.execute(cited, {"the_id": letter_id})]


def citing(conn: Connection, letter_id: int) -> list[CitationRow]:
    """The letters that cite this one."""
    return [CitationRow._make(row) for row in conn.execute(_CITING, {"the_id": letter_id})]


def letters_below(conn: Connection, letter_id: int) -> list[LetterLineRow]:
    """The letter itself and every letter that implements it, directly or not."""
    rows = conn.execute(_LETTERS_BELOW, {"top": letter_id})
    return [LetterLineRow._make(row) for row in rows]


def letters_above(conn: Connection, letter_id: int) -> list[LetterLineRow]:
    """The letter itself and every letter it implements, directly or not."""
    above = _LETTERS_ABOVE_NAMED if scopes.is_scoped(conn) else _LETTERS_ABOVE
    rows = conn.execute(above, {"bottom": letter_id})
    return [LetterLineRow._make(row) for row in rows]


def steps_below(conn: Connection, letter_id: int, day: date) -> list[StepLineRow]:
    """Every step laid by the letter and by the letters below it, units named as on `day`."""
    rows = conn.execute(_STEPS_BELOW, {"top": letter_id, "day": day})
    return [StepLineRow._make(row) for row in rows]


def steps_above(conn: Connection, letter_id: int, day: date) -> list[StepLineRow]:
    """The obligations on the way up from a letter, units named as on `day`."""
    rows = conn.execute(_STEPS_ABOVE, {"bottom": letter_id, "day": day})
    return [StepLineRow._make(row) for row in rows]


def answers_below(conn: Connection, letter_id: int) -> list[tuple[int, int]]:
    """(obligation, answering letter) below a letter."""
    return [tuple(row) for row in conn.execute(_ANSWERS_BELOW, {"top": letter_id})]


def answers_above(conn: Connection, letter_id: int) -> list[tuple[int, int]]:
    """(obligation, answering letter) above a letter."""
    return [tuple(row) for row in conn.execute(_ANSWERS_ABOVE, {"bottom": letter_id})]


def implementing(conn: Connection, letter_id: int) -> list[tuple[int, int]]:
    """(above, below) of every direct link between letters below one, answered or cited."""
    return [tuple(row) for row in conn.execute(_IMPLEMENTING, {"top": letter_id})]


def implementing_above(conn: Connection, letter_id: int) -> list[tuple[int, int]]:
    """(above, below) of every direct link between letters above one, answered or cited."""
    return [tuple(row) for row in conn.execute(_IMPLEMENTING_ABOVE, {"bottom": letter_id})]


def steps(conn: Connection, step_ids: Sequence[int], day: date) -> list[StepLineRow]:
    """Single steps by id, as a trace shows them."""
    rows = conn.execute(_STEPS, {"ids": list(step_ids), "day": day})
    return [StepLineRow._make(row) for row in rows]


def letters(conn: Connection, letter_ids: Sequence[int]) -> list[LetterLineRow]:
    """Single letters by id, as a trace shows them."""
    rows = conn.execute(_LETTERS, {"ids": list(letter_ids)})
    return [LetterLineRow._make(row) for row in rows]


def identities(conn: Connection, letter_ids: Sequence[int]) -> dict[int, str]:
    """Each letter as people name it: kind, number, symbol, date."""
    rows = conn.execute(_IDENTITIES, {"ids": list(letter_ids)})
    return {row.id: identity(row.kind, row.number, row.symbol, row.dated) for row in rows}


_IDS = bindparam("ids", expanding=True, type_=Integer)
_LETTER_COLUMNS = [_letter.c[name] for name in LetterLineRow._fields]


def _cited_by(letter: Table) -> Select[Any]:
    return (
        select(*[letter.c[name] for name in CitationRow._fields[:-1]], _citation.c.role)
        .join_from(_citation, letter, letter.c.id == _citation.c.cited_id)
        .where(_citation.c.citing_id == bindparam("the_id"))
        .order_by(_citation.c.id)
    )


_CITATION_COLUMNS = [*(_letter.c[name] for name in CitationRow._fields[:-1]), _citation.c.role]
_CITED_BY, _CITED_BY_NAMED = _cited_by(_letter), _cited_by(NAMED)
_CITING = (
    select(*_CITATION_COLUMNS)
    .join_from(_citation, _letter, _letter.c.id == _citation.c.citing_id)
    .where(_citation.c.cited_id == bindparam("the_id"))
    .order_by(_citation.c.id)
)
_LETTERS = select(*_LETTER_COLUMNS).where(_letter.c.id.in_(_IDS)).order_by(_letter.c.id)
_LETTERS_BELOW = (
    select(*_LETTER_COLUMNS)
    .join_from(_line, _letter, _letter.c.id == _line.c.below_id)
    .where(_line.c.above_id == bindparam("top"))
    .order_by(_letter.c.dated, _letter.c.id)
)


def _letters_above(letter: Table) -> Select[Any]:
    return (
        select(*[letter.c[name] for name in LetterLineRow._fields])
        .join_from(_line, letter, letter.c.id == _line.c.above_id)
        .where(_line.c.below_id == bindparam("bottom"))
        .order_by(letter.c.dated, letter.c.id)
    )


_LETTERS_ABOVE, _LETTERS_ABOVE_NAMED = _letters_above(_letter), _letters_above(NAMED)


def _step_lines() -> Select[Any]:
    day = bindparam("day", type_=_period.c.valid_from.type)
    return (
        select(
            _step.c.id,
            _step.c.letter_id,
            _step.c.parent_id,
            _step.c.kind,
            _step.c.unit_id,
            func.coalesce(_period.c.short_name, _unit.c.code),
            _unit.c.code,
            _step.c.issuer_id,
            func.coalesce(_point.c.no, ""),
            _step.c.state,
            _step.c.turn,
            _step.c.due,
            _step.c.original_due,
            _step.c.reported_on,
        )
        .join_from(_step, _unit, _unit.c.id == _step.c.unit_id)
        .outerjoin(
            _period,
            (_period.c.unit_id == _step.c.unit_id)
            & (_period.c.valid_from == latest(_step.c.unit_id, day)),
        )
        .outerjoin(_point, _point.c.id == _step.c.point_id)
    )


_STEPS_BELOW = (
    _step_lines()
    .join(_line, _line.c.below_id == _step.c.letter_id)
    .where(_line.c.above_id == bindparam("top"))
    .order_by(_step.c.letter_id, _step.c.id)
)
_STEPS = _step_lines().where(_step.c.id.in_(_IDS)).order_by(_step.c.id)

_below, _above = aliased(_line), aliased(_line)
# An obligation lies on the way up if its letter is above and a letter above (or here) answers it.
_STEPS_ABOVE = (
    _step_lines()
    .join(_above, _above.c.above_id == _step.c.letter_id)
    .where(
        _above.c.below_id == bindparam("bottom"),
        _step.c.id.in_(
            select(_answer.c.step_id)
            .join_from(_answer, _below, _below.c.above_id == _answer.c.letter_id)
            .where(_below.c.below_id == bindparam("bottom"))
        ),
    )
    .order_by(_step.c.letter_id, _step.c.id)
)
_ANSWERS_BELOW = (
    select(_answer.c.step_id, _answer.c.letter_id)
    .join_from(_line, _step, _step.c.letter_id == _line.c.below_id)
    .join(_answer, _answer.c.step_id == _step.c.id)
    .where(_line.c.above_id == bindparam("top"))
    .order_by(_answer.c.step_id, _answer.c.letter_id)
)
_ANSWERS_ABOVE = (
    select(_answer.c.step_id, _answer.c.letter_id)
    .join_from(_line, _answer, _answer.c.letter_id == _line.c.above_id)
    .where(_line.c.below_id == bindparam("bottom"))
    .order_by(_answer.c.step_id, _answer.c.letter_id)
)
_BY_ANSWER = select(_step.c.letter_id, _answer.c.letter_id).join_from(
    _answer, _step, _step.c.id == _answer.c.step_id
)
_BY_CITATION = select(_citation.c.cited_id, _citation.c.citing_id).where(
    _citation.c.role == "implements"
)
_IMPLEMENTING = union(
    _BY_ANSWER.join(_line, _line.c.below_id == _step.c.letter_id).where(
        _line.c.above_id == bindparam("top")
    ),
    _BY_CITATION.join(_line, _line.c.below_id == _citation.c.cited_id).where(
        _line.c.above_id == bindparam("top")
    ),
)
_IMPLEMENTING_ABOVE = union(
    _BY_ANSWER.join(_line, _line.c.above_id == _answer.c.letter_id).where(
        _line.c.below_id == bindparam("bottom")
    ),
    _BY_CITATION.join(_line, _line.c.above_id == _citation.c.citing_id).where(
        _line.c.below_id == bindparam("bottom")
    ),
)
_IDENTITIES = select(
    _letter.c.id, _letter.c.kind, _letter.c.number, _letter.c.symbol, _letter.c.dated
).where(_letter.c.id.in_(_IDS))
