"""Commands that move things: answer, act."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from cascade import act as door
from cascade.acts import Act, Ref
from cascade.cli.common import (
    Register,
    actor,
    as_option,
    json_option,
    letter_id,
    open_register,
    print_json,
    reading,
    ref,
)
from cascade.clock import now
from cascade.errors import NotFoundError, UnknownUnitError
from models import scope
from models.queries import units as units_query
from workflows.facts import Fate
from workflows.labels import STATES

_DATE = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.command()
@click.argument("step")
@click.argument("letter")
@click.option("--note", default="", help="A word to the issuer.")
@as_option
@json_option
def answer(step: str, letter: str, note: str, login: str | None, as_json: bool) -> None:
    """Answer obligation STEP with the issued LETTER of the unit that owes it."""
    opened = open_register()
    asked = Act(trigger="answer", answer=letter_id(letter), note=note)
    _fire(opened, ref(step, "step"), asked, login, as_json)


@click.command()
@click.argument("step")
@click.argument("trigger")
@click.option("--note", default="", help="Why, or a word to the other side.")
@click.option(
    "--evidence",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file that shows it is done; may be given several times.",
)
@click.option("--letter", "letters", multiple=True, help="A letter on file as evidence.")
@click.option("--until", type=_DATE, metavar="DATE", help="The new due date.")
@click.option("--done-on", type=_DATE, metavar="DATE", help="The day it was done, if not today.")
@click.option("--unit", "units", multiple=True, metavar="CODE", help="Who receives it.")
@click.option(
    "--series", type=int, multiple=True, help="A recurring duty of the letter, by its number."
)
@click.option("--replacement", metavar="LETTER", help="The letter that supersedes this one.")
@click.option(
    "--children",
    type=click.Choice([str(fate) for fate in Fate]),
    help="What becomes of everything open below: keep, cancel, carry.",
)
@as_option
@json_option
def act(
    step: str,
    trigger: str,
    note: str,
    evidence: tuple[Path, ...],
    letters: tuple[str, ...],
    until: datetime | None,
    done_on: datetime | None,
    units: tuple[str, ...],
    series: tuple[int, ...],
    replacement: str | None,
    children: str | None,
    login: str | None,
    as_json: bool,
) -> None:
    """Make the move TRIGGER on STEP (S12), or on a letter (L3).

    A refused move says every reason at once, and what is possible instead.
    """
    opened = open_register()
    on = ref(step, "step")
    asked = Act(
        trigger=trigger.replace("-", "_"),
        note=note,
        evidence_letters=tuple(letter_id(text) for text in letters),
        until=until.date() if until else None,
        done_on=done_on.date() if done_on else None,
        units=tuple(_unit(opened, code) for code in units),
        series=series,
        replacement=letter_id(replacement) if replacement else None,
        fate=Fate(children) if children else None,
    )
    with opened.store.staging(evidence) as files:
        _fire(opened, on, replace(asked, files=files), login, as_json)


def _fire(opened: Register, on: Ref, asked: Act, login: str | None, as_json: bool) -> None:
    who = actor(opened, login)
    with reading(opened, who.login) as conn:
        if not scope.sees(conn, on.kind, on.id):
            raise NotFoundError(
                f"there is no such {on.kind} for {who.login}",
                where=f"{on.kind} {on.id}",
                remedy="List what there is: cascade letter list, cascade overdue",
            )
    fired = door.fire(opened.db, on, asked, who, now())
    if as_json:
        print_json(fired._asdict())
        return
    lang = opened.settings.lang
    name = f"{on.kind[0].upper()}{on.id}"
    moved = f"{STATES[fired.source].say(lang)} → {STATES[fired.target].say(lang)}"
    follows = f"; {fired.followed} more moves followed by themselves" if fired.followed else ""
    click.echo(f"{name}: {moved}{follows}")


def _unit(opened: Register, code: str) -> int:
    with opened.db.read() as conn:
        found = units_query.by_code(conn, code)
    if found is None:
        raise UnknownUnitError(
            f"no unit has the code {code!r}",
            where="--unit",
            remedy="List units with: cascade units list",
        )
    return found
