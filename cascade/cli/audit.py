"""Commands on the history: a signed checkpoint, the key, a package that verifies itself."""

from __future__ import annotations

from pathlib import Path

import click

from cascade import history, history_keys
from cascade.audit import export as exporting
from cascade.cli.common import Register, json_option, letter_id, open_register, print_json, working


@click.group()
def audit() -> None:
    """The history that shows when it was changed."""


@audit.command()
@click.option("--to", type=click.Path(path_type=Path), help="A folder; else CASCADE_CHECKPOINTS.")
@json_option
def checkpoint(to: Path | None, as_json: bool) -> None:
    """Sign what the history is now, into a folder outside the database.

    It proves later that nothing before it was changed, as long as somebody keeps it where nobody
    who may write to the database can write: with another organisation, by mail, on paper.
    """
    register = open_register()
    with working("Reading the history"):
        path = _taken(register, to or register.settings.checkpoints)
    code = history.newest_code(path.parent)
    if as_json:
        print_json({"file": str(path), "code": code})
        return
    click.echo(f"{path}\nIts code: {code}")


@audit.command()
def key() -> None:
    """Print the public key with which anybody can check this register's checkpoints."""
    click.echo(str(history_keys.load_or_make(open_register().settings.home).verifier))


@audit.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--letter", help="Only what happened to this letter and its steps.")
@json_option
def export(folder: Path, letter: str | None, as_json: bool) -> None:
    """Write the history into FOLDER as a BagIt package that can be verified by Python alone.

    With it go the files of letters and evidence, every checkpoint, and verify.py: whoever gets the
    package runs `python verify.py` in it.
    """
    register = open_register()
    only = None if letter is None else letter_id(letter)
    with working("Exporting"):
        made = exporting.export(
            register.db,
            register.store,
            history_keys.load_or_make(register.settings.home),
            register.settings.checkpoints,
            folder,
            only,
        )
    if as_json:
        print_json({"folder": str(folder), **made._asdict()})
        return
    click.echo(
        f"{folder}: {made.events} of {made.seals} events, {made.files} files, "
        f"{made.checkpoints} checkpoints.\nVerify it with: python {folder / 'verify.py'}"
    )


def _taken(register: Register, folder: Path) -> Path:
    """A checkpoint, signed only where the history still is what was signed before."""
    signing = history_keys.load_or_make(register.settings.home)
    known = history.kept([folder, register.settings.checkpoints])
    with register.db.read() as conn:
        note = history.take(conn, signing, known)
    return history.keep(note, folder, signing)
