"""The calendar where it differs from the rule: days off, days worked."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import calendar, offdays
from cascade.administration import By
from cascade.offdays import DayTakenError, OffDay
from models.queries import administration as reading
from web import typed, visitor
from web.forms import Form
from web.policy import administers

pages = Blueprint("calendar", __name__)
Answer = str | Response | tuple[str, int]
_YEARS = range(1900, 9999)


@pages.get("/admin/calendar")
@administers
def show() -> str:
    """The days of a year that differ from the rule, and the form for another one."""
    return _page(Form(request.args))


@pages.post("/admin/calendar")
@administers
def add() -> Answer:
    """Another day."""
    return _put(None)


@pages.get("/admin/calendar/<int:override_id>")
@administers
def edit(override_id: int) -> str:
    """The form to change a day or remove it."""
    return _day_page(override_id, Form(request.args))


@pages.post("/admin/calendar/<int:override_id>")
@administers
def change(override_id: int) -> Answer:
    """Change a day."""
    return _put(override_id)


@pages.post("/admin/calendar/<int:override_id>/remove")
@administers
def remove(override_id: int) -> Answer:
    """Let the day follow the rule again."""
    with g.db.read() as conn:
        found = reading.override(conn, override_id)
    if found is None:
        abort(404)
    offdays.remove(g.db, override_id, By(visitor.me().actor.id, g.moment))
    flash(_("The day follows the rule again."))
    return redirect(url_for(".show", year=found.day.year), 303)


def _put(override_id: int | None) -> Answer:
    form = Form(request.form)
    day = form.day("on", _("Type the day."))
    kind = form.text("kind", _("Choose whether it is off or worked."))
    reason = form.text("reason", _("Type the reason."))
    unit_id = None
    if form.text("unit"):
        with g.db.read() as conn:
            unit_id = typed.unit(form, conn, g.today)
    if not form.problems and day is not None:
        wanted = OffDay(unit_id, day, kind == "off", reason, form.text("legal_basis"))
        try:
            offdays.put(g.db, override_id, wanted, By(visitor.me().actor.id, g.moment))
            flash(_("The day is in the calendar."))
            return redirect(url_for(".show", year=day.year), 303)
        except DayTakenError:
            form.problems["on"] = _("This day is in the calendar already: change it there.")
    page = _page(form) if override_id is None else _day_page(override_id, form)
    return page, 400


def _page(form: Form) -> str:
    asked = Form(request.args).number("year")
    year = asked if asked in _YEARS else g.today.year
    assert year is not None
    with g.db.read() as conn:
        rows = reading.overrides(conn, year)
    known = calendar.national(year, g.lang)
    return render_template("admin_calendar.html", year=year, rows=rows, known=known, form=form)


def _day_page(override_id: int, form: Form) -> str:
    with g.db.read() as conn:
        found = reading.override(conn, override_id)
    if found is None:
        abort(404)
    return render_template("admin_day.html", day=found, form=form)
