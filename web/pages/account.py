"""Signing in and out, and one's own password."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from cascade import accounts as signing
from cascade import clock
from cascade.accounts import CodeNeededError, TooManyTriesError, WrongPasswordError
from cascade.devices import Device
from cascade.passwords import BadPasswordError
from cascade.sample.world import PASSWORD
from models.queries import accounts
from models.queries.accounts import PersonRow
from web import device, typed, visitor
from web.forms import Form
from web.policy import own, public
from web.visitor import without_second_factor
from workflows.roles import ISSUER, REGISTRY, Role

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
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    here, address = device.here(login), request.remote_addr or ""
    try:
        token = signing.sign_in(g.db, login, password, address, clock.now(), here)
    except WrongPasswordError:
        problem, status = _("The name or the password is not right."), 401
    except TooManyTriesError:
        problem, status = _("There were too many tries. Wait a quarter of an hour."), 429
    except CodeNeededError as needed:
        visitor.wait(needed.token)
        return redirect(url_for("second_factor.ask", next=safe_next()), 303)
    else:
        return arrive(token, login, here)
    return _form(login, problem), status


@pages.post("/sign-out")
@own
@without_second_factor
def leave() -> Response:
    """End the session; the address leads nowhere private afterwards."""
    visitor.leave()
    return redirect(url_for("account.sign_in"), 303)


@pages.get("/me/password")
@own
def password() -> str:
    """The form for another password, and the way to sessions and second factor."""
    return render_template("password.html", form=Form(request.args))


@pages.post("/me/password")
@own
def change_password() -> tuple[str, int] | Response:
    """Set another password after the present one; every other session of mine ends."""
    form, me = Form(request.form), visitor.me().session
    present, new = form.typed.get("present", ""), form.typed.get("new", "")
    here = device.here(me.login)
    try:
        token = signing.change_password(g.db, me, present, new, clock.now(), here)
    except WrongPasswordError:
        form.problems["present"] = _("The present password is not right.")
    except TooManyTriesError:
        form.problems["present"] = _("There were too many tries. Wait a quarter of an hour.")
    except BadPasswordError as error:
        form.problems["new"] = typed.bad_password(error)
    else:
        visitor.enter(token)
        flash(_("The password is changed. You are signed out everywhere else."))
        return redirect(url_for("home.show"), 303)
    return render_template("password.html", form=form), 400


def arrive(token: str, login: str, here: Device, wanted: str = "") -> Response:
    """Into the session, to where the person came for; the device is known from now on."""
    visitor.enter(token)
    return device.remember(redirect(_begin(wanted or safe_next()), 303), login, here)


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


# Whose first page holds more than what the own unit owes: duties to follow, letters to enter.
_BEYOND_WORK = ISSUER.roles | REGISTRY.roles | {Role.ADMINISTRATOR}


def _begin(wanted: str) -> str:
    """Where the person came for; whoever only does a unit's work begins with that work."""
    here = visitor.me()
    only_does = here.works_in and not here.units(*_BEYOND_WORK)
    return url_for("inbox.show") if only_does and wanted == url_for("home.show") else wanted
