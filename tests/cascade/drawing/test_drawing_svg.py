"""The SVG is well-formed, safe to inline, and says what the picture says."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from cascade.drawing.picture import NodeKind, Picture, PictureNode, Tone
from cascade.drawing.render import render

SVG = "{http://www.w3.org/2000/svg}"
BOTH_LAYOUTS = pytest.mark.parametrize("limit", [1_000, 0], ids=["graphviz", "linear"])
ALLOWED = {"svg", "title", "desc", "g", "a", "path", "rect", "circle", "text", "tspan"}


def parsed(picture: Picture, limit: int) -> ElementTree.Element:
    return ElementTree.fromstring(render(picture, "svg", limit=limit, timeout=20))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(SVG + "text")]


@BOTH_LAYOUTS
def test_hostile_text_stays_text(hostile: Picture, limit: int) -> None:
    root = parsed(hostile, limit)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    shown = " ".join(texts(root))
    assert all(f"mark{number}" in shown for number in range(len(hostile.nodes)))
    for element in root.iter():
        names = {name.rpartition("}")[2] for name in element.attrib}
        assert not names & {"style", "id", "src"}
        assert not any(name.startswith("on") for name in names)
        href = element.attrib.get("href", "/")
        assert re.match(r"/(?!/)|#", href), href
    assert "<b>" in shown
    assert "\\N" in shown
    assert "&lt;b&gt;" in shown


@BOTH_LAYOUTS
def test_vietnamese_text_is_intact(storm: Picture, limit: int) -> None:
    shown = " ".join(texts(parsed(storm, limit)))
    for node in storm.nodes:
        for line in node.lines:
            assert line in shown
    assert "Tính đến ngày 21/11/2026" in shown
    assert "Quá hạn" in shown
    assert "điểm 1" in shown


@BOTH_LAYOUTS
def test_links_and_tooltips_lie_on_their_nodes(storm: Picture, limit: int) -> None:
    links = {link.attrib["href"]: link for link in parsed(storm, limit).iter(SVG + "a")}
    assert set(links) == {"/letters/1", "/steps/1"}
    tooltip = links["/letters/1"].find(f"{SVG}g/{SVG}title")
    assert tooltip is not None
    assert tooltip.text == "Về việc ứng phó bão số 12 & mưa lũ"


def test_it_is_an_image_with_a_name_and_a_group_when_it_has_links(storm: Picture) -> None:
    linked = parsed(storm, 1_000)
    plain = parsed(replace(storm, nodes=tuple(replace(n, href=None) for n in storm.nodes)), 1_000)
    assert (linked.attrib["role"], plain.attrib["role"]) == ("group", "img")
    for root in (linked, plain):
        assert root.attrib["aria-label"] == "Ứng phó bão số 12"
        assert root.attrib["lang"] == "vi"
        assert root.findtext(SVG + "title") == "Ứng phó bão số 12"
        assert root.findtext(SVG + "desc") == "Tính đến ngày 21/11/2026"
        assert "sans-serif" in root.attrib["font-family"]


def test_it_begins_with_the_svg_element_and_bears_no_ids(storm: Picture) -> None:
    svg = render(storm, "svg")
    assert svg.startswith(b"<svg ")
    assert b"<!" not in svg
    assert b" id=" not in svg


@BOTH_LAYOUTS
@pytest.mark.parametrize("tone", Tone)
@pytest.mark.parametrize("kind", NodeKind)
def test_every_kind_is_drawn_in_every_tone(kind: NodeKind, tone: Tone, limit: int) -> None:
    node = PictureNode("a", kind, ("Tên", "tình trạng"), tone)
    root = parsed(Picture("t", (node,), (), "vi", ""), limit)
    (group,) = (g for g in root.iter(SVG + "g") if "cd-node" in g.attrib.get("class", "").split())
    assert group.attrib["class"] == f"cd-node cd-{kind} cd-{tone}"


@BOTH_LAYOUTS
def test_an_empty_picture_and_a_node_without_words_can_be_drawn(limit: int) -> None:
    parsed(Picture("", (), (), "", ""), limit)
    parsed(Picture("", (PictureNode("a", NodeKind.task, (), Tone.done),), (), "", ""), limit)


@BOTH_LAYOUTS
def test_everything_lies_within_the_drawing(storm: Picture, limit: int) -> None:
    root = parsed(storm, limit)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for text in root.iter(SVG + "text"):
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 <= float(text.attrib["y"]) <= height
