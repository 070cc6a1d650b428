"""What the three clocks of a step are read from, besides its own dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, exists, func, select

from models.tables import Event, Level, Point, PointUnit, Step, UnitPeriod, table

_step, _event, _level, _period = table(Step), table(Event), table(Level), table(UnitPeriod)
_point, _point_unit = table(Point), table(PointUnit)

# The first of these is what a unit does with a step when it takes it in hand.
TAKING = (
    *("acknowledge", "draft", "start", "answer", "report", "return_nil", "split"),
    *("refuse", "decline", "ask_extension"),
)
ENDING = ("accept", "fulfil")


class CourseRow(NamedTuple):
    """When a step was taken in hand and ended, and the working days its level is given."""

    taken_at: datetime | None
    ended_at: datetime | None
    finish_due: date | None  # of the points of its letter that are for its unit
    acknowledge_days: int | None
    answer_days: int | None


def course(conn: Connection, step_id: int, today: date) -> CourseRow | None:
    """What the clocks of a step ask, for its page."""
    row = conn.execute(_COURSE, {"the_id": step_id, "today": today}).first()
    return None if row is None else CourseRow._make(row)


_TODAY = bindparam("today", type_=_period.c.valid_from.type)
_OF_IT = _event.c.step_id == _step.c.id
_TAKEN = select(func.min(_event.c.at)).where(_OF_IT, _event.c.trigger.in_(TAKING))
_ENDED = select(func.max(_event.c.at)).where(_OF_IT, _event.c.trigger.in_(ENDING))
_leads = _point_unit.alias("leads")
_LED = (
    exists()
    .where(_leads.c.point_id == _point.c.id, _leads.c.role == "lead")
    .correlate(_point, _step)  # by itself it would look for the step again
)
_FINISH = select(func.max(_point.c.due)).where(
    _point.c.letter_id == _step.c.letter_id,
    # A point is for the units that lead it; where it names none, for everybody addressed.
    (~_LED) | _LED.where(_leads.c.unit_id == _step.c.unit_id),
)
_COURSE = (
    select(
        _TAKEN.correlate(_step).scalar_subquery(),
        _ENDED.correlate(_step).scalar_subquery(),
        _FINISH.correlate(_step).scalar_subquery(),
        _level.c.acknowledge_days,
        _level.c.answer_days,
    )
    .select_from(_step)
    .outerjoin(
        _period,
        (_period.c.unit_id == _step.c.unit_id)
        & (_period.c.valid_from <= _TODAY)
        & (_period.c.valid_to >= _TODAY),
    )
    .outerjoin(_level, _level.c.code == _period.c.level)
    .where(_step.c.id == bindparam("the_id", type_=Integer))
)
