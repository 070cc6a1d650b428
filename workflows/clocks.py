"""The three clocks of a step: to acknowledge, to answer, to finish; each derived, none stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from workflows.calendar import WorkingDays, add
from workflows.kinds import StepKind
from workflows.roles import Turn


class Clock(StrEnum):
    """What is to be done in time."""

    ACKNOWLEDGE = "acknowledge"  # take it in hand
    ANSWER = "answer"  # with a letter of one's own; an obligation only
    FINISH = "finish"  # all of it, below too


class Hand(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    LATE = "late"  # not done, and the day has passed
    IN_TIME = "in_time"
    DONE_LATE = "done_late"
    STOPPED = "stopped"  # suspended, or ended without it


class Allowance(NamedTuple):
    """Working days a level is given for each; None: there is no such clock, or a date says it."""

    acknowledge: int | None = None
    answer: int | None = None


@dataclass(frozen=True)
class Course:
    """A step as far as its clocks ask: when it was laid, due, taken in hand, shown and over."""

    kind: str
    turn: str
    laid_on: date
    due: date | None
    finish_due: date | None = None  # of all its points; the step's own date where nothing else is
    taken_on: date | None = None  # the first thing its unit did with it
    reported_on: date | None = None
    ended_on: date | None = None  # accepted, or all below it over


class Reading(NamedTuple):
    """One clock: by when, on which day it was done, how it stands today."""

    clock: Clock
    by: date
    done_on: date | None
    hand: Hand


def clocks(step: Course, allowance: Allowance, calendar: WorkingDays, today: date) -> list[Reading]:
    """The clocks a step has, in order; one that has no day is left out."""
    done = {
        Clock.ACKNOWLEDGE: step.taken_on or step.reported_on,
        Clock.ANSWER: step.reported_on,
        Clock.FINISH: step.ended_on if step.kind == StepKind.OBLIGATION else step.reported_on,
    }
    return [
        Reading(clock, by, done[clock], _hand(by, done[clock], step.turn, today))
        for clock, by in _days(step, allowance, calendar)
    ]


def _days(
    step: Course, allowance: Allowance, calendar: WorkingDays
) -> Iterator[tuple[Clock, date]]:
    if allowance.acknowledge is not None:
        yield Clock.ACKNOWLEDGE, add(calendar, step.laid_on, allowance.acknowledge)
    if step.kind != StepKind.OBLIGATION:
        if step.due is not None:
            yield Clock.FINISH, step.due
        return
    # To answer is the first thing asked, so an obligation's due date is its answer's.
    if step.due is not None:
        yield Clock.ANSWER, step.due
    elif allowance.answer is not None:
        yield Clock.ANSWER, add(calendar, step.laid_on, allowance.answer)
    if step.finish_due is not None:
        yield Clock.FINISH, step.finish_due


def _hand(by: date, done_on: date | None, turn: str, today: date) -> Hand:
    if done_on is not None:
        return Hand.DONE_LATE if done_on > by else Hand.IN_TIME
    if turn in (Turn.PAUSED, Turn.NOBODY):
        return Hand.STOPPED
    return Hand.LATE if today > by else Hand.RUNNING
