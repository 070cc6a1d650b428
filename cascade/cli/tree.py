"""A trace on the terminal: a tree with one line a letter and one a step; the same as JSON."""

from __future__ import annotations

from typing import Any

from cascade import words
from cascade.cli.common import console
from cascade.graph import Cascade, Node
from workflows.labels import KINDS, Lang, Words
from workflows.lateness import Lateness

_SEEN = Words("(xem ở trên)", "(shown above)")
_STYLES = {Lateness.OVERDUE: "bold red", Lateness.DUE_SOON: "yellow"}


def print_tree(cascade: Cascade, lang: Lang) -> None:
    """The cascade as a tree; a letter met again is named, not repeated."""
    from rich.text import Text
    from rich.tree import Tree

    root = Tree("", hide_root=True)
    branches = [root]
    for depth, node, again in cascade.walk():
        name, state, style = _line(cascade, node, lang)
        line = Text.assemble((name, "bold" if node[0] == "letter" else ""), ("  " + state, style))
        if again and cascade.children(node):
            line.append(f"  {_SEEN.say(lang)}", "dim")
        del branches[depth + 1 :]
        branches.append(branches[depth].add(line))
    console().print(root)


def tree_json(cascade: Cascade) -> dict[str, Any]:
    """The cascade as data: every letter and step once, and the edges between them."""
    return {
        "today": cascade.today,
        "tops": [_name(node) for node in cascade.tops],
        "letters": [
            {
                **letter._asdict(),
                "id": f"L{letter.id}",
                "below": cascade.below(("letter", letter.id))._asdict(),
            }
            for letter in cascade.letters.values()
        ],
        "steps": [
            {
                **step._asdict(),
                "id": f"S{step.id}",
                "letter_id": f"L{step.letter_id}",
                "lateness": cascade.lateness(step),
                "missing": cascade.is_missing(step),
                "below": cascade.below(("step", step.id))._asdict(),
            }
            for step in cascade.steps.values()
        ],
        "edges": [
            {"from": _name(a), "to": _name(b), "kind": data["kind"]}
            for a, b, data in cascade.graph.edges(data=True)
        ],
    }


def _name(node: Node) -> str:
    return f"{node[0][0].upper()}{node[1]}"


def _line(cascade: Cascade, node: Node, lang: Lang) -> tuple[str, str, str]:
    if node[0] == "letter":
        letter = cascade.letters[node[1]]
        name = f"L{letter.id} {words.letter_name(letter)} {letter.issuer_name}"
        said = [words.letter_state(letter, lang), words.below_node(cascade, node, lang)]
        return name, ", ".join(filter(None, said)), "cyan"
    step = cascade.steps[node[1]]
    name = f"S{step.id} {KINDS[step.kind].say(lang)}: {words.step_name(step, lang)}"
    said = words.step_state(cascade, step, lang)
    style = _STYLES.get(cascade.lateness(step), "green" if step.turn == "nobody" else "")
    return name, ", ".join(said), style
