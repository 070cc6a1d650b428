"""Rows turned into what programs are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from flask import g

from cascade.graph import Cascade, Node
from models.queries.api_steps import StepListRow
from models.queries.lists import OverdueRow
from models.queries.steps import StepPageRow
from models.queries.tracing import LetterLineRow
from web.api.problems import refusal
from web.refusals import tellable
from workflows.asks import asks, obstacles
from workflows.kinds import MACHINES
from workflows.lateness import days_late, lateness
from workflows.letter import LETTER
from workflows.refusals import Refusal

Shown = dict[str, Any]


class Lettered(Protocol):
    """A row with what names a letter."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def symbol(self) -> str | None: ...
    @property
    def dated(self) -> date | None: ...


def letter_ref(row: Lettered) -> Shown:
    """A letter by what names it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "number": row.number,
        "symbol": row.symbol,
        "date": row.dated,
    }


def letter_line(row: Any) -> Shown:
    """A letter in a list."""
    return {
        **letter_ref(row),
        "issuer": row.issuer_name,
        "subject": row.subject,
        "state": row.state,
        "open_steps": row.open_steps,
    }


def step_line(row: StepListRow | StepPageRow) -> Shown:
    """A step in a list, or at the head of its own answer."""
    return {
        **row._asdict(),
        "lateness": _late(row),
        "letter": _letter_of(row, row.letter_id),
        "text": row.text or (row.subject if isinstance(row, StepPageRow) else ""),
        "unit": {"id": row.unit_id, "code": row.unit_code, "name": row.unit},
        "issuer": {"id": row.issuer_id, "code": row.issuer_code, "name": row.issuer},
        "parent": row.parent_id,
    }


def overdue_line(row: OverdueRow) -> Shown:
    """A step that is overdue."""
    return {
        **row._asdict(),
        "days_late": days_late(row.due, g.today),
        "unit": {"id": row.unit_id, "code": row.unit_code, "name": row.unit},
        "issuer": row.issuer_code,
        "letter": _letter_of(row, row.letter_id),
    }


def moves(
    kind: str, state: str, options: Mapping[str, Sequence[Refusal]], titles: Mapping[str, Any]
) -> list[Shown]:
    """The moves from here: what each wants to be sent, and what stands against it whatever is."""
    machine: Any = LETTER if kind == "letter" else MACHINES[kind]
    found = []
    for trigger, refusals in options.items():
        if trigger not in titles:
            continue
        against = [refusal(one) for one in obstacles(tellable(refusals))]
        move = machine.find(trigger, state)
        found.append(
            {
                "trigger": trigger,
                "title": str(titles[trigger]),
                "is_possible": not against,
                "wants": [str(one) for one in (asks(move) if move else ())],
                "refusals": against,
            }
        )
    return found


def traced(found: Cascade) -> Shown:
    """A trace in one direction."""
    edges: Any = found.graph.edges(data="kind")
    return {
        "letters": [letter_line(row) for row in found.letters.values()],
        "steps": [
            {
                **row._asdict(),
                "lateness": str(found.lateness(row)),
                # Only where the reader sees it.
                "parent": row.parent_id if row.parent_id in found.steps else None,
                "unit": {"id": row.unit_id, "code": row.unit_code, "name": row.unit},
            }
            for row in found.steps.values()
        ],
        "edges": [
            {"source": _name(source), "target": _name(target), "kind": kind}
            for source, target, kind in edges
        ],
    }


def citation(row: Any, readable: set[int] | None = None) -> Shown:
    """A letter at the other end of a citation; its number only where it may be read."""
    shown = {**letter_ref(row), "issuer": row.issuer_name, "state": row.state, "role": row.role}
    if readable is not None and row.id not in readable:
        shown["id"] = None
    return shown


def readable(rows: Sequence[LetterLineRow]) -> set[int]:
    """The numbers of letters that may be read."""
    return {row.id for row in rows}


def _late(row: StepListRow | StepPageRow) -> str:
    found = lateness(due=row.due, turn=row.turn, today=g.today, reported_on=row.reported_on)
    return str(found)


def _letter_of(row: StepListRow | StepPageRow | OverdueRow, letter_id: int) -> Shown:
    return {
        "id": letter_id,
        "kind": row.letter_kind,
        "number": row.number,
        "symbol": row.symbol,
        "date": row.dated,
    }


def _name(node: Node) -> str:
    return f"{node[0]}/{node[1]}"
