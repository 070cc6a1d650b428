"""Breaking the glass: an administrator reads one unit's content for some hours, for all to see."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import authority
from cascade.administration import By
from cascade.authority import LONGEST_HOURS, StillOpenError
from models.queries import glass as reading
from web import policy, typed, visitor
from web.forms import Form
from web.language import moment

pages = Blueprint("glass", __name__)
_PAGE = 50


@pages.get("/admin/break-glass")
@policy.administers
def show() -> str:
    """The form, and every opening, the newest first, page by key."""
    return _page(Form(request.args))


@pages.post("/admin/break-glass")
@policy.administers
def break_it() -> Response | tuple[str, int]:
    """Open a unit's content for reading; heads and secretariats there are told."""
    form = Form(request.form)
    with g.db.read() as conn:
        unit_id = typed.unit(form, conn, g.today)
    hours = form.number("hours")
    if hours is None or not 1 <= hours <= LONGEST_HOURS:
        form.problems["hours"] = _("Choose for how long.")
    reason = form.text("reason", _("Say why. The unit is told in these words."))
    if not form.problems and unit_id is not None and hours is not None:
        try:
            authority.open_glass(g.db, unit_id, reason, hours, _by())
            flash(_("The unit's content is open to you. Heads and secretariats there are told."))
            return redirect(url_for("admin.glass.show"), 303)
        except StillOpenError as error:
            form.problems["unit"] = _(
                "It is open to you already, until %(moment)s.", moment=moment(error.until)
            )
    return _page(form), 400


@pages.post("/admin/break-glass/<int:glass_id>/end")
@policy.administers
def end(glass_id: int) -> Response:
    """Close it before its time."""
    authority.end_glass(g.db, glass_id, _by())
    flash(_("It is closed."))
    return redirect(url_for("admin.glass.show"), 303)


def _page(form: Form) -> str:
    key = Form(request.args).number("before")
    before = key if key is not None and key < 2**31 else None
    with g.db.read() as conn:
        rows = reading.openings(conn, g.today, before=before, limit=_PAGE + 1)
    more = url_for("admin.glass.show", before=rows[_PAGE - 1].id) if rows[_PAGE:] else ""
    return render_template(
        "break_glass.html",
        form=form,
        rows=rows[:_PAGE],
        more=more,
        now=g.moment.at,
        hours=range(1, LONGEST_HOURS + 1),
    )


def _by() -> By:
    return By(visitor.me().actor.id, g.moment)
