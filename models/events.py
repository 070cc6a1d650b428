"""Events: the append-only history; the state of every letter and step is their fold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class Event(Base):
    """One move: who made it, from which post, on what, from, to, when and why.

    Triggers in the migrations refuse UPDATE, DELETE and TRUNCATE on both databases. Names are not
    copied: units keep dated names, so a name as it was follows from `at`.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_step_id", "step_id", "seq"),  # reader: a step's history, its fold
        Index("ix_event_letter_id", "letter_id", "seq"),  # reader: a letter's history, its fold
        {"sqlite_autoincrement": True},  # a sequence number is never given twice
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str]  # of the post the actor used; "itself" for what follows by itself
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # of that post
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    trigger: Mapped[str]
    source: Mapped[str | None]  # NULL: it came into being
    target: Mapped[str]
    note: Mapped[str]
    until: Mapped[date | None]
    cause_seq: Mapped[int | None] = mapped_column(ForeignKey("event.seq"))
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
