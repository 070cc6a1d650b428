"""A small cascade on a storm, and a maker of trees of any size."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cascade.drawing.picture import (
    EdgeKind,
    LegendEntry,
    NodeKind,
    Picture,
    PictureEdge,
    PictureNode,
    Tone,
)

MakeTree = Callable[..., Picture]


@pytest.fixture
def storm() -> Picture:
    nodes = (
        PictureNode(
            "letter",
            NodeKind.letter,
            ("Công văn 1245/UBND-NN", "Ủy ban nhân dân tỉnh", "Ứng phó bão số 12"),
            Tone.neutral,
            href="/letters/1",
            tooltip="Về việc ứng phó bão số 12 & mưa lũ",
        ),
        PictureNode(
            "thach-an",
            NodeKind.obligation,
            ("Ủy ban nhân dân huyện Thạch An", "quá hạn 4 ngày"),
            Tone.late,
            href="/steps/1",
        ),
        PictureNode(
            "quang-hoa", NodeKind.obligation, ("UBND huyện Quảng Hòa", "đã trả lời"), Tone.done
        ),
        PictureNode("none", NodeKind.missing, ("Chưa có văn bản",), Tone.missing),
        PictureNode("plan", NodeKind.letter, ("Kế hoạch 80/KH-UBND",), Tone.neutral),
        PictureNode("dyke", NodeKind.task, ("Kiểm tra đê", "bị trả lại"), Tone.returned),
        PictureNode("rest", NodeKind.folded, ("+12 nhiệm vụ", "đã xong"), Tone.folded),
    )
    edges = (
        PictureEdge("letter", "thach-an", EdgeKind.sets, "điểm 1"),
        PictureEdge("letter", "quang-hoa", EdgeKind.sets, "điểm 2"),
        PictureEdge("thach-an", "none", EdgeKind.missing),
        PictureEdge("quang-hoa", "plan", EdgeKind.answers),
        PictureEdge("plan", "dyke", EdgeKind.sets),
        PictureEdge("plan", "rest", EdgeKind.sets),
    )
    legend = (
        LegendEntry(Tone.late, "Quá hạn"),
        LegendEntry(NodeKind.letter, "Văn bản"),
        LegendEntry(EdgeKind.answers, "trả lời bằng"),
    )
    return Picture("Ứng phó bão số 12", nodes, edges, "vi", "Tính đến ngày 21/11/2026", legend)


@pytest.fixture
def make_tree() -> MakeTree:
    def make(count: int, branching: int = 8) -> Picture:
        tones = (Tone.done, Tone.late, Tone.working, Tone.waiting)
        nodes = (
            PictureNode(f"k{i}", NodeKind.task, (f"Nhiệm vụ {i}", "đang làm"), tones[i % 4])
            for i in range(count)
        )
        edges = (
            PictureEdge(f"k{(i - 1) // branching}", f"k{i}", EdgeKind.sets) for i in range(1, count)
        )
        return Picture("Toàn tỉnh", tuple(nodes), tuple(edges), "vi", "21/11/2026")

    return make


def hostile_names() -> list[str]:
    """Two hundred names that try to be something else than text."""
    seeds = [
        *("<b>", "</text>", "<script>alert(1)</script>", "]]>", "<!-- x", "--><svg/onload=1>"),
        *('"', '""', '"]; evil [label="', "'", "'>", 'a" URL="javascript:alert(1)', "`"),
        *("\\", "\\\\", "\\\\\\", "\\N", "\\G", "\\E", "\\l\\r\\n", '\\"', "ends in \\"),
        *("<<b>bold</b>>", "<<table><tr><td>x</td></tr></table>>", "<>", "< >", "<\n>"),
        *("&lt;b&gt;", "&#60;", "&amp;amp;", "&nosuch;", "&", "%N", "%s", "{{7*7}}", "${x}"),
        *("javascript:alert(1)", "data:text/html,x", "//evil.example", "#let x = 1", "$x$"),
        *(
            "\x00",
            "a\x00b",
            "\x1b[31m",
            "\x85",
            "\ufffe",
            "\ud800",
            "\u2028",
            "\u202eabc",
            "\u200f",
        ),
        *("line\nline", "a\r\nb", "a\tb", "", " ", "e\u0301" * 3, "a" + "\u0323" * 10_000),
        *("x" * 10_000, "Ủy ban " * 2_000, "漢字かな", "😀", "عربى", "digraph", "node", "n0:e"),
    ]
    wraps = ["{}", "<{}>", '"{}', "{}\\", "Ủy ban {} Thạch An"]
    return [wrap.format(seed) for seed in seeds for wrap in wraps]


@pytest.fixture
def hostile() -> Picture:
    """Every hostile name as a line, a label, a tooltip, a link, a key and a title."""
    names = hostile_names()
    assert len(names) >= 200
    nodes = tuple(
        PictureNode(
            f"{number}{name}",
            list(NodeKind)[number % 5],
            (name, f"mark{number}"),
            list(Tone)[number % 9],
            href=name,
            tooltip=name,
        )
        for number, name in enumerate(names)
    )
    edges = tuple(
        PictureEdge(nodes[number // 6].key, node.key, list(EdgeKind)[number % 4], node.lines[0])
        for number, node in enumerate(nodes)
        if number and node.lines
    )
    everything = " ".join(names)[:3_000]
    legend = tuple(LegendEntry(Tone.late, name) for name in names[:40])
    return Picture(everything, nodes, edges, names[2], everything, legend)
