"""Users and the posts they hold; a post is a role in a unit for a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class User(Base):
    """A person who may sign in; what the person may do follows from appointments alone."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)


class Appointment(Base):
    """A role in a unit from one day to another, both included."""

    __tablename__ = "appointment"
    __table_args__ = (
        # Reader: what may this user do here today, asked at each act.
        UniqueConstraint("user_id", "unit_id", "role", "valid_from"),
        CheckConstraint("valid_from <= valid_to", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
