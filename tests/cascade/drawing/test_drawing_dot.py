"""DOT carries hostile text as text, and Graphviz agrees."""

from __future__ import annotations

import json
import re

from cascade.drawing import looks, wasm
from cascade.drawing.dot import to_digraph
from cascade.drawing.picture import NodeKind, Picture, PictureNode, Tone


def drawn(picture: Picture) -> dict:  # type: ignore[type-arg]
    return json.loads(wasm.lay_out(to_digraph(picture).source, 20))  # type: ignore[no-any-return]


def one(line: str) -> Picture:
    return Picture("t", (PictureNode("a", NodeKind.task, (line,), Tone.done),), (), "vi", "")


def test_hostile_names_make_no_node_no_edge_and_no_link(hostile: Picture) -> None:
    answer = drawn(hostile)
    assert [thing["name"] for thing in answer["objects"]] == [
        f"n{number}" for number in range(len(hostile.nodes))
    ]
    assert len(answer["edges"]) == len(hostile.edges)
    links = {thing["URL"] for thing in answer["objects"] if "URL" in thing}
    assert links <= {node.href for node in hostile.nodes}
    assert not any(link.startswith(("javascript", "data", "//")) for link in links)


def test_a_backslash_and_an_entity_stay_what_they_are() -> None:
    assert r'label="\\N"' in to_digraph(one(r"\N")).source
    assert 'label="&amp;lt;b&amp;gt;"' in to_digraph(one("&lt;b&gt;")).source
    assert 'label="<b>"' in to_digraph(one("<b>")).source


def test_colours_have_six_digits() -> None:
    colours = [look.fill for look in looks.TONES.values()]
    colours += [look.line for look in looks.TONES.values()]
    colours += [look.ink for look in looks.TONES.values()]
    colours += [colour for colour, _, _ in looks.EDGES.values()]
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


def test_every_tone_and_kind_can_be_told_apart_in_grey() -> None:
    assert len({(look.stroke, look.dash, look.mark) for look in looks.TONES.values()}) == len(Tone)
    assert len({(stroke, dash) for _, stroke, dash in looks.EDGES.values()}) == 4


def test_a_drawing_goes_left_to_right_or_top_down(storm: Picture) -> None:
    assert "rankdir=LR" in to_digraph(storm).source
    assert "rankdir=TB" in to_digraph(storm, direction="TB").source
    assert "Ứng phó bão số 12" in to_digraph(storm).source


def test_boxes_are_at_least_as_large_as_their_text_measured(storm: Picture) -> None:
    for node, thing in zip(storm.nodes, drawn(storm)["objects"], strict=True):
        assert float(thing["width"]) * 72 >= looks.size(node)[0] - 0.1
        assert float(thing["height"]) * 72 >= looks.size(node)[1] - 0.1


def test_the_last_line_which_tells_the_state_is_never_cut_away() -> None:
    lines = ("Tên " * 40, *("dài " * 40 for _ in range(9)), "quá hạn")
    node = PictureNode("a", NodeKind.task, lines, Tone.late)
    assert looks.rows(node)[-1] == ("quá hạn", False)
    assert looks.rows(node, compact=True)[-1][0].endswith("quá hạn")
