"""How each kind, tone and edge looks; no state is told by colour alone.

Each tone has a border and a mark of its own, each kind a shape, so a grey print reads the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cascade.drawing import text
from cascade.drawing.picture import EdgeKind, NodeKind, PictureNode, Tone

FONTS: Final = "Be Vietnam Pro, Noto Sans, Segoe UI, Roboto, Arial, sans-serif"
INK: Final = "#1c2733"
SOFT: Final = "#52606d"
PAPER: Final = "#ffffff"


@dataclass(frozen=True)
class Look:
    """Colours (six digits), border width in px, dash pattern in px, and the tone's mark.

    The mark is a path around 0,0, about 8 px wide, drawn in white on a disc of 7 px radius.
    """

    fill: str
    line: str
    stroke: float = 1.2
    dash: str = ""
    mark: str = ""
    ink: str = INK


TONES: Final[dict[Tone, Look]] = {
    Tone.neutral: Look("#ffffff", "#5b6b7b"),
    Tone.waiting: Look("#f6f8fa", "#6f7d8b", 1, mark="M-3 0h.01M0 0h.01M3 0h.01"),
    Tone.working: Look("#e9f2fb", "#2b6cb0", 1.6, mark="M-1.4-3 2.6 0-1.4 3Z"),
    Tone.done: Look("#e8f5ed", "#2a7a4f", 1.2, mark="M-3.2.2-1 2.6 3.2-2.4"),
    Tone.late: Look("#fdecea", "#b3261e", 3, mark="M0-3.6V.8M0 3.4v.01"),
    Tone.returned: Look("#fff5e0", "#9a5b00", 2, "9 3 2 3", "M-1-3.6-3.4-1.2-1 1.2M-3.2-1.2H1.4a2 2 0 0 1 0 4H-1"),
    Tone.missing: Look("#fffdf7", "#7a4a1d", 1.6, "5 4", "M-2-1.9a2 2 0 1 1 2.7 1.9Q0 .4 0 1.2M0 3.7v.01"),
    Tone.folded: Look("#eef1f4", "#5b6b7b", 1.2, mark="M-3 0H3M0-3V3"),
    Tone.ended: Look("#f3f4f5", "#8a949e", 1, "2 3", "M-3 0H3", ink="#5a646e"),
}  # fmt: skip

# Line colour, width in px, dash pattern in px.
EDGES: Final[dict[EdgeKind, tuple[str, float, str]]] = {
    EdgeKind.sets: ("#7b8896", 1.2, ""),
    EdgeKind.answers: ("#35475a", 2.2, ""),
    EdgeKind.splits: ("#7b8896", 1.4, "2 3"),
    EdgeKind.missing: ("#7a4a1d", 1.2, "6 4"),
}

TEXT: Final = 11.0  # px
LEADING: Final = 15.0  # px from one row to the next
PAD: Final = 10.0  # px between the border and the text
MARK: Final = 20.0  # px kept free for the mark
SHEET: Final = 4.0  # px by which the sheets of a folded stack lie apart
ROW: Final = 22.0  # px, the height of a box in the compact form

Row = tuple[str, bool]


def rows(node: PictureNode, *, compact: bool = False) -> tuple[Row, ...]:
    """Give the rows of text in a node and whether each is bold; compact is one line of two."""
    if compact:
        head, rest = node.lines[:1], " · ".join(node.lines[1:])
        parts = (*(text.rows(head[0], 48, 1) if head else ()), *text.rows(rest, 56, 1))
        return tuple((part, number == 0) for number, part in enumerate(parts))
    cut = [
        (row, number == 0)
        for number, line in enumerate(node.lines[:6])
        for row in text.rows(line, 38, 2)
    ]
    return tuple(cut)


def size(node: PictureNode, *, compact: bool = False) -> tuple[float, float]:
    """Give the width and height of a node's box in px."""
    shown = rows(node, compact=compact)
    widths = [text.width(row, TEXT, bold=bold) for row, bold in shown]
    inner = sum(widths) + 6 * (len(widths) - 1) if compact else max(widths, default=0)
    side = (MARK if TONES[node.tone].mark else 0) + 2 * PAD
    if node.kind in (NodeKind.letter, NodeKind.missing, NodeKind.folded):
        side += 8  # the dog-ear, or the sheets behind
    wide = round(max(inner, 40) + side)
    return (wide, ROW) if compact else (wide, round(len(shown) * LEADING + 2 * PAD))
