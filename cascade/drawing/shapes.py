"""The outline of each kind of node, as SVG path data."""

from __future__ import annotations

from cascade.drawing.layout import Box
from cascade.drawing.layout import number as n
from cascade.drawing.looks import SHEET
from cascade.drawing.picture import NodeKind


def outline(kind: NodeKind, box: Box) -> tuple[str, ...]:
    """Give one closed path, or for a folded branch three, the hindmost first."""
    if kind is NodeKind.folded:
        wide, high = box.width - 2 * SHEET, box.height - 2 * SHEET
        steps = (2 * SHEET, SHEET, 0.0)
        return tuple(_sheet(Box(box.left + s, box.top + s, wide, high)) for s in steps)
    if kind is NodeKind.obligation:
        return (_rounded(box, min(11.0, box.height / 2)),)
    if kind is NodeKind.task:
        return (_sheet(box),)
    return (_letter(box),)


def ear(box: Box) -> str:
    """Give the folded corner of a letter, as an open path."""
    fold = _fold(box)
    return f"M{n(box.left + box.width - fold)} {n(box.top)}v{n(fold)}h{n(fold)}"


def _fold(box: Box) -> float:
    return min(10.0, box.height / 2)


def _letter(box: Box) -> str:
    fold = _fold(box)
    wide, high = n(box.width - fold), n(box.height - fold)
    back = n(-box.width)
    return f"M{n(box.left)} {n(box.top)}h{wide}l{n(fold)} {n(fold)}v{high}h{back}Z"


def _sheet(box: Box) -> str:
    return f"M{n(box.left)} {n(box.top)}h{n(box.width)}v{n(box.height)}h{n(-box.width)}Z"


def _rounded(box: Box, radius: float) -> str:
    r, wide, high = n(radius), n(box.width - 2 * radius), n(box.height - 2 * radius)
    arc = f"a{r} {r} 0 0 1"
    return (
        f"M{n(box.left + radius)} {n(box.top)}h{wide}{arc} {r} {r}v{high}{arc} -{r} {r}"
        f"h-{wide}{arc} -{r} -{r}v-{high}{arc} {r} -{r}Z"
    )
