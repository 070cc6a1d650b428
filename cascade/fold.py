"""Folding: a cascade small enough to look at, with counts where branches are folded away."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from cascade.graph import Below, Cascade, Node
from workflows.roles import Turn


class Folded(NamedTuple):
    """What is shown: the nodes in full, and what hangs folded under some of them."""

    shown: set[Node]
    hidden: dict[Node, Below]


def fold(cascade: Cascade, *, limit: int, finished: bool = True) -> Folded:
    """Show at most `limit` nodes, from the top down, what is overdue before what is not.

    With `finished`, branches in which everything has ended are folded even if there is room.
    """
    shown: set[Node] = set()
    waiting: deque[Node] = deque(cascade.tops)
    later: deque[Node] = deque()
    while (waiting or later) and len(shown) < limit:
        node = waiting.popleft() if waiting else later.popleft()
        if node in shown:
            continue
        shown.add(node)
        if finished and _is_over(cascade, node):
            continue
        for child in cascade.children(node):
            urgent = cascade.below(child).overdue or _is_overdue(cascade, child)
            (waiting if urgent else later).append(child)
    return Folded(shown, {node: _hidden(cascade, node, shown) for node in _edge(cascade, shown)})


def _is_over(cascade: Cascade, node: Node) -> bool:
    """Whether everything under a step has ended; the top and its own steps always stay open."""
    below = cascade.below(node)
    if node in cascade.tops or below.steps == 0 or below.steps != below.ended:
        return False
    return node[0] == "step" and cascade.steps[node[1]].turn == Turn.NOBODY


def _is_overdue(cascade: Cascade, node: Node) -> bool:
    return node[0] == "step" and cascade.lateness(cascade.steps[node[1]]) == "overdue"


def _edge(cascade: Cascade, shown: set[Node]) -> list[Node]:
    return [node for node in shown if any(c not in shown for c in cascade.children(node))]


def _hidden(cascade: Cascade, node: Node, shown: set[Node]) -> Below:
    """What lies under a node and is not shown."""
    counts = [0, 0, 0]
    for child in cascade.children(node):
        if child in shown:
            continue
        below = cascade.below(child)
        own = child[0] == "step"
        counts[0] += below.steps + own
        counts[1] += below.ended + (own and cascade.steps[child[1]].turn == Turn.NOBODY)
        counts[2] += below.overdue + _is_overdue(cascade, child)
    return Below(*counts)
