"""Who is there: the person a request's session belongs to, and the default that one is needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar, cast

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Connection

from cascade import accounts as signing
from cascade import clock
from models.queries.accounts import SessionRow
from models.queries.acting import ActorRow
from models.scope import Reader, read_as
from web import bearer, policy
from web.person import Person
from web.policy import Policy
from workflows.roles import REGISTRY, Role

V = TypeVar("V", bound=Callable[..., object])
_HALF = "half"  # where the cookie keeps the token of a half-session


class Visitor(UserMixin, Person):  # type: ignore[misc]
    """A signed-in person; the login cookie carries the session's token, not the person."""

    def __init__(self, row: SessionRow, token: str) -> None:
        super().__init__(ActorRow(row.user_id, row.login, row.name))
        self.session = row
        self._token = token

    def get_id(self) -> str:
        """What flask-login keeps in the cookie."""
        return self._token


def register(app: Flask) -> None:
    """Every page asks for what its policy says: see web.policy."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    # The token is a session's; a cookie that outlives the browser would outlive the desk.
    app.config["REMEMBER_COOKIE_DURATION"] = None
    app.before_request(_demand)
    app.context_processor(lambda: {"me": current_user})


def without_second_factor(view: V) -> V:
    """Mark a page that is open also to whoever must set up a second factor first."""
    view.is_before_factor = True  # type: ignore[attr-defined]
    return view


def me() -> Visitor:
    """The person of this request, who is there on every page that is not public."""
    return cast(Visitor, current_user._get_current_object())


def asking() -> Person:
    """The person of this request, at a browser or through a program."""
    caller: Person | None = g.get("caller")
    return me() if caller is None else caller


def reading() -> AbstractContextManager[Connection]:
    """A connection on which there is what the person of this request may see, and nothing else."""
    return read_as(g.db, Reader(asking().actor.id, g.today, g.moment.at))


def enter(token: str) -> None:
    """Begin a browser's session under a fresh token; nothing of an earlier one stays."""
    found = _load(token)
    assert found is not None  # it was made a moment ago
    leave_quietly()
    login_user(found)


def wait(half_token: str) -> None:
    """Keep the right to give a code, and nothing else; nobody is signed in."""
    leave_quietly()
    session[_HALF] = half_token


def half() -> str:
    """The token of the sign-in that waits for its code, if there is one."""
    return str(session.get(_HALF, ""))


def leave() -> None:
    """End the session in the database, then forget the cookie."""
    signing.sign_out(g.db, me().session.id, clock.now())
    logout_user()
    session.clear()


def leave_quietly() -> None:
    """End whatever session this browser has; nothing of it stays."""
    if current_user.is_authenticated:
        leave()
    session.clear()


# The roles of which a page asks for one, wherever it is held.
_DEMANDS = {
    Policy.REGISTERS: REGISTRY.roles,
    Policy.ADMINISTERS: frozenset({Role.ADMINISTRATOR}),
}


def _load(token: str) -> Visitor | None:
    # By the real clock, also in a sample world that stands on its story's day.
    row = signing.signed_in(g.db, token, clock.now())
    return None if row is None else Visitor(row, token)


def _demand() -> Response | None:
    """Who is not signed in is sent to sign in; who may not open this page is told so."""
    wanted = policy.of(current_app, request.endpoint)
    if request.endpoint is None or wanted is Policy.PUBLIC:  # no such page: told to anybody
        return None
    if bearer.is_program(request):  # a cookie opens nothing here
        g.caller = bearer.admit(wanted)
        _demand_post(wanted)
        return None
    if not current_user.is_authenticated:
        came_for = request.full_path.rstrip("?") if request.method == "GET" else None
        return cast(Response, redirect(url_for("account.sign_in", next=came_for)))
    view = current_app.view_functions[request.endpoint or ""]
    if _owes_second_factor(view):
        return _to_second_factor()
    _demand_post(wanted)
    return None


def _demand_post(wanted: Policy | None) -> None:
    if wanted in _DEMANDS and not asking().units(*_DEMANDS[wanted]):
        abort(403)


def _owes_second_factor(view: object) -> bool:
    if not current_app.config["REQUIRE_TOTP"] or me().session.has_factor:
        return False
    return not getattr(view, "is_before_factor", False) and me().is_administrator


def _to_second_factor() -> Response:
    return cast(Response, redirect(url_for("second_factor.show")))
