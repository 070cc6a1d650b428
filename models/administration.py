"""Writing accounts, posts and the calendar, and the record of who did so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from models import sealing, terms
from models.queries.administration import administrators_on
from models.tables import AdminEvent, Appointment, CalendarOverride, User, table

_event, _user = table(AdminEvent), table(User)
_appointment, _override = table(Appointment), table(CalendarOverride)


class Recorded(NamedTuple):
    """An act as it stands in the record of administration."""

    act: str
    user_id: int | None = None
    unit_id: int | None = None
    day: date | None = None
    data: dict[str, Any] | None = None


def record(conn: Connection, actor_id: int | None, at: datetime, done: Recorded) -> int:
    """Write down an act, and return its number; no actor means the server's console."""
    made = insert(_event).values(actor_id=actor_id, at=at, **done._asdict())
    event_id = int(conn.execute(made.returning(_event.c.id)).scalar_one())
    sealing.first(conn, sealing.ADMIN, event_id)
    return event_id


def lock_administrators(conn: Connection, day: date) -> None:
    """Let one change at a time decide whether an administrator is left."""
    ids = administrators_on(conn, day)
    if conn.dialect.name != "sqlite":  # there one writes at a time anyway
        conn.execute(
            select(_user.c.id).where(_user.c.id.in_(ids)).order_by(_user.c.id).with_for_update()
        )


def add_user(conn: Connection, login: str, name: str) -> int:
    """A person, who cannot sign in before a password is given."""
    made = insert(_user).values(login=login, name=name, is_active=True).returning(_user.c.id)
    user_id = int(conn.execute(made).scalar_one())
    terms.enter(conn, terms.USER, {user_id: [login, name]})
    return user_id


def rename_user(conn: Connection, user_id: int, name: str) -> None:
    """A person under another name; the login stays."""
    renamed = update(_user).where(_user.c.id == user_id).values(name=name)
    login = conn.execute(renamed.returning(_user.c.login)).scalar_one()
    terms.put(conn, terms.USER, {user_id: [login, name]})


def set_active(conn: Connection, user_id: int, *, is_active: bool) -> None:
    """Let a person in, or no longer."""
    conn.execute(update(_user).where(_user.c.id == user_id).values(is_active=is_active))


def appoint(
    conn: Connection,
    user_id: int,
    unit_id: int,
    role: str,
    valid_from: date,
    valid_to: date,
    scope: str,
) -> int:
    """A post from one day to another; its id."""
    values = {"user_id": user_id, "unit_id": unit_id, "role": role, "scope": scope}
    made = insert(_appointment).values(valid_from=valid_from, valid_to=valid_to, **values)
    return int(conn.execute(made.returning(_appointment.c.id)).scalar_one())


def end_post(conn: Connection, post_id: int, last: date) -> None:
    """The last day of a post."""
    conn.execute(update(_appointment).where(_appointment.c.id == post_id).values(valid_to=last))


def remove_post(conn: Connection, post_id: int) -> None:
    """A post that ends before its first day; the record of administration keeps that it was."""
    conn.execute(delete(_appointment).where(_appointment.c.id == post_id))


def put_day(conn: Connection, override_id: int | None, values: dict[str, Any]) -> int:
    """A day that is off or worked against the rule, new or changed; its id."""
    if override_id is not None:
        conn.execute(update(_override).where(_override.c.id == override_id).values(values))
        return override_id
    made = insert(_override).values(values).returning(_override.c.id)
    return int(conn.execute(made).scalar_one())


def remove_day(conn: Connection, override_id: int) -> None:
    """The day follows the rule again."""
    conn.execute(delete(_override).where(_override.c.id == override_id))
