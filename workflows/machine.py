"""A state machine as a table of moves on `transitions`; the only module that speaks to it.

The library says False for a failed guard and hides the rest after the first, so all guards of a
move are one condition here that gathers every Refusal, and no callback does anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from transitions import EventData, Machine, MachineError

from workflows.facts import Facts, post_for
from workflows.refusals import Refusal, TransitionRefused
from workflows.roles import ITSELF, By, Turn

F = TypeVar("F", bound=Facts)


@dataclass(frozen=True)
class Move(Generic[F]):
    """One row of the table: from any of `sources` by `trigger` to `target` (None: it stays)."""

    trigger: str
    sources: StrEnum | tuple[StrEnum, ...]
    target: StrEnum | None
    by: By
    when: tuple[Callable[[F], Refusal | None], ...] = ()

    def froms(self) -> tuple[StrEnum, ...]:
        """The source states as a tuple, whether one or several were written."""
        return self.sources if isinstance(self.sources, tuple) else (self.sources,)

    def obstacles(self, facts: F) -> list[Refusal]:
        """Every reason against this move for these facts; empty means it may be made."""
        checks = (guard(facts) for guard in self.when)
        return [r for r in (may(self.by, self.trigger, facts), *checks) if r is not None]


@dataclass(frozen=True)
class Decision:
    """What a move amounts to: the trigger with the state before and after."""

    trigger: str
    source: str
    target: str


class StateMachine(Generic[F]):
    """The moves of one kind of thing; `states` tells for each state whose move it is."""

    def __init__(
        self,
        name: str,
        *,
        initial: Sequence[StrEnum],
        states: Mapping[StrEnum, Turn],
        moves: Sequence[Move[F]],
    ) -> None:
        self.name = name
        self.initial = tuple(str(state) for state in initial)
        self.states: dict[str, Turn] = {str(state): turn for state, turn in states.items()}
        self.moves = tuple(moves)
        self._by_key = {(m.trigger, str(s)): m for m in moves for s in m.froms()}
        self._engine = Machine(
            model=None,
            states=list(self.states),
            initial=self.initial[0],
            auto_transitions=False,
            send_event=True,
        )
        for (trigger, source), move in self._by_key.items():
            target = str(move.target) if move.target else source
            self._engine.add_transition(trigger, source, target, conditions=_collector(move))

    def decide(self, trigger: str, facts: F) -> Decision:
        """What `trigger` does to these facts; raises TransitionRefused with every obstacle."""
        cursor = _Cursor(facts)
        event = self._engine.events.get(trigger)
        try:
            moved = event is not None and event.trigger(cursor)
        except MachineError:
            moved = False
        if not moved:
            refusals = cursor.refusals or [self._not_from_here(trigger, facts)]
            raise TransitionRefused(self.name, trigger, facts.state, refusals)
        return Decision(trigger, facts.state, cursor.state)

    def options(self, facts: F) -> dict[str, list[Refusal]]:
        """Each trigger a person could ask for from here, with what stands against it now."""
        return {m.trigger: m.obstacles(facts) for m in self.moves_from(facts.state)}

    def moves_from(self, state: str) -> list[Move[F]]:
        """The moves a person could ask for in `state`, in the table's order."""
        return [m for m in self.moves if state in m.froms() and m.by is not ITSELF]

    def turn(self, state: str) -> Turn:
        """Whose move it is in `state`."""
        return self.states[state]

    def is_open(self, state: str) -> bool:
        """Whether something is still to be done in `state`."""
        return self.states[state] is not Turn.NOBODY

    def find(self, trigger: str, source: str) -> Move[F] | None:
        """The row of the table for `trigger` from `source`."""
        return self._by_key.get((trigger, source))

    def triggers(self) -> tuple[str, ...]:
        """Every trigger a person can ask for, in the table's order."""
        return tuple(dict.fromkeys(m.trigger for m in self.moves if m.by is not ITSELF))

    def _not_from_here(self, trigger: str, facts: F) -> Refusal:
        if trigger not in self._engine.events:
            return Refusal("unknown_trigger", {"trigger": trigger, "known": self.triggers()})
        possible = tuple(self.options(facts))
        return Refusal(
            "not_from_here", {"trigger": trigger, "state": facts.state, "possible": possible}
        )


def may(by: By, trigger: str, facts: Facts) -> Refusal | None:
    """Whether the actor of these facts is the party `by`; roll-ups are fired by nobody else."""
    if by is ITSELF:
        return None if facts.itself else Refusal("only_by_itself")
    if facts.itself or post_for(by, trigger, facts) is not None:
        return None
    return Refusal("wrong_role", {"side": by.side, "roles": tuple(sorted(by.roles))})


class _Cursor:
    """The throw-away model the library moves; the row itself is never handed to it."""

    __slots__ = ("facts", "refusals", "state")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.state = str(facts.state)  # the library takes an enum member by its name
        self.refusals: list[Refusal] = []


def _collector(move: Move[F]) -> Callable[[EventData], bool]:
    def collect(event: EventData) -> bool:
        cursor: Any = event.model
        cursor.refusals = move.obstacles(cursor.facts)
        return not cursor.refusals

    return collect
