"""Large exports: the register as a file, made by a worker while its asker does something else."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from cascade.jobs import exporting
from cascade.jobs.port import Place
from web import history, visitor
from web.forms import Form
from web.letter_typed import FILTERS, wanted_of
from web.policy import reads
from web.present import exported

pages = Blueprint("exports", __name__)


@pages.get("/exports")
@reads
def show() -> str:
    """What the person asked for lately, how far it is, and the files."""
    _place()
    with visitor.reading() as conn:
        found = exporting.asked_by(conn, visitor.me().actor.id, g.moment)
        rows = exported.rows(conn, found, g.today)
    return render_template("exports.html", rows=rows)


@pages.post("/exports")
@reads
def ask() -> Answer:
    """Ask for the letters of the register that fit the filters in the address."""
    place, user_id = _place(), visitor.me().actor.id
    form = Form(request.args)
    with visitor.reading() as conn:
        wanted = wanted_of(conn, form, g.today)
        is_busy = any(one.is_open for one in exporting.asked_by(conn, user_id, g.moment))
    if form.problems:
        # The register tells at its fields what is wrong with the filters.
        typed: dict[str, Any] = {n: request.args[n] for n in FILTERS if n in request.args}
        return redirect(url_for("letters.listed", **typed), 303)
    if is_busy:
        flash(_("One export is being made already. Ask again when it is done."))
    else:
        exporting.ask(place, user_id, g.lang, g.moment, wanted, history.foot())
    return redirect(url_for(".show"), 303)


@pages.get("/exports/<key>.csv")
@reads
def file(key: str) -> Response:
    """A finished export, for whoever asked for it and nobody else."""
    path = exporting.ready(_place(), key, visitor.me().actor.id, g.moment)
    if path is None:
        abort(404)
    name = _("letters-%(day)s", day=g.today.isoformat())
    return send_file(
        path, "text/csv; charset=utf-8", as_attachment=True, download_name=f"{name}.csv"
    )


def _place() -> Place:
    if g.world.home is None:  # a sample has no workers
        abort(404)
    return Place(g.db, g.world.home)
