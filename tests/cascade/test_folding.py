"""Folding: never more than asked for, the top and what is overdue first, nothing uncounted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from cascade import graph
from cascade.fold import Folded, fold
from cascade.graph import Below, Cascade, Node
from models.queries.tracing import LetterLineRow, StepLineRow

TODAY = date(2026, 9, 15)
LATE, AHEAD = TODAY - timedelta(days=3), TODAY + timedelta(days=5)
How = Literal["working", "overdue", "done"]
HOWS: list[How] = ["working", "overdue", "done"]


class Garden:
    """A cascade grown by hand: letters, steps and whatever hangs below what."""

    def __init__(self) -> None:
        self.graph: nx.DiGraph[Node] = nx.DiGraph()
        self.letters: dict[int, LetterLineRow] = {}
        self.steps: dict[int, StepLineRow] = {}

    def letter(self, *above: Node) -> Node:
        new = len(self.letters) + 1
        self.letters[new] = LetterLineRow(
            new, 1, "Body P", "công văn", str(new), "UBND", TODAY, "Storms", "issued", 0
        )
        return self._hang(("letter", new), "answers", above)

    def step(self, above: Node, how: How = "working") -> Node:
        new = len(self.steps) + 1
        laid_by = above[1] if above[0] == "letter" else self.steps[above[1]].letter_id
        parent = above[1] if above[0] == "step" else None
        state, turn = ("accepted", "nobody") if how == "done" else ("sent", "lead")
        due = LATE if how == "overdue" else AHEAD
        self.steps[new] = StepLineRow(
            new, laid_by, parent, "obligation", 1, "A", "A", 1, "", state, turn, due, due, None
        )
        return self._hang(("step", new), "splits" if parent else "sets", [above])

    def cascade(self, *tops: Node) -> Cascade:
        return Cascade(list(tops), TODAY, self.graph, self.letters, self.steps)

    def _hang(self, node: Node, kind: str, above: tuple[Node, ...] | list[Node]) -> Node:
        self.graph.add_node(node)
        self.graph.add_edges_from(((each, node) for each in above), kind=kind)
        return node


@st.composite
def cascades(draw: st.DrawFn) -> Cascade:
    """Letters and steps below one or two tops; some letters answer several steps."""
    garden = Garden()
    tops = [garden.letter() for _ in range(draw(st.integers(1, 2)))]
    nodes = list(tops)
    for _ in range(draw(st.integers(0, 25))):
        steps = [node for node in nodes if node[0] == "step"]
        if steps and draw(st.sampled_from(("letter", "step"))) == "letter":
            chosen = st.lists(st.sampled_from(steps), min_size=1, max_size=3, unique=True)
            nodes.append(garden.letter(*draw(chosen)))
        else:
            nodes.append(garden.step(draw(st.sampled_from(nodes)), draw(st.sampled_from(HOWS))))
    return garden.cascade(*tops)


def under(cascade: Cascade, node: Node, shown: set[Node]) -> Below:
    """What a marker must say, counted the slow way: each hidden step below the node once."""
    hidden: set[Node] = set()
    for child in set(cascade.children(node)) - shown:
        hidden |= {child} | nx.descendants(cascade.graph, child)
    steps = [cascade.steps[node[1]] for node in hidden - shown if node[0] == "step"]
    return Below(
        len(steps),
        sum(step.turn == "nobody" for step in steps),
        sum(cascade.lateness(step) == "overdue" for step in steps),
    )


def is_urgent(cascade: Cascade, node: Node) -> bool:
    own = node[0] == "step" and cascade.lateness(cascade.steps[node[1]]) == "overdue"
    return own or cascade.below(node).overdue > 0


@given(cascades(), st.integers(1, 30), st.booleans())
def test_every_step_is_shown_or_counted_at_each_edge_once(
    cascade: Cascade, limit: int, finished: bool
) -> None:
    shown, hidden = fold(cascade, limit=limit, finished=finished)
    edge = {node for node in shown if set(cascade.children(node)) - shown}
    assert hidden == {node: under(cascade, node, shown) for node in edge}
    below_edge = {node for start in edge for node in nx.descendants(cascade.graph, start)}
    above = [top for top in cascade.tops if top in shown]
    reached = {node for top in above for node in nx.descendants(cascade.graph, top)}
    assert reached <= shown | below_edge


@given(cascades(), st.integers(1, 30))
def test_never_more_than_the_limit_and_always_the_top(cascade: Cascade, limit: int) -> None:
    shown, _ = fold(cascade, limit=limit)
    assert len(shown) <= limit
    assert cascade.tops[0] in shown
    for node in shown - set(cascade.tops):
        assert set(cascade.graph.predecessors(node)) & shown, "shown, but hangs on nothing shown"


@given(cascades(), st.integers(1, 30))
def test_what_is_overdue_is_shown_before_what_is_not(cascade: Cascade, limit: int) -> None:
    shown, _ = fold(cascade, limit=limit)
    if any(is_urgent(cascade, node) for node in set(cascade.graph) - shown):
        assert [n for n in shown - set(cascade.tops) if not is_urgent(cascade, n)] == []


@given(cascades())
def test_with_room_for_all_nothing_is_hidden_but_finished_branches(cascade: Cascade) -> None:
    everything = set(cascade.graph)
    assert fold(cascade, limit=len(everything), finished=False) == Folded(everything, {})
    for counts in fold(cascade, limit=len(everything)).hidden.values():
        assert counts.steps == counts.ended


@given(cascades())
def test_counts_below_are_those_counted_the_slow_way(cascade: Cascade) -> None:
    for node in cascade.graph:
        assert cascade.below(node) == under(cascade, node, {node})


def test_a_finished_branch_is_folded_and_an_open_one_is_not() -> None:
    garden = Garden()
    top = garden.letter()
    done, late = garden.step(top, "done"), garden.step(top)
    garden.step(garden.letter(done), "done")
    overdue = garden.step(garden.letter(late), "overdue")
    shown, hidden = fold(garden.cascade(top), limit=100)
    assert shown == {top, done, late, ("letter", 3), overdue}
    assert hidden == {done: Below(steps=1, ended=1, overdue=0)}


def test_a_shared_branch_under_one_marker_counts_once() -> None:
    garden = Garden()
    top = garden.letter()
    first, second = garden.step(top), garden.step(top)
    garden.step(garden.letter(first, second), "overdue")
    assert fold(garden.cascade(top), limit=1).hidden == {top: Below(steps=3, ended=0, overdue=1)}


def test_what_is_shown_by_another_way_is_not_counted_as_hidden() -> None:
    garden = Garden()
    top = garden.letter()
    first, second = garden.step(top), garden.step(top)
    shared, other = garden.letter(first), garden.letter(second)
    task, deeper = garden.step(shared), garden.step(other)
    garden.graph.add_edge(deeper, shared, kind="answers")
    shown, hidden = fold(garden.cascade(top), limit=6)
    assert shown == {top, first, second, shared, other, task}
    assert hidden == {other: Below(steps=1, ended=0, overdue=0)}


def test_a_chain_of_5000_letters_needs_no_recursion() -> None:
    garden = Garden()
    top = node = garden.letter()
    for _ in range(5000):
        node = garden.letter(garden.step(node))
    cascade = garden.cascade(top)
    graph._refuse_circle(cascade.graph, cascade.letters)
    assert cascade.below(top) == Below(5000, 0, 0)
    assert len(list(cascade.walk())) == 10_001
    shown, hidden = fold(cascade, limit=101)
    assert len(shown) == 101
    assert list(hidden.values()) == [Below(4950, 0, 0)]
