"""Seals: every event bound into one chain, and what was lawfully erased from it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class EventSeal(Base):
    """The seal of an event or of an act of administration; see models.sealing_form.

    Append-only by triggers; only `body_salt` may go, and only where an erasure is on record.
    """

    __tablename__ = "event_seal"
    __table_args__ = (
        # reader: what is not sealed yet, the seals of a letter's events
        Index("ix_event_seal_kind", "kind", "event_id", unique=True),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # without a gap from 1
    form: Mapped[int]
    kind: Mapped[str]  # "event" or "admin"
    event_id: Mapped[int]  # event.seq or admin_event.id
    head_salt: Mapped[bytes]
    body_salt: Mapped[bytes | None]  # NULL: erased
    head: Mapped[bytes]
    body: Mapped[bytes]
    hash: Mapped[bytes]


class EventErasure(Base):
    """What lets the body of one event be erased: the act of administration that says so."""

    __tablename__ = "event_erasure"

    seal_seq: Mapped[int] = mapped_column(
        ForeignKey("event_seal.seq"), primary_key=True, autoincrement=False
    )
    admin_event_id: Mapped[int] = mapped_column(ForeignKey("admin_event.id"))
