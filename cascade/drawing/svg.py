"""Placed picture → SVG: attributes only, so it passes a policy without inline style or script.

It bears no ids, so several drawings can stand in one page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from cascade.drawing import looks
from cascade.drawing.layout import Box, Layout, Route
from cascade.drawing.layout import number as n
from cascade.drawing.legend import SWATCH, Legend, lay_out_legend
from cascade.drawing.node import draw, shape, text_at
from cascade.drawing.picture import EdgeKind, NodeKind, Picture, PictureEdge, Tone

MARGIN: Final = 20.0  # px around everything
NARROWEST: Final = 460.0  # px of width for title and legend


@dataclass(frozen=True)
class Sheet:
    """A finished drawing and its size in px."""

    svg: bytes
    width: float
    height: float


def write(picture: Picture, layout: Layout) -> Sheet:
    """Draw the title, the edges, the nodes in the picture's order, and the legend."""
    inner = max(layout.width, NARROWEST)
    title = textwrap.wrap(picture.title, max(20, int(inner / 9.5)), max_lines=3, placeholder=" …")
    top = MARGIN + 22 * len(title) + (20 if picture.as_of else 0) + (10 if picture.title else 0)
    legend = lay_out_legend(picture.legend, inner)
    width = inner + 2 * MARGIN
    foot = top + layout.height + (24 if legend.height else 0)
    height = foot + legend.height + MARGIN
    parts = [
        *_head(picture, title, width, height),
        f'<g transform="translate({n(MARGIN)} {n(top)})">',
        '<g class="cd-edges" fill="none">',
        *_edges(layout.routes),
        "</g>",
        f'<g class="cd-nodes" font-size="{n(looks.TEXT)}" fill="{looks.INK}">',
    ]
    for node in picture.nodes:
        parts.append(draw(node, layout.boxes[node.key], compact=layout.compact))
    parts += ["</g>", "</g>", *_legend(legend, foot), "</svg>"]
    return Sheet("\n".join(parts).encode(), width, height)


def _head(picture: Picture, title: list[str], width: float, height: float) -> Iterator[str]:
    # A reader's software looks for links inside a group, but never inside an image.
    role = "group" if any(node.href for node in picture.nodes) else "img"
    lang = quoteattr(picture.lang)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cascade-drawing" role="{role}" '
        f"aria-label={quoteattr(picture.title)} lang={lang} xml:lang={lang} "
        f'width="{n(width)}" height="{n(height)}" viewBox="0 0 {n(width)} {n(height)}" '
        f'font-family="{looks.FONTS}">'
    )
    yield f"<title>{escape(picture.title)}</title>"
    yield f"<desc>{escape(picture.as_of)}</desc>"
    yield f'<rect width="{n(width)}" height="{n(height)}" fill="{looks.PAPER}"/>'
    y = MARGIN
    for row in title:
        y += 22
        yield text_at(row, MARGIN, y - 5, f'font-size="17" font-weight="600" fill="{looks.INK}"')
    if picture.as_of:
        yield text_at(picture.as_of, MARGIN, y + 13, f'font-size="12" fill="{looks.SOFT}"')


def _edges(routes: tuple[Route, ...]) -> Iterator[str]:
    """Draw all edges that look alike as one path, which keeps a large drawing small."""
    alike: dict[tuple[EdgeKind, bool], list[Route]] = {}
    for route in routes:
        alike.setdefault((route.edge.kind, route.extra), []).append(route)
    for (kind, extra), group in sorted(alike.items()):
        colour, stroke, dash = looks.EDGES[kind]
        if extra:
            stroke, dash = 1.0, "8 3 2 3"
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        line = f'stroke="{colour}" stroke-width="{n(stroke)}"{dashed}'
        paths, tips = "".join(r.path for r in group), "".join(r.tip for r in group)
        yield f'<path class="cd-{kind.value}" {line} d="{paths}"/>'
        if tips:
            yield f'<path fill="{colour}" d="{tips}"/>'
    # A rim of paper keeps the letters apart from the line they stand on.
    rim = f'stroke="{looks.PAPER}" stroke-width="4" paint-order="stroke"'
    look = f'font-size="{n(looks.SMALL)}" fill="{looks.SOFT}" text-anchor="middle" {rim}'
    for route in routes:
        if route.label_at:
            x, y = route.label_at
            yield text_at(route.edge.label, x, y + 3, look)


def _legend(legend: Legend, top: float) -> Iterator[str]:
    if not legend.entries:
        return
    yield f'<g class="cd-legend" transform="translate({n(MARGIN)} {n(top)})">'
    for entry, x, y in legend.entries:
        box = Box(x, y, SWATCH, 20)
        if isinstance(entry.mark, EdgeKind):
            line = f"M{n(x)} {n(y + 10)}h{n(SWATCH)}"
            yield from _edges((Route(PictureEdge("", "", entry.mark), line),))
        elif isinstance(entry.mark, Tone):
            yield shape(NodeKind.task, entry.mark, box, centred=True)
        else:
            yield shape(entry.mark, Tone.neutral, box)
        look = f'font-size="{n(looks.TEXT)}" fill="{looks.SOFT}"'
        yield text_at(entry.word, x + SWATCH + 7, y + 14, look)
    yield "</g>"
