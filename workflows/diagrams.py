"""State diagrams and tables of moves in Markdown, made from the machines themselves."""

from __future__ import annotations

from typing import Any

from workflows.labels import STATES, TRIGGERS
from workflows.letter import LETTER
from workflows.machine import Move, StateMachine
from workflows.obligation import OBLIGATION
from workflows.roles import ITSELF
from workflows.task import TASK

MACHINES: tuple[StateMachine[Any], ...] = (LETTER, OBLIGATION, TASK)


def page(machine: StateMachine[Any]) -> str:
    """The Markdown page of one machine: its diagram, its states, its moves."""
    states = "\n".join(
        f"| `{state}` | {STATES[state].vi} | {STATES[state].en} | {turn} |"
        for state, turn in machine.states.items()
    )
    moves = "\n".join(_row(move) for move in machine.moves)
    return (
        f"# The {machine.name} machine\n\n"
        "Made from the machine by `python -m workflows`; a test holds it true. Moves that leave\n"
        "the state and moves that end it early are in the table, not in the drawing.\n\n"
        f"```mermaid\n{mermaid(machine)}\n```\n\n"
        "## States\n\n| state | Vietnamese | English | whose move |\n|---|---|---|---|\n"
        f"{states}\n\n"
        "## Moves\n\n| move | Vietnamese | from | to | who | guards |\n|---|---|---|---|---|---|\n"
        f"{moves}\n"
    )


def mermaid(machine: StateMachine[Any]) -> str:
    """The diagram as Mermaid text: every move that changes the state between few sources."""
    lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in machine.initial)]
    for move in machine.moves:
        if move.target is None or len(move.froms()) > 4:
            continue
        mark = " (itself)" if move.by is ITSELF else ""
        lines += [f"    {s} --> {move.target}: {move.trigger}{mark}" for s in move.froms()]
    return "\n".join(lines)


def _row(move: Move[Any]) -> str:
    who = "by itself"
    if move.by.side is not None:
        who = f"{move.by.side}: {', '.join(sorted(move.by.roles))}"
    target = f"`{move.target}`" if move.target else "(stays)"
    sources = ", ".join(f"`{s}`" for s in move.froms())
    guards = ", ".join(f"`{guard.__name__}`" for guard in move.when) or "–"
    words = TRIGGERS.get(move.trigger)
    return (
        f"| `{move.trigger}` | {words.vi if words else '–'} | {sources} | {target} "
        f"| {who} | {guards} |"
    )
