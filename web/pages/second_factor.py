"""The second factor: the code after the password, setting it up, giving it up."""

from __future__ import annotations

from contextlib import suppress

import segno
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from cascade import accounts as signing
from cascade import clock
from cascade import second_factor as factor
from cascade.accounts import TooManyTriesError, WrongPasswordError
from cascade.second_factor import FactorSetError, HalfGoneError, WrongCodeError
from web import device, visitor
from web.forms import Form
from web.pages.account import arrive, safe_next
from web.policy import own, public
from web.visitor import without_second_factor

pages = Blueprint("second_factor", __name__)
Answer = str | Response | tuple[str, int]


@pages.get("/sign-in/code")
@public
def ask() -> Answer:
    """The second step of signing in, for whoever has done the first."""
    if factor.waiting(g.db, visitor.half(), clock.now()) is None:
        return _again()
    return _ask(Form(request.args))


@pages.post("/sign-in/code")
@public
def answer() -> Answer:
    """Turn the half-session into a session."""
    form, now = Form(request.form), clock.now()
    half = factor.waiting(g.db, visitor.half(), now)
    if half is None:
        return _again()
    here = device.here(half.login)
    try:
        token = factor.sign_in(g.db, visitor.half(), form.text("code"), device.key(), now, here)
    except HalfGoneError:
        return _again()
    except WrongCodeError:
        form.problems["code"] = _wrong_code()
    except TooManyTriesError:
        form.problems["code"] = _("There were too many tries. Wait a quarter of an hour.")
        return _ask(form), 429
    else:
        return arrive(token, half.login, here)
    return _ask(form), 401


@pages.get("/account/second-factor")
@own
@without_second_factor
def show() -> str:
    """How the second factor stands; where it waits to be confirmed, its picture."""
    return _page(Form(request.args))


@pages.post("/account/second-factor")
@own
@without_second_factor
def begin() -> Answer:
    """A new secret, after the password."""
    form = Form(request.form)
    if not _is_me(form):
        return _page(form), 400
    with suppress(FactorSetError):  # set in another window: the page says so
        factor.propose(g.db, visitor.me().actor.id, device.key(), clock.now())
    return redirect(url_for("second_factor.show"), 303)


@pages.post("/account/second-factor/confirm")
@own
@without_second_factor
def confirm() -> Answer:
    """Ask for codes from now on; the recovery codes are shown this once."""
    form, me = Form(request.form), visitor.me().session
    try:
        codes = factor.confirm(g.db, me, form.text("code"), device.key(), clock.now())
    except WrongCodeError:
        form.problems["code"] = _wrong_code()
        return _page(form), 400
    except HalfGoneError:
        return redirect(url_for("second_factor.show"), 303)
    return render_template("recovery_codes.html", codes=codes)


@pages.post("/account/second-factor/remove")
@own
@without_second_factor
def remove() -> Answer:
    """Ask for no code any more, after the password."""
    form = Form(request.form)
    if not _is_me(form):
        return _page(form), 400
    factor.remove(g.db, visitor.me().session, clock.now())
    flash(_("The second factor is removed. Signing in asks for the password alone."))
    return redirect(url_for("second_factor.show"), 303)


def _is_me(form: Form) -> bool:
    """Put what is wrong with the present password at its field."""
    present = form.typed.get("present", "")
    try:
        signing.check_password(g.db, visitor.me().session, present, clock.now())
    except WrongPasswordError:
        form.problems["present"] = _("The present password is not right.")
    except TooManyTriesError:
        form.problems["present"] = _("There were too many tries. Wait a quarter of an hour.")
    return not form.problems


def _page(form: Form) -> str:
    me = visitor.me()
    state = factor.state(g.db, me.actor.id, device.key(), clock.now())
    return render_template(
        "second_factor.html",
        form=form,
        is_set=state.is_set,
        secret=" ".join(state.secret[at : at + 4] for at in range(0, len(state.secret), 4)),
        picture=_picture(factor.address(state.secret, me.actor.login)) if state.secret else "",
    )


def _picture(text: str) -> Markup:
    # Its colours are attributes, not styles, so that the page's policy holds.
    return Markup(segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff"))


def _ask(form: Form) -> str:
    return render_template("code.html", form=form, next=safe_next())


def _again() -> Response:
    flash(_("The time for the code has run out. Sign in again."))
    return redirect(url_for("account.sign_in", next=safe_next()), 303)


def _wrong_code() -> str:
    return str(
        _(
            "This code is not right, or was used already. Wait for the next one; if none fits, "
            "check the clock of your telephone."
        )
    )
