"""Units as of a day, with their people."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, g, render_template, request

from models.queries import directory
from models.queries import units as units_query
from web import visitor
from web.forms import Form
from web.notices import glass_seen
from web.policy import reads
from web.present import units as present
from web.present.units import PAGE, Asked, Branch

pages = Blueprint("units", __name__)


@pages.get("/units")
@reads
def show_all() -> str | tuple[str, int]:
    """The tree of units as of a day: two levels, or one unit opened."""
    form = Form(request.args)
    day, asked = _day(form)
    opened = request.args.get("open", "")
    tree = _opened(opened, day, asked) if opened else _folded(day, asked)
    page = render_template("units.html", form=form, day=day, tree=tree, opened=opened, asked=asked)
    return (page, 400) if form.problems else page


@pages.get("/units/<path:code>")
@reads
def show(code: str) -> str | tuple[str, int]:
    """One unit: names over time, place, changes, people, what it owes, what it issued."""
    form = Form(request.args)
    day, asked = _day(form)
    with visitor.reading() as conn:
        unit_id = units_query.by_code(conn, code)
        if unit_id is None:
            abort(404)
        sheet = present.sheet(conn, unit_id, day, request.args.get("after", ""), asked)
        here = visitor.me()
        notices = glass_seen(conn, here, unit_id)
    mine = {post.unit_code for post in (*here.works_in, *here.follows_for)}
    page = render_template(
        "unit.html",
        form=form,
        day=day,
        asked=asked,
        code=code,
        is_mine=code in mine,
        notices=notices,
        **sheet,
    )
    return (page, 400) if form.problems else page


def _day(form: Form) -> tuple[date, Asked]:
    """The day asked about, else today; and what links carry on of it."""
    day = form.day("day")
    return day or g.today, {"day": form.typed["day"]} if day else {}


def _folded(day: date, asked: Asked) -> list[Branch]:
    with visitor.reading() as conn:
        tops = directory.tops(conn, day)
        ids = [row.id for row in tops]
        under = directory.under(conn, ids, day, limit=PAGE + 1)
        counts = directory.counts(conn, [*ids, *(row.id for row in under)], day)
    return present.forest(tops, under, counts, asked)


def _opened(code: str, day: date, asked: Asked) -> list[Branch]:
    after = present.read_key(request.args.get("after", ""))
    with visitor.reading() as conn:
        unit_id = units_query.by_code(conn, code)
        chain = directory.chain(conn, unit_id, day) if unit_id is not None else []
        if unit_id is None or not chain:
            abort(404)
        children = directory.children(conn, unit_id, day, after=after, limit=PAGE + 1)
        counts = directory.counts(conn, [unit_id, *(row.id for row in children)], day)
    return present.path(chain, children, counts, asked)
