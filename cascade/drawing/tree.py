"""The linear layout: an outline from left to right, one row a leaf, for any number of nodes.

The first edge into a node makes it a child; edges beyond that are drawn as curves over the tree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cascade.drawing import looks, text
from cascade.drawing.layout import Box, Layout, Route
from cascade.drawing.layout import number as n
from cascade.drawing.picture import Picture, PictureEdge

ROW_GAP: Final = 6.0  # px between two boxes of a column
COLUMN_GAP: Final = 36.0  # px between two columns
ROOT_GAP: Final = 18.0  # px between two trees


def lay_out(picture: Picture) -> Layout:
    """Place every node in time linear in nodes and edges; a parent stands beside its first child.

    A loop, which a cascade never has, is cut at its first node rather than refused.
    """
    sizes = {node.key: looks.size(node, compact=True) for node in picture.nodes}
    parents, order, children = _spanning_forest(sizes, picture.edges)
    depth: dict[str, int] = {}
    for key in order:
        above = parents.get(key)
        depth[key] = 0 if above is None else depth[above.source] + 1
    columns = _columns(sizes, depth, parents)
    boxes = _boxes(sizes, order, children, {key: columns[depth[key]][1] for key in order})
    routes = tuple(
        _branch(edge, boxes, columns[depth[edge.target]][0])
        if parents.get(edge.target) is edge
        else _curve(edge, boxes)
        for edge in picture.edges
    )
    height = max((box.top + box.height for box in boxes.values()), default=0)
    width = max((box.left + box.width for box in boxes.values()), default=0)
    return Layout(width, height, boxes, routes, compact=True)


Forest = tuple[dict[str, PictureEdge], list[str], dict[str, list[str]]]


def _spanning_forest(keys: Iterable[str], edges: Iterable[PictureEdge]) -> Forest:
    """Give each node's edge from its parent, all nodes in reading order, and the children."""
    parents: dict[str, PictureEdge] = {}
    children: dict[str, list[str]] = {}
    for edge in edges:
        if edge.target not in parents:
            parents[edge.target] = edge
            children.setdefault(edge.source, []).append(edge.target)
    order: list[str] = []
    seen: set[str] = set()
    keys = list(keys)
    # Real roots first; whatever they do not reach hangs on a loop, which is cut where met.
    for root in (*(key for key in keys if key not in parents), *keys):
        if root in seen:
            continue
        if root in parents:
            children[parents.pop(root).source].remove(root)
        stack = [root]
        while stack:
            key = stack.pop()
            seen.add(key)
            order.append(key)
            stack.extend(reversed(children.get(key, ())))
    return parents, order, children


def _columns(
    sizes: dict[str, tuple[float, float]], depth: dict[str, int], parents: dict[str, PictureEdge]
) -> list[tuple[float, float]]:
    """Give each column's trunk (where edges turn) and left side in px, labels between the two."""
    levels = max(depth.values(), default=0) + 1
    widths, labels = [0.0] * levels, [0.0] * levels
    for key, level in depth.items():
        widths[level] = max(widths[level], sizes[key][0])
        label = parents[key].label if key in parents else ""
        if label:
            labels[level] = max(labels[level], text.width(label, looks.SMALL))
    columns: list[tuple[float, float]] = []
    end = -COLUMN_GAP
    for width, label_width in zip(widths, labels, strict=True):
        left = end + COLUMN_GAP + label_width
        columns.append((end + COLUMN_GAP / 2, left))
        end = left + width
    return columns


def _boxes(
    sizes: dict[str, tuple[float, float]],
    order: list[str],
    children: dict[str, list[str]],
    lefts: dict[str, float],
) -> dict[str, Box]:
    """Give every branch a band of its own height, so that no two boxes can meet."""
    band: dict[str, float] = {}
    for key in reversed(order):
        below = sum(band[child] for child in children.get(key, ()))
        band[key] = max(sizes[key][1] + ROW_GAP, below)
    tops: dict[str, float] = {}
    end = 0.0
    boxes: dict[str, Box] = {}
    for key in order:
        if key not in tops:
            tops[key] = end + ROOT_GAP if end else 0.0
            end = tops[key] + band[key]
        top = tops[key]
        boxes[key] = Box(lefts[key], top, *sizes[key])
        for child in children.get(key, ()):
            tops[child] = top
            top += band[child]
    return boxes


def _branch(edge: PictureEdge, boxes: dict[str, Box], trunk: float) -> Route:
    source, target = boxes[edge.source], boxes[edge.target]
    start, end = source.left + source.width, target.left
    y, goal = source.top + source.height / 2, target.top + target.height / 2
    label = text.width(edge.label, looks.SMALL)
    down = "" if y == goal else f"H{n(trunk)}V{n(goal)}"
    path = f"M{n(start)} {n(y)}{down}H{n(end - 1)}"
    return Route(edge, path, "", (end - 8 - label / 2, goal) if edge.label else None)


def _curve(edge: PictureEdge, boxes: dict[str, Box]) -> Route:
    source, target = boxes[edge.source], boxes[edge.target]
    x, y = source.left + source.width, source.top + source.height / 2
    end, goal = target.left - 1, target.top + target.height / 2
    bend = COLUMN_GAP if end > x else 2 * COLUMN_GAP
    path = f"M{n(x)} {n(y)}C{n(x + bend)} {n(y)} {n(end - bend)} {n(goal)} {n(end)} {n(goal)}"
    middle = ((x + end) / 2, (y + goal) / 2)
    return Route(edge, path, "", middle if edge.label else None, extra=True)
