"""What my units owe and what waits for them, the most urgent first."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, request

from cascade.receiving import awaited
from models.queries import inbox, reminding
from web import visitor
from web.policy import reads
from web.present import inbox as present

pages = Blueprint("inbox", __name__)


@pages.get("/inbox")
@reads
def show() -> str:
    """A page of the inbox of all my units, or of one of them, or of one group."""
    here = visitor.me()
    units = present.Units.of(here.works_in, here.follows_for, request.args.get("unit", ""))
    if units is None:
        abort(404)
    only = request.args.get("only", "")
    groups = [only] if only in inbox.GROUPS else []
    after = present.read_key(request.args.get("after", ""))
    with visitor.reading() as conn:
        rows = inbox.page(
            conn, g.today, **units.asked, groups=groups, after=after, limit=inbox.PAGE + 1
        )
        counts = inbox.counts(conn, g.today, **units.asked)
        reminded = reminding.last_reminders(conn, [row.id for row in rows])
        waiting = awaited(conn, [(row.id, row.kind, row.state, row.due) for row in rows])
    shown = present.page(rows, counts, units, only, after, reminded, waiting)
    return render_template("inbox.html", **shown)
