"""Work that outlives the process that asked for it: jobs, what is to be sent, how far it was told.

These rows are written in the transaction of whatever causes them, so a job is asked for, or a
message owed, exactly when the cause is on file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc

# In these words, not as parameters: only so does SQLite know which index they belong to.
OPEN = "job.state IN ('waiting', 'running')"
LEFT = "job.state <> 'done'"
WAITING = "outbox.state = 'waiting'"
_OPEN, _LEFT, _WAITING = (text(where.partition(".")[2]) for where in (OPEN, LEFT, WAITING))
_UNSENT = text("state <> 'sent'")


class Job(Base):
    """A piece of long work: asked for, how far it has come, how it ended."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("done >= 0 AND done <= total", name="progress"),
        # Reader: the workers, what is there to do.
        Index("ix_job_open", "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # Reader: a letter's page and its moves, whether it is still on its way.
        Index("ix_job_letter_id", "letter_id", sqlite_where=_LEFT, postgresql_where=_LEFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # asked for twice, it is done once
    name: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))  # that is being issued
    state: Mapped[str]
    total: Mapped[int]
    done: Mapped[int]
    place: Mapped[str]  # where the next piece begins, in the job's own terms
    tries: Mapped[int]  # that failed since something was last done
    runs: Mapped[int]  # how often it was handed to the engine
    next_at: Mapped[datetime] = mapped_column(Utc)  # not before
    made_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    problem: Mapped[str | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Outgoing(Base):
    """A message owed to somebody outside: written with its cause, sent later."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("kind IN ('mail', 'webhook')", name="kind"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        # Reader: the sender, what is to go out now.
        Index(
            "ix_outbox_due",
            "kind",
            "next_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        # Reader: whoever asks what has not gone out.
        Index("ix_outbox_unsent", "state", "kind", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe: Mapped[str] = mapped_column(unique=True)  # owed twice for one cause, it is sent once
    kind: Mapped[str]
    recipient: Mapped[str]  # an address, or the name of an endpoint
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str]
    tries: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Utc)
    # Not before; whoever takes it moves this on, so that a taker who dies loses it after a while.
    next_at: Mapped[datetime] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    problem: Mapped[str | None]


class Told(Base):
    """How far along the sealed history an endpoint has been told."""

    __tablename__ = "told"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    seal_seq: Mapped[int]
