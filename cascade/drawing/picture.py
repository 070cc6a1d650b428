"""The picture between the cascade and whatever draws it: nodes, edges and tones, all frozen.

Every text is cleaned and every link checked when a piece is made, so no drawer has to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from cascade.drawing.errors import BadPictureError
from cascade.drawing.text import clean

Direction = Literal["LR", "TB"]  # left to right, top to bottom


class Tone(StrEnum):
    """How a node stands; the words for it are the caller's and go into the node's lines."""

    neutral = "neutral"
    waiting = "waiting"
    working = "working"
    done = "done"
    late = "late"
    returned = "returned"
    missing = "missing"
    folded = "folded"
    ended = "ended"


class NodeKind(StrEnum):
    """What a node is; each kind has a shape of its own."""

    letter = "letter"
    obligation = "obligation"
    task = "task"
    missing = "missing"  # a letter that is expected and not there
    folded = "folded"  # a branch shown as its count


class EdgeKind(StrEnum):
    """What an edge says of its target."""

    sets = "sets"
    answers = "answers"
    splits = "splits"
    missing = "missing"


@dataclass(frozen=True)
class PictureNode:
    """One box: the first line is its name, the others say what it is and how it stands."""

    key: str
    kind: NodeKind
    lines: tuple[str, ...]
    tone: Tone
    href: str | None = None
    tooltip: str = ""

    def __post_init__(self) -> None:
        lines = (clean(line) for line in self.lines)
        object.__setattr__(self, "lines", tuple(line for line in lines if line))
        object.__setattr__(self, "tooltip", clean(self.tooltip))
        object.__setattr__(self, "href", safe_href(self.href))


@dataclass(frozen=True)
class PictureEdge:
    """One arrow between two nodes, named by their keys."""

    source: str
    target: str
    kind: EdgeKind
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", clean(self.label))


@dataclass(frozen=True)
class LegendEntry:
    """One word of the legend beside the mark it explains."""

    mark: Tone | NodeKind | EdgeKind
    word: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "word", clean(self.word))


@dataclass(frozen=True)
class Picture:
    """A whole drawing; `as_of` is the phrase under the title, in the picture's language.

    An edge that names a node which is not in the picture is left out: it may lead to something
    the reader may not see. Raises BadPictureError when two nodes share a key.
    """

    title: str
    nodes: tuple[PictureNode, ...]
    edges: tuple[PictureEdge, ...]
    lang: str
    as_of: str
    legend: tuple[LegendEntry, ...] = ()

    def __post_init__(self) -> None:
        keys = {node.key for node in self.nodes}
        if len(keys) != len(self.nodes):
            raise BadPictureError("Two nodes of the picture have the same key.", where=self.title)
        seen = (e for e in self.edges if e.source in keys and e.target in keys)
        object.__setattr__(self, "nodes", tuple(self.nodes))
        object.__setattr__(self, "edges", tuple(e for e in seen if e.source != e.target))
        for name in ("title", "lang", "as_of"):
            object.__setattr__(self, name, clean(getattr(self, name)))


def safe_href(href: str | None) -> str | None:
    """Give the link back if it stays on this site (a path or a fragment), else None."""
    if not href or "\\" in href or " " in href or not href.isprintable():
        return None
    stays = href.startswith("#") or (href.startswith("/") and not href.startswith("//"))
    return href if stays else None
