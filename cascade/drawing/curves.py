"""The lines between placed boxes: an S for a small fan, a shared trunk for a large one.

Graphviz' own curves may loop when steep; they stay where something stands in the way of ours.
"""

from __future__ import annotations

import math
from typing import Final

from cascade.drawing import looks, text
from cascade.drawing.layout import Box, Route
from cascade.drawing.layout import number as n

Point = tuple[float, float]
# Boxes by the strip they fill in the drawing's direction: (start, length) → the same aside.
Columns = dict[tuple[float, float], list[tuple[float, float]]]

UP_TO: Final = 1_000  # nodes; each edge may be held against each of them
STEEP: Final = 450.0  # px aside, from which on S curves of one fan would run into one another
TIP: Final = 6.0  # px, the length of an arrowhead
CORNER: Final = 7.0  # px, the radius where a line turns into a trunk and out of it


def smooth(routes: tuple[Route, ...], boxes: dict[str, Box], *, across: bool) -> tuple[Route, ...]:
    """Replace the routes that have nothing in their way; across means from left to right."""
    if len(boxes) > UP_TO:
        return routes
    turned = {key: _turned(box, across=across) for key, box in boxes.items()}
    columns: Columns = {}
    for box in turned.values():
        columns.setdefault((box.left, box.width), []).append((box.top, box.height))
    steep = {
        route.edge.source
        for route in routes
        if abs(_middle(turned[route.edge.source]) - _middle(turned[route.edge.target])) > STEEP
    }
    # A trunk stands left of its labels, and neighbouring trunks a little apart from one another.
    trunks = {key: (number % 3 - 1) * 4.0 for number, key in enumerate(boxes) if key in steep}
    if across:
        widest = dict.fromkeys(steep, 0.0)
        for route in routes:
            if route.edge.source in steep and route.edge.label:
                wide = text.width(route.edge.label, looks.SMALL)
                widest[route.edge.source] = max(widest[route.edge.source], wide)
        trunks = {key: shift - widest[key] / 2 for key, shift in trunks.items()}
    return tuple(
        _smoothed(route, turned, columns, trunks.get(route.edge.source), across=across) or route
        for route in routes
    )


def tip_of(base: Point, end: Point) -> str:
    """Draw an arrowhead from where the line ends to where the box begins."""
    dx, dy = end[0] - base[0], end[1] - base[1]
    long = math.hypot(dx, dy) or 1.0
    across = (-dy / long * 2.6, dx / long * 2.6)
    one = (base[0] + across[0], base[1] + across[1])
    two = (base[0] - across[0], base[1] - across[1])
    return f"M{pair(one)}L{pair(end)} {pair(two)}Z"


def pair(point: Point) -> str:
    """Write a point as SVG path data."""
    return f"{n(point[0])} {n(point[1])}"


def _smoothed(
    route: Route, boxes: dict[str, Box], columns: Columns, trunk: float | None, *, across: bool
) -> Route | None:
    source, target = boxes[route.edge.source], boxes[route.edge.target]
    x, y = source.left + source.width, _middle(source)
    end, goal = target.left, _middle(target)
    base = end - TIP
    if base <= x or _crosses(columns, (x, y), (end, goal)):
        return None
    wide = text.width(route.edge.label, looks.SMALL) if across else 10.0
    label_x = base - wide / 2 - 3
    if trunk is None:
        half = (x + base) / 2
        points = [(x, y), (half, y), (half, goal), (base, goal)]
        form = "M{}C{} {} {}"
    else:
        turn = max(x + 2, min(base - 2, (x + base) / 2 + trunk))
        radius = min(CORNER, abs(goal - y) / 2, turn - x, base - turn)
        step = math.copysign(radius, goal - y)
        points = [(x, y), (turn - radius, y), (turn, y), (turn, y + step), (turn, goal - step)]
        points += [(turn, goal), (turn + radius, goal), (base, goal)]
        form = "M{}L{}Q{} {}L{}Q{} {}L{}"
    path = form.format(*(pair(_put(point, across=across)) for point in points))
    tip = tip_of(_put((base, goal), across=across), _put((end, goal), across=across))
    label_at = _put((label_x, goal), across=across) if route.edge.label else None
    return Route(route.edge, path, tip, label_at)


def _crosses(columns: Columns, start: Point, end: Point) -> bool:
    """Tell whether a box reaches into the rectangle between two points."""
    low, high = min(start[1], end[1]) + 1, max(start[1], end[1]) - 1
    return any(
        place < high and place + size > low
        for (left, wide), column in columns.items()
        if left < end[0] - 1 and left + wide > start[0] + 1
        for place, size in column
    )


def _turned(box: Box, *, across: bool) -> Box:
    """Turn a box so that the drawing always goes from left to right."""
    return box if across else Box(box.top, box.left, box.height, box.width)


def _put(point: Point, *, across: bool) -> Point:
    return point if across else (point[1], point[0])


def _middle(box: Box) -> float:
    return box.top + box.height / 2
