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
    """An edge's way as SVG path data, its label's middle, and whether it leaves the tree."""

    edge: PictureEdge
    path: str
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
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0") if -0.05 < value < 0 else (
        f"{value:.1f}".removesuffix(".0")
    )
