"""The pages for a server of several processes: gunicorn "web.wsgi:make()"."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from cascade import house, logs, oidc
from cascade import settings as found
from cascade.config import from_environment, secret_key
from cascade.sample import place
from cascade.store import FileStore
from models import schema
from models.database import Database
from web.app import World, create_app


def make() -> Flask:
    """The application the environment describes; raises SchemaError without a register."""
    house.check()
    found.load()
    settings = from_environment()
    server = settings.server
    logs.begin(server.log)
    db = Database(settings.database)
    schema.check(db)
    # Each process of the server opens connections of its own.
    db.dispose()
    world = World(db, FileStore(settings.files), None, settings.checkpoints, settings.home)
    app = create_app(
        world,
        secret=secret_key(settings),
        hosts=server.hosts,
        is_https=server.is_https,
        require_totp=settings.require_totp,
        samples=place.folder(settings),
        provider=oidc.of(settings),
        metrics_token=server.metrics_token,
    )
    if server.proxies:
        behind = server.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind
        )
    return app
