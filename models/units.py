"""Units: stable ids; names, parents and levels dated; nothing deleted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

CHANGE_KINDS = ("establish", "rename", "merge", "split", "dissolve", "move")


class Level(Base):
    """A level of the hierarchy, as data: province, district, commune, department, …"""

    __tablename__ = "level"
    __table_args__ = (CheckConstraint("duty IN ('obligation', 'task')", name="duty"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    rank: Mapped[int]  # 1 is the top; several levels may share a rank
    # What a letter lays on such a unit: a letter of its own, or a thing done with evidence.
    duty: Mapped[str]
    # Working days such a unit needs between what is due to it and what it owes itself.
    slack_days: Mapped[int] = mapped_column(server_default=text("0"))
    # Working days to take a duty in hand, and to answer one without a date; NULL: not asked.
    acknowledge_days: Mapped[int | None]
    answer_days: Mapped[int | None]


class Unit(Base):
    """A public body or a part of one; what changes over time stands in its periods."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)


class UnitPeriod(Base):
    """A unit's name, parent and level from one day to another, both included."""

    __tablename__ = "unit_period"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="order"),
        # Reader: the tree of units as of a day, one level at a time.
        Index("ix_unit_period_children", "parent_id", "valid_from"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date]
    name: Mapped[str]
    short_name: Mapped[str]
    name_en: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    level: Mapped[str] = mapped_column(ForeignKey("level.code"))


class UnitAlias(Base):
    """Another way letters write a unit: an abbreviation, an old name."""

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("unit_id", "alias"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    alias: Mapped[str]


class UnitGroup(Base):
    """A phrase that stands for all units of some levels: "UBND các huyện, thành phố"."""

    __tablename__ = "unit_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    phrase: Mapped[str]
    level: Mapped[str] = mapped_column(ForeignKey("level.code"))
    # Whose children are meant; NULL: those of the body that issues the letter.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class UnitChange(Base):
    """A reorganisation: rename, merge, split, dissolve, with its day and legal basis."""

    __tablename__ = "unit_change"
    __table_args__ = (CheckConstraint(f"kind IN {CHANGE_KINDS}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    on: Mapped[date]
    legal_basis: Mapped[str]


class UnitChangePart(Base):
    """A unit in a reorganisation, on either side of it."""

    __tablename__ = "unit_change_part"
    __table_args__ = (CheckConstraint("side IN ('predecessor', 'successor')", name="side"),)

    change_id: Mapped[int] = mapped_column(ForeignKey("unit_change.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
