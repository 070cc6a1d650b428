"""One person's account: name, password, sessions, posts."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cascade import administration, mailing, resets, second_factor
from cascade.administration import (
    By,
    InactiveUserError,
    LastAdministratorError,
    LoginTakenError,
    OwnAccountError,
    OwnPostError,
    PostEndedError,
    PostHeldError,
)
from cascade.mailing import BadAddressError
from models.queries import administration as reading
from models.queries import mailing as addresses
from models.queries import own_account
from web import typed, visitor
from web.forms import Form
from web.language import day
from web.policy import administers
from web.present import admin as present
from workflows.roles import Role, Span

pages = Blueprint("users", __name__)
Answer = str | Response | tuple[str, int]


@pages.get("/admin/users/new")
@administers
def new() -> str:
    """The form for a new person."""
    return render_template("admin_new_user.html", form=Form(request.args))


@pages.post("/admin/users/new")
@administers
def add() -> Answer:
    """A new person, who then needs a post and a password."""
    form = Form(request.form)
    login, name = typed.login(form), form.text("name", _("Type the name."))
    if not form.problems:
        try:
            user_id = administration.add_user(g.db, login, name, _by())
            return _to(
                user_id, _("The person is on file. Now give a post, and a link for a password.")
            )
        except LoginTakenError:
            form.problems["login"] = _("Somebody has this user name already.")
    return render_template("admin_new_user.html", form=form), 400


@pages.get("/admin/users/<int:user_id>")
@administers
def show(user_id: int) -> str:
    """The account with all that can be done to it."""
    return _page(user_id, Form(request.args))


@pages.post("/admin/users/<int:user_id>/name")
@administers
def rename(user_id: int) -> Answer:
    """Another name."""
    form = Form(request.form)
    name = form.text("name", _("Type the name."))
    if form.problems:
        return _page(user_id, form), 400
    administration.rename_user(g.db, user_id, name, _by())
    return _to(user_id, _("The name is changed."))


@pages.post("/admin/users/<int:user_id>/mail")
@administers
def put_mail(user_id: int) -> Answer:
    """Where the person's reminders go."""
    form = Form(request.form)
    try:
        lang = mailing.of_person(g.db, user_id).lang
        mailing.set_address(g.db, user_id, form.text("email"), lang, _by())
        return _to(user_id, _("The mail address is saved."))
    except BadAddressError:
        form.problems["email"] = _("This is no mail address. Write it like ten.ho@example.gov.vn.")
    return _page(user_id, form), 400


@pages.post("/admin/users/<int:user_id>/deactivate")
@administers
def deactivate(user_id: int) -> Answer:
    """Close the account; its sessions end at once."""
    form = Form(request.form)
    try:
        administration.deactivate_user(g.db, user_id, _by())
        return _to(user_id, _("The account is closed and signed out everywhere."))
    except OwnAccountError:
        form.problems[""] = _("You cannot close your own account: another administrator can.")
    except LastAdministratorError:
        form.problems[""] = _last_administrator()
    return _page(user_id, form), 409


@pages.post("/admin/users/<int:user_id>/activate")
@administers
def activate(user_id: int) -> Answer:
    """Open a closed account again."""
    administration.activate_user(g.db, user_id, _by())
    return _to(user_id, _("The account is open again."))


@pages.post("/admin/users/<int:user_id>/sign-out")
@administers
def sign_out(user_id: int) -> Answer:
    """End every session of the person."""
    administration.sign_out_user(g.db, user_id, _by())
    return _to(user_id, _("The person is signed out everywhere."))


@pages.post("/admin/users/<int:user_id>/reset")
@administers
def make_link(user_id: int) -> Answer:
    """A link by which the person sets a password, shown this once."""
    form = Form(request.form)
    if user_id == visitor.me().actor.id:
        return redirect(url_for("account.password"), 303)
    try:
        token = resets.make(g.db, user_id, _by())
    except InactiveUserError:
        form.problems[""] = _("The account is closed. Open it first.")
        return _page(user_id, form), 400
    return _page(user_id, form, url_for("reset.open_link", token=token, _external=True))


@pages.post("/admin/users/<int:user_id>/second-factor")
@administers
def remove_second_factor(user_id: int) -> Answer:
    """Take away a second factor that is lost; the person is signed out everywhere."""
    if user_id == visitor.me().actor.id:
        return redirect(url_for("second_factor.show"), 303)
    second_factor.remove_lost(g.db, user_id, _by())
    return _to(user_id, _("The second factor is removed. The password alone signs in now."))


