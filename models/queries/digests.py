"""Who is to be told of which reminders, for the digests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, func, or_, select, union_all

from models.queries.authority import DRAWN, IN_FORCE, held
from models.queries.units import latest
from models.tables import (
    Appointment,
    Delegation,
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
from workflows.obligation import ObligationState
from workflows.reminding import BY_DUE, Kind
from workflows.roles import Turn

_step, _letter, _point = table(Step), table(Letter), table(Point)
_policy, _reminder, _for = table(ReminderPolicy), table(Reminder), table(ReminderFor)
_told, _outbox = table(ReminderTold), table(Outgoing)
_user, _appointment, _delegation = table(User), table(Appointment), table(Delegation)
_unit, _period = table(Unit), table(UnitPeriod)


class PersonRow(NamedTuple):
    """Somebody with a mail address."""

    id: int
    login: str
    name: str
    email: str
    lang: str | None


class HeldRow(NamedTuple):
    """A post a person holds or stands in for."""

    user_id: int
    unit_id: int
    role: str
    scope: str


class ReminderRow(NamedTuple):
    """A reminder that still holds, with the unit it speaks to and the step as people name it."""

    id: int
    for_unit_id: int
    kind: str
    audience: str
    step_id: int
    due: date | None
    unit_id: int
    issuer_id: int
    unit: str
    number: str | None
    symbol: str | None
    point: str


def people(conn: Connection, after: int, most: int) -> list[PersonRow]:
    """A page of those who can be written to, by id."""
    rows = conn.execute(_PEOPLE, {"after": after, "most": most})
    return [PersonRow._make(row) for row in rows]


def posts(conn: Connection, user_ids: Sequence[int], day: date) -> list[HeldRow]:
    """Every post these people hold or stand in for on a day, for their digests."""
    rows = conn.execute(_POSTS, {"ids": list(user_ids), "day": day})
    return [HeldRow._make(row) for row in rows]


def reminders(
    conn: Connection, unit_ids: Sequence[int], since: date, day: date
) -> list[ReminderRow]:
    """Reminders since a day that speak to these units and still hold, the oldest first."""
    values = {"ids": list(unit_ids), "since": since, "day": day}
    return [ReminderRow._make(row) for row in conn.execute(_REMINDERS, values)]


def written_to(conn: Connection, dedupes: Sequence[str]) -> set[str]:
    """Which of these digests are owed or sent already: a day is swept again and again."""
    return set(conn.execute(_WRITTEN_TO, {"keys": list(dedupes)}).scalars())


def told(conn: Connection, user_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(person, reminder) for all that stood in a digest of these people already."""
    return {(row[0], row[1]) for row in conn.execute(_TOLD, {"ids": list(user_ids)})}


_IDS = bindparam("ids", expanding=True, type_=Integer)
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_PEOPLE = (
    select(*[_user.c[name] for name in PersonRow._fields])
    .where(
        _user.c.id > bindparam("after", type_=Integer),
        _user.c.is_active,
        _user.c.email.is_not(None),
    )
    .order_by(_user.c.id)
    .limit(bindparam("most", type_=Integer))
)
_POST = (_appointment.c.unit_id, _appointment.c.role, _appointment.c.scope)
_POSTS = union_all(
    select(_appointment.c.user_id, *_POST)
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .where(_appointment.c.user_id.in_(_IDS), _user.c.is_active, held(_appointment)),
    select(_delegation.c.deputy_id, *_POST)
    .select_from(DRAWN)
    .where(_delegation.c.deputy_id.in_(_IDS), IN_FORCE),
)
_STILL_HOLDS = and_(
    _step.c.turn == Turn.LEAD,
    or_(_policy.c.kind.not_in(BY_DUE), _step.c.due == _reminder.c.anchor),
    or_(_policy.c.kind != Kind.UNACKNOWLEDGED, _step.c.state == ObligationState.SENT),
)
_REMINDERS = (
    select(
        _reminder.c.id,
        _for.c.unit_id,
        _policy.c.kind,
        _policy.c.audience,
        _step.c.id,
        _step.c.due,
        _step.c.unit_id,
        _step.c.issuer_id,
        func.coalesce(_period.c.short_name, _unit.c.code),
        _letter.c.number,
        _letter.c.symbol,
        func.coalesce(_point.c.no, ""),
    )
    .join_from(_for, _reminder, _reminder.c.id == _for.c.reminder_id)
    .join(_policy, _policy.c.id == _reminder.c.policy_id)
    .join(_step, _step.c.id == _reminder.c.step_id)
    .join(_letter, _letter.c.id == _step.c.letter_id)
    .join(_unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_point, _point.c.id == _step.c.point_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _step.c.unit_id)
        & (_period.c.valid_from == latest(_step.c.unit_id, _DAY)),
    )
    .where(
        _for.c.unit_id.in_(_IDS),
        _for.c.on_day >= bindparam("since", type_=_for.c.on_day.type),
        _STILL_HOLDS,
    )
    .order_by(_reminder.c.id)
)
_WRITTEN_TO = select(_outbox.c.dedupe).where(
    _outbox.c.dedupe.in_(bindparam("keys", expanding=True, type_=_outbox.c.dedupe.type))
)
_TOLD = select(_told.c.user_id, _told.c.reminder_id).where(_told.c.user_id.in_(_IDS))
