"""The register of letters as a list: newest first, narrowed down, fifty rows by key."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, or_, select

from models.tables import Answer, Letter, table

_letter, _answer = table(Letter), table(Answer)

PAGE = 50


class Wanted(NamedTuple):
    """Which letters of the register; None: all of them that are on file."""

    state: str | None = None
    kind: str | None = None
    issuer_id: int | None = None
    since: date | None = None
    until: date | None = None


class RegisterRow(NamedTuple):
    """A row of the register."""

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


def page(conn: Connection, wanted: Wanted, after: tuple[date, int] | None) -> list[RegisterRow]:
    """A page of the register and one row more, after a key; what is cited only goes by its id."""
    if wanted.state == "cited":
        return cited_only(conn, wanted, before=after and after[1], limit=PAGE + 1)
    return newest(conn, wanted, after=after, limit=PAGE + 1)


def newest(
    conn: Connection, wanted: Wanted, *, after: tuple[date, int] | None = None, limit: int = PAGE
) -> list[RegisterRow]:
    """The register for whoever looks for a letter: newest first, after a key."""
    query = _newest(wanted)
    if after is not None:
        day, the_id = after
        query = query.where(
            # Said again for the planner: it begins at the key, not at the head of the index.
            _letter.c.dated <= day,
            or_(_letter.c.dated < day, and_(_letter.c.dated == day, _letter.c.id < the_id)),
        )
    rows = conn.execute(query.order_by(_letter.c.dated.desc(), _letter.c.id.desc()).limit(limit))
    return [RegisterRow._make(row) for row in rows]


def count(conn: Connection, wanted: Wanted) -> int:
    """How many letters the pages of a register hold: for whoever waits for all of them."""
    cited = _filtered(_REGISTER, wanted)
    found = cited if wanted.state == "cited" else _newest(wanted)
    return int(conn.execute(found.with_only_columns(func.count())).scalar_one())


def cited_only(
    conn: Connection, wanted: Wanted, *, before: int | None = None, limit: int = PAGE
) -> list[RegisterRow]:
    """Letters that are cited and not on file, for whoever must find them; last cited first."""
    query = _filtered(_REGISTER, wanted._replace(state="cited"))
    if before is not None:
        query = query.where(_letter.c.id < before)
    rows = conn.execute(query.order_by(_letter.c.id.desc()).limit(limit))
    return [RegisterRow._make(row) for row in rows]


# A stub that gave way to another has no text, not even an empty one.
_GAVE_WAY = (_letter.c.state == "superseded") & _letter.c.text.is_(None)
_ROW = select(
    *[_letter.c[name] for name in RegisterRow._fields[:-1]],
    select(func.count())
    .where(_answer.c.letter_id == _letter.c.id)
    .correlate(_letter)
    .scalar_subquery(),
)
_REGISTER = _ROW.where(~_GAVE_WAY)


def _newest(wanted: Wanted) -> Select[Any]:
    query = _filtered(_REGISTER, wanted).where(_letter.c.dated.is_not(None))
    return query if wanted.state is not None else query.where(_letter.c.state != "cited")


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.state is not None:
        query = query.where(_letter.c.state == wanted.state)
    if wanted.kind is not None:
        query = query.where(_letter.c.kind == wanted.kind)
    if wanted.issuer_id is not None:
        query = query.where(_letter.c.issuer_id == wanted.issuer_id)
    if wanted.since is not None:
        query = query.where(_letter.c.dated >= wanted.since)
    if wanted.until is not None:
        query = query.where(_letter.c.dated <= wanted.until)
    return query
