"""What the form of a move must know: what moved before, what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select

from models.queries.units import latest
from models.tables import (
    Answer,
    Event,
    Extension,
    Letter,
    LetterLine,
    Unit,
    UnitPeriod,
    User,
    table,
)
from workflows.rollup import ANSWERING

_event, _user, _unit, _period = table(Event), table(User), table(Unit), table(UnitPeriod)
_letter, _line, _answer, _extension = (
    table(Letter),
    table(LetterLine),
    table(Answer),
    table(Extension),
)
_behalf = _user.alias("behalf")

NEWEST = 2**31 - 1
PAGE = 50


class StepEventRow(NamedTuple):
    """One event of a step: who, from which post, what, when, why."""

    seq: int
    at: datetime
    actor_id: int
    actor: str
    role: str
    unit: str | None
    trigger: str
    source: str | None
    target: str
    note: str
    until: date | None
    data: dict[str, Any] | None
    on_behalf_of: str | None


class LetterChoice(NamedTuple):
    """A letter that can be chosen."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    subject: str


class UnitChoice(NamedTuple):
    """A unit that can be chosen."""

    id: int
    code: str
    unit: str


class AskedRow(NamedTuple):
    """The extension that waits for a decision."""

    until: date
    reason: str


def history(
    conn: Connection, step_id: int, *, before: int = NEWEST, limit: int = PAGE
) -> list[StepEventRow]:
    """A step's events, the newest first, those before a seq; units as they were called then."""
    values = {"step": step_id, "before": before, "most": limit}
    return [StepEventRow._make(row) for row in conn.execute(_HISTORY, values)]


def possible_answers(
    conn: Connection, step_id: int, laid_by: int, unit_id: int
) -> list[LetterChoice]:
    """The unit's own letters that could answer an obligation, the newest first."""
    values = {"step": step_id, "letter": laid_by, "unit": unit_id}
    return [LetterChoice._make(row) for row in conn.execute(_POSSIBLE, values)]


def units_under(conn: Connection, unit_ids: Sequence[int], day: date) -> list[UnitChoice]:
    """The units directly under some on `day`: who may receive a part, or take a step over."""
    rows = conn.execute(_UNDER, {"ids": list(unit_ids), "day": day})
    return [UnitChoice._make(row) for row in rows]


def extension_asked(conn: Connection, step_id: int) -> AskedRow | None:
    """The extension that waits for the issuer's decision."""
    row = conn.execute(_ASKED, {"step": step_id}).first()
    return None if row is None else AskedRow._make(row)


_HISTORY = (
    select(
        _event.c.seq,
        _event.c.at,
        _event.c.actor_id,
        _user.c.name,
        _event.c.role,
        func.coalesce(_period.c.short_name, _unit.c.code),
        _event.c.trigger,
        _event.c.source,
        _event.c.target,
        _event.c.note,
        _event.c.until,
        _event.c.data,
        _behalf.c.name,
    )
    .join_from(_event, _user, _user.c.id == _event.c.actor_id)
    .outerjoin(_behalf, _behalf.c.id == _event.c.on_behalf_of_id)
    .outerjoin(_unit, _unit.c.id == _event.c.unit_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _event.c.unit_id)
        & (_period.c.valid_from == latest(_event.c.unit_id, func.date(_event.c.at))),
    )
    .where(_event.c.step_id == bindparam("step"), _event.c.seq < bindparam("before", type_=Integer))
    .order_by(_event.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
)

_POSSIBLE = (
    select(*[_letter.c[name] for name in LetterChoice._fields])
    .where(
        _letter.c.issuer_id == bindparam("unit"),
        _letter.c.state.in_(sorted(ANSWERING)),
        ~exists().where(
            _answer.c.step_id == bindparam("step"), _answer.c.letter_id == _letter.c.id
        ),
        # What is above the letter that laid the step cannot answer it.
        ~exists().where(_line.c.below_id == bindparam("letter"), _line.c.above_id == _letter.c.id),
    )
    .order_by(_letter.c.dated.desc(), _letter.c.id.desc())
    .limit(PAGE)
)

_DAY = bindparam("day", type_=_period.c.valid_from.type)
_UNDER = (
    select(_unit.c.id, _unit.c.code, _period.c.short_name)
    .join_from(_period, _unit, _unit.c.id == _period.c.unit_id)
    .where(
        _period.c.parent_id.in_(bindparam("ids", expanding=True, type_=Integer)),
        _period.c.valid_from <= _DAY,
        _period.c.valid_to >= _DAY,
    )
    .order_by(_period.c.short_name, _unit.c.id)
)
_ASKED = (
    select(_extension.c.until, _extension.c.reason)
    .where(_extension.c.step_id == bindparam("step"), _extension.c.state == "asked")
    .limit(1)
)
