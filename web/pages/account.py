"""Signing in and out, and one's own password."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from cascade import accounts as signing
from cascade import clock
from cascade.accounts import TooManyTriesError, WrongPasswordError
from cascade.errors import BadInputError
from cascade.sample.world import PASSWORD
from models.queries import accounts
from models.queries.accounts import PersonRow
from web import visitor
from web.visitor import public

pages = Blueprint("account", __name__)


@pages.get("/sign-in")
@public
def sign_in() -> str | Response:
    """The form; in a sample world with the people one can be."""
    if current_user.is_authenticated:
        return redirect(safe_next())
    with g.db.read() as conn:
        if not accounts.anybody(conn):
            return redirect(url_for("setup.show"))
    return _form()


@pages.post("/sign-in")
@public
def enter() -> tuple[str, int] | Response:
    """Begin a session, or say that name and password do not fit, and nothing else."""
    login = request.form.get("login", "").strip()
    try:
        token = signing.sign_in(
            g.db, login, request.form.get("password", ""), request.remote_addr or "", clock.now()
        )
    except WrongPasswordError:
        problem, status = _("The name or the password is not right."), 401
    except TooManyTriesError:
        problem, status = _("There were too many tries. Wait a quarter of an hour."), 429
    else:
        visitor.enter(token)
        return redirect(_begin(), 303)
    return _form(login, problem), status


@pages.post("/sign-out")
def leave() -> Response:
    """End the session; the address leads nowhere private afterwards."""
    visitor.leave()
    return redirect(url_for("account.sign_in"), 303)


@pages.get("/me/password")
def password() -> str:
    """The form for another password."""
    return render_template("password.html", problem="", done=False)


@pages.post("/me/password")
def change_password() -> tuple[str, int] | Response:
    """Set another password after the present one; every other session of mine ends."""
    actor, now = visitor.me().actor, clock.now()
    try:
        signing.sign_in(
            g.db,
            actor.login,
            request.form.get("present", ""),
            request.remote_addr or "",
            now,
        )
        signing.set_password(g.db, actor.id, request.form.get("new", ""), now)
    except WrongPasswordError:
        problem = _("The present password is not right.")
    except (TooManyTriesError, BadInputError) as error:
        problem = error.what
    else:
        token = signing.sign_in(
            g.db, actor.login, request.form["new"], request.remote_addr or "", now
        )
        visitor.enter(token)
        return redirect(url_for("home.show"), 303)
    return render_template("password.html", problem=problem), 400


def _begin() -> str:
    """Where the person came for; whoever only does a unit's work begins with that work."""
    wanted, here = safe_next(), visitor.me()
    only_does = here.works_in and not here.follows_for and not here.is_administrator
    return url_for("inbox.show") if only_does and wanted == url_for("home.show") else wanted


def _form(login: str = "", problem: str = "") -> str:
    people: list[tuple[str, list[PersonRow]]] = []
    if g.world.sample_day is not None:
        with g.db.read() as conn:
            rows = accounts.to_be(conn, g.today)
        people = [(unit, list(held)) for unit, held in groupby(rows, attrgetter("unit"))]
    return render_template(
        "sign_in.html",
        next=safe_next(),
        login=login,
        problem=problem,
        people=people,
        sample_password=PASSWORD if people else "",
    )


def safe_next() -> str:
    """Where the person came for, if it is a path of ours; else the first page."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = (
        wanted.startswith("/")
        and not parts.scheme
        and not parts.netloc
        # Browsers read a backslash as a slash and drop what is no printable character.
        and not wanted.startswith(("//", "/\\"))
        and "\\" not in wanted
        and wanted.isprintable()
    )
    return wanted if is_ours else url_for("home.show")
