"""Erasing what an event says in words, where the law asks for it; the chain stays whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, null, select, update

from models import administration
from models.administration import Recorded
from models.sealing_form import ADMIN, EVENT
from models.tables import AdminEvent, Event, EventErasure, EventSeal, table

ERASE = "erase_event"  # the act, as the record of administration names it

_seal, _erasure = table(EventSeal), table(EventErasure)
_event, _admin = table(Event), table(AdminEvent)


class NotErasableError(Exception):
    """There is no such sealed event, it is erased already, or it is the record of an erasure."""


def erase(
    conn: Connection, kind: str, event_id: int, *, actor_id: int | None, at: datetime, reason: str
) -> None:
    """Erase the note and data of an event and the salt that could prove them, on record.

    Who, what, when and on which step stay, and stay sealed. Backups made before still hold it.
    """
    of_it = (_seal.c.kind == kind, _seal.c.event_id == event_id, _seal.c.body_salt.is_not(None))
    seq = conn.execute(select(_seal.c.seq).where(*of_it)).scalar()
    if seq is None or (kind == ADMIN and _act(conn, event_id) == ERASE):
        raise NotErasableError(kind, event_id)
    data = {"kind": kind, "event": event_id, "seal": seq, "reason": reason}
    done = administration.record(conn, actor_id, at, Recorded(ERASE, data=data))
    conn.execute(insert(_erasure), {"seal_seq": seq, "admin_event_id": done})
    if kind == EVENT:
        emptied = update(_event).where(_event.c.seq == event_id).values(note="", data=null())
    else:
        emptied = update(_admin).where(_admin.c.id == event_id).values(data=null())
    conn.execute(emptied)
    conn.execute(update(_seal).where(_seal.c.seq == seq).values(body_salt=None))


def _act(conn: Connection, event_id: int) -> str | None:
    return conn.execute(select(_admin.c.act).where(_admin.c.id == event_id)).scalar()
