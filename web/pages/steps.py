"""A step: how it stands, where it comes from, what happened, what may be done now."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.queries import showing
from web import moves, visitor
from web.attachment import attachment
from web.forms import Form
from web.language import moment
from web.policy import acts, reads
from web.present import move_form, step_page

pages = Blueprint("steps", __name__)


@pages.get("/steps/<int:step_id>")
@reads
def show(step_id: int) -> str:
    """One step with its moves, its sources and its history."""
    asked = Form(request.args)
    with visitor.reading() as conn:
        shown = step_page.gather(
            conn,
            step_id,
            visitor.me().actor,
            before=asked.number("before"),
            part=asked.number("part") or 0,
        )
    return render_template("step.html", **shown)


@pages.get("/steps/<int:step_id>/<trigger>")
@reads
def ask(step_id: int, trigger: str) -> tuple[str, int]:
    """The one screen of a move, or why it cannot be made now."""
    with visitor.reading() as conn:
        shown, status = move_form.gather(conn, step_id, trigger, visitor.me().actor)
    return render_template("move.html", **shown), status


@pages.post("/steps/<int:step_id>/<trigger>")
@acts
def act(step_id: int, trigger: str) -> Response | tuple[str, int]:
    """Make the move; or the same screen again with every problem and all that was typed."""
    form, files = Form(request.form), request.files.getlist("evidence")
    actor = visitor.me().actor
    done = moves.attempt(step_id, trigger, form, files, actor)
    if done.fired or done.already:
        at = moment(done.already.at) if done.already else ""
        flash(
            _("You had done this already, on %(at)s. It was not done twice.", at=at)
            if done.already
            else move_form.done(step_id, trigger)
        )
        to_inbox = trigger == "report" and done.fired is not None
        there = url_for("inbox.show") if to_inbox else url_for("steps.show", step_id=step_id)
        return redirect(there, 303)
    with visitor.reading() as conn:
        shown, _status = move_form.gather(conn, step_id, trigger, actor, form, done)
    return render_template("move.html", **shown), done.status


@pages.get("/steps/<int:step_id>/evidence/<int:evidence_id>")
@reads
def evidence(step_id: int, evidence_id: int) -> Response:
    """A file that a report on this step has shown, as a download."""
    with visitor.reading() as conn:
        found = showing.file(conn, step_id, evidence_id)
    if found is None:
        abort(404)
    return attachment(g.store, *found)
