"""Commands on letters: read, import, issue, list, show, accuracy."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cascade import issue, sheets
from cascade.cli import importing, letter_sheet
from cascade.cli.asking import How
from cascade.cli.common import (
    actor,
    as_option,
    json_option,
    letter_id,
    open_register,
    print_json,
    print_table,
    progress,
    read_as_option,
    reading,
    working,
)
from cascade.cli.importing import Who
from cascade.clock import now
from cascade.corrections import parse
from cascade.errors import BadInputError, CascadeError
from cascade.files import there
from cascade.intake import as_labels, read_text
from cascade.intake.sources import load
from cascade.plan import CORRECTABLE
from models.queries import recognising, series
from models.queries import register as register_query
from workflows.labels import STATES
from workflows.letter import LetterState
from workflows.reference import reference


@click.group()
def letter() -> None:
    """Letters: read, import, issue, list, show; how well they were read."""


@letter.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def read(file: Path, as_json: bool) -> None:
    """Say what a letter holds (text, Word, PDF, mail); nothing is saved."""
    source = load(there(file))
    reading = read_text(source.text)
    reading = replace(reading, missing=(*reading.missing, *source.missing))
    if as_json:
        print_json({**as_labels(reading), "notes": list(source.notes)})
        return
    letter_sheet.print_reading(reading)
    for note in source.notes:
        click.echo(f"Note: {note}")


@letter.command("import")
@click.argument(
    "files", metavar="FILE|FOLDER…", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.option("--issue", "also_issue", is_flag=True, help="Issue each letter once registered.")
@click.option("--note", default="", help="Why, where due dates come too late for the level above.")
@click.option(
    "--set",
    "corrections",
    multiple=True,
    metavar="FIELD=VALUE",
    help=f"Correct what was read: {', '.join(CORRECTABLE)} (a unit's code).",
)
@click.option(
    "--duty",
    "duties",
    multiple=True,
    metavar="CODE[@POINT][=DATE]",
    help="Lay this duty too, or give it this due date.",
)
@click.option(
    "--no-duty", "no_duties", multiple=True, metavar="CODE[@POINT]", help="Lay no such duty."
)
@click.option(
    "--cites",
    multiple=True,
    metavar="REF=L5",
    help="Which letter a citation means; REF=none when it is not on file.",
)
@click.option(
    "--replaces",
    multiple=True,
    metavar="L5",
    help="Which cited letter this one is, where that is in doubt; none for none of them.",
)
@click.option("--recurring", is_flag=True, help="Points that come again become recurring duties.")
@click.option("--leave-unknown", is_flag=True, help="Register though some units are not on file.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Write what became of each file.",
)
@as_option
@json_option
def import_letters(
    files: tuple[Path, ...],
    corrections: tuple[str, ...],
    duties: tuple[str, ...],
    no_duties: tuple[str, ...],
    cites: tuple[str, ...],
    replaces: tuple[str, ...],
    report: Path | None,
    login: str | None,
    also_issue: bool,
    **chosen: Any,
) -> None:
    """Register letters: each is read, shown, confirmed, saved whole or not at all.

    A letter is linked to the letters it cites; one that is not on file yet gets a stub. Of a
    FOLDER (or with --report) every file below it is taken: what is on file already is skipped,
    what is certain is registered, and what needs a person is listed with why.
    """
    opened, how = open_register(), How(**chosen)
    who = Who(actor(opened, login), now())
    wanted = parse(corrections, duties, no_duties, cites, replaces)
    if not how.yes and not sys.stdin.isatty():
        raise BadInputError(
            "nobody is there to confirm", remedy="Add --yes to register without asking."
        )
    if report is not None or any(path.is_dir() for path in files):
        importing.refuse_corrections(wanted, how)
        importing.import_many(opened, files, who, how, also_issue, report)
        return
    done, failed = [], 0
    for file in progress(files, "Registering"):
        try:
            made = importing.import_one(opened, file, wanted, who, how, also_issue)
        except CascadeError as error:
            failed += 1
            if len(files) == 1:
                raise
            click.echo(f"error: {error}", err=True)
        else:
            done += [made] if made else []
    if how.as_json:
        print_json(done)
    if failed:
        raise BadInputError(
            f"{failed} of {len(files)} letters were not registered; see above",
            remedy="Correct them and import those files again; the others are registered.",
        )


@letter.command("issue")
@click.argument("letters", nargs=-1, required=True)
@click.option("--note", default="", help="Why, where due dates come too late for the level above.")
@as_option
@json_option
def issue_letters(letters: tuple[str, ...], note: str, login: str | None, as_json: bool) -> None:
    """Lay the duties of draft letters on their units, all of them or none."""
    opened = open_register()
    ids = [letter_id(text) for text in letters]
    with working("Issuing"):
        done = issue.issue(opened.db, ids, actor(opened, login), now(), note)
    if as_json:
        print_json(done._asdict())
    else:
        click.echo(
            f"Issued {done.letters}; laid {done.steps} steps; answered {done.answered} obligations."
        )


@letter.command("list")
@click.option(
    "--state",
    type=click.Choice([str(state) for state in LetterState]),
    help="Only letters in this state.",
)
@click.option("--after", default="L0", help="Continue after this letter.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@read_as_option
@json_option
def list_letters(
    state: str | None, after: str, limit: int, login: str | None, as_json: bool
) -> None:
    """Letters on file, a page at a time."""
    opened = open_register()
    with reading(opened, login) as conn:
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
@read_as_option
@json_option
def show(which: str, login: str | None, as_json: bool) -> None:
    """One letter: what it says, whom it addresses, its points, what it cites and who cites it."""
    opened = open_register()
    the_id = letter_id(which)
    with reading(opened, login) as conn:
        shown = sheets.sheet(conn, the_id)
        shown["recurring"] = [
            {"id": row.id, "unit": row.unit, "point": row.point, "phrase": row.phrase}
            | {"due": row.upcoming, "times": row.occurrences, "ended_on": row.ended_on}
            for row in series.of_letter(conn, the_id, now().today)[: series.PAGE]
        ]
    if as_json:
        print_json(shown)
    else:
        letter_sheet.print_sheet(shown, opened.settings.lang)


@letter.command("accuracy")
@json_option
def accuracy(as_json: bool) -> None:
    """How often each field was read right, changed, missed or dropped, over all letters."""
    opened = open_register()
    with opened.db.read() as conn:
        rows = recognising.accuracy(conn)
    if as_json:
        print_json([row._asdict() for row in rows])
    else:
        letter_sheet.print_accuracy(rows)
