"""All about one unit: its names over time, its people, what it owes, what it issued."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, case, func, select, text

from models.queries.units import latest
from models.tables import Appointment, Letter, Level, Step, Unit, UnitPeriod, User, table
from workflows.roles import Role

_unit, _period, _level = table(Unit), table(UnitPeriod), table(Level)
_appointment, _user = table(Appointment), table(User)
_step, _letter = table(Step), table(Letter)


class PeriodRow(NamedTuple):
    """A unit's name, parent and level for a time."""

    valid_from: date
    valid_to: date
    name: str
    name_en: str
    parent_code: str | None
    parent: str | None
    level_vi: str
    level_en: str


class PersonRow(NamedTuple):
    """A post in a unit and who holds it."""

    post_id: int
    user_id: int
    login: str
    name: str
    role: str
    valid_from: date
    valid_to: date
    is_active: bool


class LetterRow(NamedTuple):
    """A letter a unit issued."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    subject: str
    state: str


def periods(conn: Connection, unit_id: int) -> list[PeriodRow]:
    """A unit's names, parents and levels, the newest first."""
    return [PeriodRow._make(row) for row in conn.execute(_PERIODS, {"unit": unit_id})]


def people(conn: Connection, unit_id: int, day: date, *, limit: int = 200) -> list[PersonRow]:
    """Who holds, will hold and held a unit's posts: those of `day` first, heads before others."""
    rows = conn.execute(_PEOPLE, {"unit": unit_id, "day": day, "most": limit})
    return [PersonRow._make(row) for row in rows]


def owes(conn: Connection, unit_id: int, today: date) -> tuple[int, int]:
    """(not ended, of these overdue) steps whose lead unit this is."""
    row = conn.execute(_OWES, {"unit": unit_id, "day": today}).one()
    return int(row[0]), int(row[1])


def issued(conn: Connection, unit_id: int, *, limit: int = 10) -> list[LetterRow]:
    """The letters a unit issued lately, the newest first."""
    rows = conn.execute(_ISSUED, {"unit": unit_id, "most": limit})
    return [LetterRow._make(row) for row in rows]


_DAY = bindparam("day", type_=_period.c.valid_from.type)
_MOST = bindparam("most", type_=Integer)
_parent, _parent_period = _unit.alias("parent"), _period.alias("parent_period")
_PERIODS = (
    select(
        _period.c.valid_from,
        _period.c.valid_to,
        _period.c.name,
        _period.c.name_en,
        _parent.c.code,
        func.coalesce(_parent_period.c.name, _parent.c.code),
        _level.c.name_vi,
        _level.c.name_en,
    )
    .join_from(_period, _level, _level.c.code == _period.c.level)
    .outerjoin(_parent, _parent.c.id == _period.c.parent_id)
    .outerjoin(
        _parent_period,
        (_parent_period.c.unit_id == _period.c.parent_id)
        & (_parent_period.c.valid_from == latest(_period.c.parent_id, _period.c.valid_from)),
    )
    .where(_period.c.unit_id == bindparam("unit"))
    .order_by(_period.c.valid_from.desc())
)
_is_held = and_(
    _appointment.c.valid_from <= _DAY, _appointment.c.valid_to >= _DAY, _user.c.is_active
)
_PEOPLE = (
    select(
        _appointment.c.id,
        _user.c.id,
        _user.c.login,
        _user.c.name,
        _appointment.c.role,
        _appointment.c.valid_from,
        _appointment.c.valid_to,
        _user.c.is_active,
    )
    .join_from(_appointment, _user, _user.c.id == _appointment.c.user_id)
    .where(_appointment.c.unit_id == bindparam("unit"))
    .order_by(
        case((_is_held, 0), else_=1),
        case((_appointment.c.role == Role.HEAD, 0), else_=1),
        _appointment.c.role,
        _appointment.c.valid_from.desc(),
        _user.c.login,
    )
    .limit(_MOST)
)
# Written out, not bound: the planner must see that the partial index covers it.
_OWES = select(
    func.count(),
    func.count(
        case((and_(text("step.turn IN ('lead', 'issuer')"), _step.c.due < _DAY), _step.c.id))
    ),
).where(_step.c.unit_id == bindparam("unit"), text("step.turn <> 'nobody'"))
_ISSUED = (
    select(*(_letter.c[name] for name in LetterRow._fields))
    .where(_letter.c.issuer_id == bindparam("unit"), _letter.c.state.not_in(("cited", "draft")))
    .order_by(_letter.c.dated.desc(), _letter.c.id.desc())
    .limit(_MOST)
)
