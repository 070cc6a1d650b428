"""Where one's reminders go, and one's due dates as a calendar: made and ended on one's own page."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answered

from cascade import clock, feed, mailing
from cascade.administration import By
from cascade.mailing import BadAddressError
from web import visitor
from web.forms import Form
from web.language import LANGUAGES
from web.policy import own, public
from workflows.labels import Lang

pages = Blueprint("feed", __name__)


@pages.get("/account/calendar-feed")
@own
def show() -> str:
    """One's address for reminders, and whether there is a feed."""
    return _page(Form(request.args))


@pages.post("/account/calendar-feed/mail")
@own
def put_mail() -> Answered | tuple[str, int]:
    """Where one's reminders go from now on."""
    form, me = Form(request.form), visitor.me().actor.id
    email, lang = form.text("email"), form.typed.get("lang", "")
    try:
        by = By(me, g.moment)
        mailing.set_address(g.db, me, email, lang if lang in LANGUAGES else None, by)
    except BadAddressError:
        form.problems["email"] = _("This is no mail address. Write it like ten.ho@example.gov.vn.")
        return _page(form), 400
    flash(_("Reminders go there from now on.") if email else _("No mail is sent to you."))
    return redirect(url_for("feed.show"), 303)


@pages.post("/account/calendar-feed")
@own
def make() -> str:
    """Make a feed; this answer alone shows its address, and an earlier one is dead."""
    token = feed.make(g.db, visitor.me().actor.id, clock.now())
    return _page(Form(request.args), url_for("feed.read", token=token, _external=True))


@pages.post("/account/calendar-feed/end")
@own
def end() -> Answered:
    """End one's feed."""
    if not feed.end(g.db, visitor.me().actor.id, clock.now()):
        abort(404)
    flash(_("That address is of no use any more."))
    return redirect(url_for("feed.show"), 303)


@pages.get("/calendar/<token>.ics")
@public
def read(token: str) -> Response:
    """The calendar of whoever the address belongs to; the address itself is the key."""
    owner = feed.owner(g.db, token)
    if owner is None:
        abort(404)
    spoken = mailing.of_person(g.db, owner).lang
    lang: Lang = "vi" if spoken == "vi" else "en" if spoken == "en" else g.lang
    found = feed.read(g.db, owner, g.moment, _link, lang)
    return Response(found, mimetype="text/calendar")


def _link(step_id: int) -> str:
    return url_for("steps.show", step_id=step_id, _external=True)


def _page(form: Form, address: str = "") -> str:
    me = visitor.me().actor.id
    return render_template(
        "feed.html",
        form=form,
        mail=mailing.of_person(g.db, me),
        langs=[("", _("As is usual here")), ("vi", "Tiếng Việt"), ("en", "English")],
        made_at=feed.made_at(g.db, me),
        address=address,
    )
