"""The tree and the picture of a cascade as they stand in a page, read back for comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

_VOID = frozenset({"br", "input", "meta", "link", "img"})


@dataclass
class Item:
    """A row of the tree: its own words and links, without those of the rows below it."""

    key: str
    depth: int
    text: str = ""
    links: dict[str, str] = field(default_factory=dict)  # words → address
    fetches: dict[str, str] = field(default_factory=dict)  # words → address for a script
    classes: set[str] = field(default_factory=set)
    above: Item | None = None

    @property
    def is_fold(self) -> bool:
        """Whether this says what is folded under the row above."""
        return "c-tree__fold" in self.classes


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.path: list[Item] = []
        self.link: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "li":
            above = self.path[-1] if self.path else None
            item = Item(given.get("id", ""), len(self.path), above=above)
            item.classes = set(given.get("class", "").split())
            self.items.append(item)
            self.path.append(item)
        elif self.path:
            self.path[-1].classes |= set(given.get("class", "").split())
            if tag == "a":
                self.link = given.get("href", ""), given.get("hx-get", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "li":
            self.path.pop()
        elif tag == "a":
            self.link = None

    def handle_data(self, data: str) -> None:
        if not self.path:
            return
        self.path[-1].text = " ".join(f"{self.path[-1].text} {data}".split())
        if self.link and data.strip():
            self.path[-1].links[data.strip()] = self.link[0]
            if self.link[1]:
                self.path[-1].fetches[data.strip()] = self.link[1]


def tree(page: str) -> list[Item]:
    """The rows of a page's tree, top down; of a fragment, all of it."""
    at = page.find('hx-target:inherited="closest li"')
    text = page[page.index(">", at) + 1 : page.index("</main>")] if at >= 0 else page
    reader = _Reader()
    reader.feed(text)
    assert not reader.path, "a row is not closed"
    return reader.items


def keys(page: str) -> list[str]:
    """The letters and steps of a page's tree, each once."""
    return [item.key for item in tree(page) if item.key]


@dataclass
class Box:
    """A box of the picture: whose it is, whether it is a fold, and every text in it."""

    key: str
    is_fold: bool
    texts: list[str]


def boxes(page: str) -> list[Box]:
    """The boxes of a page's picture."""
    found = []
    drawn = r'<a href="([^"]*)"><g class="cd-node cd-(\w+) [^"]*">(.*?)</g></a>'
    for href, kind, inner in re.findall(drawn, page, re.DOTALL):
        texts = [
            unescape("".join(parts))
            for parts in re.findall(r"<(?:title|text)[^>]*>([^<]*)<", inner)
        ]
        found.append(Box(_key(unescape(href)), kind == "folded", texts))
    return found


def _key(href: str) -> str:
    parts = urlsplit(href)
    if parts.fragment:
        return parts.fragment
    kind, number = parts.path.strip("/").split("/")[:2]
    return f"{kind.rstrip('s')}-{number}"


def query(href: str) -> dict[str, list[str]]:
    """The parameters of an address."""
    return parse_qs(urlsplit(href).query)
