"""Who is there: the person a request's session belongs to, and the default that one is needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TypeVar, cast

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Connection

from cascade import accounts as signing
from cascade import clock
from models.queries import accounts
from models.queries.accounts import HeldPost, SessionRow
from models.queries.acting import ActorRow
from models.scope import Reader, read_as
from web import policy
from web.policy import Policy
from workflows.roles import DOER, ISSUER, REGISTRY, Role

V = TypeVar("V", bound=Callable[..., object])
_HALF = "half"  # where the cookie keeps the token of a half-session


class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person; the login cookie carries the session's token, not the person."""

    def __init__(self, row: SessionRow, token: str) -> None:
        self.session = row
        self.actor = ActorRow(row.user_id, row.login, row.name)
        self.name = row.name
        self._token = token

    def get_id(self) -> str:
        """What flask-login keeps in the cookie."""
        return self._token

    @cached_property
    def posts(self) -> list[HeldPost]:
        """The posts held today, highest unit first; asked once a request."""
        with g.db.read() as conn:
            return accounts.posts_held(conn, self.actor.id, g.today)

    def units(self, *roles: Role) -> list[HeldPost]:
        """One post for each unit in which the person has one of these roles."""
        wanted = [post for post in self.posts if Role(post.role) in roles]
        return list({post.unit_id: post for post in wanted}.values())

    @property
    def works_in(self) -> list[HeldPost]:
        """The units whose duties the person may do."""
        return self.units(*DOER.roles)

    @property
    def follows_for(self) -> list[HeldPost]:
        """The units for which the person follows what others owe."""
        return self.units(*ISSUER.roles)

    @property
    def is_administrator(self) -> bool:
        """Whether the person keeps accounts and units."""
        return bool(self.units(Role.ADMINISTRATOR))


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


def reading() -> AbstractContextManager[Connection]:
    """A connection on which there is what the person of this request may see, and nothing else."""
    return read_as(g.db, Reader(me().actor.id, g.today, g.moment.at))


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
    if not current_user.is_authenticated:
        came_for = request.full_path.rstrip("?") if request.method == "GET" else None
        return cast(Response, redirect(url_for("account.sign_in", next=came_for)))
    view = current_app.view_functions[request.endpoint or ""]
    if _owes_second_factor(view):
        return _to_second_factor()
    if wanted in _DEMANDS and not me().units(*_DEMANDS[wanted]):
        abort(403)
    return None


def _owes_second_factor(view: object) -> bool:
    if not current_app.config["REQUIRE_TOTP"] or me().session.has_factor:
        return False
    return not getattr(view, "is_before_factor", False) and me().is_administrator


def _to_second_factor() -> Response:
    return cast(Response, redirect(url_for("second_factor.show")))
