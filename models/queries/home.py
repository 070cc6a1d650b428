"""What the first page shows: the directives, and how much below each is overdue."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select, text

from models.tables import Answer, Event, Letter, LetterLine, Step, User, table

_letter, _answer, _line, _step = table(Letter), table(Answer), table(LetterLine), table(Step)
_event, _user = table(Event), table(User)


class DirectiveRow(NamedTuple):
    """A letter that lays duties and answers nobody."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    subject: str
    state: str
    open_steps: int


class EventRow(NamedTuple):
    """One line of a history."""

    seq: int
    at: datetime
    actor: str
    role: str
    trigger: str
    source: str | None
    target: str
    note: str
    until: date | None


def directives(conn: Connection, *, limit: int = 50) -> list[DirectiveRow]:
    """Issued letters that answer no obligation, the newest first."""
    return [DirectiveRow._make(row) for row in conn.execute(_DIRECTIVES, {"most": limit})]


def overdue_below(conn: Connection, letter_ids: list[int], today: date) -> dict[int, int]:
    """letter → how many steps laid by it and by the letters below it are overdue."""
    rows = conn.execute(_OVERDUE_BELOW, {"ids": letter_ids, "day": today})
    return {row[0]: row[1] for row in rows}


def history(conn: Connection, *, step_id: int) -> list[EventRow]:
    """A step's events in order, for its page."""
    return [EventRow._make(row) for row in conn.execute(_HISTORY, {"step": step_id})]


_DIRECTIVES = (
    select(*[_letter.c[name] for name in DirectiveRow._fields])
    .where(
        _letter.c.state.not_in(("cited", "draft")),
        ~exists().where(_answer.c.letter_id == _letter.c.id),
    )
    .order_by(_letter.c.dated.desc(), _letter.c.id.desc())
    .limit(bindparam("most"))
)
_OVERDUE_BELOW = (
    select(_line.c.above_id, func.count())
    .join_from(_line, _step, _step.c.letter_id == _line.c.below_id)
    .where(
        _line.c.above_id.in_(bindparam("ids", expanding=True, type_=Integer)),
        text("step.turn IN ('lead', 'issuer')"),
        _step.c.due < bindparam("day", type_=_step.c.due.type),
    )
    .group_by(_line.c.above_id)
)
_HISTORY = (
    select(
        _event.c.seq,
        _event.c.at,
        _user.c.name,
        _event.c.role,
        _event.c.trigger,
        _event.c.source,
        _event.c.target,
        _event.c.note,
        _event.c.until,
    )
    .join_from(_event, _user, _user.c.id == _event.c.actor_id)
    .where(_event.c.step_id == bindparam("step"))
    .order_by(_event.c.seq)
)
