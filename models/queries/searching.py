"""Finding letters, points and units by words; as quick in a large register as in a small one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from models.queries.units import latest
from models.tables import Letter, Point, Step, Unit, UnitPeriod, table
from models.terms import Term

_letter, _point, _step = table(Letter), table(Point), table(Step)
_unit, _period = table(Unit), table(UnitPeriod)

# Beyond this a word is common, and its exact number matters no more.
_COMMON = 1000
_AFTER_ALL = "\U0010ffff"


class FoundLetter(NamedTuple):
    """A letter (or stub) that has the words."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    subject: str
    state: str


class FoundPoint(NamedTuple):
    """A point of a letter that has the words, with the steps it laid."""

    id: int
    no: str
    text: str
    letter_id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    steps: int
    step_id: int | None  # one of them; of a single one the one


class FoundUnit(NamedTuple):
    """A unit that has or had a name with the words, as it is called on the day."""

    id: int
    code: str
    name: str
    ended: date | None


def find(
    conn: Connection, kind: str, words: Sequence[str], *, before: int | None = None, limit: int = 20
) -> list[int]:
    """Things of a kind that have all the words, the newest first; then those whose words only
    begin so, until there are `limit`.
    """
    if not words:
        return []
    rare, *others = _rarest_first(conn, kind, words)
    is_before = [] if before is None else [Term.target_id < before]
    exact = (
        select(Term.target_id)
        .where(Term.term == rare, Term.kind == kind, *is_before)
        .where(*[_has(kind, word, is_start=False) for word in others])
        .order_by(Term.target_id.desc())
        .limit(limit)
    )
    found = list(conn.execute(exact).scalars())
    if len(found) == limit:
        return found
    # The longest start is the rarest; only so many of its things are looked at.
    first, *rest = sorted(words, key=len, reverse=True)
    some = (
        select(Term.target_id)
        .where(Term.term >= first, Term.term < first + _AFTER_ALL, Term.kind == kind, *is_before)
        .limit(_COMMON)
        .subquery()
    )
    begun = (
        select(some.c.target_id)
        .distinct()
        .where(*[_has(kind, word, is_start=True, target=some.c.target_id) for word in rest])
        .order_by(some.c.target_id.desc())
        .limit(limit)
    )
    more = [at for at in conn.execute(begun).scalars() if at not in set(found)]
    return (found + more)[:limit]


def letters(conn: Connection, ids: Sequence[int]) -> list[FoundLetter]:
    """Found letters as the page lists them, in the order found."""
    query = select(*[_letter.c[name] for name in FoundLetter._fields]).where(_letter.c.id.in_(ids))
    rows = {row.id: FoundLetter._make(row) for row in conn.execute(query)}
    return [rows[at] for at in ids if at in rows]


def points(conn: Connection, ids: Sequence[int]) -> list[FoundPoint]:
    """Found points with their letters and how many steps they laid, in the order found."""
    laid = (
        select(func.count().label("steps"), func.min(_step.c.id).label("step_id"))
        .where(_step.c.letter_id == _point.c.letter_id, _step.c.point_id == _point.c.id)
        .correlate(_point)
    )
    query = (
        select(
            _point.c.id,
            _point.c.no,
            _point.c.text,
            _letter.c.id,
            _letter.c.kind,
            _letter.c.number,
            _letter.c.symbol,
            _letter.c.dated,
            _letter.c.issuer_name,
            laid.with_only_columns(func.count()).scalar_subquery(),
            laid.with_only_columns(func.min(_step.c.id)).scalar_subquery(),
        )
        .join_from(_point, _letter, _letter.c.id == _point.c.letter_id)
        .where(_point.c.id.in_(ids))
    )
    rows = {row[0]: FoundPoint._make(row) for row in conn.execute(query)}
    return [rows[at] for at in ids if at in rows]


def units(conn: Connection, ids: Sequence[int], day: date) -> list[FoundUnit]:
    """Found units as they are called on `day`, or were called last."""
    query = (
        select(_unit.c.id, _unit.c.code, _period.c.name, _period.c.valid_to)
        .join_from(_unit, _period, _period.c.unit_id == _unit.c.id)
        .where(_unit.c.id.in_(ids), _period.c.valid_from == latest(_unit.c.id, day))
    )
    rows = {
        row[0]: FoundUnit(row[0], row[1], row[2], row[3] if row[3] < day else None)
        for row in conn.execute(query)
    }
    return [rows[at] for at in ids if at in rows]


def _rarest_first(conn: Connection, kind: str, words: Sequence[str]) -> list[str]:
    counts = [
        select(func.count()).select_from(
            select(Term.target_id)
            .where(Term.term == word, Term.kind == kind)
            .limit(_COMMON)
            .subquery()
        )
        for word in words
    ]
    numbers = [
        select(query.scalar_subquery().label("n"), literal(at).label("at"))
        for at, query in enumerate(counts)
    ]
    sizes = {row.at: row.n for row in conn.execute(union_all(*numbers))}
    return [words[at] for at in sorted(sizes, key=lambda at: sizes[at])]


def _has(
    kind: str, word: str, *, is_start: bool, target: ColumnElement[int] | None = None
) -> ColumnElement[bool]:
    other = aliased(Term)
    at = Term.target_id if target is None else target
    fits = (
        [other.term >= word, other.term < word + _AFTER_ALL] if is_start else [other.term == word]
    )
    return exists().where(other.kind == kind, other.target_id == at, *fits)
