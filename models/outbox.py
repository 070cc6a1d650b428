"""The outbox: messages owed are written with their cause, taken by one sender, and never lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, text, update

from models.durable import WAITING
from models.once import once
from models.queries.jobs import NEVER_LONGER
from models.tables import Outgoing, Told, table

_outbox, _told = table(Outgoing), table(Told)


class Taken(NamedTuple):
    """A message in the hands of a sender."""

    id: int
    dedupe: str
    recipient: str
    payload: dict[str, Any]
    tries: int  # this one included
    made_at: datetime


def owe(
    conn: Connection,
    kind: str,
    dedupe: str,
    recipient: str,
    payload: Mapping[str, Any],
    at: datetime,
) -> bool:
    """A message to be sent once for its cause; False where it is owed or was sent already."""
    values = {"kind": kind, "dedupe": dedupe, "recipient": recipient, "payload": dict(payload)}
    row = {**values, "state": "waiting", "tries": 0, "made_at": at, "next_at": at}
    return once(conn, _outbox, row, "dedupe")


def take(conn: Connection, kind: str, now: datetime, until: datetime, most: int) -> list[Taken]:
    """Messages that are due, each for one sender: nobody else takes them before `until`."""
    query = (
        select(_outbox.c.id)
        .where(
            _outbox.c.kind == kind,
            text(WAITING),
            (_outbox.c.next_at <= now) | (_outbox.c.next_at > now + NEVER_LONGER),
        )
        .order_by(_outbox.c.next_at, _outbox.c.id)
        .limit(most)
        # SQLite has no such lock: there whoever writes is alone.
        .with_for_update(skip_locked=True)
    )
    ids = list(conn.execute(query).scalars())
    if not ids:
        return []
    taken = update(_outbox).where(_outbox.c.id.in_(ids))
    conn.execute(taken.values(next_at=until, tries=_outbox.c.tries + 1))
    columns = [_outbox.c[name] for name in Taken._fields]
    rows = conn.execute(select(*columns).where(_outbox.c.id.in_(ids)).order_by(_outbox.c.id))
    return [Taken._make(row) for row in rows]


def sent(conn: Connection, message_id: int, at: datetime) -> None:
    """A message is out."""
    _put(conn, message_id, {"state": "sent", "sent_at": at, "problem": None})


def put_off(conn: Connection, message_id: int, until: datetime, problem: str) -> None:
    """A message is tried again later."""
    _put(conn, message_id, {"next_at": until, "problem": problem})


def give_up(conn: Connection, message_id: int, problem: str) -> None:
    """A message cannot be sent; it stays, with the reason, until somebody looked."""
    _put(conn, message_id, {"state": "failed", "problem": problem})


def try_again(conn: Connection, now: datetime) -> int:
    """What was given up is tried anew, once somebody has removed the reason."""
    again = update(_outbox).where(_outbox.c.state == "failed", _outbox.c.payload.is_not(None))
    return conn.execute(again.values(state="waiting", tries=0, next_at=now)).rowcount


def empty(conn: Connection, before: datetime) -> int:
    """Forget what was said in messages long sent; that they were sent stays."""
    old = update(_outbox).where(
        _outbox.c.state == "sent", _outbox.c.sent_at < before, _outbox.c.payload.is_not(None)
    )
    return conn.execute(old.values(payload=None)).rowcount


def told(conn: Connection, endpoint: str) -> int | None:
    """How far along the sealed history an endpoint has been told; it stays locked until the end."""
    query = select(_told.c.seal_seq).where(_told.c.endpoint == endpoint).with_for_update()
    return conn.execute(query).scalar()


def tell(conn: Connection, endpoint: str, before: int | None, seal_seq: int) -> None:
    """An endpoint has been told up to a seal."""
    if before is None:
        conn.execute(insert(_told), {"endpoint": endpoint, "seal_seq": seal_seq})
    else:
        conn.execute(update(_told).where(_told.c.endpoint == endpoint).values(seal_seq=seal_seq))


def _put(conn: Connection, message_id: int, values: Mapping[str, Any]) -> None:
    # What is sent stays so: a slow sender's failure must not undo another's success.
    row = update(_outbox).where(_outbox.c.id == message_id, _outbox.c.state == "waiting")
    conn.execute(row.values(values))
