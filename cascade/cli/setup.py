"""Commands that set a register up and check it: init, units, verify."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from cascade import clock, history, history_keys, organisation
from cascade import verify as verifying
from cascade.administration import By, sheets_on_record
from cascade.cli.common import (
    json_option,
    moment,
    open_register,
    print_json,
    print_table,
    today_option,
    working,
)
from cascade.config import from_environment
from cascade.errors import NotFoundError, RefusedError
from cascade.history_check import HistoryCheck
from models import schema
from models.base import FOREVER
from models.database import Database
from models.queries import units as units_query


@click.command()
def init() -> None:
    """Make an empty register; one that is there already is left as it is."""
    settings = from_environment()
    settings.home.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database)
    schema.make(db)
    shown = db.url.render_as_string(hide_password=True)
    click.echo(f"The register is ready: {shown}\nNext: cascade units import FILE.csv …")


@click.group()
def units() -> None:
    """The organisation: units, levels, groups, reorganisations and people."""


@units.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def import_units(files: tuple[Path, ...], as_json: bool) -> None:
    """Take CSV or Excel sheets of levels, units, groups, changes, people; columns tell which.

    All files go in together or not at all; every faulty line is named. Importing a corrected
    file again changes what it names and leaves the rest.
    """
    opened = open_register()
    with working("Importing"):
        names = [path.name for path in files]
        on_record = sheets_on_record(By(None, clock.now()), names)
        counted = organisation.import_files(opened.db, files, on_record)
    if as_json:
        print_json(counted._asdict())
        return
    click.echo("Imported: " + ", ".join(f"{n} {name}" for name, n in counted._asdict().items()))


@units.command("list")
@today_option
@json_option
def list_units(today: datetime | None, as_json: bool) -> None:
    """The units that exist on a day, from the top down."""
    register, day = open_register(), moment(today).today
    with register.db.read() as conn:
        rows = units_query.all_on(conn, day)
    codes = {row.id: row.code for row in rows}
    if as_json:
        print_json([{**r._asdict(), "parent": codes.get(r.parent_id or 0)} for r in rows])
        return
    print_table(
        ("code", "name", "level", "parent", "owes"),
        ((r.code, r.name, r.level, codes.get(r.parent_id or 0), r.duty) for r in rows),
        empty=f"No unit exists on {day:%d/%m/%Y}. Import some: cascade units import FILE.csv",
    )


@units.command("show")
@click.argument("code")
@json_option
def show_unit(code: str, as_json: bool) -> None:
    """One unit over time: its names, what it came from and became, who holds its posts."""
    register = open_register()
    with register.db.read() as conn:
        unit_id = units_query.by_code(conn, code)
        if unit_id is None:
            raise NotFoundError(
                f"no unit has the code {code!r}", remedy="List units with: cascade units list"
            )
        periods = units_query.periods_of(conn, unit_id)
        changes = units_query.changes_of(conn, unit_id)
        posts = units_query.posts_of(conn, unit_id)
    if as_json:
        print_json(
            {
                "periods": [row._asdict() for row in periods],
                "changes": [row._asdict() for row in changes],
                "posts": [row._asdict() for row in posts],
            }
        )
        return
    print_table(("from", "to", "name", "parent", "level"), (_until(row) for row in periods))
    print_table(("on", "change", "side", "with", "legal basis"), changes, empty="No change.")
    print_table(("login", "name", "role", "from", "to"), (_until(p) for p in posts), empty="–")


@click.command()
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A checkpoint kept elsewhere, or a folder of them.",
)
@click.option("--code", "codes", multiple=True, help="A code printed on an export.")
@json_option
def verify(files: tuple[Path, ...], codes: tuple[str, ...], as_json: bool) -> None:
    """Check that every state is the fold of its events, counters, lines and files are true.

    The history is checked seal by seal and held against every checkpoint in CASCADE_CHECKPOINTS.
    """
    register = open_register()
    settings = register.settings
    kept = history.kept([settings.checkpoints, *files] if settings.checkpoints.is_dir() else files)
    key = history_keys.load(settings.home)
    wanted = [history.read_code(code) for code in codes]
    held = HistoryCheck(kept, key.verifier if key else None, wanted)
    with working("Verifying"), register.db.read() as conn:
        found = verifying.verify(conn, register.store, held)
    told = {"seals": held.size, "code": held.code, "checkpoints": len(kept)}
    if as_json:
        print_json({"consistent": not found, "faults": found, "history": told})
    elif not found:
        click.echo("The register is consistent: states, events, counters, lines and files agree.")
        click.echo(
            f"History: {held.size} seals, as in {len(kept)} checkpoints. Its code: {held.code}"
        )
    if found:
        raise RefusedError(
            f"{len(found)} faults:\n  - " + "\n  - ".join(found[:50]),
            where="verify",
            remedy="Keep a copy of the database as it is, then restore the last good backup.",
        )


def _until(row: Iterable[object]) -> list[object]:
    return ["" if value == FOREVER else value for value in row]
