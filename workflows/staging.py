"""Staged due dates: who passes a duty down needs time between the answer below and their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.calendar import WorkingDays, add, between
from workflows.labels import Words


class Concern(StrEnum):
    """What speaks against a due date; it warns and refuses nothing."""

    AFTER_ABOVE = "after_above"  # the unit above would be late before it has the answer
    TIGHT = "tight"  # in time, with less between than the level should have
    NO_DATE = "no_date"  # the duty above has a date, this one none
    DAY_OFF = "day_off"  # nobody works on that day


CONCERNS: Mapping[Concern, Words] = {
    Concern.AFTER_ABOVE: Words(
        "sau thời hạn {above} của cấp trên {days} ngày làm việc",
        "{days} working days after the duty above, which is due {above}",
    ),
    Concern.TIGHT: Words(
        "chỉ trước thời hạn {above} của cấp trên {days} ngày làm việc, cần {slack}",
        "only {days} working days before the duty above, due {above}; {slack} are wanted",
    ),
    Concern.NO_DATE: Words(
        "không có thời hạn, trong khi cấp trên phải xong {above}",
        "no due date, though the duty above is due {above}",
    ),
    Concern.DAY_OFF: Words("ngày này là ngày nghỉ", "this is a day off"),
}


@dataclass(frozen=True)
class Warned:
    """A concern with what it is about; `latest` is the last day that would raise none."""

    concern: Concern
    above: date | None = None
    days: int = 0  # working days between the two
    slack: int = 0  # that there should be
    latest: date | None = None


def warnings(
    calendar: WorkingDays, *, above: date | None, proposed: date | None, slack: int
) -> list[Warned]:
    """What speaks against a due date below a duty due `above`; `slack` is in working days.

    The calendar is that of the unit in between, which gathers the answers.
    """
    found = []
    if proposed is not None and not calendar.is_working(proposed):
        found.append(Warned(Concern.DAY_OFF))
    if above is None:
        return found
    latest = latest_below(calendar, above, slack)
    if proposed is None:
        return [Warned(Concern.NO_DATE, above, latest=latest)]
    left = between(calendar, proposed, above)
    if proposed > above:
        found.append(Warned(Concern.AFTER_ABOVE, above, abs(left), slack, latest))
    elif left < slack:
        found.append(Warned(Concern.TIGHT, above, left, slack, latest))
    return found


def latest_below(calendar: WorkingDays, above: date, slack: int) -> date:
    """The last working day that leaves `slack` working days up to and with the day above."""
    if slack <= 0:
        return above
    last = above
    while between(calendar, last, above) < slack or not calendar.is_working(last):
        last = add(calendar, last, -1)
    return last


def stages(calendar: WorkingDays, above: date, slacks: list[int]) -> list[date]:
    """The latest due date of each level down, the nearest first, by the slack each needs."""
    dates = []
    for slack in slacks:
        above = latest_below(calendar, above, slack)
        dates.append(above)
    return dates
