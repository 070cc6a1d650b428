"""The linear layout: no box meets another, at any size and shape."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade.drawing import tree
from cascade.drawing.layout import Box, Layout
from cascade.drawing.picture import EdgeKind, NodeKind, Picture, PictureEdge, PictureNode, Tone


def picture_of(count: int, pairs: list[tuple[int, int]], words: list[str] | None = None) -> Picture:
    nodes = tuple(
        PictureNode(str(i), list(NodeKind)[i % 5], (words[i] if words else "x",), list(Tone)[i % 9])
        for i in range(count)
    )
    edges = tuple(PictureEdge(str(a), str(b), EdgeKind.sets, "điểm") for a, b in pairs)
    return Picture("t", nodes, edges, "vi", "")


@st.composite
def pictures(draw: st.DrawFn, *, acyclic: bool) -> Picture:
    count = draw(st.integers(1, 40))
    spot = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(spot, spot), max_size=80))
    if acyclic:
        pairs = [(min(pair), max(pair)) for pair in pairs]
    words = draw(st.lists(st.text(max_size=90), min_size=count, max_size=count))
    return picture_of(count, pairs, words)


def overlapping(layout: Layout) -> list[tuple[Box, Box]]:
    boxes = sorted(layout.boxes.values(), key=lambda box: (box.left, box.top))
    return [
        (one, two)
        for number, one in enumerate(boxes)
        for two in boxes[number + 1 :]
        if one.left < two.left + two.width
        and two.left < one.left + one.width
        and one.top < two.top + two.height
        and two.top < one.top + one.height
    ]


@settings(max_examples=150, deadline=None)
@given(pictures(acyclic=True))
def test_no_two_boxes_overlap(picture: Picture) -> None:
    layout = tree.lay_out(picture)
    assert set(layout.boxes) == {node.key for node in picture.nodes}
    assert overlapping(layout) == []
    assert all(
        box.left >= 0
        and box.top >= 0
        and box.left + box.width <= layout.width
        and box.top + box.height <= layout.height
        for box in layout.boxes.values()
    )


@settings(max_examples=100, deadline=None)
@given(pictures(acyclic=True))
def test_a_child_stands_right_of_its_first_parent(picture: Picture) -> None:
    layout = tree.lay_out(picture)
    for route in layout.routes:
        source, target = layout.boxes[route.edge.source], layout.boxes[route.edge.target]
        assert route.extra or source.left + source.width < target.left
    first: dict[str, PictureEdge] = {}
    for edge in picture.edges:
        first.setdefault(edge.target, edge)
    assert sum(not route.extra for route in layout.routes) >= len(first)


@settings(max_examples=60, deadline=None)
@given(pictures(acyclic=False))
def test_a_loop_is_cut_and_everything_is_still_drawn(picture: Picture) -> None:
    layout = tree.lay_out(picture)
    assert set(layout.boxes) == {node.key for node in picture.nodes}
    assert len(layout.routes) == len(picture.edges)
    assert overlapping(layout) == []


def test_children_keep_the_order_of_their_edges() -> None:
    layout = tree.lay_out(picture_of(4, [(0, 3), (0, 1), (0, 2)]))
    tops = [layout.boxes[key].top for key in ("3", "1", "2")]
    assert tops == sorted(tops)
    assert layout.boxes["0"].top == tops[0]


@pytest.mark.parametrize("branching", [50_000, 8, 1], ids=["wide", "tree", "chain"])
def test_fifty_thousand_nodes_need_no_recursion(branching: int) -> None:
    pairs = [((i - 1) // branching, i) for i in range(1, 50_000)]
    layout = tree.lay_out(picture_of(50_000, pairs))
    assert len(layout.boxes) == 50_000
    columns: dict[float, list[Box]] = {}
    for box in layout.boxes.values():
        columns.setdefault(box.left, []).append(box)
    for column in columns.values():
        column.sort(key=lambda box: box.top)
        assert all(one.top + one.height <= two.top for one, two in pairwise(column))


def test_an_empty_picture_has_no_size() -> None:
    layout = tree.lay_out(Picture("t", (), (), "vi", ""))
    assert (layout.width, layout.height, layout.boxes) == (0, 0, {})
