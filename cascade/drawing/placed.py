"""Graphviz' answer (json0) → a layout; only numbers are taken from it, never text or links."""

from __future__ import annotations

import json
import math
from typing import Any

from cascade.drawing.curves import Point, pair, smooth, tip_of
from cascade.drawing.errors import EngineError
from cascade.drawing.layout import Box, Layout, Route
from cascade.drawing.picture import Picture


def read(answer: bytes, picture: Picture) -> Layout:
    """Give the layout in px; raises EngineError when the answer does not fit the picture."""
    try:
        found = json.loads(answer)
        _, _, width, height = map(_number, found["bb"].split(","))
        objects = {thing["name"]: thing for thing in found.get("objects", ())}
        edges = {thing["id"]: thing for thing in found.get("edges", ())}
        boxes = {
            node.key: _box(objects[f"n{number}"], height)
            for number, node in enumerate(picture.nodes)
        }
        routes = tuple(
            _route(picture, number, edges[f"e{number}"], height)
            for number in range(len(picture.edges))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError("Graphviz gave an answer that cannot be read.") from error
    routes = smooth(routes, boxes, across=found.get("rankdir") == "LR")
    return Layout(width, height, boxes, routes)


def _box(thing: dict[str, Any], height: float) -> Box:
    x, y = _point(thing["pos"], height)
    wide, high = _number(thing["width"]) * 72, _number(thing["height"]) * 72
    return Box(x - wide / 2, y - high / 2, wide, high)


def _route(picture: Picture, number: int, thing: dict[str, Any], height: float) -> Route:
    paths, tip = [], ""
    for spline in thing["pos"].split(";"):
        parts = spline.split()
        end = next((_point(part[2:], height) for part in parts if part.startswith("e,")), None)
        points = [_point(part, height) for part in parts if part[0] not in "es"]
        first, *rest = points
        paths.append(f"M{pair(first)}C" + " ".join(map(pair, rest)))
        if end is not None:
            tip = tip_of(points[-1], end)
    at = _point(thing["lp"], height) if "lp" in thing else None
    return Route(picture.edges[number], "".join(paths), tip, at)


def _point(written: str, height: float) -> Point:
    x, y = written.split(",")
    return _number(x), height - _number(y)  # Graphviz counts from the bottom


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):  # "nan" would be read, and spoil the SVG
        raise ValueError(written)
    return number
