"""From what a phrase says to the last day on which it is in time, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from workflows.calendar import Roll, Unit, WorkingDays, period_end, roll
from workflows.phrases.reasons import Reason
from workflows.phrases.recurring import first_time
from workflows.phrases.said import Anchor, Said

_ROLLED = {Roll.FORWARD: Reason.ROLLED_FORWARD, Roll.BACK: Reason.ROLLED_BACK}


@dataclass(frozen=True)
class Customs:
    """What no law settles for letters, so that a house may settle it for itself.

    `roll` moves the end of a period that was counted, `roll_named` a day or month the text names.
    """

    before_includes: bool = False  # “trước ngày X”
    roll: Roll = Roll.FORWARD
    roll_named: Roll = Roll.NONE


@dataclass(frozen=True)
class Due:
    """`named` is the day a phrase comes to, `due` the last day on which it is in time.

    With `inclusive` false the named day is too late; both days are None where none follows.
    """

    named: date | None
    inclusive: bool
    due: date | None
    hour: time | None
    reasons: tuple[Reason, ...]
    calendar: str = ""


def reckon(
    said: Said,
    calendar: WorkingDays,
    *,
    signed: date | None = None,
    received: date | None = None,
    customs: Customs | None = None,
) -> Due:
    """The due date of a phrase in a letter signed and received on these days."""
    try:
        return _reckoned(said, calendar, signed, received, customs or Customs())
    except (OverflowError, ValueError):  # beyond what a calendar can say
        return Due(None, said.inclusive, None, None, (Reason.NO_SUCH_DAY,), calendar.version)


def _reckoned(
    said: Said,
    calendar: WorkingDays,
    signed: date | None,
    received: date | None,
    customs: Customs,
) -> Due:
    if said.every is not None:
        return _again(said, calendar, signed, customs)
    if said.count is not None:
        return _counted(said, calendar, signed, received, customs)
    if said.named is None:
        return Due(None, said.inclusive, None, said.hour, said.reasons, calendar.version)
    return _named(said, said.named, calendar, said.reasons, customs)


def _named(
    said: Said,
    named: date,
    calendar: WorkingDays,
    reasons: tuple[Reason, ...],
    customs: Customs,
) -> Due:
    inclusive = said.inclusive
    is_before = not inclusive and said.is_day and Reason.AT_MIDNIGHT not in reasons
    if is_before:
        inclusive = customs.before_includes
        reasons += (Reason.INCLUDED_HERE if inclusive else Reason.EXCLUDED,)
    last = named if inclusive else named - timedelta(days=1)
    # What is left out by the text is not brought in again by moving forward over a day off.
    way = customs.roll_named
    way = Roll.NONE if way is Roll.FORWARD and not inclusive else way
    return _ending(Due(named, inclusive, last, said.hour, reasons, calendar.version), calendar, way)


def _counted(
    said: Said,
    calendar: WorkingDays,
    signed: date | None,
    received: date | None,
    customs: Customs,
) -> Due:
    assert said.count is not None
    assert said.unit is not None
    start, why = _start(said, signed, received)
    reasons = (*said.reasons, why)
    if start is None:
        return Due(None, True, None, None, reasons, calendar.version)
    if said.count == 0:
        made = Due(start, True, start, None, reasons, calendar.version)
        return _ending(made, calendar, Roll.FORWARD)
    end = period_end(calendar, start, said.count, said.unit)
    how = {
        Unit.WORKING_DAY: Reason.WORKING_DAYS,
        Unit.WORKING_HOUR: Reason.WORKING_DAYS,
        Unit.HOUR: Reason.HOURS,
        Unit.MONTH: Reason.SAME_DAY_OF_MONTH,
        Unit.YEAR: Reason.SAME_DAY_OF_MONTH,
    }.get(said.unit, Reason.CALENDAR_DAYS)
    first = () if said.unit is Unit.HOUR else (Reason.FIRST_DAY_NOT_COUNTED,)
    made = Due(end, True, end, None, (*reasons, *first, how), calendar.version)
    return _ending(made, calendar, Roll.NONE if said.unit is Unit.HOUR else customs.roll)


def _start(said: Said, signed: date | None, received: date | None) -> tuple[date | None, Reason]:
    match said.anchor:
        case Anchor.SIGNING:
            return signed, Reason.FROM_SIGNING if signed else Reason.NO_SIGNING
        case Anchor.RECEIPT:
            return received, Reason.FROM_RECEIPT if received else Reason.NO_RECEIPT
        case Anchor.DAY:
            return said.counted_from, Reason.FROM_DAY
        case Anchor.EVENT:
            return None, Reason.FROM_EVENT
    return None, Reason.FROM_NOTHING


def _again(said: Said, calendar: WorkingDays, signed: date | None, customs: Customs) -> Due:
    assert said.every is not None
    every = said.every
    if not (every.months or every.days):
        return Due(None, True, None, None, (Reason.AFTER_EACH,), calendar.version)
    if signed is None:
        return Due(None, said.inclusive, None, None, (Reason.NO_SIGNING,), calendar.version)
    is_open = said.inclusive or customs.before_includes
    named = first_time(every, is_open, signed)
    assert named is not None
    reasons: tuple[Reason, ...] = (Reason.COMES_AGAIN,)
    if every.day is not None or every.weekday is not None or every.days == 1:
        return _named(said, named, calendar, reasons, customs)
    # Nothing in the text names this day, so it may as well be one on which somebody works.
    last = roll(calendar, named, Roll.BACK)
    while last < signed:  # that period has no working day left, as in the week of Tết
        named = first_time(every, is_open, named + timedelta(days=1))
        assert named is not None
        last = roll(calendar, named, Roll.BACK)
    reasons += (Reason.LAST_WORKING_DAY,)
    return Due(named, True, last, None, reasons, calendar.version)


def _ending(made: Due, calendar: WorkingDays, way: Roll) -> Due:
    """The due date moved off a day off, if it is to be."""
    assert made.due is not None
    if calendar.is_working(made.due):
        return made
    if way is Roll.NONE:
        why, last = Reason.STAYS_OFF, made.due
    else:
        why, last = _ROLLED[way], roll(calendar, made.due, way)
    return Due(made.named, made.inclusive, last, made.hour, (*made.reasons, why), made.calendar)
