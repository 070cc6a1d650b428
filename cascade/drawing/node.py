"""One node as SVG: its outline, its tone's mark, its words, its link."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from cascade.drawing import looks, shapes
from cascade.drawing.layout import Box
from cascade.drawing.layout import number as n
from cascade.drawing.picture import NodeKind, PictureNode, Tone


def draw(node: PictureNode, box: Box, *, compact: bool) -> str:
    """Draw a node in its box; a compact one has a single line of text."""
    kind, tone = node.kind.value, node.tone.value
    parts = [f'<g class="cd-node cd-{kind} cd-{tone}">']
    if node.tooltip:
        parts.append(f"<title>{escape(node.tooltip)}</title>")
    parts.append(shape(node.kind, node.tone, box))
    parts.append(_words(node, box, compact=compact))
    parts.append("</g>")
    drawn = "".join(parts)
    return f"<a href={quoteattr(node.href)}>{drawn}</a>" if node.href else drawn


def shape(kind: NodeKind, tone: Tone, box: Box, *, centred: bool = False) -> str:
    """Draw a node's outline in its tone, and the tone's mark beside its first row."""
    look = looks.TONES[tone]
    border = f'stroke="{look.line}" stroke-width="{n(look.stroke)}"'
    if look.dash:
        border += f' stroke-dasharray="{look.dash}"'
    paths = shapes.outline(kind, box)
    drawn = "".join(f'<path fill="{look.fill}" {border} d="{path}"/>' for path in paths)
    if kind in (NodeKind.letter, NodeKind.missing):
        drawn += f'<path fill="none" {border} d="{shapes.ear(box)}"/>'
    if not look.mark:
        return drawn
    x = box.left + (box.width / 2 if centred else looks.PAD + 6)
    y = box.top + _middle(kind, box)
    where = f'transform="translate({n(x)} {n(y)})"'
    mark = 'stroke="#ffffff" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'{drawn}<g {where}><circle r="7" fill="{look.line}"/>'
        f'<path fill="none" {mark} d="{look.mark}"/></g>'
    )


def text_at(row: str, x: float, y: float, look: str) -> str:
    """Draw one row of text with its baseline at y; look is a list of SVG attributes."""
    space = " " if look else ""
    return f'<text x="{n(x)}" y="{n(y)}"{space}{look}>{escape(row)}</text>'


def _middle(kind: NodeKind, box: Box) -> float:
    """Give how far below the top of the box the middle of its first row lies."""
    if box.height > looks.ROW:
        return looks.PAD + looks.LEADING / 2
    return box.height / 2 - (looks.SHEET if kind is NodeKind.folded else 0)


def _words(node: PictureNode, box: Box, *, compact: bool) -> str:
    look = looks.TONES[node.tone]
    rows = looks.rows(node, compact=compact)
    x = box.left + looks.PAD + (looks.MARK if look.mark else 0)
    y = box.top + _middle(node.kind, box) + 4
    ink = f' fill="{look.ink}"' if look.ink != looks.INK else ""
    if compact:
        spans = "".join(_span(row, bold=bold) for row, bold in rows)
        return f'<text x="{n(x)}" y="{n(y)}"{ink}>{spans}</text>'
    drawn = []
    for number, (row, bold) in enumerate(rows):
        weight = ' font-weight="600"' if bold else ""
        drawn.append(text_at(row, x, y + number * looks.LEADING, f"{weight}{ink}".strip()))
    return "".join(drawn)


def _span(row: str, *, bold: bool) -> str:
    look = 'font-weight="600"' if bold else f'dx="{n(looks.TAB)}"'
    return f"<tspan {look}>{escape(row)}</tspan>"
