"""Reminders: the rules, what was reminded of by them, for which units, and who was told by mail."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ReminderPolicy(Base):
    """A rule of reminding, which the administrator changes; kinds are workflows.reminding's."""

    __tablename__ = "reminder_policy"
    __table_args__ = (
        CheckConstraint("kind IN ('before', 'on', 'after', 'unacknowledged', 'idle')", name="kind"),
        CheckConstraint("audience IN ('unit', 'head', 'above')", name="audience"),
        CheckConstraint("(kind = 'on') = (days = 0) AND days >= 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    days: Mapped[int]  # working days; weeks for idle
    audience: Mapped[str]
    is_on: Mapped[bool]


class Reminder(Base):
    """A step was reminded of by a rule, once for what the rule measures from."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("step_id", "policy_id", "anchor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("reminder_policy.id"))
    anchor: Mapped[date]  # the due date it was for; the day laid, or last moved
    event_seq: Mapped[int] = mapped_column(ForeignKey("event.seq"))


class ReminderFor(Base):
    """A unit whose posts a reminder speaks to; swept after a while."""

    __tablename__ = "reminder_for"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"), primary_key=True)
    on_day: Mapped[date]


class ReminderTold(Base):
    """A person's digest held a reminder; swept with it, so that nobody keeps who was told what."""

    __tablename__ = "reminder_told"
    __table_args__ = (Index("ix_reminder_told_reminder_id", "reminder_id"),)  # reader: the sweep

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"), primary_key=True)
