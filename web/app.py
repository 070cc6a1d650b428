"""The application factory: one register, its pages, the guards on every request and answer."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from pathlib import Path

from flask import Flask, g, request

from cascade.oidc import Provider
from web import errors, language, look, policy, protection, trail, visitor
from web.api import interface
from web.pages import PAGES
from web.world import World

__all__ = ["World", "create_app"]


def create_app(
    world: World,
    *,
    secret: str,
    hosts: tuple[str, ...] = ("localhost",),
    is_https: bool = False,
    require_totp: bool = False,
    setup_code: str | None = None,
    samples: Path | None = None,
    provider: Provider | None = None,
    metrics_token: str = "",
) -> Flask:
    """The pages over one register.

    Only requests that name one of `hosts` are answered, so that another site's name pointed at
    this machine reaches nothing. `setup_code` lets its bearer make the first administrator
    or, where there is a folder for `samples`, look at a sample world instead. With `require_totp`
    administrators set up a second factor before anything else.
    """
    app = Flask(__name__)
    app.config["SECRET_KEY"] = secret
    app.config["TRUSTED_HOSTS"] = list(hosts)
    app.config["SETUP_CODE"] = setup_code
    app.config["SAMPLES"] = samples
    app.config["SESSION_COOKIE_SECURE"] = is_https
    app.config["REQUIRE_TOTP"] = require_totp
    app.config["METRICS_TOKEN"] = metrics_token
    app.extensions["world"] = world
    app.extensions["provider"] = provider  # who signs people in beside us: web.pages.oidc
    app.before_request(_prepare(app))
    trail.register(app)
    protection.register(app)
    language.register(app)
    visitor.register(app)
    look.register(app)
    errors.register(app)
    for page in PAGES:
        app.register_blueprint(page)
    interface.register(app)
    policy.public(app.view_functions["static"])
    policy.check(app)
    return app


def _prepare(app: Flask) -> Callable[[], None]:
    def prepare() -> None:
        """Clock, language and nonce are settled once a request, before anything can be refused."""
        found: World = app.extensions["world"]
        g.world = found
        g.db = found.db
        g.store = found.store
        g.moment = found.moment()
        g.today = g.moment.today
        g.lang = language.asked(request)
        g.request_id = uuid.uuid4().hex
        g.nonce = secrets.token_urlsafe(16)

    return prepare
