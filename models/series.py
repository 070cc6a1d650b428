"""Series: duties that come again; each time is an ordinary step."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_WANTED = text("wanted_on IS NOT NULL")


class Series(Base):
    """A duty of one unit that comes again, as a person confirmed it; issuing its letter begins it.

    Its rule is written out: every so many months or days (neither: when it is called for), on
    which day of the month or week, in the period or in the month after it.
    """

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("months >= 0 AND days >= 0 AND (months = 0 OR days = 0)", name="every"),
        CheckConstraint("within IN ('same', 'next')", name="within"),
        CheckConstraint("wanted_on IS NULL OR ended_on IS NULL", name="ended"),
        Index("ix_series_letter_id", "letter_id"),  # reader: the letter's page, its end
        # Reader: which are to have their next occurrence laid by today?
        Index(
            "ix_series_wanted",
            "wanted_on",
            "id",
            sqlite_where=_WANTED,
            postgresql_where=_WANTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    point_id: Mapped[int | None] = mapped_column(ForeignKey("point.id"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))  # carried over from
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the lead unit
    phrase: Mapped[str]  # as the letter says it
    months: Mapped[int]
    days: Mapped[int]
    day: Mapped[int | None]  # of the month
    weekday: Mapped[int | None]  # Monday is 0
    within: Mapped[str]
    inclusive: Mapped[bool]  # whether the named day itself is in time
    until: Mapped[date | None]  # nothing is named after it
    begun_on: Mapped[date | None]  # NULL: its letter is a draft
    begun_seq: Mapped[int | None] = mapped_column(ForeignKey("event.seq"))  # the issue, its cause
    last_named: Mapped[date | None]  # of the newest occurrence that the rule has brought
    # The day the next occurrence is to be laid; NULL: none is to come by itself.
    wanted_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_seq: Mapped[int | None] = mapped_column(ForeignKey("event.seq"))