@pages.post("/admin/users/<int:user_id>/posts")
@administers
def appoint(user_id: int) -> Answer:
    """Give a post in a unit from a day on."""
    form = Form(request.form)
    with g.db.read() as conn:
        unit_id = typed.unit(form, conn, g.today)
    role = form.text("role", _("Choose a role."))
    if role and role not in list(Role):
        form.problems["role"] = _("Choose a role.")
    scope = form.text("scope")
    if scope not in ("", *Span):
        form.problems["scope"] = _("Choose how far the post sees.")
    first = form.day("valid_from") or g.today
    last = form.day("valid_to")
    if last is not None and last < first:
        form.problems["valid_to"] = _("It would end before it begins.")
    if not form.problems and unit_id is not None:
        try:
            sees = Span(scope) if scope else None
            administration.appoint(g.db, user_id, unit_id, Role(role), first, last, _by(), sees)
            return _to(user_id, _("The post is given."))
        except OwnPostError:
            form.problems["role"] = _(
                "Nobody gives himself a post: another administrator can do it for you."
            )
        except PostHeldError as error:
            form.problems["role"] = _(
                "This post is held already from %(first)s to %(last)s.",
                first=day(error.held.valid_from),
                last=day(error.held.valid_to),
            )
    return _page(user_id, form), 400


@pages.get("/admin/posts/<int:post_id>")
@administers
def post(post_id: int) -> str:
    """The form that ends a post."""
    return _post_page(post_id, Form(request.args))


@pages.post("/admin/posts/<int:post_id>")
@administers
def end_post(post_id: int) -> Answer:
    """End a post: at once, or after a last day."""
    form = Form(request.form)
    with g.db.read() as conn:
        held = reading.post(conn, post_id, g.today)
    if held is None:
        abort(404)
    last = _last_day(form)
    mine = held.role == Role.ADMINISTRATOR and held.user_id == visitor.me().actor.id
    if mine and form.typed.get("sure") != "yes":
        form.problems["sure"] = _("This is your own post. Say that you mean it.")
    if not form.problems and last is not None:
        try:
            administration.end_post(g.db, post_id, last, _by())
            if not mine:
                return _to(held.user_id, _("The post is ended."))
            flash(_("The post is ended."))
            return redirect(url_for("home.show"), 303)
        except LastAdministratorError:
            form.problems[""] = _last_administrator()
        except PostEndedError:
            form.problems["last"] = _("It ends by then already. To make it longer, give it anew.")
    return _post_page(post_id, form), 400


def _last_day(form: Form) -> date | None:
    when = form.text("when", _("Choose when it ends."))
    if when == "now":
        return g.today - timedelta(1)  # type: ignore[no-any-return]
    return form.day("last", _("Type the last day.")) if when == "on" else None


def _page(user_id: int, form: Form, made_link: str = "") -> str:
    with g.db.read() as conn:
        user = reading.user(conn, user_id)
        if user is None:
            abort(404)
        posts = reading.posts(conn, user_id, g.today)
        sessions = reading.open_sessions(conn, user_id)
        factor = own_account.factor(conn, user_id)
        events = reading.record_of(conn, user_id)
        mail = addresses.of_person(conn, user_id)
    return render_template(
        "admin_user.html",
        user=user,
        email=mail.email if mail is not None else None,
        posts=posts,
        sessions=sessions,
        form=form,
        roles=present.roles(),
        spans=present.spans(),
        span=present.span,
        made_link=made_link,
        has_factor=factor is not None and factor.confirmed_at is not None,
        record=present.record(events),
        is_me=user_id == visitor.me().actor.id,
    )


def _post_page(post_id: int, form: Form) -> str:
    with g.db.read() as conn:
        held = reading.post(conn, post_id, g.today)
        user = reading.user(conn, held.user_id) if held else None
    if held is None or user is None:
        abort(404)
    mine = held.role == Role.ADMINISTRATOR and user.id == visitor.me().actor.id
    return render_template("admin_post.html", post=held, user=user, form=form, mine=mine)


def _by() -> By:
    return By(visitor.me().actor.id, g.moment)


def _to(user_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("admin.users.show", user_id=user_id), 303)


def _last_administrator() -> str:
    return str(
        _(
            "Nobody would be left who can sign in as administrator. Make another person "
            "administrator first, and give that person a password."
        )
    )
