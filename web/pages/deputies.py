"""Who stands in for me, and for whom I stand in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import authority
from cascade.administration import By, InactiveUserError
from cascade.authority import NotOwnPostError, OneselfError, StandsInError, Wanted
from models.queries import deputies as reading
from web import policy, typed, visitor
from web.forms import Form
from web.present import deputies as present

pages = Blueprint("deputies", __name__)
Answer = Response | tuple[str, int]


@pages.get("/account/deputies")
@policy.own
def show() -> str:
    """Both lists, and the form for whoever holds a post that acts."""
    return _page(Form(request.args))


@pages.post("/account/deputies")
@policy.own
def give() -> Answer:
    """Name a deputy for one of one's own posts."""
    form = Form(request.form)
    wanted = _wanted(form)
    if wanted is not None:
        try:
            authority.delegate(g.db, wanted, _by())
            flash(_("The deputy may act from the first day on."))
            return redirect(url_for("deputies.show"), 303)
        except NotOwnPostError:
            form.problems["post"] = _("Choose a post you hold yourself today.")
        except OneselfError:
            form.problems["deputy"] = _("Name another person than yourself.")
        except InactiveUserError:
            form.problems["deputy"] = _("This person's account is closed.")
        except StandsInError:
            form.problems["deputy"] = _("This person stands in for that post then already.")
    return _page(form), 400


@pages.post("/account/deputies/<int:delegation_id>/end")
@policy.own
def end(delegation_id: int) -> Response:
    """End what one gave, from the deputy's next click on."""
    authority.end_delegation(g.db, delegation_id, _by())
    flash(_("The deputy may no longer act for you."))
    return redirect(url_for("deputies.show"), 303)


def _wanted(form: Form) -> Wanted | None:
    """What the form asks for; nothing where something in it is wrong."""
    post = present.post_of(form.text("post", _("Choose a post.")))
    with g.db.read() as conn:
        deputy = typed.person(form, conn, "deputy")
    first = form.day("valid_from") or g.today
    last = form.day("valid_to", _("Type the last day."))
    if first < g.today:
        form.problems["valid_from"] = _("It cannot begin before today.")
    if last is not None and last < first:
        form.problems["valid_to"] = _("It would end before it begins.")
    reason = form.text("reason", _("Say why, such as a journey or leave."))
    only = present.moves_of(form.typed.getlist("moves"), post[1]) if post else []
    if form.typed.get("which") == "some" and not only:
        form.problems["moves"] = _("Choose at least one move that this post may make.")
    if post is None:
        form.problems["post"] = _("Choose a post.")
    if form.problems or post is None or deputy is None or last is None:
        return None
    triggers = only if form.typed.get("which") == "some" else None
    return Wanted(*post, deputy, first, last, reason, triggers)


def _page(form: Form) -> str:
    user_id = visitor.me().actor.id
    with g.db.read() as conn:
        rows = reading.of_person(conn, user_id, g.today)
        own = reading.own_posts(conn, user_id, g.today)
    return render_template(
        "deputies.html",
        form=form,
        posts=present.posts(own),
        moves=present.moves(own),
        given=present.lines(row for row in rows if row.giver_id == user_id),
        taken=present.lines(row for row in rows if row.deputy_id == user_id),
    )


def _by() -> By:
    return By(visitor.me().actor.id, g.moment)
