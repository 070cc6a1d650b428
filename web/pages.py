"""The pages: each parses, calls and presents."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, render_template, send_from_directory

from cascade import graph
from cascade.acts import Ref
from cascade.drawing import FONTS
from models.database import Database
from models.queries import home as home_query
from models.queries import lists
from web import present

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> str:
    """The directives, and what is overdue across everything."""
    with _db().read() as conn:
        directives = home_query.directives(conn)
        below = home_query.overdue_below(conn, [row.id for row in directives], g.today)
        overdue = lists.overdue(conn, g.today)
        total = lists.count_overdue(conn, g.today)
    rows = present.directives(directives, below, g.lang)
    late = present.overdue(overdue, g.today, g.lang)
    return render_template("home.html", directives=rows, overdue=late, total=total)


@pages.get("/letters/<int:letter_id>")
def letter(letter_id: int) -> str:
    """One letter: its fields, points and citations both ways."""
    with _db().read() as conn:
        sheet = present.letter(conn, letter_id, g.lang)
    return render_template("letter.html", **sheet)


@pages.get("/letters/<int:letter_id>/cascade")
def cascade(letter_id: int) -> str:
    """A directive's cascade: the tree is the page, the graph is its picture."""
    with _db().read() as conn:
        below = graph.down(conn, letter_id, g.today)
    return render_template("cascade.html", **present.cascade(below, letter_id, g.lang))


@pages.get("/steps/<int:step_id>")
def step(step_id: int) -> str:
    """One step: how it stands, where it comes from, what happened."""
    with _db().read() as conn:
        above = graph.up(conn, Ref("step", step_id), g.today)
        history = home_query.history(conn, step_id=step_id)
    return render_template("step.html", **present.step(above, step_id, history, g.lang))


@pages.get("/static/fonts/<name>")
def font(name: str) -> Response:
    """The drawing's own font, so that words fit their boxes."""
    return send_from_directory(FONTS, name)


def _db() -> Database:
    found = current_app.config["DATABASE"]
    assert isinstance(found, Database)
    return found
