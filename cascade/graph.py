"""The cascade as a graph: letters set steps, steps are answered by letters; never a circle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
    # Seen from below: only the way up is here, so counts of what lies below would mislead.
    is_way_up: bool = False
    _below: dict[Node, Below] = field(default_factory=dict)

    def children(self, node: Node) -> list[Node]:
        """What hangs directly below a node, in the order of the letter."""
        return list(self.graph.successors(node))

    def lateness(self, step: StepLineRow) -> Lateness:
        """How a step stands on this day."""
        return lateness(
            due=step.due, turn=step.turn, today=self.today, reported_on=step.reported_on
        )

    def is_missing(self, step: StepLineRow) -> bool:
        """Whether a letter is expected here and has not come."""
        return (
            step.kind == StepKind.OBLIGATION
            and step.turn == Turn.LEAD
            and not any(self.graph.successors(("step", step.id)))
        )

    def missing(self) -> list[StepLineRow]:
        """Every obligation whose letter is expected and has not come."""
        return [step for step in self.steps.values() if self.is_missing(step)]

    def below(self, node: Node) -> Below:
        """Counts of what lies below a node."""
        if not self._below:
            self._below = _count_below(self)
        return self._below[node]

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
    while steps and steps[-1].parent_id is not None:
        steps += tracing.steps(conn, [steps[-1].parent_id], today)
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
    names = [
        identity(row.kind, row.number, row.symbol, row.dated)
        for kind, node_id in [*circle, circle[0]]
        if kind == "letter" and (row := letters[node_id])
    ]
    raise CycleError(names)


def _count_below(cascade: Cascade) -> dict[Node, Below]:
    """One pass from the leaves; sets are bits of integers, so a shared step counts once."""
    bit = {step_id: 1 << index for index, step_id in enumerate(cascade.steps)}
    ended = late = 0
    for step in cascade.steps.values():
        if step.turn == Turn.NOBODY:
            ended |= bit[step.id]
        if cascade.lateness(step) is Lateness.OVERDUE:
            late |= bit[step.id]
    below: dict[Node, int] = {}
    for node in reversed(list(nx.topological_sort(cascade.graph))):
        held = 0
        for child in cascade.graph.successors(node):
            held |= below[child]
            if child[0] == "step":
                held |= bit[child[1]]
        below[node] = held
    return {
        node: Below(held.bit_count(), (held & ended).bit_count(), (held & late).bit_count())
        for node, held in below.items()
    }


def is_stub(letter: LetterLineRow) -> bool:
    """Whether a letter is known by citation only."""
    return letter.state == LetterState.CITED
