"""Letters, their points, whom they address, what they cite, the duties confirmed in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_DIRECTIVE = text("NOT is_answer AND state NOT IN ('cited', 'draft')")


class Letter(Base):
    """An official letter; a stub (state `cited`) stands in for one that is not on file yet."""

    __tablename__ = "letter"
    __table_args__ = (
        # A letter is this, never its number alone; also the reader of "is it on file already?".
        UniqueConstraint("issuer_id", "kind", "number", "symbol", "dated", name="identity"),
        # Reader: which letter does this citation mean?
        Index("ix_letter_citation", "number", "symbol"),
        # Readers: the register, newest first, page by key; of one issuer; in one state.
        Index("ix_letter_dated", "dated", "id"),
        # Reader: the first page's directives, newest first.
        Index(
            "ix_letter_directives",
            "dated",
            "id",
            sqlite_where=_DIRECTIVE,
            postgresql_where=_DIRECTIVE,
        ),
        Index("ix_letter_issuer_dated", "issuer_id", "dated", "id"),
        Index("ix_letter_state_dated", "state", "dated", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    issuer_name: Mapped[str]  # as printed, kept as it was
    kind: Mapped[str]
    number: Mapped[str | None]
    symbol: Mapped[str | None]
    dated: Mapped[date | None]
    place: Mapped[str | None]
    subject: Mapped[str]
    urgency: Mapped[str | None]
    signer: Mapped[str | None]
    signer_capacity: Mapped[str | None]
    form: Mapped[str]
    text: Mapped[str | None]  # the letter as read, NFC; spans of points and citations count in it
    file_name: Mapped[str | None]
    file_sha256: Mapped[str | None]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    open_steps: Mapped[int] = mapped_column(default=0)  # counted by the journal alone
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    # It answers an obligation, so it is no directive; kept with the answers, for the index.
    is_answer: Mapped[bool] = mapped_column(server_default=false())


class LetterUnit(Base):
    """A unit on a letter: addressed to act, or on the distribution list to know."""

    __tablename__ = "letter_unit"
    __table_args__ = (
        CheckConstraint("role IN ('act', 'know')", name="role"),
        Index("ix_letter_unit_letter_id", "letter_id"),  # reader: the letter's page
        Index("ix_letter_unit_unit_id", "unit_id"),  # reader: models.lens
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    role: Mapped[str]
    as_printed: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # NULL: nobody we know


class Point(Base):
    """A numbered point (or unnumbered paragraph) of a letter, with where it stands in the text."""

    __tablename__ = "point"
    __table_args__ = (UniqueConstraint("letter_id", "position"),)  # reader: the letter in order

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    position: Mapped[int]
    no: Mapped[str]
    text: Mapped[str]
    due: Mapped[date | None]  # the last day in time
    due_text: Mapped[str | None]  # the raw phrase, beside the date computed from it
    # The day the phrase comes to, whether it is in time itself, the calendar it was reckoned with.
    due_named: Mapped[date | None]
    due_inclusive: Mapped[bool | None]
    due_calendar: Mapped[str | None]
    recurring: Mapped[str | None]
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]


class PointUnit(Base):
    """A unit named by a point: it leads or it coordinates."""

    __tablename__ = "point_unit"
    __table_args__ = (CheckConstraint("role IN ('lead', 'coordinate')", name="role"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("point.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Duty(Base):
    """A duty a person confirmed in a draft letter; issuing the letter lays it as a step."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("kind IN ('obligation', 'task')", name="kind"),
        Index("ix_duty_letter_id", "letter_id"),  # reader: issuing lays a letter's duties
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    point_id: Mapped[int | None] = mapped_column(ForeignKey("point.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    due: Mapped[date | None]
    due_calendar: Mapped[str | None]  # that of the unit, as it then was; NULL: a person's date


class Citation(Base):
    """One letter names another: what it does to it, and how the text says so."""

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("citing_id", "cited_id", "role"),
        Index("ix_citation_cited_id", "cited_id"),  # reader: which letters cite this one?
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citing_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    cited_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    role: Mapped[str]
    verb: Mapped[str | None]
    as_printed: Mapped[str]
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]


class LetterLine(Base):
    """The line of descent: `below` implements `above`, directly or not; each letter has itself.

    A letter may answer several obligations, so a step has no single path to its directive; this
    closure over letters (never over steps) is exact for a DAG and small (ADR 0005).
    """

    __tablename__ = "letter_line"
    __table_args__ = (
        Index("ix_letter_line_up", "below_id", "above_id"),  # reader: trace up, refuse cycles
    )

    above_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    below_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
