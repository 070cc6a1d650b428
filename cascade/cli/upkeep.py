"""Commands of whoever keeps the installation: backup, restore, migrate, doctor."""

from __future__ import annotations

from pathlib import Path

import click

from cascade import clock, history, history_keys, settings
from cascade.cli.common import json_option, open_register, print_json, print_table, working
from cascade.config import from_environment
from cascade.errors import RefusedError
from cascade.history_check import HistoryCheck
from cascade.store import FileStore
from cascade.upkeep import backup as saving
from cascade.upkeep import doctor as examining
from cascade.upkeep import migrating
from cascade.upkeep.doctor import State
from cascade.verify import verify
from models import schema
from models.database import Database

_MARKS = {State.WELL: "ok", State.WEAK: "look", State.BROKEN: "BROKEN"}


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def backup(file: Path | None, as_json: bool) -> None:
    """Save the database, files, checkpoints and keys in one FILE, while people work.

    Without FILE it is put into backups/ in CASCADE_HOME: then copy it to another machine. It holds
    all that the register holds, and the keys: keep it as safe as the register itself.
    """
    register = open_register()
    now = clock.now().at
    path = file or register.settings.home / "backups" / f"cascade-{now:%Y%m%d-%H%M%S}.tar"
    with working("Saving"):
        made = saving.backup(register.settings, register.db, path, now)
    if as_json:
        print_json(made._asdict())
        return
    click.echo(f"{made.path}: {made.bytes / 2**20:.1f} MiB, {made.files} files.")
    click.echo(f"Put it back with: cascade restore {made.path}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Put a backup into CASCADE_HOME and an empty database, then verify it.

    Nothing that is there already is overwritten: an installation with a register refuses. A backup
    of SQLite may also be put into an empty PostgreSQL: so a register that has outgrown it moves.
    """
    place = from_environment()
    db = Database(place.database)
    with working("Restoring"):
        found = saving.restore(file, place, db)
    schema.check(db)
    held = history.kept([place.checkpoints])
    key = history_keys.load(place.home)
    with working("Verifying"), db.read() as conn:
        check = HistoryCheck(held, key.verifier if key else None, [])
        faults = verify(conn, FileStore(place.files), check)
    if as_json:
        print_json(
            {"taken_at": found.about["taken_at"], "consistent": not faults, "faults": faults}
        )
    elif not faults:
        click.echo(f"Restored as it was at {found.about['taken_at']}, and consistent.")
    if faults:
        raise RefusedError(
            f"it is restored, but has {len(faults)} faults:\n  - " + "\n  - ".join(faults[:20]),
            where=str(file),
            remedy="Try an older backup in another CASCADE_HOME, and keep both.",
        )


@click.command()
@click.option("--no-backup", is_flag=True, help="Do not save the register first.")
def migrate(no_backup: bool) -> None:
    """Bring an old register up to date: saved before, in one transaction, verified after."""
    place = from_environment()
    db = Database(place.database)
    with working("Bringing the register up to date"):
        done = migrating.migrate(place, db, clock.now().at, saved=not no_backup)
    if done.before == done.after:
        click.echo(f"The register is up to date: schema {done.after}.")
        return
    click.echo(f"From schema {done.before} to {done.after}; the register is consistent.")
    if done.backup is not None:
        click.echo(f"As it was before: {done.backup}")


@click.command()
@json_option
def config(as_json: bool) -> None:
    """List every setting, what it is now and where that comes from; secrets are not shown."""
    lines = settings.now()
    if as_json:
        print_json([one._asdict() for one in lines])
    else:
        print_table(("setting", "now", "from", "for"), lines)
    from_environment()  # tells what is wrong with one


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Look at everything the installation needs, and say what to do about what is not well."""
    found = examining.examine(from_environment())
    if as_json:
        print_json([one._asdict() for one in found])
    else:
        for one in found:
            click.echo(f"{_MARKS[one.state]:7}{one.what}: {one.said}")
            if one.remedy:
                click.echo(f"       → {one.remedy}")
    broken = [one.what for one in found if one.state is State.BROKEN]
    if broken:
        raise RefusedError(f"broken: {', '.join(broken)}", where="doctor")
