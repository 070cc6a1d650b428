"""Users, the posts they hold, who stands in for whom, and looks behind glass."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Utc
from workflows.roles import default_span


def _by_role(context: Any) -> str:
    """The scope of a post that is made without one."""
    return str(default_span(context.get_current_parameters()["role"]))


class User(Base):
    """A person who may sign in; what the person may do follows from appointments alone."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("NOT (is_system AND is_active)", name="system"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str | None]  # at work, for reminders; nobody needs one
    lang: Mapped[str | None]  # of that mail; NULL: the installation's
    # The one account under which reminders are recorded: it can never be opened.
    is_system: Mapped[bool] = mapped_column(default=False, server_default=false())


class Appointment(Base):
    """A role in a unit from one day to another, both included."""

    __tablename__ = "appointment"
    __table_args__ = (
        # Reader: what may this user do here today, asked at each act.
        UniqueConstraint("user_id", "unit_id", "role", "valid_from"),
        CheckConstraint("valid_from <= valid_to", name="order"),
        CheckConstraint("scope IN ('unit', 'subtree')", name="scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    # How far the post sees; it acts in its own unit alone.
    scope: Mapped[str] = mapped_column(default=_by_role)


class Delegation(Base):
    """A deputy stands in for the holder of a post, from one day to another, both included.

    It draws on the giver's own post, so it ends with that post and can never be passed on.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("giver_id <> deputy_id", name="not_oneself"),
        CheckConstraint("valid_from <= valid_to", name="order"),
        CheckConstraint("role NOT IN ('auditor', 'administrator')", name="role"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_delegation_deputy_id", "deputy_id"),  # reader: for whom may this user act today
        Index("ix_delegation_giver_id", "giver_id"),  # reader: who stands in for this user
        Index("ix_delegation_unit_id", "unit_id"),  # reader: a unit's deputies, on its page
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str]
    deputy_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # The only moves it is for; NULL: all that the post may make.
    triggers: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)  # before its time


class OpenedGlass(Base):
    """An administrator reads one unit's content for some hours, with a reason, on record."""

    __tablename__ = "glass"
    __table_args__ = (
        CheckConstraint("opened_at < until", name="order"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_glass_user_id", "user_id", "until"),  # reader: what may this user read now
        Index("ix_glass_unit_id", "unit_id", "opened_at"),  # reader: the notice to the owners
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)  # before its time
