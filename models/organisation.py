"""Writing the organisation: levels, units with their periods, groups, users and their posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import terms
from models.tables import (
    Appointment,
    Level,
    Unit,
    UnitAlias,
    UnitChange,
    UnitChangePart,
    UnitGroup,
    UnitPeriod,
    User,
)
from workflows.roles import Span, default_span


def put_level(session: Session, code: str, values: Mapping[str, Any]) -> None:
    """A level, new or with new words."""
    session.merge(Level(code=code, **values))


def unit_id(session: Session, code: str) -> int:
    """The unit with this code, made if there is none."""
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        unit = Unit(code=code)
        session.add(unit)
        session.flush()
        terms.add(session.connection(), terms.UNIT, {unit.id: [code]})
    return unit.id


def put_period(session: Session, unit: int, valid_from: date, values: Mapping[str, Any]) -> None:
    """A unit's name, parent and level from a day on; the same day again replaces the row."""
    session.merge(UnitPeriod(unit_id=unit, valid_from=valid_from, **values))
    names = [values.get(name) for name in ("name", "short_name", "name_en")]
    terms.add(session.connection(), terms.UNIT, {unit: names})


def put_alias(session: Session, unit: int, alias: str) -> None:
    """Another way letters write the unit."""
    known = select(UnitAlias.id).where(UnitAlias.unit_id == unit, UnitAlias.alias == alias)
    if session.scalar(known) is None:
        session.add(UnitAlias(unit_id=unit, alias=alias))
        terms.add(session.connection(), terms.UNIT, {unit: [alias]})


def put_change(
    session: Session,
    kind: str,
    on: date,
    legal_basis: str,
    parts: Mapping[str, Sequence[int]],
) -> None:
    """A reorganisation with its predecessors and successors, once."""
    known = select(UnitChange.id).where(
        UnitChange.kind == kind, UnitChange.on == on, UnitChange.legal_basis == legal_basis
    )
    wanted = {(side, unit) for side, units in parts.items() for unit in units}
    for change_id in session.scalars(known):
        rows = session.scalars(select(UnitChangePart).where(UnitChangePart.change_id == change_id))
        if {(row.side, row.unit_id) for row in rows} == wanted:
            return
    change = UnitChange(kind=kind, on=on, legal_basis=legal_basis)
    session.add(change)
    session.flush()
    session.add_all(
        UnitChangePart(change_id=change.id, unit_id=unit, side=side) for side, unit in wanted
    )


def put_group(session: Session, phrase: str, level: str, parent: int | None) -> None:
    """A phrase that stands for all units of a level under the issuer, or under one unit."""
    known = select(UnitGroup.id).where(
        UnitGroup.phrase == phrase, UnitGroup.level == level, UnitGroup.parent_id == parent
    )
    if session.scalar(known) is None:
        session.add(UnitGroup(phrase=phrase, level=level, parent_id=parent))


def user_id(session: Session, login: str, name: str, email: str = "") -> int:
    """The user with this login, made or renamed as needed; an address only if one is said."""
    user = session.scalar(select(User).where(User.login == login))
    if user is None:
        user = User(login=login, name=name)
        session.add(user)
    user.name = name
    user.email = email or user.email
    session.flush()
    terms.put(session.connection(), terms.USER, {user.id: [login, name]})
    return user.id


def put_appointment(
    session: Session,
    user: int,
    unit: int,
    role: str,
    valid_from: date,
    valid_to: date,
    scope: str | None = None,
) -> bool:
    """A post from a day on; the same day again sets its end, and how far it sees if that is said.

    Returns whether the person got anything by it: a post, a longer one, one that sees further.
    """
    known = session.scalar(
        select(Appointment).where(
            Appointment.user_id == user,
            Appointment.unit_id == unit,
            Appointment.role == role,
            Appointment.valid_from == valid_from,
        )
    )
    if known is None:
        known = Appointment(user_id=user, unit_id=unit, role=role, valid_from=valid_from)
        known.scope, known.valid_to = scope or default_span(role), valid_to
        session.add(known)
        return True
    wider = scope == Span.SUBTREE and known.scope == Span.UNIT
    more = wider or valid_to > known.valid_to
    known.scope, known.valid_to = scope or known.scope, valid_to
    return more


def periods(session: Session) -> list[UnitPeriod]:
    """Every period of every unit, by unit and time, to see that none overlap."""
    return list(
        session.scalars(select(UnitPeriod).order_by(UnitPeriod.unit_id, UnitPeriod.valid_from))
    )


def levels(session: Session) -> set[str]:
    """The levels on file."""
    return set(session.scalars(select(Level.code)))


def codes(session: Session) -> dict[str, int]:
    """Every unit's id by its code."""
    return {row.code: row.id for row in session.scalars(select(Unit))}
