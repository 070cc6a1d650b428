"""Commands on letters: read, import, issue, list, show."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import click

from cascade import issue, register, sheets
from cascade import plan as planning
from cascade.cli import letter_sheet
from cascade.cli.common import (
    Register,
    actor,
    as_option,
    json_option,
    letter_id,
    open_register,
    print_json,
    print_table,
    progress,
    working,
)
from cascade.clock import Moment, now
from cascade.errors import BadInputError, CascadeError, UnknownUnitError
from cascade.intake import as_labels, load_text, read_file, read_text
from cascade.naming import unknown
from cascade.plan import CORRECTABLE
from models.queries import register as register_query
from models.queries.acting import ActorRow
from workflows.labels import STATES
from workflows.letter import LetterState
from workflows.reference import reference


class ImportOptions(NamedTuple):
    """How to import: without asking, issuing at once, leaving unknown units, printing JSON."""

    yes: bool
    also_issue: bool
    leave_unknown: bool
    as_json: bool


@click.group()
def letter() -> None:
    """Letters: read, import, issue, list, show."""


@letter.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def read(file: Path, as_json: bool) -> None:
    """Say what a plain-text letter holds; nothing is saved."""
    reading = read_file(file)
    if as_json:
        print_json(as_labels(reading))
    else:
        letter_sheet.print_reading(reading)


@letter.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.option("--issue", "also_issue", is_flag=True, help="Issue each letter once registered.")
@click.option(
    "--set",
    "corrections",
    multiple=True,
    metavar="FIELD=VALUE",
    help=f"Correct what was read: {', '.join(CORRECTABLE)} (a unit's code).",
)
@click.option("--leave-unknown", is_flag=True, help="Register though some units are not on file.")
@as_option
@json_option
def import_letters(
    files: tuple[Path, ...],
    corrections: tuple[str, ...],
    login: str | None,
    **chosen: bool,
) -> None:
    """Register letters: each is read, shown, confirmed, saved whole or not at all.

    A letter is linked to the letters it cites; one that is not on file yet gets a stub.
    """
    opened, options = open_register(), ImportOptions(**chosen)
    who, moment = actor(opened, login), now()
    fixes = _corrections(corrections)
    if not options.yes and not sys.stdin.isatty():
        raise BadInputError(
            "nobody is there to confirm", remedy="Add --yes to register without asking."
        )
    done, failed = [], 0
    for file in progress(files, "Registering"):
        try:
            made = _import_one(opened, file, fixes, who, moment, options)
        except CascadeError as error:
            failed += 1
            if len(files) == 1:
                raise
            click.echo(f"error: {error}", err=True)
        else:
            done += [made] if made else []
    if options.as_json:
        print_json(done)
    if failed:
        raise BadInputError(
            f"{failed} of {len(files)} letters were not registered; see above",
            remedy="Correct them and import those files again; the others are registered.",
        )


@letter.command("issue")
@click.argument("letters", nargs=-1, required=True)
@as_option
@json_option
def issue_letters(letters: tuple[str, ...], login: str | None, as_json: bool) -> None:
    """Lay the duties of draft letters on their units, all of them or none."""
    opened = open_register()
    ids = [letter_id(text) for text in letters]
    with working("Issuing"):
        done = issue.issue(opened.db, ids, actor(opened, login), now())
    if as_json:
        print_json(done._asdict())
    else:
        click.echo(
            f"Issued {done.letters}; laid {done.steps} steps; answered {done.answered} obligations."
        )


@letter.command("list")
@click.option("--state", type=click.Choice(list(LetterState)), help="Only letters in this state.")
@click.option("--after", default="L0", help="Continue after this letter.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@json_option
def list_letters(state: str | None, after: str, limit: int, as_json: bool) -> None:
    """Letters on file, a page at a time."""
    opened = open_register()
    with opened.db.read() as conn:
        rows = register_query.listed(conn, state=state, after=letter_id(after), limit=limit)
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    lang = opened.settings.lang
    print_table(
        ("letter", "reference", "date", "issuer", "subject", "state", "open steps"),
        (
            (
                f"L{row.id}",
                f"{row.kind} {reference(row.number, row.symbol)}",
                row.dated,
                row.issuer_name,
                row.subject,
                STATES[row.state].say(lang),
                row.open_steps,
            )
            for row in rows
        ),
        empty="No letter here. Register one: cascade letter import FILE",
    )
    if len(rows) == limit:
        click.echo(f"More: cascade letter list --after L{rows[-1].id}")


@letter.command("show")
@click.argument("which", metavar="LETTER")
@json_option
def show(which: str, as_json: bool) -> None:
    """One letter: what it says, whom it addresses, its points, what it cites and who cites it."""
    opened = open_register()
    the_id = letter_id(which)
    with opened.db.read() as conn:
        shown = sheets.sheet(conn, the_id)
    if as_json:
        print_json(shown)
    else:
        letter_sheet.print_sheet(shown, opened.settings.lang)


def _import_one(
    opened: Register,
    file: Path,
    fixes: dict[str, str],
    who: ActorRow,
    moment: Moment,
    options: ImportOptions,
) -> dict[str, object] | None:
    """Read, show, confirm, save one letter; None when the person said no."""
    text = load_text(file)
    reading = read_text(text)
    with opened.db.read() as conn:
        plan = planning.plan(conn, reading, fixes, str(file))
    if plan.unknown and not options.leave_unknown:
        raise UnknownUnitError(
            "these are no units on file:" + unknown(plan.unknown),
            where=str(file),
            remedy="Add the units or aliases (cascade units import FILE.csv), or add "
            "--leave-unknown to register the letter without their duties.",
        )
    if not options.as_json:
        letter_sheet.print_plan(plan, str(file))
    if not options.yes and not click.confirm("Register it so?"):
        return None
    with opened.store.staging([file]) as (kept,):
        the_id = register.enter(opened.db, plan, who, moment, text=text, file=kept, where=str(file))
    made: dict[str, object] = {"file": str(file), "letter": the_id, "duties": len(plan.duties)}
    if options.also_issue:
        made |= issue.issue(opened.db, [the_id], who, moment)._asdict()
    if not options.as_json:
        laid = f", {made['steps']} steps laid" if options.also_issue else ""
        click.echo(f"Registered as L{the_id}{laid}.")
        if not options.also_issue:
            click.echo(f"Next: cascade letter issue L{the_id}")
    return made


def _corrections(given: tuple[str, ...]) -> dict[str, str]:
    fixes = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in CORRECTABLE:
            raise BadInputError(
                f"{one!r} corrects nothing",
                where="--set",
                remedy=f"Write FIELD=VALUE with one of: {', '.join(CORRECTABLE)}.",
            )
        fixes[name] = value
    return fixes
