"""Importing letters: one by one, or whole folders with a report of what needs a person."""

from __future__ import annotations

import csv
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NamedTuple

import click

from cascade import again, attaching, bulk, known
from cascade.attaching import Waiting
from cascade.bulk import Outcome, Result, Terms
from cascade.cli.asking import How, settle
from cascade.cli.common import Register, print_json, print_table, progress_of
from cascade.clock import Moment
from cascade.corrections import Corrections
from cascade.errors import BadInputError, CascadeError, RefusedError, StorageError
from cascade.files import gather, there
from cascade.fingerprint import fingerprint
from cascade.intake.sources import Source, load
from cascade.known import Known
from cascade.plan import Plan
from models.queries.acting import ActorRow

# Rows of the table; the report file has them all.
_SHOWN = 40


class Who(NamedTuple):
    """Who imports, and when."""

    actor: ActorRow
    moment: Moment


def import_one(
    opened: Register, file: Path, wanted: Corrections, who: Who, how: How, also_issue: bool
) -> dict[str, object] | None:
    """Read, show, confirm, save one letter, whole or not at all; None when the person said no."""
    where, source = str(file), load(there(file))
    if not how.yes:
        for note in source.notes:
            click.echo(f"  {note}")

    on_file = Known(opened.db)

    def twin(plan: Plan) -> CascadeError | None:
        with opened.db.read() as conn:
            near = on_file.near(conn, source.text, fingerprint(source.text))
        try:
            known.refuse_doubtful(near, plan, source.text, where)
        except known.MaybeTheSameError as same:
            return same
        return attaching.warning(opened.db, plan, source.text, where)

    plan = settle(opened, where, source, wanted, how, twin)
    if plan is None:
        return None
    if how.recurring:
        plan = again.confirmed(plan, again.candidates(plan))
    with opened.store.staging([file]) as (kept,):
        entered = bulk.enter(opened.db, plan, *who, source.text, kept, file, also_issue, how.note)
    if entered.waiting is not None:
        return _attached(where, entered.waiting, how)
    the_id, issued = entered.letter, entered.issued
    made: dict[str, object] = {"file": where, "letter": the_id, "duties": len(plan.duties)}
    made |= {"recurring": len(plan.series)} if how.recurring else {}
    made |= issued._asdict() if issued else {}
    if not how.as_json:
        laid = f", {made['steps']} steps laid" if also_issue else ""
        click.echo(f"Registered as L{the_id}{laid}.")
        if how.recurring:
            click.echo(f"Duties that come again: {len(plan.series)}.")
        if not also_issue:
            click.echo(f"Next: cascade letter issue L{the_id}")
    return made


def _attached(where: str, to: Waiting, how: How) -> dict[str, object]:
    """Tell that a letter on file got its file, and what the file says otherwise."""
    if not how.as_json:
        click.echo(f"{where}: {to.name} was on file without its file, now attached to it.")
        click.echo(f"L{to.letter_id} keeps its fields{attaching.otherwise(to.differs)}.")
    return {"file": where, "letter": to.letter_id, "attached": True, "differs": list(to.differs)}


def import_many(
    opened: Register,
    paths: Sequence[Path],
    who: Who,
    how: How,
    also_issue: bool,
    report: Path | None,
) -> None:
    """Register what is certain in files and folders; tell what is not, and raise if anything is."""
    files = gather(paths)
    ask = None if how.yes else _asking(opened, how)
    terms = Terms(also_issue, how.leave_unknown, ask, how.note)
    done: list[Outcome] = []
    if report is not None:
        _write(report, done)  # at once, so that a report that cannot be written costs nothing
    with _stoppable() as stop:
        try:
            run = bulk.run(opened.db, opened.store, files, *who, terms)
            # While a person is being asked a bar would only get in the way.
            for outcome in progress_of(run, len(files) if how.yes else 0, "Importing"):
                if stop.is_set() and outcome.result is Result.PERSON:
                    break  # what was being read when the person stopped is no fault of the file
                done.append(outcome)
                if stop.is_set():
                    break
        finally:
            if report is not None:
                _write(report, done)
    _tell(done, how.as_json)
    if stop.is_set():
        click.echo(f"{len(done)} of {len(files)} files; the same command goes on.", err=True)
        raise click.Abort
    waiting = sum(outcome.result is Result.PERSON for outcome in done)
    if waiting:
        raise RefusedError(
            f"{waiting} of {len(files)} files need a person",
            remedy="Import each by itself, without --yes, to see and correct it; the others are "
            "registered.",
        )


def _asking(opened: Register, how: How) -> bulk.Ask:
    def ask(path: Path, source: Source, doubt: CascadeError | None) -> Plan | None:
        def mind(plan: Plan) -> CascadeError | None:
            return doubt or attaching.warning(opened.db, plan, source.text, str(path))

        return settle(opened, str(path), source, Corrections(), how, mind)

    return ask


@contextmanager
def _stoppable() -> Iterator[Event]:
    """Let Ctrl-C end the run between two letters; a second one ends it at once."""
    stop = Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stopped)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(done: Sequence[Outcome], as_json: bool) -> None:
    if as_json:
        print_json([_row(outcome) for outcome in done])
        return
    waiting = [outcome for outcome in done if outcome.result is Result.PERSON]
    if waiting:
        rows = ((str(one.path), " ".join(one.why.split())) for one in waiting[:_SHOWN])
        print_table(("needs a person", "why"), rows)
    if len(waiting) > _SHOWN:
        click.echo(f"… and {len(waiting) - _SHOWN} more; --report FILE.csv writes them all.")
    attached = [outcome for outcome in done if outcome.result is Result.ATTACHED]
    if attached:
        told = ((str(one.path), f"L{one.letter}", one.why) for one in attached[:_SHOWN])
        print_table(("file attached", "to", ""), told)
    counts = Counter(outcome.result for outcome in done)
    click.echo(
        f"Registered {counts[Result.REGISTERED]}; "
        + (f"files attached {len(attached)}; " if attached else "")
        + f"on file already {counts[Result.ON_FILE]}; "
        f"need a person {counts[Result.PERSON]}."
    )


def _row(outcome: Outcome) -> dict[str, object]:
    letter = f"L{outcome.letter}" if outcome.letter else ""
    why = " ".join(outcome.why.split())
    return {"file": str(outcome.path), "result": outcome.result, "letter": letter, "why": why}


def _write(report: Path, done: Sequence[Outcome]) -> None:
    """The report for a spreadsheet: with a mark that it is UTF-8, and no cell that is a formula."""
    try:
        with report.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, ("file", "result", "letter", "why"))
            writer.writeheader()
            for outcome in done:
                writer.writerow({k: _cell(str(v)) for k, v in _row(outcome).items()})
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(report)) from error


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def refuse_corrections(wanted: Corrections, how: How) -> None:
    """Raise when corrections of one letter are given for a whole folder."""
    if wanted != Corrections() or how.recurring:
        raise BadInputError(
            "corrections are of one letter, not of a folder",
            where="--set, --duty, --no-duty, --cites, --replaces, --recurring",
            remedy="Import that letter's file by itself.",
        )
