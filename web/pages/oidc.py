"""Signing in at a provider elsewhere, and linking the account there to the own account here."""

from __future__ import annotations

import logging
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from cascade import accounts as signing
from cascade import clock, identities
from cascade.accounts import CodeNeededError, TooManyTriesError, WrongPasswordError
from cascade.administration import By
from cascade.identities import IdentityTakenError, UnknownIdentityError, Verified
from cascade.oidc import Begun, NotSignedInError, Provider, ProviderDownError
from models.queries import administration as reading
from models.queries import identities as links
from web import device, visitor
from web.forms import Form
from web.pages.account import arrive, safe_next
from web.policy import administers, own, public

pages = Blueprint("oidc", __name__)
Answer = str | Response | tuple[str, int]

_log = logging.getLogger(__name__)
_KEPT = "elsewhere"  # where the cookie keeps what belongs to a sign-in that is under way
_LASTS = 600  # seconds it may take


@pages.app_context_processor
def _offered() -> dict[str, Any]:
    """What the button says, where there is a provider, and what went wrong there."""
    found = current_app.extensions.get("provider")
    return {"provider_name": found.name if found is not None else "", "trouble_there": _trouble}


@pages.get("/sign-in/elsewhere")
@public
def begin() -> Response:
    """Send the browser to the provider."""
    if current_user.is_authenticated:
        return redirect(safe_next())
    try:
        return redirect(_leave(_provider(), next=safe_next()))
    except ProviderDownError:
        return _failed("down", safe_next())


@pages.get("/sign-in/elsewhere/back")
@public
def back() -> Response:
    """Whoever comes back is signed in, or has linked the account there.

    It always leads on, so that no page and no link keeps the code that stands in its address.
    """
    provider, kept = _provider(), session.pop(_KEPT, None) or {}
    wanted, session_id = str(kept.get("next", "")), kept.get("session")
    try:
        who = _who(provider, kept)
        if session_id and not _is_mine(session_id):
            raise NotSignedInError("the link was begun in another session")
        return _link(who) if session_id else _enter(who, wanted)
    except NotSignedInError as error:
        _log.warning("request %s: sign-in elsewhere failed: %s", g.request_id, error.why)
        return _failed("failed", wanted)
    except ProviderDownError:
        return _failed("down", wanted)
    except UnknownIdentityError:
        return _failed("unknown", wanted)
    except IdentityTakenError:
        return _failed("taken", wanted)


@pages.get("/account/elsewhere")
@own
def show() -> str:
    """The accounts elsewhere with which one signs in, and the way to link one."""
    return _page(Form(request.args))


@pages.post("/account/elsewhere")
@own
def begin_link() -> Answer:
    """Show the way to the provider, after the password."""
    form, me, provider = Form(request.form), visitor.me().session, _provider()
    try:
        signing.check_password(g.db, me, form.typed.get("present", ""), clock.now())
        return _page(form, _leave(provider, session=me.id))
    except WrongPasswordError:
        form.problems["present"] = _("The present password is not right.")
    except TooManyTriesError:
        form.problems["present"] = _("There were too many tries. Wait a quarter of an hour.")
    except ProviderDownError:
        return _failed("down", "")
    return _page(form), 400


@pages.post("/account/elsewhere/<int:identity_id>/remove")
@own
def remove(identity_id: int) -> Response:
    """An account elsewhere signs one in no longer; one's other sessions end."""
    me = visitor.me().session
    identities.unlink(g.db, me.user_id, identity_id, By(me.user_id, g.moment), but=me.id)
    flash(_("The link is removed. You are signed out everywhere else."))
    return redirect(url_for(".show"), 303)


@pages.get("/admin/users/<int:user_id>/elsewhere")
@administers
def of_person(user_id: int) -> str:
    """A person's accounts elsewhere, for the administrator."""
    with g.db.read() as conn:
        user = reading.user(conn, user_id)
        rows = links.of_person(conn, user_id)
    if user is None:
        abort(404)
    return render_template("elsewhere_of_person.html", user=user, rows=rows)


@pages.post("/admin/users/<int:user_id>/elsewhere/<int:identity_id>/remove")
@administers
def remove_of_person(user_id: int, identity_id: int) -> Response:
    """An account elsewhere signs this person in no longer; all the person's sessions end."""
    by = By(visitor.me().actor.id, g.moment)
    identities.unlink(g.db, user_id, identity_id, by)
    flash(_("The link is removed, and the person is signed out everywhere."))
    return redirect(url_for(".of_person", user_id=user_id), 303)


def _provider() -> Provider:
    found = current_app.extensions.get("provider")
    if not isinstance(found, Provider):
        abort(404)
    return found


def _leave(provider: Provider, **kept: object) -> str:
    """Where to go at the provider; what belongs to it stays in this browser's cookie alone."""
    url, begun = provider.begin(_back())
    at = clock.now().at.timestamp()
    session[_KEPT] = {"of": [begun.state, begun.nonce, begun.verifier], "at": at, **kept}
    return url


def _back() -> str:
    is_https = current_app.config["SESSION_COOKIE_SECURE"]
    return url_for("oidc.back", _external=True, _scheme="https" if is_https else request.scheme)


def _who(provider: Provider, kept: dict[str, Any]) -> Verified:
    now = clock.now()
    if not kept or now.at.timestamp() - kept["at"] > _LASTS:
        raise NotSignedInError("this browser did not begin it, or too long ago")
    return provider.finish(request.args, Begun(*kept["of"]), _back(), now)


def _is_mine(session_id: object) -> bool:
    """Whether a link was begun in this very session: `back` is open to anybody."""
    return bool(current_user.is_authenticated and visitor.me().session.id == session_id)


def _enter(who: Verified, wanted: str) -> Response:
    login = identities.find(g.db, who).login
    here = device.here(login)
    try:
        token = identities.sign_in(g.db, who, clock.now(), here)
    except CodeNeededError as needed:
        visitor.wait(needed.token)
        return redirect(url_for("second_factor.ask", next=wanted), 303)
    return arrive(token, login, here, wanted)


def _link(who: Verified) -> Response:
    identities.link(g.db, visitor.me().actor.id, who, clock.now())
    flash(_("The account is linked: from now on it signs you in."))
    return redirect(url_for(".show"), 303)


def _failed(trouble: str, wanted: str) -> Response:
    """To the page from which it was begun, which tells what went wrong."""
    if current_user.is_authenticated:
        return redirect(url_for(".show", trouble=trouble), 303)
    return redirect(url_for("account.sign_in", next=wanted or None, trouble=trouble), 303)


def _trouble() -> dict[str, str]:
    """What went wrong, for the summary of a form."""
    name = current_app.extensions["provider"].name if current_app.extensions["provider"] else ""
    said = {
        "down": _(
            "%(name)s does not answer now. Sign in with your name and password here.", name=name
        ),
        "failed": _("Signing in with %(name)s did not work. Try again.", name=name),
        "unknown": _(
            "Nobody here signs in with this account. Sign in with name and password; then you "
            "can link it, under Password."
        ),
        "taken": _("This account is linked to another person here."),
    }
    found = said.get(request.args.get("trouble", ""))
    return {"": found} if found and name else {}


def _page(form: Form, way: str = "") -> str:
    with g.db.read() as conn:
        rows = links.of_person(conn, visitor.me().actor.id)
    return render_template("elsewhere.html", form=form, rows=rows, way=way)
