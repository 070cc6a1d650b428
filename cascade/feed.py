"""The calendar feed: an address of one's own, read by a calendar program as its owner reads.

What stands in it leaves the house: letter, point, unit and due date, and nothing that they say.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from sqlalchemy import Connection

from cascade.accounts import digest
from cascade.administration import AdminAct
from cascade.clock import Moment
from models import administration as writing
from models import feeding
from models.administration import Recorded
from models.database import Database
from models.queries import authority, feeds
from models.queries.feeds import DueRow
from models.scope import Reader, read_as
from workflows.labels import Lang, Words
from workflows.reference import reference
from workflows.roles import DOER, Role

_LENGTH = 43  # 256 bits as base64


def make(db: Database, user_id: int, moment: Moment) -> str:
    """The token of a person's new feed, told this once; an earlier one is dead. On record."""
    token = secrets.token_urlsafe(32)

    def put(conn: Connection) -> None:
        feeding.put(conn, user_id, digest(token), moment.at)
        writing.record(conn, user_id, moment.at, Recorded(AdminAct.MAKE_FEED, user_id))

    db.run(put)
    return token


def end(db: Database, user_id: int, moment: Moment) -> bool:
    """End a person's feed, from its next reading on; False where there was none. On record."""

    def take(conn: Connection) -> bool:
        is_ended = feeding.end(conn, user_id)
        if is_ended:
            writing.record(conn, user_id, moment.at, Recorded(AdminAct.END_FEED, user_id))
        return is_ended

    return db.run(take)


def made_at(db: Database, user_id: int) -> datetime | None:
    """Since when a person has a feed."""
    with db.read() as conn:
        return feeds.made_at(conn, user_id)


def owner(db: Database, token: str) -> int | None:
    """Whose feed an address opens; nobody's once it is ended or its owner may not in."""
    if len(token) != _LENGTH:
        return None
    with db.read() as conn:
        return feeds.owner(conn, digest(token))


def read(
    db: Database, user_id: int, moment: Moment, link: Callable[[int], str], lang: Lang
) -> bytes:
    """A person's calendar: what the units whose work the person does owe, as seen at this moment.

    `link` gives a step's address.
    """
    with read_as(db, Reader(user_id, moment.today, moment.at)) as conn:
        held = authority.powers(conn, user_id, moment.today)
        units = sorted({power.unit_id for power in held if Role(power.role) in DOER.roles})
        rows = feeds.due(conn, units, moment.today) if units else []
    return compose(rows, link, lang)


def compose(rows: Sequence[DueRow], link: Callable[[int], str], lang: Lang) -> bytes:
    """All-day events on due dates; a step keeps its UID for life, and a later state replaces it."""
    made = Calendar()
    made.add("prodid", "-//Cascade//Due dates//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _NAME.say(lang))
    for row in rows:
        made.add_component(_event(row, link(row.id), lang))
    return bytes(made.to_ical())


def _event(row: DueRow, address: str, lang: Lang) -> Event:
    point = _POINT.say(lang).format(no=row.point) if row.point else ""
    event = Event()
    event.add("uid", f"step-{row.id}@cascade")
    event.add("summary", f"{row.unit}: {point}{reference(row.number, row.symbol)}")
    event.add("dtstart", row.due)
    event.add("dtend", row.due + timedelta(days=1))
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("sequence", row.version - 1)
    event.add("transp", "TRANSPARENT")  # a due date takes nobody's time
    event.add("url", address)
    return event


_NAME = Words("Cascade: hạn của đơn vị", "Cascade: due dates of the unit")
_POINT = Words("điểm {no}, ", "point {no}, ")
