"""A letter on the terminal: as read, as planned, as registered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from cascade import provenance
from cascade.cli.common import print_table
from cascade.intake.reading import Found, Reading
from cascade.matching import named
from cascade.plan import Plan
from models.queries.recognising import FieldRow
from workflows.labels import STATES, Lang
from workflows.reference import identity, reference

_HEAD = ("kind", "number", "symbol", "dated", "place", "issuer", "parent_body", "subject")
_TAIL = ("urgency", "signer_capacity", "signer")


def print_reading(reading: Reading) -> None:
    """What was recognised, with how sure; what was not is named."""
    for name in (*_HEAD, *_TAIL):
        found: Found | None = getattr(reading, name)
        if found is not None:
            click.echo(f"{name:>16}  {found.value}  ({found.confidence:.0%})")
    _print_list("addressees", [found.value for found in reading.addressees])
    _print_list("distribution", [found.value for found in reading.distribution])
    print_table(
        ("cites", "date", "issuer", "role"),
        ((c.number_symbol, c.dated, c.issuer, c.role) for c in reading.citations),
        empty=f"{'cites':>16}  no other letter",
    )
    print_table(
        ("point", "lead", "with", "due", "text"),
        (
            (
                p.no,
                "; ".join(p.lead) or ("everybody addressed" if p.is_duty else ""),
                "; ".join(p.coordinating),
                p.due or p.due_text or p.recurring,
                _short(p.text),
            )
            for p in reading.points
        ),
        empty=f"{'points':>16}  none",
    )
    if reading.missing:
        click.echo("Not recognised: " + ", ".join(reading.missing))
    _print_oddities(reading)


def print_plan(plan: Plan, source: str) -> None:
    """What registering would do, for a person to confirm."""
    click.echo(f"\n{source}")
    click.echo(f"  {identity(plan.kind, plan.number, plan.symbol, plan.dated)}")
    click.echo(f"  issued by {plan.names[plan.issuer_id]}: {plan.subject}")
    for citation in plan.citations:
        target = f"L{citation.on_file.id}" if citation.on_file else "not on file yet: a stub"
        if citation.candidates:
            target = "may be several: " + "; ".join(map(named, citation.candidates))
        click.echo(f"  {citation.role} {citation.found.number_symbol} ({target})")
    print_table(
        ("will owe", "kind", "point", "due"),
        (
            (
                plan.names[duty.unit_id],
                duty.kind,
                "" if duty.position is None else plan.points[duty.position].found.no,
                duty.due,
            )
            for duty in plan.duties
        ),
        empty="  It lays no duty on any unit.",
    )
    for name in plan.unknown:
        click.echo(f"  no unit on file, so no duty: “{name.printed}”")


def print_values(plan: Plan, text: str) -> None:
    """Each value with where it was found and how sure, and what is missing."""
    print_table(
        ("value", "", "line", "found in", "sure"),
        (
            (
                one.field,
                _short(one.value),
                one.line,
                one.words or "given by you",
                "" if one.confidence is None else f"{one.confidence:.0%}",
            )
            for one in provenance.values(plan, text)
        ),
    )
    if lacking := provenance.missing(plan):
        click.echo("Missing: " + ", ".join(lacking))
    _print_oddities(plan.reading)


def print_accuracy(rows: Sequence[FieldRow]) -> None:
    """How well each field was read, in figures."""
    print_table(
        ("field", "read", "right", "changed", "missed", "spurious", "right of read"),
        ((*row, f"{row.right / row.read:.0%}" if row.read else "") for row in rows),
        empty="No letter was read yet. Register one: cascade letter import FILE",
    )


def print_sheet(shown: dict[str, Any], lang: Lang) -> None:
    """The sheet of a letter as text and tables."""
    name = f"{shown['kind']} {reference(shown['number'], shown['symbol'])}"
    click.echo(f"L{shown['id']}  {name}  {shown['dated'] or ''}")
    click.echo(f"{shown['issuer_name']}: {shown['subject']}")
    click.echo(f"{STATES[shown['state']].say(lang)}, {shown['open_steps']} steps open")
    _print_list("addressees", list(dict.fromkeys(shown["addressees"])))
    _print_list("distribution", list(dict.fromkeys(shown["distribution"])))
    for title in ("cites", "cited_by"):
        for c in shown[title]:
            named = identity(c["kind"], c["number"], c["symbol"], c["dated"])
            click.echo(f"{title.replace('_', ' '):>16}  L{c['id']} {named}: {c['role']}")
    print_table(
        ("point", "lead", "with", "due", "text"),
        (
            (
                p["no"],
                "; ".join(p["lead"]),
                "; ".join(p["coordinate"]),
                p["due"] or p["due_text"] or p["recurring"],
                _short(p["text"]),
            )
            for p in shown["points"]
        ),
        empty=f"{'points':>16}  none",
    )
    if shown["recurring"]:
        heads = ("id", "unit", "point", "phrase", "due", "times", "ended_on")
        rows = ([one[name] for name in heads] for one in shown["recurring"])
        print_table(("recurring", "unit", "point", "phrase", "next due", "times", "ended"), rows)


def _print_oddities(reading: Reading) -> None:
    for odd in reading.oddities:
        click.echo(f"Mind: {odd}")


def _print_list(name: str, values: list[str]) -> None:
    for value in values:
        click.echo(f"{name:>16}  {value}")
        name = ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else flat[:119] + "…"
