"""What a move asks of the person who makes it, told by its guards; forms are made from this."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from workflows import guards as g
from workflows.machine import Move
from workflows.refusals import Refusal


class Ask(StrEnum):
    """One thing a person gives with a move, named as in cascade.acts.Act."""

    DONE_ON = "done_on"
    EVIDENCE = "evidence"
    ANSWER = "answer"
    REPLACEMENT = "replacement"
    UNITS = "units"
    SERIES = "series"
    UNTIL = "until"
    FATE = "fate"
    NOTE = "note"


# The guards that look at what a person gives; all others look at how things stand.
ASKED_BY: dict[Callable[[Any], Refusal | None], Ask] = {
    g.done_day_has_come: Ask.DONE_ON,
    g.done_after_laid: Ask.DONE_ON,
    g.evidence_attached: Ask.EVIDENCE,
    g.answer_named: Ask.ANSWER,
    g.replacement_named: Ask.REPLACEMENT,
    g.target_named: Ask.UNITS,
    g.later_date_named: Ask.UNTIL,
    g.new_date_named: Ask.UNTIL,
    g.series_named: Ask.SERIES,
    g.children_have_a_fate: Ask.FATE,
    g.made_ahead_has_a_fate: Ask.FATE,
    g.fate_fits: Ask.FATE,
    g.reason_stated: Ask.NOTE,
    g.reason_stated_while_open: Ask.NOTE,
    g.dues_in_stages: Ask.NOTE,
}

# What such a guard says against; with a form in hand the person can mend it.
MENDED_BY: dict[str, Ask] = {
    "done_in_future": Ask.DONE_ON,
    "done_before_laid": Ask.DONE_ON,
    "evidence_missing": Ask.EVIDENCE,
    "answer_missing": Ask.ANSWER,
    "replacement_missing": Ask.REPLACEMENT,
    "target_missing": Ask.UNITS,
    "series_missing": Ask.SERIES,
    "until_missing": Ask.UNTIL,
    "until_not_later": Ask.UNTIL,
    "fate_missing": Ask.FATE,
    "fate_carry_needs_replacement": Ask.FATE,
    "reason_missing": Ask.NOTE,
    "reason_missing_while_open": Ask.NOTE,
    "not_in_stages": Ask.NOTE,
}


def asks(move: Move[Any]) -> tuple[Ask, ...]:
    """What a move asks for, in the order of a form; a note may always be added."""
    wanted = {ASKED_BY[guard] for guard in move.when if guard in ASKED_BY}
    return tuple(ask for ask in Ask if ask in wanted)


def obstacles(refusals: list[Refusal]) -> list[Refusal]:
    """Those among the refusals that no form can mend."""
    return [refusal for refusal in refusals if refusal.code not in MENDED_BY]
