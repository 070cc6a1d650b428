"""The register: is this letter on file, which letter does a citation mean, lists and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, or_, select

from models.queries.units import latest
from models.tables import (
    Answer,
    Citation,
    Duty,
    Letter,
    LetterUnit,
    Point,
    PointUnit,
    UnitPeriod,
    table,
)
from workflows.reference import reference

_letter, _point, _period = table(Letter), table(Point), table(UnitPeriod)
_letter_unit, _point_unit, _answer = table(LetterUnit), table(PointUnit), table(Answer)
_citation, _duty = table(Citation), table(Duty)


class OnFile(NamedTuple):
    """A letter (or stub) that may be the one meant."""

    id: int
    issuer_id: int | None
    issuer_name: str
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    state: str
    version: int
    form: str


class ListedLetter(NamedTuple):
    """A row of the list of letters."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    subject: str
    state: str
    open_steps: int
    answers: int


def like(conn: Connection, number: str | None, symbol: str | None) -> list[OnFile]:
    """Every letter or stub with this number and symbol, whoever issued it and when.

    Zeros before a number do not count: 05 and 5 are the same. A stub that gave way to another is
    none any more.
    """
    rows = conn.execute(_LIKE, {"numbers": _spellings(number), "symbol": symbol})
    return [OnFile._make(row) for row in rows]


def first_cited(conn: Connection, letter_ids: Sequence[int]) -> dict[int, date]:
    """The day of the first letter that cites each of these, which can hardly be younger."""
    rows = conn.execute(_FIRST_CITED, {"ids": list(letter_ids)})
    return {row[0]: row[1] for row in rows if row[1] is not None}


def listed(
    conn: Connection, *, state: str | None = None, after: int = 0, limit: int = 50
) -> list[ListedLetter]:
    """Letters by id, a page at a time, with how many steps are open and obligations answered."""
    rows = conn.execute(_LISTED, {"state": state, "after": after, "most": limit})
    return [ListedLetter._make(row) for row in rows]


def whole(conn: Connection, letter_id: int) -> dict[str, object] | None:
    """Every column of one letter."""
    row = conn.execute(_WHOLE, {"the_id": letter_id}).mappings().first()
    return None if row is None else dict(row)


def units_of(conn: Connection, letter_id: int) -> list[tuple[str, str, int | None]]:
    """(role, as printed, unit) of everyone on a letter, in the order of the letter."""
    return [tuple(row) for row in conn.execute(_UNITS_OF, {"the_id": letter_id})]


def points_of(conn: Connection, letter_id: int) -> list[dict[str, object]]:
    """Every point of a letter in order."""
    return [dict(row) for row in conn.execute(_POINTS_OF, {"the_id": letter_id}).mappings()]


def point_units_of(conn: Connection, letter_id: int) -> list[tuple[int, str, str]]:
    """(point, short name, role) of every unit a letter's points name, as on its own date."""
    return [tuple(row) for row in conn.execute(_POINT_UNITS_OF, {"the_id": letter_id})]


def duties_of(conn: Connection, letter_id: int) -> set[tuple[int, date | None]]:
    """(unit, due) of every duty confirmed in a letter, to tell what its file says otherwise."""
    return {(row[0], row[1]) for row in conn.execute(_DUTIES_OF, {"the_id": letter_id})}


def cited_references(conn: Connection, letter_id: int) -> set[str]:
    """The references a letter cites, to tell what its file says otherwise."""
    rows = conn.execute(_CITED_REFERENCES, {"the_id": letter_id})
    return {reference(number, symbol) for number, symbol in rows}


def _spellings(number: str | None) -> list[str]:
    """A number with as many zeros before it as offices write; asked so, the index still serves."""
    bare = (number or "").lstrip("0")
    return [number or "", *("0" * zeros + bare for zeros in range(5))]


# A stub has no text, not even an empty one.
_GAVE_WAY = (_letter.c.state == "superseded") & _letter.c.text.is_(None)
_LIKE = (
    select(*[_letter.c[name] for name in OnFile._fields])
    .where(
        _letter.c.number.in_(bindparam("numbers", expanding=True)),
        _letter.c.symbol == bindparam("symbol"),
        ~_GAVE_WAY,
    )
    .order_by(_letter.c.id)
)
_citing = _letter.alias()
_FIRST_CITED = (
    select(_citation.c.cited_id, func.min(_citing.c.dated))
    .join(_citing, _citing.c.id == _citation.c.citing_id)
    .where(_citation.c.cited_id.in_(bindparam("ids", expanding=True, type_=Integer)))
    .group_by(_citation.c.cited_id)
)
_LISTED = (
    select(
        *[_letter.c[name] for name in ListedLetter._fields[:-1]],
        select(func.count())
        .where(_answer.c.letter_id == _letter.c.id)
        .correlate(_letter)
        .scalar_subquery(),
    )
    .where(
        _letter.c.id > bindparam("after"),
        ~_GAVE_WAY,
        or_(
            bindparam("state", type_=_letter.c.state.type).is_(None),
            _letter.c.state == bindparam("state", type_=_letter.c.state.type),
        ),
    )
    .order_by(_letter.c.id)
    .limit(bindparam("most"))
)
_WHOLE = select(_letter).where(_letter.c.id == bindparam("the_id"))
_UNITS_OF = (
    select(_letter_unit.c.role, _letter_unit.c.as_printed, _letter_unit.c.unit_id)
    .where(_letter_unit.c.letter_id == bindparam("the_id"))
    .order_by(_letter_unit.c.id)
)
_POINTS_OF = (
    select(_point).where(_point.c.letter_id == bindparam("the_id")).order_by(_point.c.position)
)
_DUTIES_OF = select(_duty.c.unit_id, _duty.c.due).where(_duty.c.letter_id == bindparam("the_id"))
_CITED_REFERENCES = (
    select(_letter.c.number, _letter.c.symbol)
    .join(_citation, _citation.c.cited_id == _letter.c.id)
    .where(_citation.c.citing_id == bindparam("the_id"))
)
_POINT_UNITS_OF = (
    select(_point_unit.c.point_id, _period.c.short_name, _point_unit.c.role)
    .join_from(_point_unit, _point, _point.c.id == _point_unit.c.point_id)
    .join(_letter, _letter.c.id == _point.c.letter_id)
    .join(
        _period,
        (_period.c.unit_id == _point_unit.c.unit_id)
        & (_period.c.valid_from == latest(_point_unit.c.unit_id, _letter.c.dated)),
    )
    .where(_point.c.letter_id == bindparam("the_id"))
    .order_by(_point.c.position, _point_unit.c.unit_id)
)
