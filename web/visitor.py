"""Who is there: the person a request's session belongs to, and the default that one is needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from cascade import accounts as signing
from cascade import clock
from models.queries import accounts
from models.queries.accounts import HeldPost, SessionRow
from models.queries.acting import ActorRow
from workflows.roles import DOER, ISSUER, Role

V = TypeVar("V", bound=Callable[..., object])


class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person; the login cookie carries the session's token, not the person."""

    def __init__(self, row: SessionRow, token: str) -> None:
        self.session_id = row.id
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
    """Every page needs somebody signed in, except those marked `public`."""
    manager = LoginManager(app)
    manager.user_loader(_load)
    # The token is a session's; a cookie that outlives the browser would outlive the desk.
    app.config["REMEMBER_COOKIE_DURATION"] = None
    app.before_request(_demand)
    app.context_processor(lambda: {"me": current_user})


def public(view: V) -> V:
    """Mark a page that anybody may open."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def me() -> Visitor:
    """The person of this request, who is there on every page that is not public."""
    return cast(Visitor, current_user._get_current_object())


def enter(token: str) -> None:
    """Begin a browser's session under a fresh token; nothing of an earlier one stays."""
    found = _load(token)
    assert found is not None  # it was made a moment ago
    session.clear()
    login_user(found)


def leave() -> None:
    """End the session in the database, then forget the cookie."""
    signing.sign_out(g.db, me().session_id, clock.now())
    logout_user()
    session.clear()


def _load(token: str) -> Visitor | None:
    # By the real clock, also in a sample world that stands on its story's day.
    row = signing.signed_in(g.db, token, clock.now())
    return None if row is None else Visitor(row, token)


def _demand() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or getattr(view, "is_public", False):
        return None
    if current_user.is_authenticated:
        return None
    came_for = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("account.sign_in", next=came_for)))
