"""Why a move is refused: a code with data, so that every language can say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """One obstacle to a move; `code` is a key of workflows.labels.REFUSALS."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)


class TransitionRefused(Exception):  # noqa: N818 - it names an event, as the field does
    """A move was refused; `refusals` holds every obstacle at once, never only the first."""

    def __init__(self, machine: str, trigger: str, state: str, refusals: Sequence[Refusal]) -> None:
        self.machine = machine
        self.trigger = trigger
        self.state = state
        self.refusals = tuple(refusals)
        codes = ", ".join(refusal.code for refusal in self.refusals)
        super().__init__(f"{machine}: {trigger} from {state} refused: {codes}")
