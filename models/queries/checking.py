"""Checking: every letter and step beside the fold of its events, every counter recounted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, Text, and_, cast, func, select, text
from sqlalchemy.orm import aliased

from models.durable import LEFT
from models.journal import acting
from models.tables import (
    Answer,
    Citation,
    Event,
    Evidence,
    Job,
    Letter,
    LetterLine,
    Step,
    User,
    table,
)

_step, _letter, _event, _answer = table(Step), table(Letter), table(Event), table(Answer)
_job = table(Job)
_line, _citation, _evidence, _user = (
    table(LetterLine),
    table(Citation),
    table(Evidence),
    table(User),
)


class EventLine(NamedTuple):
    """What the fold needs of an event."""

    seq: int
    letter_id: int
    step_id: int | None
    source: str | None
    target: str
    actor_id: int | None


def events(conn: Connection) -> Iterator[EventLine]:
    """Every event in order, whether its actor exists or not."""
    for row in conn.execute(_EVENTS):
        yield EventLine._make(row)


def steps(conn: Connection) -> dict[int, tuple[str, str, str]]:
    """step → (kind, state, turn)."""
    return {row[0]: (row[1], row[2], row[3]) for row in conn.execute(_STEPS)}


def misplaced_steps(conn: Connection) -> list[tuple[int, str]]:
    """(step, turn) where the unit that must act is not the one the turn names."""
    return [tuple(row) for row in conn.execute(_MISPLACED_STEPS)]


def letters(conn: Connection) -> dict[int, str]:
    """letter → state."""
    return {row[0]: row[1] for row in conn.execute(_LETTERS)}


def miscounted_letters(conn: Connection) -> list[tuple[int, int, int]]:
    """(letter, counted, real) where the count of open steps is wrong."""
    return [tuple(row) for row in conn.execute(_MISCOUNTED_LETTERS)]


def miscounted_steps(conn: Connection) -> list[tuple[int, int, int]]:
    """(step, counted, real) where the count of open parts and open answers is wrong."""
    return [tuple(row) for row in conn.execute(_MISCOUNTED_STEPS)]


def lines(conn: Connection) -> set[tuple[int, int]]:
    """Every line of descent on file."""
    return {(row[0], row[1]) for row in conn.execute(select(_line.c.above_id, _line.c.below_id))}


def links(conn: Connection) -> set[tuple[int, int]]:
    """(above, below) of every direct link, answered or cited."""
    queries = (_LINKS_BY_ANSWER, _LINKS_BY_CITATION)
    return {(row[0], row[1]) for query in queries for row in conn.execute(query)}


def files(conn: Connection) -> list[tuple[str, str]]:
    """(sha256, file name) of every file that evidence or a letter refers to."""
    return [tuple(row) for row in conn.execute(_EVIDENCE_FILES).all()] + [
        tuple(row) for row in conn.execute(_LETTER_FILES).all()
    ]


class Shown(NamedTuple):
    """A piece of evidence beside the event that showed it; all of a piece None where none is."""

    seq: int
    data: str  # JSON, as it stands: what cannot be read must be told, not raised
    sha256: str | None
    letter_id: int | None


def shown(conn: Connection) -> Iterator[Shown]:
    """What reports have shown, by event, beside what those say they showed."""
    for row in conn.execute(_SHOWN):
        yield Shown._make(row)


_EVENTS = (
    select(
        _event.c.seq,
        _event.c.letter_id,
        _event.c.step_id,
        _event.c.source,
        _event.c.target,
        _user.c.id,
    )
    .join_from(_event, _user, _user.c.id == _event.c.actor_id, isouter=True)
    .order_by(_event.c.seq)
    # Of the statement, not of the connection: there it would last.
    .execution_options(yield_per=5000)
)
_STEPS = select(_step.c.id, _step.c.kind, _step.c.state, _step.c.turn)
_MISPLACED_STEPS = (
    select(_step.c.id, _step.c.turn)
    .where(_step.c.acting_id.is_distinct_from(acting(_step.c.turn)))
    .order_by(_step.c.id)
)
_LETTERS = select(_letter.c.id, _letter.c.state)

_open = (
    select(_step.c.letter_id, func.count().label("real"))
    .where(_step.c.turn != "nobody", _step.c.parent_id.is_(None))
    .group_by(_step.c.letter_id)
    .subquery("open_steps")
)
# Duties of a letter on its way count from the start, those not yet laid too.
_waiting = func.coalesce(_job.c.total - _job.c.done, 0)
_really_open = func.coalesce(_open.c.real, 0) + _waiting
_MISCOUNTED_LETTERS = (
    select(_letter.c.id, _letter.c.open_steps, _really_open)
    .join_from(_letter, _open, _open.c.letter_id == _letter.c.id, isouter=True)
    .outerjoin(_job, (_job.c.letter_id == _letter.c.id) & text(LEFT))
    .where(_letter.c.open_steps != _really_open)
    .order_by(_letter.c.id)
)
_part = aliased(_step)
_parts = (
    select(_part.c.parent_id.label("id"), func.count().label("real"))
    .where(_part.c.turn != "nobody", _part.c.parent_id.is_not(None))
    .group_by(_part.c.parent_id)
    .subquery("open_parts")
)
_held = (
    select(_answer.c.step_id.label("id"), func.count().label("real"))
    .join_from(_answer, _letter, _letter.c.id == _answer.c.letter_id)
    .where(and_(_letter.c.state == "issued", _letter.c.open_steps > 0))
    .group_by(_answer.c.step_id)
    .subquery("open_answers")
)
_real = func.coalesce(_parts.c.real, 0) + func.coalesce(_held.c.real, 0)
_MISCOUNTED_STEPS = (
    select(_step.c.id, _step.c.open_children, _real)
    .join_from(_step, _parts, _parts.c.id == _step.c.id, isouter=True)
    .outerjoin(_held, _held.c.id == _step.c.id)
    .where(_step.c.open_children != _real)
    .order_by(_step.c.id)
)
_LINKS_BY_ANSWER = select(_step.c.letter_id, _answer.c.letter_id).join_from(
    _answer, _step, _step.c.id == _answer.c.step_id
)
_LINKS_BY_CITATION = select(_citation.c.cited_id, _citation.c.citing_id).where(
    _citation.c.role == "implements"
)
_EVIDENCE_FILES = select(_evidence.c.sha256, _evidence.c.file_name).where(
    _evidence.c.sha256.is_not(None)
)
_LETTER_FILES = select(_letter.c.file_sha256, _letter.c.file_name).where(
    _letter.c.file_sha256.is_not(None)
)
_SHOWN = (
    select(_event.c.seq, cast(_event.c.data, Text), _evidence.c.sha256, _evidence.c.letter_id)
    .join_from(_event, _evidence, _evidence.c.event_seq == _event.c.seq, isouter=True)
    .where(_event.c.trigger == "report", _event.c.data.is_not(None))
    .order_by(_event.c.seq)
    .execution_options(yield_per=5000)
)
