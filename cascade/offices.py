"""The units of a day: their calendars, and who is above whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cascade import calendar
from models.queries import calendar as days
from models.queries import reminding as query
from workflows.calendar import WorkingDays


class Offices:
    """The calendars of all units, and who is above whom, as far as a page needs them."""

    def __init__(self, conn: Connection, day: date) -> None:
        self._conn, self._day = conn, day
        own = {row.unit_id for row in days.overrides(conn) if row.unit_id is not None}
        self._parents = query.parents(conn, day) if own else None
        self._calendars = calendar.Calendars(conn, self._parents or {})
        self._with_secretariat: set[int] | None = None
        # Every unit's calendar is one of these.
        self.all = [self._calendars.of(None), *map(self._calendars.of, sorted(own))]

    def of(self, unit_id: int) -> WorkingDays:
        """The calendar of a unit."""
        return self._calendars.of(unit_id)

    def superior(self, unit_id: int) -> int | None:
        """The nearest unit above that has a secretariat."""
        if self._parents is None:
            self._parents = query.parents(self._conn, self._day)
        if self._with_secretariat is None:
            self._with_secretariat = query.secretariats(self._conn, self._day)
        seen, above = {unit_id}, self._parents.get(unit_id)
        while above is not None and above not in seen:
            if above in self._with_secretariat:
                return above
            seen.add(above)
            above = self._parents.get(above)
        return None
