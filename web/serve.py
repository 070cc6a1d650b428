"""`cascade serve`: the pages on this machine, over the register or a sample world."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from cascade import oidc
from cascade.config import Settings, from_environment, secret_key
from cascade.errors import BadInputError
from cascade.jobs import outgoing
from cascade.jobs.dbos import DbosEngine
from cascade.jobs.port import Place
from cascade.jobs.worker import Worker
from cascade.sample import place, world
from cascade.store import FileStore
from models import schema
from models.database import Database
from models.errors import SchemaError
from models.queries import accounts
from web.app import World, create_app

# This command is for one machine; other hosts are reached through a server of their own.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Served(NamedTuple):
    """What is served: a database, on its story's day if it is a sample."""

    database: str
    files: Path
    sample_day: date | None


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--demo", is_flag=True, help="Serve a sample world instead of the register.")
@click.option(
    "--world", "name", type=click.Choice(world.NAMES), help="Which sample world; means --demo."
)
def serve(port: int, demo: bool, name: str | None) -> None:
    """Start the pages on this machine; stop them with Ctrl-C.

    Without a register here yet an empty one is made; its first page, opened with the code that is
    printed, makes the first administrator or shows the sample world.
    """
    from waitress.server import BaseWSGIServer, create_server  # only this command needs it

    settings = from_environment()
    served = _choose(settings, (name or world.NAMES[0]) if demo or name else None)
    db = Database(served.database)
    _make_if_none(settings, db)
    checkpoints = None if served.sample_day else settings.checkpoints
    home = None if served.sample_day else settings.home
    found = World(db, FileStore(served.files), served.sample_day, checkpoints, home)
    code = _setup_code(db)
    app = create_app(
        found,
        secret=secret_key(settings),
        hosts=LOOPBACK,
        require_totp=settings.require_totp and served.sample_day is None,
        setup_code=code,
        samples=place.folder(settings),
        provider=oidc.of(settings) if served.sample_day is None else None,
    )
    try:
        server = create_server(app, host="127.0.0.1", port=port, ident=None)
    except OSError as error:
        raise BadInputError(
            f"port {port} cannot be used: {error.strerror}",
            where="--port",
            remedy=f"Another program may have it. Try: ./run serve --port {port + 1}",
        ) from error
    # One address, so one socket.
    assert isinstance(server, BaseWSGIServer)
    assert server.socket is not None
    bound = server.socket.getsockname()[1]
    if served.sample_day is not None:
        click.echo(f"This is a sample world, on {served.sample_day:%d/%m/%Y} of its story.")
    if code is not None:
        click.echo("Nobody can sign in yet. Make the first administrator, with this code:")
        click.echo(f"Open http://127.0.0.1:{bound}/setup?code={code}  (Ctrl-C stops it)")
    else:
        click.echo(f"Open http://127.0.0.1:{bound}/  (Ctrl-C stops it)")
    worker = _worker(settings, db) if served.sample_day is None and db.is_sqlite else None
    if worker is not None:
        worker.start()
    try:
        server.run()
    finally:
        if worker is not None:
            worker.stop()


def _worker(settings: Settings, db: Database) -> Worker:
    """The worker of a register on this machine; on PostgreSQL they are processes of their own."""
    place = Place(db, settings.home)
    return Worker(place, DbosEngine(place, "serve"), outgoing.from_environment())


def _setup_code(db: Database) -> str | None:
    """A code for whoever started the server, as long as nobody else can sign in."""
    with db.read() as conn:
        return None if accounts.anybody(conn) else secrets.token_urlsafe(12)


def _make_if_none(settings: Settings, db: Database) -> None:
    """An empty register where there is none; an old one is left for `cascade migrate`."""
    try:
        schema.check(db)
    except SchemaError as error:
        if error.found is not None:
            raise
        settings.home.mkdir(parents=True, exist_ok=True)
        schema.upgrade(db)
        click.echo("There was no register here yet; an empty one is made.")


def _choose(settings: Settings, name: str | None) -> Served:
    if name is None:
        return Served(settings.database, settings.files, None)
    where = place.of(settings, name)
    if not where.is_built():
        click.echo(f"Building the sample world {name} …", err=True)
        place.build(where)
    return Served(where.database, where.files, place.day(name))
