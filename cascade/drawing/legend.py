"""The legend's rows: each mark beside its word, wrapped to the drawing's width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cascade.drawing import looks, text
from cascade.drawing.picture import LegendEntry

SWATCH: Final = 32.0  # px, the width of a mark
LINE: Final = 28.0  # px from one row of the legend to the next


@dataclass(frozen=True)
class Legend:
    """The entries with the left top corner of each, and the height of all, in px."""

    entries: tuple[tuple[LegendEntry, float, float], ...]
    height: float


def lay_out_legend(entries: tuple[LegendEntry, ...], width: float) -> Legend:
    """Place the entries in rows no wider than that, at least one to a row."""
    placed = []
    x = y = 0.0
    for entry in entries:
        wide = SWATCH + 7 + text.width(entry.word, looks.TEXT) + 18
        if x and x + wide > width:
            x, y = 0.0, y + LINE
        placed.append((entry, x, y))
        x += wide
    return Legend(tuple(placed), y + LINE if placed else 0.0)
