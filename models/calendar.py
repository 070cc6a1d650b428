"""The working calendar where it differs from the library's: swap days, local days off."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_EVERYONE = text("unit_id IS NULL")


class CalendarOverride(Base):
    """A day that is off or worked against the rule, for everyone or for a unit and all below it."""

    __tablename__ = "calendar_override"
    __table_args__ = (
        UniqueConstraint("unit_id", "day"),
        # NULLs never clash, so everyone's days need a rule of their own.
        Index(
            "uq_calendar_override_everyone",
            "day",
            unique=True,
            sqlite_where=_EVERYONE,
            postgresql_where=_EVERYONE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # NULL: everyone
    day: Mapped[date]
    is_off: Mapped[bool]
    reason: Mapped[str]
    legal_basis: Mapped[str]
