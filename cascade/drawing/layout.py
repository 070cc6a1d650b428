"""Where everything lies: boxes and routes in px, from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass

from cascade.drawing.picture import PictureEdge


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place: its left top corner and its size, in px."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """An edge's way and arrowhead as SVG path data, and the middle of its label.

    An extra route is one a tree has no place for; it is drawn lightly over the others.
    """

    edge: PictureEdge
    path: str
    tip: str = ""
    label_at: tuple[float, float] | None = None
    extra: bool = False


@dataclass(frozen=True)
class Layout:
    """A placed picture; compact boxes hold one line of text."""

    width: float
    height: float
    boxes: dict[str, Box]
    routes: tuple[Route, ...]
    compact: bool = False


def number(value: float) -> str:
    """Write a length with at most one decimal."""
    # Adding zero turns -0.0 into 0.0.
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
