"""Tokens for programs: made on one's own account page, shown once, ended there."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import accounts as signing
from cascade import clock, tokens
from cascade.accounts import TooManyTriesError, WrongPasswordError
from cascade.tokens import Scope
from web import visitor
from web.forms import Form
from web.policy import own

pages = Blueprint("tokens", __name__)
_DAYS = ("7", "30", "90", "180", "365")
_LONGEST_NAME = 80


@pages.get("/account/tokens")
@own
def show() -> str:
    """One's own tokens, and the form for another."""
    return _page(Form(request.args))


@pages.post("/account/tokens")
@own
def make() -> tuple[str, int]:
    """Make a token after the present password; this answer alone shows it."""
    form, me, now = Form(request.form), visitor.me().session, clock.now()
    name = form.text("name", _("Say which program it is for."))
    if len(name) > _LONGEST_NAME:
        form.problems["name"] = _(
            "This is too long: at most %(most)s characters.", most=_LONGEST_NAME
        )
    days = form.typed.get("days", "")
    if days not in _DAYS:
        form.problems["days"] = _("Choose for how long it is good.")
    scopes = frozenset(Scope(one) for one in form.typed.getlist("scopes") if one in list(Scope))
    if form.problems:
        return _page(form), 400
    try:
        signing.check_password(g.db, me, form.typed.get("present", ""), now)
    except WrongPasswordError:
        form.problems["present"] = _("The present password is not right.")
    except TooManyTriesError:
        form.problems["present"] = _("There were too many tries. Wait a quarter of an hour.")
    else:
        made = tokens.give(g.db, me.user_id, name, scopes, int(days), now)
        return render_template("token_made.html", token=made, name=name), 200
    return _page(form), 400


@pages.post("/account/tokens/<int:token_id>/end")
@own
def end(token_id: int) -> Response:
    """End a token of one's own, from its next use on."""
    if not tokens.end(g.db, visitor.me().actor.id, token_id, clock.now()):
        abort(404)
    flash(_("That token is ended."))
    return redirect(url_for("tokens.show"), 303)


def _page(form: Form) -> str:
    words = {
        Scope.ACT: _("make moves on letters and steps"),
        Scope.REGISTER: _("enter letters as drafts"),
    }
    return render_template(
        "tokens.html",
        form=form,
        rows=tokens.of_person(g.db, visitor.me().actor.id, clock.now()),
        words={Scope.READ: _("read"), **words},
        more=list(words.items()),
        days=[(one, _("%(days)s days", days=one)) for one in _DAYS],
        usual=str(tokens.USUAL),
    )
