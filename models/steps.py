"""Steps (obligations and tasks), the letters that answer them, their evidence and extensions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

_UNDONE = text("turn IN ('lead', 'issuer')")
_OPEN = text("turn <> 'nobody'")
_REPORTED = text("turn = 'accepter'")
_ASKED = text("state = 'asked'")
_SPLIT = text("parent_id IS NOT NULL")
_SHOWN = text("letter_id IS NOT NULL")
_OCCURRENCE = text("series_id IS NOT NULL AND parent_id IS NULL AND previous_id IS NULL")
_UNANSWERED = text("kind = 'obligation' AND turn = 'lead'")
_UNACKNOWLEDGED = text("kind = 'obligation' AND state = 'sent'")


class Step(Base):
    """A duty laid on one lead unit; its state is written by models.journal alone."""

    __tablename__ = "step"
    __table_args__ = (
        CheckConstraint("kind IN ('obligation', 'task')", name="kind"),
        CheckConstraint("turn IN ('lead', 'issuer', 'accepter', 'paused', 'nobody')", name="turn"),
        CheckConstraint("open_children >= 0", name="open_children"),
        # Reader: the overdue list across everything, page by key.
        # The last column tells whose they are.
        Index(
            "ix_step_overdue",
            "due",
            "id",
            "acting_id",
            sqlite_where=_UNDONE,
            postgresql_where=_UNDONE,
        ),
        # Reader: what a unit owes or waits for, in order of urgency.
        Index("ix_step_inbox", "unit_id", "due", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # Reader: the board, the steps of each unit that must act, longest overdue first. The last
        # two only so that filters need no look at the rows.
        Index(
            "ix_step_acting",
            "acting_id",
            "due",
            "id",
            "kind",
            "state",
            sqlite_where=_UNDONE,
            postgresql_where=_UNDONE,
        ),
        # Reader: what is overdue below a directive, letter by letter, and whose move it is.
        Index(
            "ix_step_below",
            "letter_id",
            "due",
            "id",
            "acting_id",
            sqlite_where=_UNDONE,
            postgresql_where=_UNDONE,
        ),
        # Reader: what waits for a unit's acceptance.
        Index(
            "ix_step_awaited",
            "issuer_id",
            "due",
            "id",
            sqlite_where=_REPORTED,
            postgresql_where=_REPORTED,
        ),
        # Reader: how many letters are expected below a directive and have not come.
        Index(
            "ix_step_unanswered",
            "letter_id",
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
        # Reader: the sweep, obligations nobody has acknowledged.
        Index(
            "ix_step_unacknowledged",
            "laid_on",
            "id",
            sqlite_where=_UNACKNOWLEDGED,
            postgresql_where=_UNACKNOWLEDGED,
        ),
        # Reader: the steps of a letter, for the trace and the roll-up; what it laid on one unit.
        Index("ix_step_letter", "letter_id", "unit_id"),
        # Reader: models.lens, the letters of which the units somebody reads for owe something.
        Index("ix_step_lead", "unit_id", "letter_id"),
        # An occurrence is laid once, however often its series is looked at; also the reader of a
        # series' occurrences. What is split off or handed on is the same occurrence.
        Index(
            "uq_step_occurrence",
            "series_id",
            "occurrence",
            unique=True,
            sqlite_where=_OCCURRENCE,
            postgresql_where=_OCCURRENCE,
        ),
        # Reader: the sub-steps of a split step.
        Index("ix_step_parts", "parent_id", sqlite_where=_SPLIT, postgresql_where=_SPLIT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    point_id: Mapped[int | None] = mapped_column(ForeignKey("point.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))  # split from
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))  # transferred from
    kind: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the lead unit
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # who laid it and accepts
    state: Mapped[str]
    turn: Mapped[str]  # whose move it is: a function of kind and state, kept for the indexes
    # Which of unit_id and issuer_id that is; NULL: nobody, or paused. Kept with `turn`.
    acting_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    open_children: Mapped[int] = mapped_column(default=0)  # sub-steps, and answers still open
    laid_on: Mapped[date]
    due: Mapped[date | None]
    original_due: Mapped[date | None]
    # The calendar the original date was reckoned with, which later edits do not move.
    due_calendar: Mapped[str | None]
    reported_on: Mapped[date | None]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # For whom that was, where a deputy reported; the event of the report refers to the person.
    reporter_for_id: Mapped[int | None]
    # Where it is one time of a duty that comes again (models.series): which, and the day named.
    series_id: Mapped[int | None]
    occurrence: Mapped[date | None]


class StepUnit(Base):
    """A unit that coordinates on a step."""

    __tablename__ = "step_unit"
    __table_args__ = (Index("ix_step_unit_unit_id", "unit_id"),)  # reader: models.lens

    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Answer(Base):
    """A letter answers an obligation; one letter may answer several, one obligation have more."""

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_letter_id", "letter_id"),  # reader: which obligations follow this letter?
    )

    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)


class Evidence(Base):
    """What a report shows: a file by its SHA-256, or a letter."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(sha256 IS NULL) <> (letter_id IS NULL)", name="file_or_letter"),
        UniqueConstraint("event_seq", "sha256", "letter_id"),
        Index("ix_evidence_step_id", "step_id"),  # reader: the step's page
        # Reader: models.lens, may this letter be read as it was shown. Most evidence is files.
        Index("ix_evidence_letter_id", "letter_id", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    event_seq: Mapped[int] = mapped_column(ForeignKey("event.seq"))
    sha256: Mapped[str | None]
    file_name: Mapped[str | None]
    size: Mapped[int | None]  # bytes
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))


class Extension(Base):
    """A later due date: asked, then granted or refused; the original date stays on the step."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused')", name="state"),
        Index("ix_extension_step_id", "step_id"),  # reader: is one asked for and undecided?
        # Reader: the inbox of the unit that must decide.
        Index(
            "ix_extension_asked",
            "decider_id",
            "step_id",
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    decider_id: Mapped[int | None]  # the step's issuer, kept for the index
    state: Mapped[str]
    due_before: Mapped[date | None]
    until: Mapped[date]
    reason: Mapped[str]
    asked_seq: Mapped[int] = mapped_column(ForeignKey("event.seq"))
    decided_seq: Mapped[int | None] = mapped_column(ForeignKey("event.seq"))
