"""Suspension stops a step's clock; when it goes on, the working days lost are given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from sqlalchemy import Connection

from cascade import calendar
from models.base import OFFICE
from models.journal import Stamp
from models.queries import dues
from models.queries.acting import StepRow
from workflows.kinds import MACHINES
from workflows.pausing import GivenBack, given_back
from workflows.roles import Turn


class Suspended(Protocol):
    """What is asked of a suspended step, wherever its row comes from."""

    @property
    def id(self) -> int:
        """The step."""

    @property
    def unit_id(self) -> int:
        """Its lead unit, on whose calendar days are counted."""

    @property
    def due(self) -> date | None:
        """Its due date."""


def is_suspended(row: StepRow) -> bool:
    """Whether a step's clock stands still."""
    return MACHINES[row.kind].turn(row.state) is Turn.PAUSED


def days_back(conn: Connection, row: Suspended, today: date) -> tuple[GivenBack | None, str]:
    """What a suspended step gets back if it goes on now, and the calendar that says so.

    Counted on the lead unit's calendar from the suspension, or from a later date that was given
    while it lasted: whoever gave that knew the step to be suspended.
    """
    stopped = dues.stopped_at(conn, row.id)
    if stopped is None or row.due is None:
        return None, ""
    days = calendar.of_unit(conn, row.unit_id, today)
    since = stopped.astimezone(OFFICE).date()
    return given_back(days, row.due, since, today), days.version


def on_record(conn: Connection, row: StepRow, stamp: Stamp, today: date) -> Stamp:
    """The stamp with the new due date and what was given back; the dates before stay on record."""
    back, version = days_back(conn, row, today)
    if back is None:
        return replace(stamp, until=None)
    assert row.due is not None  # nothing is given back where there is no date
    told = {"given_back": back.days, "due_before": row.due.isoformat(), "calendar": version}
    return replace(stamp, until=back.due, data={**(stamp.data or {}), **told})
