"""What a letter's page shows besides its duties; fifty rows of anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, Table, bindparam, func, select

from models.queries import scopes
from models.queries.listing import PAGE
from models.queries.scopes import NAMED
from models.tables import (
    Answer,
    Citation,
    Event,
    Letter,
    LetterUnit,
    Recognition,
    Step,
    Unit,
    User,
    table,
)

_letter, _step, _event = table(Letter), table(Step), table(Event)
_letter_unit, _answer, _unit = table(LetterUnit), table(Answer), table(Unit)
_citation, _recognition, _user = table(Citation), table(Recognition), table(User)
_behalf, _other = _user.alias("behalf"), _letter.alias("other")

# Longer than any letter without its annexes; the file itself has the rest.
TEXT_SHOWN = 60_000


class HeadRow(NamedTuple):
    """A letter's own columns, its text cut where nobody reads on a page."""

    id: int
    issuer_id: int | None
    issuer_name: str
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    place: str | None
    subject: str
    urgency: str | None
    signer: str | None
    signer_capacity: str | None
    form: str
    file_name: str | None
    file_sha256: str | None
    state: str
    version: int
    open_steps: int
    superseded_by_id: int | None
    text: str | None
    length: int | None
    issuer_code: str | None


class NamedUnits(NamedTuple):
    """A name as printed on a letter: how many units it stands for, and the one if it is one."""

    role: str
    as_printed: str
    units: int
    code: str | None


class CitationRow(NamedTuple):
    """A letter at the other end of a citation."""

    key: int
    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    state: str
    role: str


class AnsweredRow(NamedTuple):
    """An obligation a letter answers, with the letter that laid it."""

    id: int
    state: str
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None


class EventRow(NamedTuple):
    """One line of a letter's own history."""

    seq: int
    at: datetime
    actor_id: int
    actor: str
    role: str
    trigger: str
    target: str
    note: str
    until: date | None
    on_behalf_of: str | None


def head(conn: Connection, letter_id: int) -> HeadRow | None:
    """A letter's own columns, for its page."""
    row = conn.execute(_HEAD, {"the_id": letter_id}).first()
    return None if row is None else HeadRow._make(row)


def named_units(conn: Connection, letter_id: int) -> list[NamedUnits]:
    """Who must act and who only knows, each name as printed once, in the order of the letter."""
    rows = conn.execute(_NAMED_UNITS, {"the_id": letter_id})
    return [NamedUnits._make(row[:4]) for row in rows]


def cites(conn: Connection, letter_id: int, *, after: int = 0) -> list[CitationRow]:
    """The letters this one cites, in the order of its text."""
    cites = _CITES_NAMED if scopes.is_scoped(conn) else _CITES
    rows = conn.execute(cites, {"the_id": letter_id, "after": after})
    return [CitationRow._make(row) for row in rows]


def cited_by(conn: Connection, letter_id: int, *, after: int = 0) -> list[CitationRow]:
    """The letters that cite this one, in the order they came."""
    rows = conn.execute(_CITED_BY, {"the_id": letter_id, "after": after})
    return [CitationRow._make(row) for row in rows]


def answered(conn: Connection, letter_id: int) -> list[AnsweredRow]:
    """The obligations a letter answers, for its page."""
    return [AnsweredRow._make(row) for row in conn.execute(_ANSWERED, {"the_id": letter_id})]


def recognised(
    conn: Connection, letter_id: int, fields: Sequence[str]
) -> dict[str, tuple[str | None, str | None, float | None]]:
    """field → (as read, as kept, how sure) of a letter's head, for its page."""
    rows = conn.execute(_RECOGNISED, {"the_id": letter_id, "fields": list(fields)})
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def history(conn: Connection, letter_id: int) -> list[EventRow]:
    """A letter's own latest events, the newest first; not those of its steps."""
    return [EventRow._make(row) for row in conn.execute(_HISTORY, {"the_id": letter_id})]


_THE_ID = bindparam("the_id", type_=Integer)
_AFTER = bindparam("after", type_=Integer)

_HEAD = (
    select(
        *[_letter.c[name] for name in HeadRow._fields[:-4]],
        # On a scoped connection only where the reader sees it.
        select(_other.c.id).where(_other.c.id == _letter.c.superseded_by_id).scalar_subquery(),
        func.substr(_letter.c.text, 1, TEXT_SHOWN),
        func.length(_letter.c.text),
        _unit.c.code,
    )
    .outerjoin_from(_letter, _unit, _unit.c.id == _letter.c.issuer_id)
    .where(_letter.c.id == _THE_ID)
)
_NAMED_UNITS = (
    select(
        _letter_unit.c.role,
        _letter_unit.c.as_printed,
        func.count(_letter_unit.c.unit_id),
        func.min(_unit.c.code),
        func.min(_letter_unit.c.id).label("place"),
    )
    .outerjoin_from(_letter_unit, _unit, _unit.c.id == _letter_unit.c.unit_id)
    .where(_letter_unit.c.letter_id == _THE_ID)
    .group_by(_letter_unit.c.role, _letter_unit.c.as_printed)
    .order_by("place")
    .limit(4 * PAGE)
)


def _citations(mine: Any, other: Any, letter: Table = _letter) -> Select[Any]:
    return (
        select(
            _citation.c.id,
            *[letter.c[name] for name in CitationRow._fields[1:-1]],
            _citation.c.role,
        )
        .join_from(_citation, letter, letter.c.id == other)
        .where(mine == _THE_ID, _citation.c.id > _AFTER)
        .order_by(_citation.c.id)
        .limit(PAGE + 1)
    )


_CITES = _citations(_citation.c.citing_id, _citation.c.cited_id)
_CITES_NAMED = _citations(_citation.c.citing_id, _citation.c.cited_id, NAMED)
_CITED_BY = _citations(_citation.c.cited_id, _citation.c.citing_id)
_ANSWERED = (
    select(
        _step.c.id,
        _step.c.state,
        _letter.c.kind,
        _letter.c.number,
        _letter.c.symbol,
        _letter.c.dated,
    )
    .join_from(_answer, _step, _step.c.id == _answer.c.step_id)
    .join(_letter, _letter.c.id == _step.c.letter_id)
    .where(_answer.c.letter_id == _THE_ID)
    .order_by(_step.c.id)
    .limit(PAGE)
)
_RECOGNISED = select(
    _recognition.c.field, _recognition.c.read, _recognition.c.kept, _recognition.c.confidence
).where(
    _recognition.c.letter_id == _THE_ID,
    _recognition.c.field.in_(bindparam("fields", expanding=True)),
)
_HISTORY = (
    select(
        _event.c.seq,
        _event.c.at,
        _event.c.actor_id,
        _user.c.name,
        _event.c.role,
        _event.c.trigger,
        _event.c.target,
        _event.c.note,
        _event.c.until,
        _behalf.c.name,
    )
    .join_from(_event, _user, _user.c.id == _event.c.actor_id)
    .outerjoin(_behalf, _behalf.c.id == _event.c.on_behalf_of_id)
    .where(_event.c.letter_id == _THE_ID, _event.c.step_id.is_(None))
    .order_by(_event.c.seq.desc())
    .limit(PAGE)
)
