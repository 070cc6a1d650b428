"""Events as programs follow them: in the order of the record, from a place in it on."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, select

from models.tables import Event, EventSeal, Unit, User, table

_event, _seal, _user, _unit = table(Event), table(EventSeal), table(User), table(Unit)
_behalf = _user.alias("behalf")

# Places looked at in one request: whoever sees little of a long record gets pages with little.
WINDOW = 10_000


class FollowedRow(NamedTuple):
    """One event with its place in the record."""

    place: int
    seq: int
    at: datetime
    actor: str
    role: str
    unit_code: str | None
    on_behalf_of: str | None
    letter_id: int
    step_id: int | None
    trigger: str
    source: str | None
    target: str
    note: str
    until: date | None


def last(conn: Connection) -> int:
    """The last place of the record, to know whether there is more to look at."""
    return int(conn.execute(_LAST).scalar_one())


def page(conn: Connection, *, after: int, limit: int) -> list[FollowedRow]:
    """The events after a place and within the window, for programs that follow them.

    The record has its places in the order of commits, so nothing comes to stand before what was
    read already; a bare `event.seq` may, where several write at once.
    """
    values = {"after": after, "last": after + WINDOW, "most": limit}
    return [FollowedRow._make(row) for row in conn.execute(_PAGE, values)]


_LAST = select(func.coalesce(func.max(_seal.c.seq), 0))
_PAGE = (
    select(
        _seal.c.seq,
        _event.c.seq,
        _event.c.at,
        _user.c.name,
        _event.c.role,
        _unit.c.code,
        _behalf.c.name,
        _event.c.letter_id,
        _event.c.step_id,
        _event.c.trigger,
        _event.c.source,
        _event.c.target,
        _event.c.note,
        _event.c.until,
    )
    .join_from(_seal, _event, _event.c.seq == _seal.c.event_id)
    .join(_user, _user.c.id == _event.c.actor_id)
    .outerjoin(_unit, _unit.c.id == _event.c.unit_id)
    .outerjoin(_behalf, _behalf.c.id == _event.c.on_behalf_of_id)
    .where(
        _seal.c.kind == "event",
        _seal.c.seq > bindparam("after", type_=Integer),
        _seal.c.seq <= bindparam("last", type_=Integer),
    )
    .order_by(_seal.c.seq)
    .limit(bindparam("most", type_=Integer))
)
