"""Days that are off or worked against the rule, for everyone or for a unit and all below it."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from cascade.administration import AdminAct, By
from cascade.errors import NotFoundError, RefusedError
from models import administration as writing
from models.administration import Recorded
from models.database import Database
from models.queries import administration as reading
from models.queries.administration import DayRow


class OffDay(NamedTuple):
    """A day against the rule, as an administrator writes it; no unit means everyone."""

    unit_id: int | None
    day: date
    is_off: bool
    reason: str
    legal_basis: str


class DayTakenError(RefusedError):
    """There is a rule of its own for this day already; change that one."""

    def __init__(self, override_id: int) -> None:
        self.override_id = override_id
        super().__init__()


def put(db: Database, override_id: int | None, wanted: OffDay, by: By) -> None:
    """Write down such a day, or change one; raises DayTakenError. Due dates laid already stay."""

    def keep(conn: Connection) -> None:
        data: dict[str, Any] = _told(wanted)
        if override_id is not None:
            data["before"] = _told(_found(conn, override_id))
        taken = reading.override_on(conn, wanted.unit_id, wanted.day)
        if taken not in (None, override_id):
            assert taken is not None
            raise DayTakenError(taken)
        writing.put_day(conn, override_id, wanted._asdict())
        act = AdminAct.ADD_DAY if override_id is None else AdminAct.CHANGE_DAY
        done = Recorded(act, None, wanted.unit_id, wanted.day, data)
        writing.record(conn, by.actor_id, by.moment.at, done)

    db.run(keep)


def remove(db: Database, override_id: int, by: By) -> None:
    """Let a day follow the rule again."""

    def take(conn: Connection) -> None:
        found = _found(conn, override_id)
        writing.remove_day(conn, override_id)
        done = Recorded(AdminAct.REMOVE_DAY, None, found.unit_id, found.day, _told(found))
        writing.record(conn, by.actor_id, by.moment.at, done)

    db.run(take)


def _found(conn: Connection, override_id: int) -> DayRow:
    row = reading.override(conn, override_id)
    if row is None:
        raise NotFoundError("there is no such day")
    return row


def _told(day: OffDay | DayRow) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "unit_id": day.unit_id,
        "is_off": day.is_off,
        "reason": day.reason,
        "legal_basis": day.legal_basis,
    }
