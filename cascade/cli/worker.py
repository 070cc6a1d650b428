"""`cascade worker`: long work done beside the pages, and what of it waits or was given up."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from cascade import clock
from cascade.cli.common import Register, open_register, print_table
from cascade.jobs import checkpoint, outgoing, sweep
from cascade.jobs import outbox as sending
from cascade.jobs.dbos import DbosEngine
from cascade.jobs.inline import InlineEngine
from cascade.jobs.port import Place
from cascade.jobs.worker import Worker, hand_out
from models import jobs as written
from models import outbox as kept
from models.queries import jobs, outbox


@click.command()
@click.option(
    "--name",
    default="worker-1",
    show_default=True,
    metavar="NAME",
    help="Which worker this is: it takes up what it had begun under this name.",
)
@click.option("--until-done", is_flag=True, help="Do what there is to do now, then end.")
@click.option("--status", is_flag=True, help="Only show what waits and what was given up.")
@click.option("--retry", is_flag=True, help="Only let what was given up be tried again.")
def worker(name: str, until_done: bool, status: bool, retry: bool) -> None:
    """Do long work: letters to very many units, each day's sweep, mail and webhooks.

    Any number may run beside one another on PostgreSQL, each under a name of its own that it keeps
    when it is started again; with SQLite `cascade serve` has one inside.
    """
    opened = open_register()
    place = Place(opened.db, opened.settings.home)
    if status:
        _show(opened)
    elif retry:
        _retry(opened)
    elif until_done:
        _until_done(place)
    else:
        _work(place, name)


def _work(place: Place, name: str) -> None:
    ending = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    made = Worker(place, DbosEngine(place, name), outgoing.from_environment())
    made.start()
    click.echo(f"{name} works; end it with Ctrl-C.")
    ending.wait()
    made.stop()


def _until_done(place: Place) -> None:
    out, engine, done = outgoing.from_environment(), InlineEngine(place), 0
    sweep.ask(place.db, clock.now())
    checkpoint.ask(place.db, clock.now())
    while handed := hand_out(place.db, engine, clock.now()):
        done += handed
    gone = sending.Sent()
    while any(some := sending.round_of_all(place.db, out, clock.now())):
        gone = sending.Sent(*map(sum, zip(gone, some, strict=True)))
    click.echo(f"Jobs: {done}. Sent: {gone.sent}; later: {gone.put_off}; given up: {gone.given_up}")


def _show(opened: Register) -> None:
    with opened.db.read() as conn:
        rows = [(name, state, many) for name, state, many in jobs.counts(conn) if state != "done"]
        rows += [(one.kind, one.state, one.many) for one in outbox.unsent(conn)]
        faults = [(key, problem) for key, problem in jobs.failed(conn)]
        faults += [(f"{one.kind} {one.id}", one.problem or "") for one in outbox.failed(conn)]
    print_table(("what", "state", "how many"), [tuple(map(str, row)) for row in rows])
    for what, problem in faults:
        click.echo(f"given up: {what}: {problem}")


def _retry(opened: Register) -> None:
    at = clock.now().at
    again = opened.db.run(lambda conn: written.try_again(conn, at) + kept.try_again(conn, at))
    click.echo(f"To be tried again: {again}.")
