"""Authority lent and taken: deputies for a time, and an administrator's look behind glass.

Each act is on record. What it lets somebody do is asked anew at each act and each reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.administration import AdminAct, By, InactiveUserError
from cascade.errors import BadInputError, NotFoundError, RefusedError
from models import administration, authority
from models.administration import Recorded
from models.authority import Given
from models.database import Database
from models.queries import administration as people
from models.queries import deputies, glass
from models.queries.authority import powers
from workflows.roles import Role

LONGEST_HOURS = 4  # of a look behind glass
TOLD_FOR = timedelta(days=14)  # how long those whose content was opened are told on their pages


class Wanted(NamedTuple):
    """Who is to stand in, in which post of the giver's own, when, why, for which moves."""

    unit_id: int
    role: str
    deputy_id: int
    valid_from: date
    valid_to: date
    reason: str
    triggers: Sequence[str] | None = None  # None: all that the post may do


class NotOwnPostError(RefusedError):
    """The post is not the giver's own: what was lent is not passed on."""


class OneselfError(RefusedError):
    """Nobody is one's own deputy."""


class StandsInError(RefusedError):
    """The same person stands in for the same post within that time already."""


class NotAdministratorError(RefusedError):
    """Only an administrator opens what is closed to administrators."""


class StillOpenError(RefusedError):
    """The unit stands open to this administrator already."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__()


def delegate(db: Database, wanted: Wanted, by: By) -> int:
    """Make somebody the deputy for a post one holds oneself; its id.

    Raises BadInputError, NotOwnPostError, OneselfError, InactiveUserError, StandsInError.
    """
    giver_id = _person(by)
    _check(wanted, by.moment.today)
    if wanted.deputy_id == giver_id:
        raise OneselfError()
    given = Given(giver_id=giver_id, **wanted._asdict())

    def give(conn: Connection) -> int:
        deputy = people.user(conn, wanted.deputy_id)
        if deputy is None:
            raise NotFoundError("there is no such person")
        if not deputy.is_active:
            raise InactiveUserError()
        own = deputies.own_posts(conn, giver_id, by.moment.today)
        if (wanted.unit_id, wanted.role) not in {(post.unit_id, post.role) for post in own}:
            raise NotOwnPostError()
        same = (giver_id, wanted.deputy_id, wanted.unit_id, wanted.role)
        if deputies.overlapping(conn, *same, wanted.valid_from, wanted.valid_to):
            raise StandsInError()
        made = authority.delegate(conn, given, by.moment.at)
        data = {
            "role": wanted.role,
            "last": wanted.valid_to.isoformat(),
            "reason": wanted.reason,
            "triggers": None if wanted.triggers is None else list(wanted.triggers),
        }
        about = Recorded(
            AdminAct.DELEGATE, wanted.deputy_id, wanted.unit_id, wanted.valid_from, data
        )
        administration.record(conn, giver_id, by.moment.at, about)
        return made

    return db.run(give)


def end_delegation(db: Database, delegation_id: int, by: By) -> None:
    """End what one gave, at once; nothing happens when it has ended.

    Raises NotFoundError for what is not the person's own to end.
    """

    def end(conn: Connection) -> None:
        found = deputies.one(conn, delegation_id, by.moment.today)
        if found is None or found.giver_id != _person(by):
            raise NotFoundError("there is no such delegation of yours")
        if authority.end_delegation(conn, delegation_id, by.moment.at):
            data = {"role": found.role, "last": by.moment.today.isoformat()}
            about = Recorded(
                AdminAct.END_DELEGATION, found.deputy_id, found.unit_id, by.moment.today, data
            )
            administration.record(conn, by.actor_id, by.moment.at, about)

    db.run(end)


def open_glass(db: Database, unit_id: int, reason: str, hours: int, by: By) -> int:
    """Let an administrator read one unit's content for some hours; its id.

    Raises BadInputError, NotAdministratorError, StillOpenError.
    """
    if not reason.strip():
        raise BadInputError("a reason must be given")
    if not 1 <= hours <= LONGEST_HOURS:
        raise BadInputError(f"it opens for one to {LONGEST_HOURS} hours")
    until = by.moment.at + timedelta(hours=hours)

    def open_it(conn: Connection) -> int:
        user_id = _administrator(conn, by)
        open_until = glass.open_now(conn, user_id, unit_id, by.moment.at)
        if open_until is not None:
            raise StillOpenError(open_until)
        made = authority.open_glass(conn, user_id, unit_id, reason, by.moment.at, until)
        data = {"glass": made, "reason": reason, "until": until.isoformat()}
        about = Recorded(AdminAct.OPEN_GLASS, user_id, unit_id, by.moment.today, data)
        administration.record(conn, user_id, by.moment.at, about)
        return made

    return db.run(open_it)


def end_glass(db: Database, glass_id: int, by: By) -> None:
    """Close what an administrator opened, at once; nothing happens when it is closed.

    Raises NotFoundError, NotAdministratorError.
    """

    def end(conn: Connection) -> None:
        actor_id = _administrator(conn, by)
        found = glass.one(conn, glass_id, by.moment.today)
        if found is None:
            raise NotFoundError("there is no such opening")
        if found.until > by.moment.at and authority.end_glass(conn, glass_id, by.moment.at):
            about = Recorded(
                AdminAct.END_GLASS,
                found.user_id,
                found.unit_id,
                by.moment.today,
                {"glass": glass_id},
            )
            administration.record(conn, actor_id, by.moment.at, about)

    db.run(end)


def _check(wanted: Wanted, today: date) -> None:
    if not wanted.reason.strip():
        raise BadInputError("a reason must be given")
    if wanted.valid_to < wanted.valid_from:
        raise BadInputError("it would end before it begins")
    if wanted.valid_from < today:
        raise BadInputError("it cannot begin before today")
    if wanted.triggers is not None and not wanted.triggers:
        raise BadInputError("name the moves it is for, or leave all to the deputy")


def _person(by: By) -> int:
    if by.actor_id is None:
        raise BadInputError("nobody stands in for the server's console")
    return by.actor_id


def _administrator(conn: Connection, by: By) -> int:
    user_id = _person(by)
    held = powers(conn, user_id, by.moment.today)
    if not any(power.role == Role.ADMINISTRATOR for power in held):
        raise NotAdministratorError()
    return user_id
