"""Confirming a letter at the terminal: shown with its places, corrected, then a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import click

from cascade import corrections, form, stubs
from cascade import plan as planning
from cascade.attaching import OnlyTheFileError
from cascade.cli import letter_sheet
from cascade.cli.common import Register
from cascade.corrections import Corrections
from cascade.errors import (
    BadInputError,
    CascadeError,
    MissingTextError,
    SecrecyMarkError,
    UnknownUnitError,
)
from cascade.intake import read_text
from cascade.intake.reading import Reading
from cascade.intake.sources import Source
from cascade.matching import AmbiguousCitationError, PlannedCitation, key, named
from cascade.naming import Named, unknown
from cascade.plan import MissingFieldsError, Plan, UnknownIssuerError
from cascade.stubs import DoubtfulStubError
from models.queries.register import OnFile

_LEAVE_UNKNOWN = (
    "Add the units or aliases (cascade units import FILE.csv), or add --leave-unknown to register "
    "the letter without their duties."
)


class How(NamedTuple):
    """How letters are confirmed: unseen, with unknown units left out, with nothing printed.

    With `recurring` what comes again becomes a series, as is said for one letter at a time.
    """

    yes: bool
    leave_unknown: bool
    as_json: bool
    recurring: bool = False
    note: str = ""  # why, where due dates come too late for the level above


def settle(
    opened: Register,
    where: str,
    source: Source,
    wanted: Corrections,
    how: How,
    doubt: Callable[[Plan], CascadeError | None] = lambda _plan: None,
) -> Plan | None:
    """The plan a person (or --yes) agrees to; None for "no"; raises what --yes cannot settle."""
    reading = _read(source, where)
    if how.yes and source.missing:
        raise MissingTextError(source.missing, where)
    left: set[str] = set()  # names the person has said are nobody we know
    while True:
        try:
            plan = _planned(opened, reading, wanted, where)
        except MissingFieldsError as missing:
            if how.yes:
                raise
            wanted = _with_fields(wanted, missing)
            continue
        except UnknownIssuerError as issuer:
            if how.yes or not issuer.named.candidates:
                raise
            wanted = _with_unit(wanted, issuer.named, _pick_unit(issuer.named, "Register nothing"))
            if issuer.named.printed not in wanted.units:
                return None
            continue
        twin = doubt(plan)
        # Where only the file is added, no open question of units or citations matters.
        attaches = isinstance(twin, OnlyTheFileError)
        if how.yes and attaches:
            return plan
        if how.yes:
            _refuse_open_questions(plan, how, where)
            if twin is not None:
                raise twin
            if not how.as_json:
                letter_sheet.print_plan(plan, where)
            return plan
        asked = None if attaches else _answered(plan, wanted, left, how)
        if asked is not None:
            wanted = asked
            continue
        letter_sheet.print_plan(plan, where)
        letter_sheet.print_values(plan, source.text)
        if twin is not None:
            click.echo(f"  Mind: {twin.what}")
        answer = _yes_no_edit("Attach the file?" if attaches else "Register it so?")
        if answer != "e":
            return plan if answer == "y" else None
        wanted = _edited(plan, wanted)


def _read(source: Source, where: str) -> Reading:
    try:
        reading = read_text(source.text)
    except SecrecyMarkError as secret:
        # Which line is told by the reader, of which file only here.
        raise SecrecyMarkError(secret.what, where=f"{where}, {secret.where}") from None
    return replace(reading, missing=(*reading.missing, *source.missing))


def _planned(opened: Register, reading: Reading, wanted: Corrections, where: str) -> Plan:
    with opened.db.read() as conn:
        plan = planning.plan(conn, reading, wanted.fields, where, wanted.choices)
    return corrections.apply(plan, wanted, where)


def _refuse_open_questions(plan: Plan, how: How, where: str) -> None:
    if plan.unknown and not how.leave_unknown:
        what = "these are no units on file:" + unknown(plan.unknown)
        raise UnknownUnitError(what, where=where, remedy=_LEAVE_UNKNOWN)
    if plan.ambiguous:
        raise AmbiguousCitationError(plan.ambiguous, where)
    if plan.doubtful:
        raise DoubtfulStubError(plan.doubtful, where)


def _answered(plan: Plan, wanted: Corrections, left: set[str], how: How) -> Corrections | None:
    """The corrections with every open question put to the person; None when none was open."""
    names = {n.printed: n for n in plan.unknown if n.printed not in left}
    if how.leave_unknown:
        names = {printed: name for printed, name in names.items() if name.candidates}
    for name in names.values():
        wanted = _with_unit(wanted, name, _pick_unit(name, "None of these; it gets no duty"))
        left.add(name.printed)
    for citation in plan.ambiguous:
        wanted = replace(wanted, cites={**wanted.cites, **_pick_letter(citation)})
    if plan.doubtful:
        wanted = replace(wanted, stubs=frozenset(one.id for one in plan.doubtful if _is_it(one)))
    return wanted if names or plan.ambiguous or plan.doubtful else None


def _is_it(stub: OnFile) -> bool:
    return click.confirm(f"{stubs.named(stub)} is cited and not on file. Is it this letter?")


def _pick_unit(name: Named, none: str) -> int | None:
    why = "may be several units" if name.is_ambiguous else "is no unit on file"
    lines = [f"{one.name} [{one.code}]  {one.score}%" for one in name.candidates]
    at = _pick(f"“{name.printed}” {why}:", lines, none)
    return None if at is None else name.candidates[at].unit_id


def _pick_letter(citation: PlannedCitation) -> dict[str, int | None]:
    reference = citation.found.number_symbol
    lines = [named(fit) for fit in citation.candidates]
    at = _pick(f"{reference} may be several letters:", lines, "None of these; it is not on file")
    return {key(reference): None if at is None else citation.candidates[at].letter.id}


def _pick(question: str, lines: Sequence[str], none: str) -> int | None:
    """The place of the line a person picks by number; None for 0."""
    click.echo(question)
    for number, line in enumerate(lines, 1):
        click.echo(f"  {number}  {line}")
    click.echo(f"  0  {none}")
    chosen: int = click.prompt("Which", type=click.IntRange(0, len(lines)))
    return chosen - 1 if chosen else None


def _with_unit(wanted: Corrections, name: Named, unit_id: int | None) -> Corrections:
    if unit_id is None:
        return wanted
    return replace(wanted, units={**wanted.units, name.printed: unit_id})


def _with_fields(wanted: Corrections, missing: MissingFieldsError) -> Corrections:
    click.echo(f"{missing.where}: {missing.what}.")
    given = {name: click.prompt(f"  {name}") for name in missing.fields}
    return replace(wanted, fields={**wanted.fields, **given})


def _yes_no_edit(question: str) -> str:
    words = {"y": "y", "yes": "y", "n": "n", "no": "n", "e": "e", "edit": "e"}
    while True:
        said = click.prompt(f"{question} y yes, n no, e edit", default="n").strip().lower()
        if said in words:
            return words[said]


def _edited(plan: Plan, wanted: Corrections) -> Corrections:
    """The corrections as edited; as they were when the person closes without saving."""
    text = form.write(plan)
    while True:
        edited = click.edit(text, extension=".txt")
        if edited is None:
            return wanted
        try:
            return form.read(edited, plan, wanted)
        except BadInputError as error:
            click.echo(f"error: {error}", err=True)
            text = edited
            if not click.confirm("Edit it again?", default=True):
                return wanted
