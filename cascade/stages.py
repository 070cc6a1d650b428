"""Due dates in stages: what a draft lays too late for what its own body owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.calendar import Calendars
from models.queries import staging, units
from models.queries.staging import LateRow, ServedRow
from workflows.calendar import WorkingDays
from workflows.staging import latest_below


class Stage(NamedTuple):
    """What a letter lays too late, and the latest day that what it serves allows."""

    latest: date
    late: tuple[LateRow, ...]

    @property
    def by_point(self) -> dict[str, date]:
        """Point → the latest due date that is too late, as a refusal tells it."""
        told: dict[str, date] = {}
        for one in self.late:
            told[one.point] = max(one.due, told.get(one.point, one.due))
        return told

    def on_record(self) -> dict[str, object]:
        """What the event of an issue all the same says."""
        late = [{"point": p, "due": due.isoformat()} for p, due in self.by_point.items()]
        return {"latest": self.latest.isoformat(), "late": late}


def stages(conn: Connection, letter_ids: Sequence[int], today: date) -> dict[int, Stage]:
    """The letters among these drafts that lay something too late; the others are left out.

    A body that owes several answers keeps to the earliest of their dates.
    """
    served = [row for row in staging.served(conn, letter_ids, today) if row.due or row.finish_due]
    calendar_of = _calendars(conn, served, today)
    allowed: dict[int, date] = {}
    for row in served:
        # To answer is only the first thing asked: what is laid below serves the points too.
        parent = max(day for day in (row.due, row.finish_due) if day is not None)
        latest = latest_below(calendar_of(row.unit_id), parent, row.slack_days)
        allowed[row.letter_id] = min(latest, allowed.get(row.letter_id, latest))
    too_late: dict[int, list[LateRow]] = defaultdict(list)
    for late in staging.later_than(conn, allowed):
        too_late[late.letter_id].append(late)
    return {at: Stage(allowed[at], tuple(rows)) for at, rows in too_late.items()}


def _calendars(
    conn: Connection, served: Sequence[ServedRow], today: date
) -> Callable[[int], WorkingDays]:
    """The calendars of the bodies that need time in between; read once, and only then."""
    if not any(row.slack_days for row in served):
        return lambda _unit: WorkingDays()
    parents = {row.id: row.parent_id for row in units.all_on(conn, today)}
    return Calendars(conn, parents).of
