"""Vietnamese and English: which one a request asks for, and dates as people here write them."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask, Request, Response, current_app, g, request
from flask_babel import Babel

from cascade.clock import OFFICE
from web.protection import cookie_name
from workflows.labels import Lang

LANGUAGES: tuple[Lang, ...] = ("vi", "en")


def register(app: Flask) -> None:
    """The catalogue of translations, and the filters that print dates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=lambda: str(g.get("lang", "vi")))
    app.add_template_filter(day, "day")
    app.add_template_filter(moment, "moment")
    app.after_request(_keep)


def asked(request: Request) -> Lang:
    """The language asked for: in the address, else kept in a cookie, else the browser's."""
    wanted = request.args.get("lang") or request.cookies.get(_cookie())
    if wanted not in LANGUAGES:
        wanted = request.accept_languages.best_match(LANGUAGES)
    return "en" if wanted == "en" else "vi"


def day(value: date | None) -> str:
    """A day as dd/mm/yyyy; a dash for none."""
    return value.strftime("%d/%m/%Y") if value else "–"


def moment(value: datetime) -> str:
    """A moment as dd/mm/yyyy hh:mm in the office's zone."""
    return value.astimezone(OFFICE).strftime("%d/%m/%Y %H:%M")


def _keep(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            _cookie(),
            request.args["lang"],
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _cookie() -> str:
    return cookie_name(current_app, "lang")
