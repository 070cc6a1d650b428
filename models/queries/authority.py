"""On what authority a person acts and reads: own posts, posts stood in for, opened glass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Table,
    bindparam,
    null,
    select,
    type_coerce,
    union_all,
)

from models.base import OFFICE
from models.tables import Appointment, Delegation, OpenedGlass, User, table
from workflows.roles import Role

_user, _appointment, _delegation = table(User), table(Appointment), table(Delegation)
_glass, _giver = table(OpenedGlass), table(User).alias("giver")


class Power(NamedTuple):
    """A role in a unit that a person may use on a day: of an own post, or for its holder."""

    unit_id: int
    role: str
    scope: str  # how far it sees: unit or subtree
    on_behalf_of_id: int | None
    delegation_id: int | None


class Post(NamedTuple):
    """A role in a unit to act from: own, or for a giver and perhaps for some moves only."""

    unit_id: int
    role: str
    giver_id: int | None
    triggers: list[str] | None


class Glass(NamedTuple):
    """A unit whose content an administrator may read until a moment, with a reason on record."""

    id: int
    unit_id: int
    until: datetime


def powers(conn: Connection, user_id: int, day: date) -> list[Power]:
    """All that an active person may act and read by on `day`: own posts, then those stood in for.

    What is stood in for is the giver's own post of that day, so nothing given can be given on.
    """
    return [Power._make(row) for row in conn.execute(POWERS, {"user": user_id, "day": day})]


def posts_in(conn: Connection, user_id: int, units: Sequence[int], day: date) -> list[Post]:
    """All that a person may act from in these units on `day`, asked at each act; own posts first.

    What is given is in order of role and giver, so that the same post is used each time.
    """
    rows = conn.execute(_POSTS_IN, {"user": user_id, "ids": list(units), "day": day})
    return sorted((Post._make(row) for row in rows), key=_order)


def glasses(conn: Connection, user_id: int, at: datetime) -> list[Glass]:
    """The units whose content an administrator may read at this moment."""
    values = {"user": user_id, "at": at, "day": at.astimezone(OFFICE).date()}
    return [Glass._make(row) for row in conn.execute(_GLASSES, values)]


def _order(post: Post) -> tuple[int, str, int]:
    return post.unit_id, post.role, post.giver_id or 0


DAY = bindparam("day", type_=_appointment.c.valid_from.type)
_USER = bindparam("user", type_=Integer)
_AT = bindparam("at", type_=_glass.c.until.type)


def held(post: Table) -> ColumnElement[bool]:
    """Whether a post, or a delegation, covers the day."""
    return (post.c.valid_from <= DAY) & (post.c.valid_to >= DAY)


# A delegation in force, with the giver's own post it draws on.
DRAWN = (
    _delegation.join(
        _appointment,
        (_appointment.c.user_id == _delegation.c.giver_id)
        & (_appointment.c.unit_id == _delegation.c.unit_id)
        & (_appointment.c.role == _delegation.c.role),
    )
    .join(_giver, _giver.c.id == _delegation.c.giver_id)
    .join(_user, _user.c.id == _delegation.c.deputy_id)
)
IN_FORCE = (
    held(_delegation)
    & held(_appointment)
    & _delegation.c.ended_at.is_(None)
    & _giver.c.is_active
    & _user.c.is_active
)
_OWN = (
    select(
        _appointment.c.unit_id,
        _appointment.c.role,
        _appointment.c.scope,
        null().label("on_behalf_of_id"),
        null().label("delegation_id"),
    )
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .where(_appointment.c.user_id == _USER, _user.c.is_active, held(_appointment))
)
_GIVEN = (
    select(
        _appointment.c.unit_id,
        _appointment.c.role,
        _appointment.c.scope,
        _delegation.c.giver_id,
        _delegation.c.id,
    )
    .select_from(DRAWN)
    .where(_delegation.c.deputy_id == _USER, IN_FORCE)
)
# All that somebody has on a day, for `user` and `day`.
POWERS = union_all(_OWN, _GIVEN)
_IDS = bindparam("ids", expanding=True, type_=Integer)
_POSTS_IN = union_all(
    _OWN.with_only_columns(
        _appointment.c.unit_id,
        _appointment.c.role,
        null().label("giver_id"),
        type_coerce(null(), _delegation.c.triggers.type).label("triggers"),
    ).where(_appointment.c.unit_id.in_(_IDS)),
    _GIVEN.with_only_columns(
        _appointment.c.unit_id,
        _appointment.c.role,
        _delegation.c.giver_id,
        _delegation.c.triggers,
    ).where(_appointment.c.unit_id.in_(_IDS)),
)
_GLASSES = (
    select(_glass.c.id, _glass.c.unit_id, _glass.c.until)
    .join_from(_glass, _user, _user.c.id == _glass.c.user_id)
    .where(
        _glass.c.user_id == _USER,
        _glass.c.opened_at <= _AT,
        _glass.c.until > _AT,
        _glass.c.ended_at.is_(None),
        _user.c.is_active,
        select(_appointment.c.id)
        .where(
            _appointment.c.user_id == _glass.c.user_id,
            _appointment.c.role == Role.ADMINISTRATOR,
            held(_appointment),
        )
        .exists(),
    )
    .order_by(_glass.c.id)
)
