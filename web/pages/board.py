"""The secretariat's board: what is overdue and whose move it is; reminders; the same as a file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, send_file
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from cascade.chasing import chase as remind
from cascade.errors import BadInputError
from cascade.exports import csv_file, xlsx_file
from models.queries import board, board_rows, directory, home, units
from models.queries.lists import MOST
from web import board_typed, history, visitor
from web.board_typed import Wanted
from web.forms import Form
from web.policy import acts, reads
from web.present import board as present
from web.present import chased

pages = Blueprint("board", __name__)

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pages.get("/board")
@reads
def show() -> str:
    """What is overdue in the scope of the person, narrowed down by what is in the address."""
    return _board(Form(request.args))


@pages.post("/board/chase")
@acts
def chase() -> Answer | tuple[str, int]:
    """Remind of the chosen steps; whatever was not reminded is told with its reason."""
    typed = Form(request.form)
    note = typed.text("note")
    chosen = board_typed.chosen(request.form.getlist("step"))[: board.PAGE]
    if not chosen:
        typed.problems["chase"] = _("Choose at least one step to remind of.")
    if typed.problems:
        return _board(Form(request.args), typed), 400
    done = remind(g.db, chosen, note, visitor.me().actor, g.moment)
    back = present.link(request.args)
    if not done.refused:
        flash(chased.summary(done))
        return redirect(back, 303)
    with visitor.reading() as conn:
        rows = board_rows.named(conn, [step_id for step_id, _why in done.refused], g.today)
    shown = chased.told(done, rows)
    return render_template("board_chased.html", back=back, **shown), 200 if done.reminded else 409


@pages.get("/board.<any(csv,xlsx):kind>")
@reads
def export(kind: str) -> Response:
    """All rows of the board with the same filters, as a file."""
    form, follows = Form(request.args), _follows()
    with visitor.reading() as conn:
        levels = directory.levels(conn)
        wanted = board_typed.wanted(conn, form, follows, [row[0] for row in levels], g.today)
        if wanted.asked is None:
            raise BadInputError(" ".join(form.problems.values()))
        is_cut = board.count(conn, wanted.asked) > MOST
        found = board.everything(conn, wanted.asked, g.today, most=MOST)
        rows = (present.exported(row) for row in found)
        made = _file(kind, present.with_end(rows, is_cut=is_cut))
    name = _("overdue-%(day)s", day=g.today.isoformat())
    return send_file(
        BytesIO(made), _TYPES[kind], as_attachment=True, download_name=f"{name}.{kind}"
    )


def _file(kind: str, rows: Any) -> bytes:
    if kind == "csv":
        return csv_file(present.headings(), rows, history.foot())
    return xlsx_file(_("Overdue"), present.headings(), rows, history.foot())


def _follows() -> list[int]:
    return [post.unit_id for post in visitor.me().follows_for]


def _board(form: Form, typed: Form | None = None) -> str:
    follows = _follows()
    if not follows:
        return render_template("board_none.html")
    with visitor.reading() as conn:
        levels = directory.levels(conn)
        wanted = board_typed.wanted(conn, form, follows, [row[0] for row in levels], g.today)
        shown = _list(conn, wanted, follows) if wanted.asked else {}
        newest = present.directive_choices(home.directives(conn), wanted)
        unit = _unit(conn, wanted)
    return render_template(
        "board.html",
        typed=typed or Form(request.args.__class__()),
        active=[] if form.problems else present.active(wanted, form, levels, unit, request.args),
        window=wanted.window,
        here=request.args,
        link=present.link,
        **present.filters(request.args, form, levels, newest),
        **shown,
    )


def _list(conn: Connection, wanted: Wanted, follows: list[int]) -> dict[str, Any]:
    asked = wanted.asked
    assert asked is not None
    after = board_typed.key_of(request.args.get("after", ""))
    rows = board.rows(conn, asked, g.today, after=after, limit=board.PAGE + 1)
    acting = sorted({row.acting_id for row in rows})
    counts = board.counts_of(conn, asked, acting) if asked.order == "unit" else {}
    return present.page(rows, board.count(conn, asked), counts, follows, request.args)


def _unit(conn: Connection, wanted: Wanted) -> str:
    if wanted.unit_id is None:
        return ""
    return units.names(conn, [wanted.unit_id], g.today)[wanted.unit_id]
