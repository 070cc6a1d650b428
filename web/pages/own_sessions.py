"""Where a person is signed in, and ending it there or everywhere."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import accounts as signing
from cascade import clock
from web import visitor
from web.policy import own

pages = Blueprint("own_sessions", __name__)


@pages.get("/account/sessions")
@own
def show() -> str:
    """One's own open sessions, this one marked."""
    me = visitor.me().session
    rows = signing.own_sessions(g.db, me.user_id, clock.now())
    return render_template("own_sessions.html", rows=rows, this=me.id)


@pages.post("/account/sessions/<int:session_id>/end")
@own
def end(session_id: int) -> Response:
    """End one of one's own sessions."""
    me = visitor.me().session
    if session_id == me.id:
        visitor.leave()
        return redirect(url_for("account.sign_in"), 303)
    if not signing.sign_out_own(g.db, me.user_id, session_id, clock.now()):
        abort(404)
    flash(_("That session is ended."))
    return redirect(url_for("own_sessions.show"), 303)


@pages.post("/account/sessions/end")
@own
def end_all() -> Response:
    """End every session of one's own, this one too."""
    signing.sign_out_everywhere(g.db, visitor.me().actor.id, clock.now())
    visitor.leave()
    flash(_("You are signed out everywhere."))
    return redirect(url_for("account.sign_in"), 303)
