"""Calendar feeds: an address of one's own, by which a calendar program reads what is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc


class CalendarFeed(Base):
    """The one feed a person has; a new one ends the old."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)  # the address's token is kept nowhere
    made_at: Mapped[datetime] = mapped_column(Utc)
