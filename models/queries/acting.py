"""What an act must know: the step or letter as it stands, and who acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from models.database import is_writing
from models.tables import (
    Answer,
    Citation,
    Duty,
    Event,
    Evidence,
    Extension,
    Letter,
    LetterLine,
    Point,
    Step,
    Unit,
    User,
    table,
)

_step, _letter, _answer, _duty = table(Step), table(Letter), table(Answer), table(Duty)
_line, _citation, _point = table(LetterLine), table(Citation), table(Point)
_user, _unit = table(User), table(Unit)
_extension, _evidence, _event = table(Extension), table(Evidence), table(Event)

_IDS = bindparam("ids", expanding=True, type_=Integer)


class StepRow(NamedTuple):
    """A step with all that its guards and its consequences ask about."""

    id: int
    kind: str
    state: str
    version: int
    letter_id: int
    point_id: int | None
    parent_id: int | None
    unit_id: int
    issuer_id: int
    due: date | None
    original_due: date | None
    due_calendar: str | None
    reported_on: date | None
    reporter_id: int | None
    reporter_for_id: int | None
    laid_on: date
    open_children: int
    letter_state: str
    asked_until: date | None
    evidence: int
    series_id: int | None
    occurrence: date | None


class LetterRow(NamedTuple):
    """A letter with all that its guards ask about."""

    id: int
    state: str
    version: int
    issuer_id: int | None
    issuer_name: str
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    open_steps: int


class ActorRow(NamedTuple):
    """The person who acts."""

    id: int
    login: str
    name: str


def step(conn: Connection, step_id: int) -> StepRow | None:
    """A step as it stands; in a writing transaction it stays locked until the end."""
    row = conn.execute(_lock(conn, _STEP, _LOCKED_STEP), {"the_id": step_id}).first()
    return None if row is None else StepRow._make(row)


def find_step(conn: Connection, letter_id: int, unit_code: str, no: str) -> int | None:
    """The step a letter laid on a unit by a point (no point: on the letter as a whole)."""
    values = {"letter": letter_id, "code": unit_code, "no": no}
    return conn.execute(_FIND_STEP, values).scalar()


def letters(conn: Connection, letter_ids: Sequence[int]) -> list[LetterRow]:
    """Letters as they stand, by id; in a writing transaction they stay locked until the end."""
    rows = conn.execute(_lock(conn, _LETTERS, _LOCKED_LETTERS), {"ids": list(letter_ids)})
    return [LetterRow._make(row) for row in rows]


def actor(conn: Connection, login: str) -> ActorRow | None:
    """The active user who signed in under this name."""
    row = conn.execute(_ACTOR, {"login": login}).first()
    return None if row is None else ActorRow._make(row)


def early_dues(conn: Connection, letter_ids: Sequence[int]) -> list[tuple[int, str, date]]:
    """(letter, point number, due) of duties that would fall due before their letter's date."""
    return [tuple(row) for row in conn.execute(_EARLY, {"ids": list(letter_ids)})]


def backward_lines(conn: Connection, letter_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(citing, cited) where a letter implements one that already descends from it."""
    return [tuple(row) for row in conn.execute(_BACKWARD, {"ids": list(letter_ids)})]


def open_steps_of(conn: Connection, letter_id: int) -> list[int]:
    """The open steps a letter laid itself, parts of split steps first."""
    return list(conn.execute(_OPEN_STEPS_OF, {"the_id": letter_id}).scalars())


def open_parts_of(conn: Connection, step_id: int) -> list[int]:
    """The open sub-steps of a split step."""
    return list(conn.execute(_OPEN_PARTS_OF, {"the_id": step_id}).scalars())


def _lock(conn: Connection, query: Select[Any], locked: Select[Any]) -> Select[Any]:
    # SQLite ignores FOR UPDATE: there BEGIN IMMEDIATE has already locked everything.
    return locked if is_writing(conn) else query


_JUDGED = (
    select(func.max(_event.c.seq))
    .where(_event.c.step_id == _step.c.id, _event.c.trigger.in_(("return", "reopen")))
    .correlate(_step)
    .scalar_subquery()
)
_STEP = (
    select(
        _step.c.id,
        _step.c.kind,
        _step.c.state,
        _step.c.version,
        _step.c.letter_id,
        _step.c.point_id,
        _step.c.parent_id,
        _step.c.unit_id,
        _step.c.issuer_id,
        _step.c.due,
        _step.c.original_due,
        _step.c.due_calendar,
        _step.c.reported_on,
        _step.c.reporter_id,
        _step.c.reporter_for_id,
        _step.c.laid_on,
        _step.c.open_children,
        _letter.c.state.label("letter_state"),
        select(_extension.c.until)
        .where(_extension.c.step_id == _step.c.id, _extension.c.state == "asked")
        .limit(1)
        .scalar_subquery()
        .label("asked_until"),
        # What was shown before the last return or reopening has been judged already.
        select(func.count())
        .where(
            _evidence.c.step_id == _step.c.id,
            _evidence.c.event_seq > func.coalesce(_JUDGED, 0),
        )
        .scalar_subquery()
        .label("evidence"),
        _step.c.series_id,
        _step.c.occurrence,
    )
    .join_from(_step, _letter, _letter.c.id == _step.c.letter_id)
    .where(_step.c.id == bindparam("the_id"))
)
_LOCKED_STEP = _STEP.with_for_update(of=_step)

_FIND_STEP = (
    select(_step.c.id)
    .join_from(_step, _unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_point, _point.c.id == _step.c.point_id)
    .where(
        _step.c.letter_id == bindparam("letter"),
        _unit.c.code == bindparam("code"),
        func.coalesce(_point.c.no, "") == bindparam("no"),
    )
    .order_by(_step.c.id)
    .limit(1)
)

_LETTERS = (
    select(*[_letter.c[name] for name in LetterRow._fields])
    .where(_letter.c.id.in_(_IDS))
    .order_by(_letter.c.id)
)
_LOCKED_LETTERS = _LETTERS.with_for_update(of=_letter)

_ACTOR = select(_user.c.id, _user.c.login, _user.c.name).where(
    _user.c.login == bindparam("login"), _user.c.is_active
)

_EARLY = (
    select(_duty.c.letter_id, func.coalesce(_point.c.no, ""), _duty.c.due)
    .join_from(_duty, _letter, _letter.c.id == _duty.c.letter_id)
    .outerjoin(_point, _point.c.id == _duty.c.point_id)
    .where(_duty.c.letter_id.in_(_IDS), _duty.c.due < _letter.c.dated)
)

_BACKWARD = (
    select(_citation.c.citing_id, _citation.c.cited_id)
    .join_from(
        _citation,
        _line,
        (_line.c.above_id == _citation.c.citing_id) & (_line.c.below_id == _citation.c.cited_id),
    )
    .where(_citation.c.citing_id.in_(_IDS), _citation.c.role == "implements")
)

_OPEN_STEPS_OF = (
    select(_step.c.id)
    .where(_step.c.letter_id == bindparam("the_id"), _step.c.turn != "nobody")
    .order_by(_step.c.parent_id.is_(None), _step.c.id)
)

_OPEN_PARTS_OF = (
    select(_step.c.id)
    .where(_step.c.parent_id == bindparam("the_id"), _step.c.turn != "nobody")
    .order_by(_step.c.id)
)
