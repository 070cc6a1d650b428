"""Picture → DOT, by the graphviz package; no text of the picture can become markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import graphviz  # type: ignore[import-untyped]

from cascade.drawing import looks
from cascade.drawing.picture import Direction, NodeKind, Picture, PictureNode

_SHAPES: Final = {
    NodeKind.letter: ("note", ""),
    NodeKind.obligation: ("box", "rounded"),
    NodeKind.task: ("box", ""),
    NodeKind.missing: ("note", "dashed"),
    NodeKind.folded: ("box3d", ""),
}
# Boxes that stand in one column are made as wide as each other, so that its edges are straight.
_AS_WIDE_AS: Final = {NodeKind.missing: NodeKind.letter, NodeKind.folded: NodeKind.task}


def to_digraph(
    picture: Picture, *, direction: Direction = "LR", heading: bool = True
) -> graphviz.Digraph:
    """Give the picture as a Digraph whose nodes are n0, n1, … and whose edges bear ids e0, e1, …

    Left to right or top to bottom; the heading is the title with the phrase of its date.
    """
    graph = graphviz.Digraph(
        graph_attr={"rankdir": direction, "ranksep": "0.55", "nodesep": "0.16", "charset": "utf-8"},
        # Graphviz in WASM guesses text widths without the font; ours are measured, so that
        # width and height, not the margin, give the box its size.
        node_attr={
            "fontname": "Be Vietnam Pro",
            "fontsize": str(looks.TEXT),
            "fontcolor": looks.INK,
            "margin": "0.08,0.04",
            "style": "filled",
        },
        edge_attr={
            "fontname": "Be Vietnam Pro",
            "fontsize": str(looks.SMALL + 1),
            "arrowsize": "0.6",
            "fontcolor": looks.SOFT,
            "tailport": "e" if direction == "LR" else "s",
            "headport": "w" if direction == "LR" else "n",
        },
    )
    if heading:
        graph.attr(label=_label((picture.title, picture.as_of)), labelloc="t", fontsize="14")
        graph.attr(fontname="Be Vietnam Pro")
    widest: dict[NodeKind, float] = {}
    for node in picture.nodes:
        like = _AS_WIDE_AS.get(node.kind, node.kind)
        widest[like] = max(widest.get(like, 0), looks.size(node)[0])
    names = {node.key: f"n{number}" for number, node in enumerate(picture.nodes)}
    for node in picture.nodes:
        shown = _label(row for row, _ in looks.rows(node))
        graph.node(
            names[node.key], shown, **_node(node, widest[_AS_WIDE_AS.get(node.kind, node.kind)])
        )
    for number, edge in enumerate(picture.edges):
        colour, stroke, dash = looks.EDGES[edge.kind]
        attributes = {"id": f"e{number}", "color": colour, "penwidth": str(stroke)}
        if dash:
            attributes["style"] = "dashed" if edge.kind == "missing" else "dotted"
        if edge.label:
            attributes["label"] = _label((edge.label,))
        graph.edge(names[edge.source], names[edge.target], **attributes)
    return graph


def _node(node: PictureNode, wide: float) -> dict[str, str]:
    look = looks.TONES[node.tone]
    _, high = looks.size(node)
    shape, style = _SHAPES[node.kind]
    styles = ["filled", style, "dashed" if look.dash else ""]
    attributes = {
        "shape": shape,
        "style": ",".join(dict.fromkeys(part for part in styles if part)),
        "fillcolor": look.fill,
        "color": look.line,
        "fontcolor": look.ink,
        "penwidth": str(look.stroke),
        "width": f"{wide / 72:.4f}",
        "height": f"{high / 72:.4f}",
    }
    if node.href:
        attributes["URL"] = _quoted(node.href)
    if node.tooltip:
        attributes["tooltip"] = _quoted(node.tooltip)
    return attributes


def _label(rows: Iterable[str]) -> str:
    label: str = graphviz.nohtml("\\n".join(_quoted(row) for row in rows))
    return label


def _quoted(text: str) -> str:
    # Graphviz also reads entities in plain labels, so that "&lt;" would be drawn as "<".
    quoted: str = graphviz.escape(text.replace("&", "&amp;"))
    return quoted
