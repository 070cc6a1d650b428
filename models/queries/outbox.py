"""What is owed to the outside and has not gone out: for doctor, metrics and whoever runs it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from models.tables import Event, EventSeal, Letter, Outgoing, Step, table

_outbox, _seal, _event = table(Outgoing), table(EventSeal), table(Event)
_letter, _step = table(Letter), table(Step)


class Unsent(NamedTuple):
    """Messages of a kind in a state, and since when the oldest of them waits."""

    kind: str
    state: str
    many: int
    oldest: datetime


class Failed(NamedTuple):
    """A message that was given up."""

    id: int
    kind: str
    recipient: str
    tries: int
    problem: str | None


class Happened(NamedTuple):
    """A sealed event, as far as it is told to other programs: no names, no notes."""

    seal_seq: int
    at: datetime
    trigger: str
    source: str | None
    target: str
    letter_id: int
    step_id: int | None
    unit_id: int | None  # that issued the letter or owes the step
    issuer_id: int | None


def unsent(conn: Connection) -> list[Unsent]:
    """What waits or was given up, by kind."""
    return [Unsent._make(row) for row in conn.execute(_UNSENT)]


def failed(conn: Connection, most: int = 50) -> list[Failed]:
    """What was given up, for somebody to look at, the latest first."""
    return [Failed._make(row) for row in conn.execute(_FAILED, {"most": most})]


def newest_seal(conn: Connection) -> int:
    """Where the sealed history ends: a new endpoint is told what comes after it."""
    return int(conn.execute(_NEWEST).scalar() or 0)


def happened(conn: Connection, after: int, most: int) -> list[Happened]:
    """What was sealed after a seal, in the order of commits, for those who are told."""
    rows = conn.execute(_HAPPENED, {"after": after, "most": most})
    return [Happened._make(row) for row in rows]


_UNSENT = (
    select(_outbox.c.kind, _outbox.c.state, func.count(), func.min(_outbox.c.made_at))
    .where(_outbox.c.state != "sent")
    .group_by(_outbox.c.kind, _outbox.c.state)
    .order_by(_outbox.c.kind, _outbox.c.state)
)
_FAILED = (
    select(*[_outbox.c[name] for name in Failed._fields])
    .where(_outbox.c.state == "failed")
    .order_by(_outbox.c.id.desc())
    .limit(bindparam("most"))
)
_NEWEST = select(func.max(_seal.c.seq))
# The numbers of seals have no gaps and are given in the order of commits, so nothing comes later
# behind a place that was read already.
_HAPPENED = (
    select(
        _seal.c.seq,
        _event.c.at,
        _event.c.trigger,
        _event.c.source,
        _event.c.target,
        _event.c.letter_id,
        _event.c.step_id,
        func.coalesce(_step.c.unit_id, _letter.c.issuer_id),
        _letter.c.issuer_id,
    )
    .join_from(_seal, _event, (_seal.c.kind == "event") & (_event.c.seq == _seal.c.event_id))
    .join(_letter, _letter.c.id == _event.c.letter_id)
    .outerjoin(_step, _step.c.id == _event.c.step_id)
    # Drafts are nobody's but the office's that writes them.
    .where(_seal.c.seq > bindparam("after"), _event.c.target.not_in(("draft", "cited")))
    .order_by(_seal.c.seq)
    .limit(bindparam("most"))
)
