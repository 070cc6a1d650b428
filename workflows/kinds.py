"""The two kinds of step, and the machine each runs on."""

from __future__ import annotations

from enum import StrEnum

from workflows.facts import StepFacts
from workflows.machine import StateMachine
from workflows.obligation import OBLIGATION
from workflows.task import TASK


class StepKind(StrEnum):
    """What a unit owes: a letter of its own, or a thing done with evidence."""

    OBLIGATION = "obligation"
    TASK = "task"


MACHINES: dict[str, StateMachine[StepFacts]] = {
    StepKind.OBLIGATION: OBLIGATION,
    StepKind.TASK: TASK,
}


class UnitRole(StrEnum):
    """How a unit stands to a letter or point."""

    ACT = "act"  # addressed: must act
    KNOW = "know"  # on the distribution list: gets a copy
    LEAD = "lead"
    COORDINATE = "coordinate"


class CitationRole(StrEnum):
    """What a citing letter does to the cited one."""

    IMPLEMENTS = "implements"
    BASIS = "basis"
    CONTINUES = "continues"
    AMENDS = "amends"
    SUPERSEDES = "supersedes"
    WITHDRAWS = "withdraws"
    REMINDS = "reminds"
    MENTIONS = "mentions"
