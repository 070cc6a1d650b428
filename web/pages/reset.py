"""Setting a password by a one-time link; the link's token stays in no address bar."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import clock, resets
from cascade.passwords import BadPasswordError
from cascade.resets import LinkGoneError
from models.queries.own_account import LinkRow
from web import typed, visitor
from web.forms import Form
from web.policy import public

pages = Blueprint("reset", __name__)
Answer = str | Response | tuple[str, int]
_TOKEN = "reset"


@pages.get("/reset/<token>")
@public
def open_link(token: str) -> Response:
    """Take the token out of the address, so that no Referer, history or screen keeps it."""
    session[_TOKEN] = token[:100]
    return redirect(url_for("reset.show"), 303)


@pages.get("/reset")
@public
def show() -> Answer:
    """The form for a password, for whoever has a link that is good."""
    try:
        return _page(_whose(), Form(request.args))
    except LinkGoneError:
        return _gone()


@pages.post("/reset")
@public
def use() -> Answer:
    """Set the password; the link is good for nothing more."""
    form, now, address = Form(request.form), clock.now(), request.remote_addr or ""
    password = form.typed.get("password", "")
    try:
        row = _whose()
        resets.use(g.db, session.get(_TOKEN, ""), password, address, now)
    except LinkGoneError:
        return _gone()
    except BadPasswordError as error:
        form.problems["password"] = typed.bad_password(error)
        return _page(row, form), 400
    visitor.leave_quietly()
    flash(_("The password is set. Sign in with it now."))
    return redirect(url_for("account.sign_in"), 303)


def _whose() -> LinkRow:
    return resets.whose(g.db, session.get(_TOKEN, ""), request.remote_addr or "", clock.now())


def _page(row: LinkRow, form: Form) -> str:
    return render_template("reset.html", form=form, row=row)


def _gone() -> tuple[str, int]:
    # The same words for one that is too old, used or made up.
    return render_template("reset_gone.html"), 404
