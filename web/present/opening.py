"""What of a cascade an address asks for, and the addresses that ask for more of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from cascade.graph import Node
from cascade.outline import Place
from cascade.viewing import Wish

# step-12, or step-12.0.739510.1.812: after which of its children.
_NODE = re.compile(r"(letter|step)-(\d{1,9})(?:\.(\d)\.(\d{1,7})\.(\d)\.(\d{1,9}))?")
MOST = 40  # branches opened by one address


class Branch(NamedTuple):
    """A node, and after which of its children it goes on."""

    node: Node
    after: Place | None = None

    def __str__(self) -> str:
        place = "".join(f".{part}" for part in self.after or ())
        return f"{self.node[0]}-{self.node[1]}{place}"


class Asked(NamedTuple):
    """The parameters of the tree and of its picture."""

    opened: tuple[Branch, ...]
    shut: tuple[Branch, ...]
    depth: int | None
    unit: str

    def wish(self, unit_id: int | None) -> Wish:
        """What is asked for, the unit found by its code."""
        opened = {branch.node: branch.after for branch in self.opened}
        shut = frozenset(branch.node for branch in self.shut) - opened.keys()
        return Wish(opened, shut, self.depth, unit_id)

    def query(self, tab: str = "") -> str:
        """The same as the query of an address."""
        named: list[tuple[str, str]] = [("tab", tab)] if tab else []
        named += [("open", str(branch)) for branch in self.opened]
        named += [("shut", str(branch)) for branch in self.shut]
        named += [("depth", str(self.depth))] if self.depth else []
        named += [("unit", self.unit)] if self.unit else []
        return "?" + urlencode(named)

    def opening(self, branch: Branch) -> str:
        """The address that opens one branch more, at its row, and not for one unit alone."""
        others = tuple(each for each in self.opened if each.node != branch.node)
        shut = tuple(each for each in self.shut if each.node != branch.node)
        asked = self._replace(opened=(*others, branch)[-MOST:], shut=shut, unit="")
        return f"{asked.query()}#{Branch(branch.node)}"

    def shutting(self, node: Node) -> str:
        """The address that shuts a branch, at its row."""
        others = tuple(each for each in self.opened if each.node != node)
        shut = (*(each for each in self.shut if each.node != node), Branch(node))
        return f"{self._replace(opened=others, shut=shut[-MOST:]).query()}#{Branch(node)}"


def read(args: MultiDict[str, str]) -> Asked:
    """What an address asks for; what cannot be read is passed over."""
    depth = args.get("depth", "")
    return Asked(
        _branches(args.getlist("open")),
        _branches(args.getlist("shut")),
        int(depth) if re.fullmatch(r"[1-9]", depth) else None,
        args.get("unit", "").strip()[:50],
    )


def branch_of(text: str) -> Branch | None:
    """A branch as an address names it."""
    found = _NODE.fullmatch(text)
    if found is None:
        return None
    kind, node_id, *place = found.groups()
    after = Place(*map(int, place)) if place[0] else None
    return Branch(("letter", int(node_id)) if kind == "letter" else ("step", int(node_id)), after)


def _branches(texts: Iterable[str]) -> tuple[Branch, ...]:
    found = (branch_of(text) for text in texts)
    return tuple(branch for branch in found if branch is not None)[:MOST]
