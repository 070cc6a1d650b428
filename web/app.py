"""The application factory: one register, read-only pages, headers on every answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from flask import Flask, Response, g, request

from cascade import clock
from cascade.clock import Moment
from models.database import Database
from web import errors, pages
from web.words import WORDS, language

# Nothing is loaded from elsewhere and nothing runs: the pages hold no script.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(
    db: Database, *, sample_day: date | None = None, hosts: tuple[str, ...] = ("localhost",)
) -> Flask:
    """The pages over one register; with `sample_day` lateness is judged on that day.

    Only requests that name one of `hosts` are answered, so that another site's name pointed at
    this machine reaches nothing.
    """
    app = Flask(__name__)
    app.config["DATABASE"] = db
    app.config["TRUSTED_HOSTS"] = list(hosts)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_prepare(sample_day))
    app.after_request(_protect)
    app.context_processor(lambda: {"t": WORDS[g.lang], "lang": g.lang, "sample": sample_day})
    app.register_blueprint(pages.pages)
    errors.register(app)
    return app


def _prepare(sample_day: date | None) -> Callable[[], None]:
    def prepare() -> None:
        """The clock and the language are asked once a request."""
        moment: Moment = clock.on(sample_day) if sample_day else clock.now()
        g.today = moment.today
        g.lang = language(request)
        g.request_id = uuid.uuid4().hex

    return prepare


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    if "static" in request.path:
        response.headers["Cache-Control"] = "public, max-age=3600"
    if request.args.get("lang") in WORDS:
        response.set_cookie("lang", request.args["lang"], httponly=True, samesite="Strict")
    return response
