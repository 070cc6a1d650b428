"""Three clocks: to acknowledge, to answer, to finish; each late by itself, none of them kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workflows.calendar import WorkingDays
from workflows.clocks import Allowance, Clock, Course, clocks

MON, TUE, WED, THU, FRI = (date(2026, 9, 14 + n) for n in range(5))
NEXT = date(2026, 9, 21)
GIVEN = Allowance(acknowledge=2, answer=4)
NONE = Allowance()


def obligation(**given: Any) -> Course:
    """An obligation laid on Monday, to be answered by Thursday, finished by the next Monday."""
    base: dict[str, Any] = {"turn": "lead", "laid_on": MON, "due": THU, "finish_due": NEXT}
    return Course("obligation", **(base | given))


def task(**given: Any) -> Course:
    """A task laid on Monday, due on Thursday."""
    base: dict[str, Any] = {"turn": "lead", "laid_on": MON, "due": THU}
    return Course("task", **(base | given))


CASES = {  # step, allowance, today → clock: (by, hand)
    "nothing done yet": (
        obligation(),
        GIVEN,
        TUE,
        {"acknowledge": (WED, "running"), "answer": (THU, "running"), "finish": (NEXT, "running")},
    ),
    "on the last day it still runs": (
        obligation(finish_due=None),
        GIVEN,
        WED,
        {"acknowledge": (WED, "running"), "answer": (THU, "running")},
    ),
    "not acknowledged": (
        obligation(finish_due=None),
        GIVEN,
        THU,
        {"acknowledge": (WED, "late"), "answer": (THU, "running")},
    ),
    "acknowledged late": (
        obligation(taken_on=THU, finish_due=None),
        GIVEN,
        FRI,
        {"acknowledge": (WED, "done_late"), "answer": (THU, "late")},
    ),
    "to answer is to acknowledge": (
        obligation(reported_on=TUE, turn="accepter", finish_due=None),
        GIVEN,
        FRI,
        {"acknowledge": (WED, "in_time"), "answer": (THU, "in_time")},
    ),
    "answered late, unfinished below": (
        obligation(taken_on=TUE, reported_on=FRI, turn="accepter"),
        GIVEN,
        date(2026, 9, 22),
        {
            "acknowledge": (WED, "in_time"),
            "answer": (THU, "done_late"),
            "finish": (NEXT, "late"),
        },
    ),
    "finished in time": (
        obligation(taken_on=TUE, reported_on=WED, ended_on=NEXT, turn="nobody"),
        NONE,
        NEXT,
        {"answer": (THU, "in_time"), "finish": (NEXT, "in_time")},
    ),
    "no date: the level's days to answer": (
        obligation(due=None, finish_due=None),
        GIVEN,
        TUE,
        {"acknowledge": (WED, "running"), "answer": (FRI, "running")},
    ),
    "no date, no policy": (obligation(due=None, finish_due=None), NONE, TUE, {}),
    "a task has no answer": (
        task(),
        GIVEN,
        FRI,
        {"acknowledge": (WED, "late"), "finish": (THU, "late")},
    ),
    "a task reported": (
        task(reported_on=FRI, turn="accepter"),
        NONE,
        NEXT,
        {"finish": (THU, "done_late")},
    ),
    "suspended": (
        task(taken_on=TUE, turn="paused"),
        GIVEN,
        NEXT,
        {"acknowledge": (WED, "in_time"), "finish": (THU, "stopped")},
    ),
    "cancelled": (
        obligation(turn="nobody"),
        GIVEN,
        NEXT,
        {"acknowledge": (WED, "stopped"), "answer": (THU, "stopped"), "finish": (NEXT, "stopped")},
    ),
}


@pytest.mark.parametrize(("step", "allowance", "today", "told"), CASES.values(), ids=CASES)
def test_the_clocks_of_a_step(
    step: Course, allowance: Allowance, today: date, told: dict[str, tuple[date, str]]
) -> None:
    found = clocks(step, allowance, WorkingDays(), today)
    assert {one.clock: (one.by, one.hand) for one in found} == told
    assert [one.clock for one in found] == [one for one in Clock if one in told]


def test_a_level_is_given_working_days() -> None:
    off = WorkingDays(off=frozenset({TUE, WED}))
    (first, *_) = clocks(obligation(), GIVEN, off, MON)
    assert first.by == FRI
