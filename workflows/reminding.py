"""When a duty is reminded of by itself, and who is told: the kinds of rule, pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from workflows.calendar import Roll, WorkingDays, add, roll
from workflows.labels import Words
from workflows.roles import Role

_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a rule waits for; its number counts working days, weeks for IDLE."""

    BEFORE = "before"  # so many working days before the due date
    ON = "on"  # the due date itself
    AFTER = "after"  # so many working days after it
    UNACKNOWLEDGED = "unacknowledged"  # an obligation so many working days after it was sent
    IDLE = "idle"  # so many weeks in which nobody made a move


class Audience(StrEnum):
    """Who is told; always posts of units, whoever holds them on that day."""

    UNIT = "unit"  # of the lead unit, those who do its work and its head
    HEAD = "head"  # of the lead unit, its head
    ABOVE = "above"  # the secretariats of the superior unit and of the issuer


class Policy(NamedTuple):
    """One rule of reminding."""

    id: int
    kind: Kind
    days: int  # working days; weeks for IDLE; 0 for ON
    audience: Audience


# What a register begins with; the administrator changes it. In this order they are gone through,
# so that of two reminders on one day the more urgent is the last word.
DEFAULTS = (
    (Kind.UNACKNOWLEDGED, 3, Audience.UNIT),
    (Kind.IDLE, 2, Audience.UNIT),
    (Kind.BEFORE, 3, Audience.UNIT),
    (Kind.ON, 0, Audience.UNIT),
    (Kind.AFTER, 1, Audience.HEAD),
    (Kind.AFTER, 5, Audience.ABOVE),
)
# Measured from the due date: another date, and the rule applies anew.
BY_DUE = frozenset({Kind.BEFORE, Kind.ON, Kind.AFTER})
# Of no use any more once the due date has passed.
IN_TIME = frozenset({Kind.BEFORE, Kind.ON})
MOST = {Kind.BEFORE: 60, Kind.ON: 0, Kind.AFTER: 60, Kind.UNACKNOWLEDGED: 60, Kind.IDLE: 26}
_TOLD = {
    Audience.UNIT: frozenset({Role.STAFF, Role.DRAFTER, Role.HEAD, Role.SECRETARIAT}),
    Audience.HEAD: frozenset({Role.HEAD}),
    Audience.ABOVE: frozenset({Role.SECRETARIAT}),
}


def first_day(policy: Policy, anchor: date, calendar: WorkingDays) -> date:
    """The day from which the rule applies to a step; `anchor` is what it is measured from.

    That is the due date, the day the step was laid (UNACKNOWLEDGED) or last moved (IDLE).
    """
    match policy.kind:
        case Kind.BEFORE:
            return add(calendar, anchor, -policy.days)
        case Kind.ON:
            return roll(calendar, anchor, Roll.BACK)
        case Kind.AFTER | Kind.UNACKNOWLEDGED:
            return add(calendar, anchor, policy.days)
        case Kind.IDLE:
            return roll(calendar, anchor + timedelta(weeks=policy.days), Roll.FORWARD)


def applies(
    policy: Policy, anchor: date, laid_on: date, calendar: WorkingDays, today: date
) -> bool:
    """Whether the step is to be reminded of today, unless it was by this rule for this anchor.

    A day on which nothing ran is made up for, but what came too late to help is left out; and who
    got the duty only after the day of the reminder has just read of it.
    """
    first = first_day(policy, anchor, calendar)
    match policy.kind:
        case Kind.BEFORE:
            # From the last day on which anything can be done, the rule of that day speaks.
            last = max(first, roll(calendar, anchor, Roll.BACK) - _DAY)
            return laid_on < first <= today <= last
        case Kind.ON:
            return laid_on < first <= today <= anchor
        case _:
            return first <= today


def latest_anchor(policy: Policy, calendar: WorkingDays, today: date) -> date:
    """The last anchor whose first day has come: what a search may begin with."""
    match policy.kind:
        case Kind.BEFORE:
            return add(calendar, today, policy.days)
        case Kind.ON:
            return add(calendar, today, 1) - _DAY
        case Kind.AFTER | Kind.UNACKNOWLEDGED:
            last = roll(calendar, today, Roll.BACK)
            return (add(calendar, last, 1 - policy.days) if policy.days > 1 else last) - _DAY
        case Kind.IDLE:
            return roll(calendar, today, Roll.BACK) - timedelta(weeks=policy.days)


def is_told(audience: str, role: str) -> bool:
    """Whether the holder of a post with this role is among those a rule speaks to."""
    return role in _TOLD[Audience(audience)]


def reason(kind: str, days: int) -> Words:
    """Why a step was reminded of, for its history."""
    match Kind(kind):
        case Kind.BEFORE:
            return Words(
                f"còn {days} ngày làm việc đến hạn",
                f"{days} working day{_s(days)} before the due date",
            )
        case Kind.ON:
            return Words("đến hạn", "due")
        case Kind.AFTER:
            return Words(
                f"quá hạn {days} ngày làm việc", f"{days} working day{_s(days)} past the due date"
            )
        case Kind.UNACKNOWLEDGED:
            return Words(
                f"{days} ngày làm việc chưa tiếp nhận",
                f"not acknowledged within {days} working day{_s(days)}",
            )
        case Kind.IDLE:
            return Words(
                f"{days} tuần chưa có tiến triển", f"no progress for {days} week{_s(days)}"
            )


def _s(days: int) -> str:
    return "" if days == 1 else "s"
