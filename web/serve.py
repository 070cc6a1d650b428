"""`cascade serve`: the page on this machine, over the register or a sample world."""

from __future__ import annotations

import os
from datetime import date
from typing import NamedTuple

import click

from cascade.config import Settings, from_environment
from cascade.errors import BadInputError
from cascade.sample import place, world
from models import schema
from models.database import Database
from web.app import create_app

# The pages have no sign-in yet, so nobody but this machine's own user may reach them.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Served(NamedTuple):
    """What is served: a database, on its story's day if it is a sample."""

    database: str
    sample_day: date | None


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--demo", is_flag=True, help="Serve the sample world instead of the register.")
@click.option(
    "--world", "name", type=click.Choice(world.NAMES), default=world.NAMES[0], show_default=True
)
def serve(port: int, demo: bool, name: str) -> None:
    """Start the page on this machine; stop it with Ctrl-C.

    Without a register here yet, the sample world is served, and the page says so.
    """
    from waitress.server import BaseWSGIServer, create_server  # only this command needs it

    settings = from_environment()
    served = _choose(settings, demo, name)
    db = Database(served.database)
    schema.check(db)
    app = create_app(db, sample_day=served.sample_day, hosts=LOOPBACK)
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
    click.echo(f"Open http://127.0.0.1:{bound}/  (Ctrl-C stops it)")
    server.run()


def _choose(settings: Settings, demo: bool, name: str) -> Served:
    elsewhere = "CASCADE_DATABASE" in os.environ or (settings.home / "cascade.db").exists()
    if elsewhere and not demo:
        return Served(settings.database, None)
    where = place.of(settings, name)
    if not where.is_built():
        click.echo(f"Building the sample world {name} …", err=True)
        place.build(where)
    return Served(where.database, place.day(name))
