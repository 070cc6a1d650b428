"""Administration on record: who changed which account, post, day or sheet, and when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class AdminEvent(Base):
    """One act of administration; append-only like the events of letters and steps."""

    __tablename__ = "admin_event"
    __table_args__ = (
        Index("ix_admin_event_user_id", "user_id", "id"),  # reader: what was done to a person
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    # NULL: on the server's console, where whoever may read the database may do anything.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    act: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # whom it was about
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date | None]
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
