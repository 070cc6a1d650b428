"""Commands on whole registers: taking over one that was kept in a spreadsheet."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from cascade import rows, spreadsheet
from cascade.bulk import Result, Terms
from cascade.cli.common import (
    Register,
    actor,
    as_option,
    json_option,
    open_register,
    print_json,
    print_table,
    progress_of,
)
from cascade.clock import now
from cascade.errors import BadInputError, RefusedError, UnknownUnitError
from cascade.files import there
from cascade.rows import RowOutcome
from cascade.spreadsheet import FIELDS, Table
from models import filing
from models.queries import recognising
from models.queries import units as units_query

_EXAMPLES = 3


@click.group()
def register() -> None:
    """A whole register: take over one that was kept in a spreadsheet."""


@register.command("import")
@click.argument("file", metavar="FILE.xlsx|csv", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "--mapping",
    "changes",
    multiple=True,
    metavar='FIELD="HEADING"',
    help=f"What a column means; FIELD= for none. Fields: {', '.join(FIELDS)}.",
)
@click.option("--issuer", metavar="CODE", help="Who issued the letters, where no column says it.")
@click.option("--yes", is_flag=True, help="Do not ask what the columns mean; for scripts.")
@click.option("--leave-unknown", is_flag=True, help="Register though some units are not on file.")
@as_option
@json_option
def import_register(
    file: Path,
    changes: tuple[str, ...],
    issuer: str | None,
    yes: bool,
    leave_unknown: bool,
    login: str | None,
    as_json: bool,
) -> None:
    """Register the rows of a spreadsheet as draft letters, each whole or not at all.

    What the columns mean is proposed, shown and confirmed, and remembered by the headings for the
    next file. Rows whose letter is on file are skipped; rows that cannot be taken are listed.
    """
    opened = open_register()
    who = actor(opened, login)
    wanted = _changes(changes)
    _check_issuer(opened, issuer)
    table = spreadsheet.read(there(file), wanted)
    columns = _columns(opened, table, wanted, issuer, ask=not yes, quiet=as_json)
    if columns is None:
        return
    terms = Terms(leave_unknown=leave_unknown)
    run = rows.enter(opened.db, table, columns, who, now(), terms, issuer)
    done = list(progress_of(run, len(table.rows), "Registering"))
    _tell(done, as_json)
    if waiting := sum(one.result is Result.PERSON for one in done):
        raise RefusedError(
            f"{waiting} of {len(done)} rows were not registered",
            where=str(file),
            remedy="Correct them and import the file again; the others are registered.",
        )


def _changes(given: tuple[str, ...]) -> dict[str, str]:
    changes = {}
    for one in given:
        name, equals, heading = one.partition("=")
        if not equals or name not in FIELDS:
            raise BadInputError(
                f"{one!r} says what no column means",
                where="--map",
                remedy=f'Write FIELD="HEADING" with one of: {", ".join(FIELDS)}.',
            )
        changes[name] = heading.strip()
    return changes


def _columns(
    opened: Register,
    table: Table,
    wanted: Mapping[str, str],
    issuer: str | None,
    *,
    ask: bool,
    quiet: bool,
) -> dict[str, str] | None:
    """What the columns mean: as remembered, else as proposed and confirmed; None for "no"."""
    with opened.db.read() as conn:
        remembered = recognising.mapping(conn, table.key)
    columns = spreadsheet.mapped(table, remembered or spreadsheet.propose(table.headings), wanted)
    lacking = spreadsheet.lacking(columns, issuer is not None)
    if not quiet and (lacking or wanted or not remembered):
        _show(table, columns)
    if lacking:
        raise BadInputError(
            "no column says the " + ", the ".join(lacking),
            where=table.name,
            remedy=" ".join(f'--map {name}="…"' for name in lacking)
            + (" (or --issuer CODE)" if "issuer" in lacking else ""),
        )
    if ask and (wanted or not remembered):
        if not sys.stdin.isatty():
            raise BadInputError(
                "nobody is there to confirm what the columns mean",
                remedy="Add --yes to take them as shown.",
            )
        if not click.confirm("Do the columns mean this?"):
            click.echo('Nothing was registered. Say it with: --map FIELD="HEADING"')
            return None
    if columns != remembered:
        opened.db.run(lambda conn: filing.remember(conn, table.key, columns))
    return columns


def _show(table: Table, columns: Mapping[str, str]) -> None:
    """Each column's meaning with its first values; columns without one are named."""
    first = [cells for _, cells in table.rows[:_EXAMPLES]]

    def values(heading: str) -> list[object]:
        at = table.headings.index(heading)
        return [cells[at] if at < len(cells) else None for cells in first]

    print_table(
        ("field", "column", *(f"row {number}" for number, _ in table.rows[:_EXAMPLES])),
        ((name, heading, *values(heading)) for name, heading in columns.items()),
        title=f"{table.name}: {len(table.rows)} rows",
        empty=f"{table.name}: no column is understood",
    )
    others = [h for h in table.headings if h and h not in columns.values()]
    if others:
        click.echo("Not taken: " + ", ".join(others))


def _check_issuer(opened: Register, issuer: str | None) -> None:
    if issuer is None:
        return
    with opened.db.read() as conn:
        if units_query.by_code(conn, issuer) is None:
            raise UnknownUnitError(
                f"no unit has the code {issuer!r}",
                where="--issuer",
                remedy="List units with: cascade units list",
            )


def _tell(done: list[RowOutcome], as_json: bool) -> None:
    if as_json:
        print_json([{**one._asdict(), "why": " ".join(one.why.split())} for one in done])
        return
    waiting = [one for one in done if one.result is Result.PERSON]
    if waiting:
        print_table(("row", "not registered, because"), ((o.row, _flat(o.why)) for o in waiting))
    counts = Counter(one.result for one in done)
    click.echo(
        f"Registered {counts[Result.REGISTERED]}; on file already {counts[Result.ON_FILE]}; "
        f"not registered {counts[Result.PERSON]}."
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
