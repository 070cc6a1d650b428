"""Writing reminders: each with its event, in one transaction, once; and the rules they follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from models import sealing
from models.journal import Stamp, stamp_values
from models.once import once
from models.tables import (
    Event,
    Reminder,
    ReminderFor,
    ReminderPolicy,
    ReminderTold,
    Step,
    User,
    table,
)
from workflows.roles import Turn

_step, _event, _user = table(Step), table(Event), table(User)
_policy, _reminder = table(ReminderPolicy), table(Reminder)
_for, _told = table(ReminderFor), table(ReminderTold)
# No name that somebody could type on a form.
SYSTEM = "cascade:itself"


class Chased(NamedTuple):
    """A step to be reminded of: as it was found, for what, and which units are told."""

    step_id: int
    state: str
    due: date | None
    letter_id: int
    anchor: date
    units: Sequence[int]


def system_account(conn: Connection) -> int:
    """The account under which reminders stand in the history; nobody can ever sign in to it."""
    query = select(_user.c.id).where(_user.c.login == SYSTEM)
    found = conn.execute(query).scalar()
    if found is not None:
        return int(found)
    row = {"login": SYSTEM, "name": "Cascade", "is_active": False, "is_system": True}
    once(conn, _user, row, "login")
    return int(conn.execute(query).scalar_one())


def remind(
    conn: Connection,
    policy_id: int,
    chased: Sequence[Chased],
    stamp: Stamp,
    data: Mapping[str, object],
    day: date,
) -> int:
    """Record reminders of steps that stand as they were found; returns how many.

    The steps are locked meanwhile, so of two sweeps at once the second sees what the first wrote.
    A state is not changed, and neither is the version: whoever is filling in a form goes on.
    """
    if not chased:
        return 0
    ids = {"ids": sorted(one.step_id for one in chased)}
    now = {row.id: row for row in conn.execute(_LOCK, ids)}
    known = {(r.step_id, r.anchor) for r in conn.execute(_KNOWN, {**ids, "policy": policy_id})}
    left = [
        one
        for one in chased
        if (one.step_id, one.anchor) not in known
        and (now[one.step_id].turn, now[one.step_id].state, now[one.step_id].due)
        == (Turn.LEAD, one.state, one.due)
    ]
    if not left:
        return 0
    sealing.many_follow(conn, sealing.EVENT)
    made = stamp_values(stamp) | {"trigger": "remind"}
    events = [
        {
            **made,
            "letter_id": one.letter_id,
            "step_id": one.step_id,
            "source": one.state,
            "target": one.state,
            "data": {**data, "anchor": one.anchor.isoformat()},
        }
        for one in left
    ]
    seqs = conn.execute(_EVENTS, events).scalars().all()
    rows = [
        {"step_id": one.step_id, "policy_id": policy_id, "anchor": one.anchor, "event_seq": seq}
        for one, seq in zip(left, seqs, strict=True)
    ]
    reminders = conn.execute(_REMINDERS, rows).scalars().all()
    told = [
        {"unit_id": unit_id, "reminder_id": reminder_id, "on_day": day}
        for one, reminder_id in zip(left, reminders, strict=True)
        for unit_id in one.units
    ]
    if told:
        conn.execute(insert(_for), told)
    return len(left)


def tell(conn: Connection, user_id: int, reminder_ids: Sequence[int]) -> None:
    """A person's digest holds these reminders, so no later one does."""
    conn.execute(insert(_told), [{"user_id": user_id, "reminder_id": one} for one in reminder_ids])


def forget(conn: Connection, before: date) -> None:
    """Who was told of what is nobody's business after a while; that it was reminded of stays."""
    old = select(_for.c.reminder_id).where(_for.c.on_day < before)
    conn.execute(delete(_told).where(_told.c.reminder_id.in_(old)))
    conn.execute(delete(_for).where(_for.c.on_day < before))


def put_policy(conn: Connection, policy_id: int | None, values: Mapping[str, object]) -> int:
    """A rule, new or changed; its id. Rules are turned off and never deleted."""
    if policy_id is not None:
        conn.execute(update(_policy).where(_policy.c.id == policy_id).values(values))
        return policy_id
    made = insert(_policy).values(values).returning(_policy.c.id)
    return int(conn.execute(made).scalar_one())


_IDS = bindparam("ids", expanding=True, type_=Integer)
_LOCK = (
    select(_step.c.id, _step.c.state, _step.c.turn, _step.c.due)
    .where(_step.c.id.in_(_IDS))
    .order_by(_step.c.id)
    .with_for_update()
)
_KNOWN = select(_reminder.c.step_id, _reminder.c.anchor).where(
    _reminder.c.step_id.in_(_IDS), _reminder.c.policy_id == bindparam("policy")
)
_EVENTS = insert(_event).returning(_event.c.seq, sort_by_parameter_order=True)
_REMINDERS = insert(_reminder).returning(_reminder.c.id, sort_by_parameter_order=True)
