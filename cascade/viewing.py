"""What of a cascade is open on a page: so many rows, the urgent first, and what was asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import networkx as nx

from cascade.graph import Below, Cascade, Node
from cascade.outline import Outline, Place
from models.queries.tracing import LetterLineRow, StepLineRow

ROWS = 150  # opened unasked; with one fold under each, a picture of them has at most 300 boxes
WIDTH = 50  # children of one node at a time
NEAR = 2  # levels above and below a unit's own steps


@dataclass(frozen=True)
class Wish:
    """What somebody asked to see."""

    opened: Mapping[Node, Place | None] = field(default_factory=dict)  # after which child
    shut: frozenset[Node] = frozenset()
    depth: int | None = None  # generations of letters
    unit: int | None = None  # only its steps and what is near them


class View(NamedTuple):
    """The nodes shown, where they begin, and what hangs folded under some of them."""

    tops: list[Node]
    shown: set[Node]
    hidden: dict[Node, Below]
    apart: dict[Node, list[Node]]  # which children hang folded, the most urgent first


def view(outline: Outline, wish: Wish) -> View:
    """What to show of a cascade."""
    if wish.unit is not None:
        tops, shown = _near(outline, wish.unit)
    else:
        tops, shown = [outline.top], _opened_unasked(outline, wish)
    for node, after in wish.opened.items():
        shown.update(outline.way(node))
        shown.update(branch(outline, node, after))
    return _fold(outline, tops, _reached(outline, tops, shown, wish.shut))


def branch(outline: Outline, node: Node, after: Place | None) -> list[Node]:
    """A node's next children by urgency; letters among them with their own first children."""
    found = [
        child for child in outline.children(node) if after is None or outline.place(child) > after
    ][:WIDTH]
    for child in list(found):
        if child[0] == "letter":
            found += outline.children(child)[:WIDTH]
    return found


def fragment(outline: Outline, node: Node, after: Place | None, *, is_shut: bool = False) -> View:
    """A branch alone, as it is put into a page that shows the node; nothing of it if it is shut."""
    shown = set() if is_shut else set(branch(outline, node, after))
    children = outline.children(node)
    seen = _fold(outline, [child for child in children if child in shown], shown)
    rest = [
        child
        for child in children
        if child not in shown and (after is None or outline.place(child) > after)
    ]
    if rest:
        seen.apart[node] = rest
        seen.hidden[node] = outline.counted(rest, shown)
    return seen


def named(outline: Outline, seen: View) -> set[Node]:
    """The nodes a view names: those shown, and the worst of what each fold hides."""
    worst = (outline.worst(apart[0]) for apart in seen.apart.values())
    return seen.shown | {("step", each.step) for each in worst if each is not None}


def trim(outline: Outline, seen: View, most: int) -> View:
    """The same view with so few boxes, folds included, that it can be drawn."""
    if len(seen.shown) + len(seen.hidden) <= most:
        return seen
    kept: set[Node] = set()
    for node in _in_order(outline, seen.tops, seen.shown):
        kept.add(node)
        if len(kept) == most // 2:
            break
    return _fold(outline, [top for top in seen.tops if top in kept], kept)


@dataclass
class Part(Cascade):
    """The part of a cascade that is shown, knowing what it does not show."""

    whole: Outline = field(kw_only=True)

    def below(self, node: Node) -> Below:
        """Counts of all below a node, shown or not."""
        return self.whole.below(node)

    def is_missing(self, step: StepLineRow) -> bool:
        """Whether a letter is expected here and has not come."""
        return self.whole.is_missing(step.id)


def part(
    outline: Outline, seen: View, letters: list[LetterLineRow], steps: list[StepLineRow]
) -> Part:
    """The view with names, to be walked and drawn; the rows may name more than is shown."""
    graph: nx.DiGraph[Node] = nx.DiGraph()
    for node in _in_order(outline, seen.tops, seen.shown):
        graph.add_node(node)
        for child in outline.children(node):
            if child in seen.shown:
                graph.add_edge(node, child, kind=_KINDS[node[0], child[0]])
    return Part(
        seen.tops,
        outline.today,
        graph,
        {row.id: row for row in letters},
        {row.id: row for row in steps},
        whole=outline,
    )


_KINDS = {
    ("letter", "step"): "sets",
    ("step", "step"): "splits",
    ("step", "letter"): "answers",
    ("letter", "letter"): "implements",
}


def _opened_unasked(outline: Outline, wish: Wish) -> set[Node]:
    """The top, the way to the worst, then level by level what is overdue before what is not."""
    shown: set[Node] = set()
    if wish.depth is None:
        for node in outline.blockers(3):
            shown.update(outline.way(node))
    waiting: deque[Node] = deque([outline.top])
    later: deque[Node] = deque()
    met: set[Node] = set()
    rows = len(shown)
    while (waiting or later) and rows < ROWS:
        node = waiting.popleft() if waiting else later.popleft()
        if node in met:
            continue
        met.add(node)
        if node not in shown:
            shown.add(node)
            # A letter that is missing has a row of its own.
            rows += 1 + (node[0] == "step" and outline.is_missing(node[1]))
        if node in wish.shut or (outline.is_finished(node) and node != outline.top):
            continue
        for child in outline.children(node)[:WIDTH]:
            if wish.depth is None or outline.generations[child] < wish.depth:
                (later if outline.place(child).rank else waiting).append(child)
    return shown


def _near(outline: Outline, unit: int) -> tuple[list[Node], set[Node]]:
    """A unit's steps, the most urgent first, with what is near above and below each."""
    own: list[Node] = [("step", step.id) for step in outline.steps.values() if step.unit_id == unit]
    own = sorted(own, key=outline.place)[:WIDTH]
    shown: set[Node] = set(own)
    above: Iterable[Node] = own
    below: Iterable[Node] = own
    for _ in range(NEAR):
        above = [upper for node in above for upper in outline.parents(node)]
        shown.update(above)
    for _ in range(NEAR):
        below = [lower for node in below for lower in outline.children(node)[:WIDTH]]
        shown.update(list(below)[: ROWS - min(len(shown), ROWS)])
    tops = [n for n in shown if not any(upper in shown for upper in outline.parents(n))]
    return sorted(tops, key=lambda n: (outline.generations.get(n, 0), outline.place(n))), shown


def _reached(
    outline: Outline, tops: list[Node], shown: set[Node], shut: frozenset[Node]
) -> set[Node]:
    """What is shown and not under something shut."""
    found: set[Node] = set()
    waiting = list(tops)
    while waiting:
        node = waiting.pop()
        if node not in shown or node in found:
            continue
        found.add(node)
        if node not in shut:
            waiting += outline.children(node)
    return found


def _in_order(outline: Outline, tops: list[Node], shown: set[Node]) -> list[Node]:
    """The nodes shown, level by level, the urgent first on each."""
    found = dict.fromkeys(tops)
    waiting = deque(tops)
    while waiting:
        for child in outline.children(waiting.popleft()):
            if child in shown and child not in found:
                found[child] = None
                waiting.append(child)
    return list(found)


def _fold(outline: Outline, tops: list[Node], shown: set[Node]) -> View:
    apart = {
        node: [child for child in outline.children(node) if child not in shown] for node in shown
    }
    apart = {node: children for node, children in apart.items() if children}
    hidden = {node: outline.counted(children, shown) for node, children in apart.items()}
    return View(tops, shown, hidden, apart)
