"""A letter's text with the places marked at which its values were found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

# Longer than any letter without its annexes; what lies behind is in the file.
SHOWN = 60_000


class Place(NamedTuple):
    """A place in a text under a name that links lead to."""

    name: str
    start: int
    end: int


def marked(text: str, places: Iterable[Place]) -> Markup:
    """The text as HTML; places may lie within one another, and one that overlaps is cut."""
    text = text[:SHOWN]
    found = sorted(
        (p for p in places if 0 <= p.start < p.end <= len(text)), key=lambda p: (p.start, -p.end)
    )
    parts: list[str] = []
    ends: list[int] = []
    at = 0

    def upto(stop: int) -> None:
        nonlocal at
        parts.append(str(escape(text[at:stop])))
        at = stop

    for place in found:
        while ends and ends[-1] <= place.start:
            upto(ends.pop())
            parts.append("</mark>")
        upto(place.start)
        parts.append(f'<mark id="{escape(place.name)}">')
        ends.append(min([place.end, *ends[-1:]]))
    while ends:
        upto(ends.pop())
        parts.append("</mark>")
    upto(len(text))
    # Every piece of the text was escaped above; the names are our own.
    return Markup("".join(parts))
