"""The cascade as a graph: letters set steps, steps are answered by letters; never a circle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import networkx as nx
from sqlalchemy import Connection

from cascade.acts import Ref
from cascade.errors import CycleError, NotFoundError
from models.queries import tracing
from models.queries.tracing import LetterLineRow, StepLineRow
from workflows.kinds import StepKind
from workflows.lateness import Lateness, lateness
from workflows.letter import LetterState
from workflows.reference import identity
from workflows.roles import Turn
from workflows.rollup import ANSWERING

# A node: ("letter", 3) or ("step", 12).
Node = tuple[Literal["letter", "step"], int]


class Below(NamedTuple):
    """What lies below a node, the node itself not counted; every step once, however reached."""

    steps: int
    ended: int
    overdue: int


@dataclass
class Cascade:
    """A directive with all below it (or a step with all above it) on one day."""

    tops: list[Node]
    today: date
    graph: nx.DiGraph[Node]
    letters: dict[int, LetterLineRow]
    steps: dict[int, StepLineRow]
    # Seen from below: only the way up is here, so what lies below would be told wrongly.
    is_way_up: bool = False
    _sums: _Sums | None = None

    def children(self, node: Node) -> list[Node]:
        """What hangs directly below a node, in the order of the letter."""
        return list(self.graph.successors(node))

    def lateness(self, step: StepLineRow) -> Lateness:
        """How a step stands on this day."""
        return lateness(
            due=step.due, turn=step.turn, today=self.today, reported_on=step.reported_on
        )

    def is_missing(self, step: StepLineRow) -> bool:
        """Whether a letter is expected here and has not come; the way up does not show answers."""
        return (
            not self.is_way_up
            and step.kind == StepKind.OBLIGATION
            and step.turn == Turn.LEAD
            # A withdrawn letter is still linked, but it answers nothing any more.
            and not any(
                kind == "letter" and self.letters[node_id].state in ANSWERING
                for kind, node_id in self.graph.successors(("step", step.id))
            )
        )

    def missing(self) -> list[StepLineRow]:
        """Every obligation whose letter is expected and has not come."""
        return [step for step in self.steps.values() if self.is_missing(step)]

    def below(self, node: Node) -> Below:
        """Counts of what lies below a node."""
        sums = self._summed()
        return sums.told(sums.below[node])

    def hidden(self, shown: set[Node]) -> dict[Node, Below]:
        """What hangs below each of some nodes and is not among them, every step once."""
        sums = self._summed()
        seen = 0
        for node in shown:
            seen |= sums.own(node)
        found: dict[Node, Below] = {}
        for node in shown:
            apart = [child for child in self.children(node) if child not in shown]
            held = 0
            for child in apart:
                held |= sums.below[child] | sums.own(child)
            if apart:
                found[node] = sums.told(held & ~seen)
        return found

    def _summed(self) -> _Sums:
        if self._sums is None:
            self._sums = _sum_below(self)
        return self._sums

    def walk(self) -> Iterator[tuple[int, Node, bool]]:
        """(depth, node, seen before) in reading order; a node met again is not entered again."""
        seen: set[Node] = set()
        stack = [(0, node) for node in reversed(self.tops)]
        while stack:
            depth, node = stack.pop()
            again = node in seen
            seen.add(node)
            yield depth, node, again
            if not again:
                stack += [(depth + 1, child) for child in reversed(self.children(node))]


def down(conn: Connection, letter_id: int, today: date) -> Cascade:
    """Everything below a letter, as of `today`; raises NotFoundError, CycleError."""
    letters = tracing.letters_below(conn, letter_id)
    if not letters:
        raise NotFoundError(
            "there is no such letter",
            where=f"letter {letter_id}",
            remedy="List letters with: cascade letter list",
        )
    cascade = _build(
        letters,
        tracing.steps_below(conn, letter_id, today),
        tracing.answers_below(conn, letter_id),
        tracing.implementing(conn, letter_id),
        today,
    )
    cascade.tops = [("letter", letter_id)]
    return cascade


def up(conn: Connection, ref: Ref, today: date) -> Cascade:
    """Everything above a letter or step up to its sources; raises NotFoundError, CycleError."""
    steps = tracing.steps(conn, [ref.id], today) if ref.kind == "step" else []
    if ref.kind == "step" and not steps:
        raise NotFoundError(
            "there is no such step", where=str(ref), remedy="List steps with: cascade overdue"
        )
    bottom = steps[0].letter_id if steps else ref.id
    known: set[int] = set()
    while steps and (parent := steps[-1].parent_id) is not None and parent not in known:
        known.add(parent)
        steps += tracing.steps(conn, [parent], today)
    letters = tracing.letters_above(conn, bottom)
    if not letters:
        raise NotFoundError(
            "there is no such letter", where=str(ref), remedy="List letters: cascade letter list"
        )
    cascade = _build(
        letters,
        [*tracing.steps_above(conn, bottom, today), *steps],
        tracing.answers_above(conn, bottom),
        tracing.implementing_above(conn, bottom),
        today,
    )
    graph = cascade.graph
    cascade.is_way_up = True
    cascade.tops = [node for node in graph if not any(graph.predecessors(node))]
    return cascade


def _build(
    letters: list[LetterLineRow],
    steps: list[StepLineRow],
    answers: list[tuple[int, int]],
    implementing: list[tuple[int, int]],
    today: date,
) -> Cascade:
    graph: nx.DiGraph[Node] = nx.DiGraph()
    by_letter = {row.id: row for row in letters}
    by_step = {row.id: row for row in steps}
    graph.add_nodes_from(("letter", row.id) for row in letters)
    for row in sorted(steps, key=_in_order):
        above: Node = ("letter", row.letter_id)
        if row.parent_id is not None and row.parent_id in by_step:
            above = ("step", row.parent_id)
        graph.add_edge(above, ("step", row.id), kind="splits" if row.parent_id else "sets")
    linked = set()
    for step_id, letter_id in answers:
        if step_id in by_step and letter_id in by_letter:
            graph.add_edge(("step", step_id), ("letter", letter_id), kind="answers")
            linked.add((by_step[step_id].letter_id, letter_id))
    # A letter may implement one that laid nothing on its issuer: then they are linked directly.
    for above_id, below_id in implementing:
        if (above_id, below_id) not in linked and {above_id, below_id} <= by_letter.keys():
            graph.add_edge(("letter", above_id), ("letter", below_id), kind="implements")
    _refuse_circle(graph, by_letter)
    return Cascade([], today, graph, by_letter, by_step)


def _in_order(row: StepLineRow) -> tuple[int, bool, int]:
    return row.letter_id, row.kind == StepKind.TASK, row.id


def _refuse_circle(graph: nx.DiGraph[Node], letters: dict[int, LetterLineRow]) -> None:
    if nx.is_directed_acyclic_graph(graph):
        return
    circle = [edge[0] for edge in nx.find_cycle(graph)]
    closed = [*circle, circle[0]]
    names = [
        identity(row.kind, row.number, row.symbol, row.dated)
        for kind, node_id in closed
        if kind == "letter" and (row := letters[node_id])
    ]
    raise CycleError(names or [f"{kind} {node_id}" for kind, node_id in closed])


class _Sums(NamedTuple):
    """Sets of steps as bits of integers, so that a shared step counts once."""

    bit: dict[int, int]
    ended: int
    late: int
    below: dict[Node, int]

    def own(self, node: Node) -> int:
        return self.bit[node[1]] if node[0] == "step" else 0

    def told(self, held: int) -> Below:
        late = (held & self.late).bit_count()
        return Below(held.bit_count(), (held & self.ended).bit_count(), late)


def _sum_below(cascade: Cascade) -> _Sums:
    """One pass from the leaves."""
    bit = {step_id: 1 << index for index, step_id in enumerate(cascade.steps)}
    ended = late = 0
    for step in cascade.steps.values():
        if step.turn == Turn.NOBODY:
            ended |= bit[step.id]
        if cascade.lateness(step) is Lateness.OVERDUE:
            late |= bit[step.id]
    sums = _Sums(bit, ended, late, {})
    for node in reversed(list(nx.topological_sort(cascade.graph))):
        held = 0
        for child in cascade.graph.successors(node):
            held |= sums.below[child] | sums.own(child)
        sums.below[node] = held
    return sums


def is_stub(letter: LetterLineRow) -> bool:
    """Whether a letter is known by citation only."""
    return letter.state == LetterState.CITED
