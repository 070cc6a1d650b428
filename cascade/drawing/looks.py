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


_BACK: Final = "M3.2 0H-3M-.3-2.8-3.2 0-.3 2.8"  # an arrow back to the sender
_DOUBT: Final = "M-2-1.9a2 2 0 1 1 2.7 1.9Q0 .4 0 1.2M0 3.7v.01"  # a question mark

TONES: Final[dict[Tone, Look]] = {
    Tone.neutral: Look("#ffffff", "#5b6b7b"),
    Tone.waiting: Look("#f6f8fa", "#6f7d8b", 1, mark="M-3 0h.01M0 0h.01M3 0h.01"),
    Tone.working: Look("#e9f2fb", "#2b6cb0", 1.6, mark="M-1.4-3 2.6 0-1.4 3Z"),
    Tone.done: Look("#e8f5ed", "#2a7a4f", 1.2, mark="M-3.2.2-1 2.6 3.2-2.4"),
    Tone.late: Look("#fdecea", "#b3261e", 3, mark="M0-3.6V.8M0 3.4v.01"),
    Tone.returned: Look("#fff5e0", "#9a5b00", 2, "9 3 2 3", _BACK),
    Tone.missing: Look("#fffdf7", "#7a4a1d", 1.6, "5 4", _DOUBT),
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
SMALL: Final = 9.5  # px, the labels of edges
LEADING: Final = 15.0  # px from one row to the next
PAD: Final = 10.0  # px between the border and the text
MARK: Final = 20.0  # px kept free for the mark
TAB: Final = 7.0  # px between the two texts of the compact form
SHEET: Final = 2.5  # px by which the sheets of a folded stack lie apart
ROW: Final = 22.0  # px, the height of a box in the compact form

Row = tuple[str, bool]


def rows(node: PictureNode, *, compact: bool = False) -> tuple[Row, ...]:
    """Give the rows of text in a node and whether each is bold; the compact form has at most two.

    What does not fit goes from the middle: the last line is the one that says how things stand.
    """
    head, *rest = node.lines or ("",)
    if not compact:
        lines = [head, *rest[:4], *rest[4:][-1:]]
        cut = [
            (row, line == 0) for line, whole in enumerate(lines) for row in text.rows(whole, 44, 2)
        ]
        return tuple(cut)
    tail = text.rows(" · ".join(rest[:-1]), 44, 1) + text.rows("".join(rest[-1:]), 32, 1)
    cut = [*((row, True) for row in text.rows(head, 44, 1))]
    return (*cut, (" · ".join(tail), False)) if tail else tuple(cut)


def size(node: PictureNode, *, compact: bool = False) -> tuple[float, float]:
    """Give the width and height of a node's box in px."""
    shown = rows(node, compact=compact)
    widths = [text.width(row, TEXT, bold=bold) for row, bold in shown]
    inner = sum(widths) + TAB * (len(widths) - 1) if compact else max(widths, default=0)
    side = (MARK if TONES[node.tone].mark else 0) + 2 * PAD
    if node.kind in (NodeKind.letter, NodeKind.missing, NodeKind.folded):
        side += 8  # the dog-ear, or the sheets behind
    wide = round(max(inner, 40) + side)
    if compact:
        return wide, ROW
    sheets = 2 * SHEET if node.kind is NodeKind.folded else 0
    return wide, max(len(shown), 1) * LEADING + 2 * PAD + sheets
