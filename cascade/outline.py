"""A cascade's outline: all of its shape and counts from few columns, names for what is shown.

A page shows some two hundred rows of a cascade that may have tens of thousands, so the shape is
read without names and without a graph library; the same questions have the same answers as those
put to `cascade.graph` (a test holds the two together).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import graph
from cascade.errors import NotFoundError
from cascade.graph import Below, Node
from models.queries import outline as query
from models.queries.outline import OutlineRows, OutlineStepRow
from workflows.kinds import StepKind
from workflows.lateness import Lateness, lateness
from workflows.letter import LetterState
from workflows.roles import Turn
from workflows.rollup import ANSWERING

_NO_DATE = date.max.toordinal()
_OVERDUE, _OPEN, _ENDED = 0, 1, 2


class Place(NamedTuple):
    """Where a node stands among its siblings: the most urgent first, else as the letter has it."""

    rank: int  # overdue, open, ended; of the worst in the node or below it
    due: int  # as an ordinal
    group: int  # obligations, tasks, letters
    id: int


class Worst(NamedTuple):
    """The step that keeps a branch open: overdue for longest, else due first."""

    rank: int
    due: int
    step: int


@dataclass
class _Sum:
    """What lies below a node; counts are true only where nothing below is reached twice."""

    steps: int = 0
    ended: int = 0
    overdue: int = 0
    is_shared: bool = False
    worst: Worst | None = None


_NOTHING = _Sum()


@dataclass
class Outline:
    """The shape of a cascade on one day."""

    top: Node
    today: date
    letters: dict[int, str]
    steps: dict[int, OutlineStepRow]
    _down: dict[Node, list[Node]] = field(default_factory=lambda: defaultdict(list))
    _up: dict[Node, list[Node]] = field(default_factory=lambda: defaultdict(list))
    _sums: dict[Node, _Sum] = field(default_factory=dict)  # of nodes with something below them
    _sorted: dict[Node, list[Node]] = field(default_factory=dict)

    def children(self, node: Node) -> list[Node]:
        """What hangs directly below a node, the most urgent first."""
        if node not in self._sorted:
            self._sorted[node] = sorted(self._down.get(node, ()), key=self.place)
        return self._sorted[node]

    def parents(self, node: Node) -> list[Node]:
        """What a node hangs under."""
        return self._up.get(node, [])

    def below(self, node: Node) -> Below:
        """Counts of what lies below a node, every step once."""
        found = self._sums.get(node, _NOTHING)
        if found.is_shared:
            return self.counted(self._down.get(node, ()), set())
        return Below(found.steps, found.ended, found.overdue)

    def counted(self, nodes: Iterable[Node], without: set[Node]) -> Below:
        """Counts of some nodes and all below them, every step once, but for those left out."""
        seen: set[Node] = set()
        waiting = list(nodes)
        steps = ended = overdue = 0
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            waiting += self._down.get(node, ())
            if node[0] == "step" and node not in without:
                steps += 1
                ended += self.steps[node[1]].turn == Turn.NOBODY
                overdue += self.is_overdue(self.steps[node[1]])
        return Below(steps, ended, overdue)

    def worst(self, node: Node) -> Worst | None:
        """What keeps a node or anything below it open; None when all of it has ended."""
        found = self._sums.get(node, _NOTHING).worst
        if node[0] == "letter":
            return found
        own = self._own(self.steps[node[1]])
        # Of two due on one day the deeper is named: it holds up the other.
        return found if own is None or (found and found[:2] <= own[:2]) else own

    def place(self, node: Node) -> Place:
        """The key by which siblings are ordered and paged."""
        worst = self.worst(node)
        rank, due = worst[:2] if worst else (_ENDED, _NO_DATE)
        if node[0] == "letter":
            waits = self.letters[node[1]] in (LetterState.DRAFT, LetterState.CITED)
            return Place(min(rank, _OPEN) if waits else rank, due, 2, node[1])
        return Place(rank, due, int(self.steps[node[1]].kind == StepKind.TASK), node[1])

    def is_overdue(self, step: OutlineStepRow) -> bool:
        """Whether a step is late on this day."""
        if step.due is None or step.due >= self.today:  # most are: tens of thousands are asked
            return False
        return lateness(due=step.due, turn=step.turn, today=self.today) is Lateness.OVERDUE

    def is_missing(self, step_id: int) -> bool:
        """Whether a letter is expected here and has not come."""
        step = self.steps[step_id]
        return (
            step.kind == StepKind.OBLIGATION
            and step.turn == Turn.LEAD
            and not any(
                kind == "letter" and self.letters[node_id] in ANSWERING
                for kind, node_id in self._down.get(("step", step_id), ())
            )
        )

    def is_finished(self, node: Node) -> bool:
        """Whether a step has ended with everything below it, and there is something below it."""
        found = self._sums.get(node, _NOTHING)
        ended = node[0] == "step" and self.steps[node[1]].turn == Turn.NOBODY
        return ended and found.steps > 0 and found.steps == found.ended

    def blockers(self, most: int) -> list[Node]:
        """The steps that keep the cascade from being finished, the worst first."""
        own = (self._own(step) for step in self.steps.values())
        found = sorted(each for each in own if each is not None)
        return [("step", each.step) for each in found[:most]]

    def way(self, node: Node) -> list[Node]:
        """One way from the top to a node, both included."""
        found = [node]
        while found[-1] != self.top and (above := self.parents(found[-1])):
            found.append(above[0])
        return found[::-1]

    @cached_property
    def missing(self) -> int:
        """How many letters are expected and have not come."""
        return sum(self.is_missing(step_id) for step_id in self.steps)

    @cached_property
    def generations(self) -> dict[Node, int]:
        """How many letters there are above each node, by the shortest way: 0 for the top."""
        found = {self.top: 0}
        waiting = [self.top]
        for node in waiting:
            for child in self._down.get(node, ()):
                if child not in found:
                    found[child] = found[node] + (child[0] == "letter")
                    waiting.append(child)
        return found

    def _own(self, step: OutlineStepRow) -> Worst | None:
        """A step as what holds up; one that is done and waits only for what is below is not."""
        if step.turn == Turn.NOBODY:
            return None
        below = self._sums.get(("step", step.id), _NOTHING)
        if step.turn == Turn.ACCEPTER and below.worst is not None:
            return None
        if self.is_overdue(step):
            return Worst(_OVERDUE, step.due.toordinal() if step.due else 0, step.id)
        is_dated = step.due is not None and step.turn != Turn.PAUSED
        return Worst(_OPEN, step.due.toordinal() if step.due and is_dated else _NO_DATE, step.id)


def down(conn: Connection, letter_id: int, today: date) -> Outline:
    """The outline of everything below a letter; raises NotFoundError, CycleError."""
    rows = query.outline(conn, letter_id)
    if letter_id not in rows.letters:
        raise NotFoundError(
            "there is no such letter",
            where=f"letter {letter_id}",
            remedy="List letters with: cascade letter list",
        )
    found = build(("letter", letter_id), today, rows)
    if found is None:
        graph.down(conn, letter_id, today)  # which finds the circle and names its letters
        raise AssertionError("a circle that only the outline sees")
    return found


def build(top: Node, today: date, rows: OutlineRows) -> Outline | None:
    """The outline made of its rows; None if they run in a circle."""
    found = Outline(top, today, rows.letters, {row.id: row for row in rows.steps})
    for upper, lower in _links(rows, found.steps):
        found._down[upper].append(lower)
        found._up[lower].append(upper)
    return found if _sum_up(found) else None


def _links(rows: OutlineRows, steps: dict[int, OutlineStepRow]) -> Iterator[tuple[Node, Node]]:
    """(upper, lower) of everything that hangs directly under something."""
    for step_id, letter_id, parent_id, *_ in rows.steps:
        is_part = parent_id is not None and parent_id in steps
        yield ("step", parent_id or 0) if is_part else ("letter", letter_id), ("step", step_id)
    linked = set()
    for step_id, answer_id in rows.answers:
        if step_id in steps:
            yield ("step", step_id), ("letter", answer_id)
            linked.add((steps[step_id].letter_id, answer_id))
    # A letter may implement one that laid nothing on its issuer: then they are linked directly.
    for cited_id, citing_id in rows.implementing:
        if (cited_id, citing_id) not in linked and cited_id in rows.letters:
            yield ("letter", cited_id), ("letter", citing_id)


def _sum_up(outline: Outline) -> bool:
    """Sum from the leaves up; False when a circle leaves nodes that have no turn."""
    down, up, sums = outline._down, outline._up, outline._sums
    left = {node: sum(child in down for child in children) for node, children in down.items()}
    ready = [node for node, waits_for in left.items() if not waits_for]
    for node in ready:
        sums[node] = _sum(outline, down[node])
        for upper in up.get(node, ()):
            left[upper] -= 1
            if not left[upper]:
                ready.append(upper)
    return len(ready) == len(left)


def _sum(outline: Outline, children: Iterable[Node]) -> _Sum:
    total = _Sum()
    worst = None
    for child in children:
        found = outline._sums.get(child, _NOTHING)
        if found is not _NOTHING:
            total.steps += found.steps
            total.ended += found.ended
            total.overdue += found.overdue
            total.is_shared |= found.is_shared
        if child[0] == "step":
            step = outline.steps[child[1]]
            total.steps += 1
            total.ended += step.turn == Turn.NOBODY
            total.overdue += outline.is_overdue(step)
        elif len(outline._up[child]) > 1:  # a step hangs under one thing only
            total.is_shared = True
        its = outline.worst(child)
        if its is not None and (worst is None or its < worst):
            worst = its
    total.worst = worst
    return total
