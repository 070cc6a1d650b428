"""What the daily sweep asks: which steps are to be reminded of, and who is told of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
)

from models.queries.authority import held
from models.tables import (
    Appointment,
    Delegation,
    Event,
    Letter,
    Outgoing,
    Point,
    Reminder,
    ReminderFor,
    ReminderPolicy,
    ReminderTold,
    Step,
    Unit,
    UnitPeriod,
    User,
    table,
)
from workflows.kinds import StepKind
from workflows.obligation import ObligationState
from workflows.reminding import BY_DUE, Kind
from workflows.roles import Role, Turn

_step, _letter, _point, _event = table(Step), table(Letter), table(Point), table(Event)
_policy, _reminder = table(ReminderPolicy), table(Reminder)
_for, _told = table(ReminderFor), table(ReminderTold)
_user, _appointment, _delegation = table(User), table(Appointment), table(Delegation)
_unit, _period, _outbox = table(Unit), table(UnitPeriod), table(Outgoing)
# In these words, not as parameters: only so does SQLite know which index they belong to.
_UNDONE = text("step.turn IN ('lead', 'issuer')")
_UNACKNOWLEDGED = text("step.kind = 'obligation' AND step.state = 'sent'")
# What moves nothing on: being reminded, and another date given by the issuer.
_STILL = ("remind", "extend", "grant_extension", "refuse_extension")


class PolicyRow(NamedTuple):
    """A rule as it stands."""

    id: int
    kind: str
    days: int
    audience: str
    is_on: bool


class Key(NamedTuple):
    """A place in the order in which a rule looks at steps."""

    day: date
    id: int


class FoundRow(NamedTuple):
    """A step a rule may apply to; `key` is the day it is found by."""

    id: int
    key: date
    kind: str
    state: str
    due: date | None
    laid_on: date
    unit_id: int
    issuer_id: int
    letter_id: int


def policies(conn: Connection) -> list[PolicyRow]:
    """All rules, for the sweep and for the administrator who changes them."""
    return [PolicyRow._make(row) for row in conn.execute(_POLICIES)]


def policy(conn: Connection, policy_id: int) -> PolicyRow | None:
    """One rule, to change it."""
    row = conn.execute(_ONE_POLICY, {"policy": policy_id}).first()
    return None if row is None else PolicyRow._make(row)


def window_end(
    conn: Connection, kind: str, first: date, last: date, after: Key, window: int
) -> Key | None:
    """Where a look over so many steps ends; None where there are no more. Keeps pages short."""
    if kind == Kind.IDLE:
        highest = conn.execute(_HIGHEST).scalar() or 0
        return Key(date.min, after.id + window) if after.id + window < highest else None
    values = {"first": first, "last": last, "day": after.day, "id": after.id, "skip": window - 1}
    row = conn.execute(_ENDS[Kind(kind)], values).first()
    return None if row is None else Key(*row)


def found(
    conn: Connection,
    policy_id: int,
    kind: str,
    first: date,
    last: date,
    after: Key,
    until: Key,
    today: date,
    moved_by: datetime,
    most: int,
) -> list[FoundRow]:
    """Steps within a window that no reminder of this rule has been for yet, for the sweep.

    `first` and `last` bound what the rule measures from; `moved_by` is the end of the last day.
    """
    values = {
        "policy": policy_id,
        "first": first,
        "last": last,
        "day": after.day,
        "id": after.id,
        "until_day": until.day,
        "until_id": until.id,
        "today": today,
        "moved_by": moved_by,
        "most": most,
    }
    return [FoundRow._make(row) for row in conn.execute(_FOUND[Kind(kind)], values)]


def last_moves(conn: Connection, step_ids: Sequence[int]) -> dict[int, datetime]:
    """step → when it was last moved on, for what nobody has moved for long."""
    return {row[0]: row[1] for row in conn.execute(_LAST_MOVES, {"ids": list(step_ids)})}


def parents(conn: Connection, day: date) -> dict[int, int | None]:
    """unit → the unit above it on a day, for calendars and for whom a reminder climbs to."""
    return {row[0]: row[1] for row in conn.execute(_PARENTS, {"day": day})}


def secretariats(conn: Connection, day: date) -> set[int]:
    """The units in which somebody holds the secretariat on a day."""
    return set(conn.execute(_SECRETARIATS, {"day": day}).scalars())


def last_reminders(conn: Connection, step_ids: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    """step → when it was last reminded of, and with which words: for the inbox, as its reader."""
    rows = conn.execute(_LAST_REMINDERS, {"ids": list(step_ids)})
    return {row[0]: (row[1], row[2]) for row in rows}


_POLICIES = select(*[_policy.c[name] for name in PolicyRow._fields]).order_by(_policy.c.id)
_ONE_POLICY = _POLICIES.where(_policy.c.id == bindparam("policy"))
_IDS = bindparam("ids", expanding=True, type_=Integer)
_AFTER_ID = bindparam("id", type_=Integer)
_IS_LEADS = _step.c.turn == Turn.LEAD


def _in_order(by: ColumnElement[date], where: ColumnElement[bool]) -> ColumnElement[bool]:
    day = bindparam("day", type_=_step.c.laid_on.type)
    return and_(
        where,
        _IS_LEADS,
        by >= bindparam("first", type_=_step.c.laid_on.type),
        by <= bindparam("last", type_=_step.c.laid_on.type),
        by >= day,
        or_(by > day, _step.c.id > _AFTER_ID),
    )


def _columns(by: ColumnElement[date]) -> Select[Any]:
    names = ("kind", "state", "due", "laid_on", "unit_id", "issuer_id", "letter_id")
    return select(_step.c.id, by, *[_step.c[name] for name in names])


def _end(by: ColumnElement[date], where: ColumnElement[bool]) -> Select[Any]:
    last = select(by, _step.c.id).where(_in_order(by, where)).order_by(by, _step.c.id)
    return last.limit(1).offset(bindparam("skip", type_=Integer))


def _by_day(by: ColumnElement[date], where: ColumnElement[bool]) -> Select[Any]:
    until = bindparam("until_day", type_=_step.c.laid_on.type)
    reminded = exists().where(
        _reminder.c.step_id == _step.c.id,
        _reminder.c.policy_id == bindparam("policy"),
        _reminder.c.anchor == by,
    )
    return (
        _columns(by)
        .where(
            _in_order(by, where),
            by <= until,
            or_(by < until, _step.c.id <= bindparam("until_id", type_=Integer)),
            ~reminded,
        )
        .order_by(by, _step.c.id)
        .limit(bindparam("most", type_=Integer))
    )


_due = and_(_UNDONE)
_sent = and_(_UNACKNOWLEDGED)
_ENDS = {kind: _end(_step.c.due, _due) for kind in BY_DUE}
_ENDS[Kind.UNACKNOWLEDGED] = _end(_step.c.laid_on, _sent)
_HIGHEST = select(func.max(_step.c.id))


def _moved(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    on = (_event.c.step_id == _step.c.id, _event.c.trigger.not_in(_STILL))
    return exists().where(*on, *where)


_IDLE = (
    _columns(_step.c.laid_on)
    .where(
        _UNDONE,
        _IS_LEADS,
        _step.c.id > _AFTER_ID,
        _step.c.id <= bindparam("until_id", type_=Integer),
        _step.c.laid_on <= bindparam("last", type_=_step.c.laid_on.type),
        # What nobody has acknowledged and what is due are matters of other rules.
        or_(_step.c.kind != StepKind.OBLIGATION, _step.c.state != ObligationState.SENT),
        or_(
            _step.c.due.is_(None),
            _step.c.due > bindparam("today", type_=_step.c.laid_on.type),
        ),
        ~exists().where(
            _reminder.c.step_id == _step.c.id,
            _reminder.c.policy_id == bindparam("policy"),
            ~_moved(_event.c.seq > _reminder.c.event_seq),
        ),
        ~_moved(_event.c.at >= bindparam("moved_by", type_=_event.c.at.type)),
    )
    .order_by(_step.c.id)
    .limit(bindparam("most", type_=Integer))
)
_FOUND = {kind: _by_day(_step.c.due, _due) for kind in BY_DUE}
_FOUND[Kind.UNACKNOWLEDGED] = _by_day(_step.c.laid_on, _sent)
_FOUND[Kind.IDLE] = _IDLE
_LAST_MOVES = (
    select(_event.c.step_id, func.max(_event.c.at, type_=_event.c.at.type))
    .where(_event.c.step_id.in_(_IDS), _event.c.trigger.not_in(_STILL))
    .group_by(_event.c.step_id)
)
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_PARENTS = select(_period.c.unit_id, _period.c.parent_id).where(
    _period.c.valid_from <= _DAY, _period.c.valid_to >= _DAY
)
_SECRETARIATS = (
    select(_appointment.c.unit_id)
    .distinct()
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .where(_appointment.c.role == Role.SECRETARIAT, _user.c.is_active, held(_appointment))
)
_newest = (
    select(_event.c.step_id, func.max(_event.c.seq).label("seq"))
    .where(_event.c.step_id.in_(_IDS), _event.c.trigger == "remind")
    .group_by(_event.c.step_id)
    .subquery("newest")
)
_LAST_REMINDERS = select(_event.c.step_id, _event.c.at, _event.c.note).join_from(
    _newest, _event, _event.c.seq == _newest.c.seq
)
