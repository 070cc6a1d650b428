"""The first run: the first administrator, and the top unit if there is no unit yet."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session

from cascade import passwords
from cascade.administration import AdminAct
from cascade.clock import Moment, now
from cascade.errors import RefusedError
from models import administration, organisation, sessions
from models.administration import Recorded
from models.base import FOREVER
from models.database import Database
from models.queries import accounts
from workflows.roles import Role


class TopUnit(NamedTuple):
    """The unit everything else will stand under."""

    code: str
    name: str
    level: str


class Founder(NamedTuple):
    """The first administrator as typed; `unit` is a unit on file, or the one to make."""

    name: str
    login: str
    password: str
    unit: int | TopUnit


class AlreadySetUpError(RefusedError):
    """Somebody can sign in already, so that person keeps the accounts."""


def found(db: Database, founder: Founder, moment: Moment) -> None:
    """Make the first administrator and the unit that person stands in: all of it or nothing.

    Raises AlreadySetUpError, and BadPasswordError.
    """
    unit = founder.unit
    top = () if isinstance(unit, int) else (unit.code, unit.name)
    hashed = passwords.hashed(founder.password, (founder.login, founder.name, *top))
    with db.session() as session:
        conn = session.connection()
        if accounts.anybody(conn):
            raise AlreadySetUpError()
        unit_id = (
            founder.unit if isinstance(founder.unit, int) else _top(session, founder.unit, moment)
        )
        user_id = organisation.user_id(session, founder.login, founder.name)
        organisation.put_appointment(
            session, user_id, unit_id, Role.ADMINISTRATOR, moment.today, FOREVER
        )
        session.flush()
        sessions.put_password(conn, user_id, hashed, now().at)
        done = Recorded(AdminAct.SET_UP, user_id, unit_id)
        administration.record(conn, user_id, moment.at, done)


def _top(session: Session, top: TopUnit, moment: Moment) -> int:
    if top.level not in organisation.levels(session):
        # The first level of all: its words are its code until a levels sheet says them better.
        values = {"name_vi": top.level, "name_en": top.level, "rank": 1, "duty": "obligation"}
        organisation.put_level(session, top.level, values)
        session.flush()
    unit_id = organisation.unit_id(session, top.code)
    values = {
        "valid_to": FOREVER,
        "name": top.name,
        "short_name": top.name,
        "name_en": top.name,
        "parent_id": None,
        "level": top.level,
    }
    organisation.put_period(session, unit_id, moment.today, values)
    return unit_id
