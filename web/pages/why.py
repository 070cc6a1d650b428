"""Why can I see this: the rule and the post by which a letter, a step or a list is shown."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from models.queries import why as query
from web import visitor
from web.policy import reads
from web.present import why as present

pages = Blueprint("why", __name__)


@pages.get("/why")
@reads
def show() -> str:
    """All by which the person reads for units; lists and counts hold what that gives."""
    with visitor.reading() as conn:
        grounds = query.grounds(conn, visitor.me().actor.id, g.today, g.moment.at)
    return render_template("why.html", grounds=[present.ground(one) for one in grounds])


@pages.get("/letters/<int:letter_id>/why")
@reads
def letter(letter_id: int) -> str:
    """Why the person sees a letter."""
    with visitor.reading() as conn:
        shown = present.of_letter(conn, letter_id, visitor.me().actor.id)
    return render_template("why.html", **shown)


@pages.get("/steps/<int:step_id>/why")
@reads
def step(step_id: int) -> str:
    """Why the person sees a step."""
    with visitor.reading() as conn:
        shown = present.of_step(conn, step_id, visitor.me().actor.id)
    return render_template("why.html", **shown)
