"""What each unit would owe by a letter, and until when by that unit's own calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cascade.intake.reading import PointFound
from models.queries.units import UnitRow
from workflows.calendar import WorkingDays
from workflows.kinds import StepKind
from workflows.phrases import Customs, Due, reckon
from workflows.series import Rule

# How a point's deadline stands on a unit's calendar.
DueFor = Callable[[PointFound, int], Due]


@dataclass(frozen=True)
class PlannedDuty:
    """A duty to confirm: issuing the letter lays it."""

    unit_id: int
    kind: StepKind
    position: int | None  # of its point; None for the letter as a whole
    due: date | None  # the last day in time
    # As reckoned from the text, if it was: the day it names, and the calendar's version.
    named: date | None = field(default=None, compare=False)
    calendar: str = field(default="", compare=False)


@dataclass(frozen=True)
class PlannedSeries:
    """A duty that comes again, as confirmed: issuing the letter begins it."""

    unit_id: int
    position: int  # of its point
    rule: Rule
    phrase: str


@dataclass(frozen=True)
class PlannedPoint:
    """A point of the letter with the units it names."""

    found: PointFound
    lead: tuple[int, ...]
    coordinating: tuple[int, ...]
    due: Due | None = None  # on the issuer's calendar


def due_of(found: PointFound, calendar: WorkingDays, signed: date, customs: Customs) -> Due:
    """The deadline of a point; a day that no phrase says is in time itself.

    What counts from receipt has no date here, as each unit receives the letter on its own day.
    """
    if found.said is None:
        return Due(found.due, True, found.due, None, ())
    return reckon(found.said, calendar, signed=signed, customs=customs)


def owed(
    units: Mapping[int, UnitRow],
    addressed: Iterable[int],
    points: Sequence[PlannedPoint],
    due_for: DueFor,
) -> tuple[PlannedDuty, ...]:
    """One obligation a unit that answers with a letter, one task a point for every other lead.

    An addressed unit that leads no point still owes the letter as a whole.
    """
    answers: dict[int, list[Due]] = {}
    tasks: list[PlannedDuty] = []
    busy: set[int] = set()
    everybody = tuple(addressed)
    for position, point in enumerate(points):
        if not point.found.is_duty:
            continue
        for unit_id in point.lead or (() if point.found.lead else everybody):
            busy.add(unit_id)
            due = due_for(point.found, unit_id)
            if units[unit_id].duty == StepKind.OBLIGATION:
                answers.setdefault(unit_id, []).extend([due] if due.due else [])
            else:
                tasks.append(_duty(unit_id, StepKind.TASK, position, due))
    for unit_id in everybody:
        if units[unit_id].duty == StepKind.OBLIGATION:
            answers.setdefault(unit_id, [])
        elif unit_id not in busy:
            tasks.append(_duty(unit_id, StepKind.TASK, None, None))
    # To answer is the first thing asked, so the earliest of its points' dates is the answer's.
    return (
        *(
            _duty(unit_id, StepKind.OBLIGATION, None, min(dues, key=_last, default=None))
            for unit_id, dues in answers.items()
        ),
        *tasks,
    )


def phrase_of(points: Sequence[PlannedPoint], duty: PlannedDuty) -> str:
    """The deadline of a duty as the letter has it; of an undated answer all that are open."""
    if duty.position is not None:
        found = points[duty.position].found
        return found.due_text or found.recurring or ""
    said = (
        point.found.due_text
        for point in points
        if not duty.due
        and not (point.due and point.due.due)
        and (duty.unit_id in point.lead or not point.lead)
    )
    return "; ".join(phrase for phrase in said if phrase)


def _duty(unit_id: int, kind: StepKind, position: int | None, due: Due | None) -> PlannedDuty:
    if due is None or due.due is None:
        return PlannedDuty(unit_id, kind, position, None)
    return PlannedDuty(unit_id, kind, position, due.due, due.named, due.calendar)


def _last(due: Due) -> date:
    assert due.due is not None
    return due.due
