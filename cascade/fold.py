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
    return Folded(shown, cascade.hidden(shown))


def _is_over(cascade: Cascade, node: Node) -> bool:
    """Whether everything under a step has ended; the top and its own steps always stay open."""
    below = cascade.below(node)
    if node in cascade.tops or below.steps == 0 or below.steps != below.ended:
        return False
    return node[0] == "step" and cascade.steps[node[1]].turn == Turn.NOBODY


def _is_overdue(cascade: Cascade, node: Node) -> bool:
    return node[0] == "step" and cascade.lateness(cascade.steps[node[1]]) == "overdue"
