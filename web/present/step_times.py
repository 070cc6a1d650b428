"""The times of a step as its page shows them: its clocks, and every due date it has had."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection

from cascade import calendar
from cascade.clock import OFFICE
from cascade.receiving import RECEIVING, awaited
from models.queries import clocks as query
from models.queries import dues
from models.queries.dues import DueRow
from models.queries.steps import StepPageRow
from workflows.calendar import WorkingDays
from workflows.clocks import Allowance, Clock, Course, Hand, Reading, clocks

Row = dict[str, Any]
_CLOCKS = {
    Clock.ACKNOWLEDGE: _l("Take it in hand"),
    Clock.ANSWER: _l("Answer with a letter"),
    Clock.FINISH: _l("Finish all of it"),
}
_HANDS = {
    Hand.RUNNING: ("working", _l("not yet")),
    Hand.LATE: ("late", _l("late")),
    Hand.IN_TIME: ("done", _l("in time")),
    Hand.DONE_LATE: ("returned", _l("done late")),
    Hand.STOPPED: ("paused", _l("not running")),
}


def shown_clocks(conn: Connection, row: StepPageRow) -> list[Row]:
    """The clocks of a step, where there are more than its due date alone."""
    found = query.course(conn, row.id, g.today)
    if found is None:
        return []
    allowance = Allowance(found.acknowledge_days, found.answer_days)
    days = calendar.of_unit(conn, row.unit_id, g.today) if any(allowance) else WorkingDays()
    course = Course(
        kind=row.kind,
        turn=row.turn,
        laid_on=row.laid_on,
        due=row.due,
        finish_due=max((d for d in (found.finish_due, row.due) if d is not None), default=None),
        taken_on=_day(found.taken_at),
        reported_on=row.reported_on,
        ended_on=_day(found.ended_at),
    )
    read = clocks(course, allowance, days, g.today)
    return [_clock(one) for one in read] if len(read) > 1 else []


def awaits_receipt(conn: Connection, row: StepPageRow) -> str:
    """The phrases by which the step is due so long after its receipt; empty once it has a date."""
    found = awaited(conn, [(row.id, row.kind, row.state, row.due)])
    return "; ".join(found.get(row.id, ()))


def due_history(conn: Connection, row: StepPageRow) -> list[Row]:
    """Every due date a step was given after the one it was laid with, that one before them."""
    later = dues.history(conn, row.id)
    if not later:
        return []
    if later[0].trigger in RECEIVING:
        # It was laid without a date: the receipt set its first.
        return [_given(one) for one in later]
    first = {"day": row.original_due, "trigger": "lay", "at": None, "given_back": 0, "note": ""}
    return [first, *(_given(one) for one in later)]


def _given(one: DueRow) -> Row:
    return {
        "day": one.until,
        "trigger": one.trigger,
        "at": one.at,
        "given_back": (one.data or {}).get("given_back", 0),
        "note": one.note,
    }


def _clock(one: Reading) -> Row:
    tone, said = _HANDS[one.hand]
    words = str(said)
    if one.hand is Hand.LATE and one.clock is Clock.ACKNOWLEDGE:
        words = _("late, not taken in hand")
    elif one.hand is Hand.DONE_LATE and one.clock is Clock.ACKNOWLEDGE:
        words = _("taken in hand late")
    return {
        "name": _CLOCKS[one.clock],
        "by": one.by,
        "done_on": one.done_on,
        "standing": (tone, words),
    }


def _day(at: Any) -> date | None:
    return None if at is None else at.astimezone(OFFICE).date()
