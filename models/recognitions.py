"""How letters were read: each value with its place and what was kept of it; texts known again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Recognition(Base):
    """One value of a letter as read and as a person kept it; written once, with the draft."""

    __tablename__ = "recognition"
    __table_args__ = (
        # Reader: what was changed at the confirmation of this letter.
        UniqueConstraint("letter_id", "field", "position"),
        CheckConstraint("read IS NOT NULL OR kept IS NOT NULL", name="something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    field: Mapped[str]
    position: Mapped[int]  # among the letter's addressees, citations or duties; else 0
    read: Mapped[str | None]  # NULL: the reader missed it
    kept: Mapped[str | None]  # NULL: the person dropped it
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]
    confidence: Mapped[float | None] = mapped_column(Double)


class Fingerprint(Base):
    """A text that is this letter: its own, or another scan of it; how files are known again."""

    __tablename__ = "fingerprint"
    __table_args__ = (
        Index("ix_fingerprint_letter_id", "letter_id"),  # reader: letters without a fingerprint
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    file_sha256: Mapped[str | None]
    text_sha256: Mapped[str]  # of the folded text
    simhash: Mapped[int] = mapped_column(BigInteger)  # 64 bits, kept as a signed number


class SheetMapping(Base):
    """What a spreadsheet's columns mean, remembered by its headings."""

    __tablename__ = "sheet_mapping"

    headings: Mapped[str] = mapped_column(primary_key=True)  # folded, in order, a line each
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)  # field → heading as printed
