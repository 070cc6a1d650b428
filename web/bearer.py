"""Programs at the door: whose token a request bears, and what that token is good for."""

from __future__ import annotations

from flask import Request, current_app, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from cascade import clock, tokens
from cascade.tokens import Scope
from models.queries.acting import ActorRow
from models.queries.tokens import TokenRow
from web.person import Person
from web.policy import Policy

PREFIX = "/api/"
# What a route's policy asks of a token; no program is let in for anything else.
NEEDED = {Policy.READS: Scope.READ, Policy.ACTS: Scope.ACT, Policy.REGISTERS: Scope.REGISTER}


class Caller(Person):
    """The person in whose name a program asks."""

    def __init__(self, row: TokenRow) -> None:
        super().__init__(ActorRow(row.user_id, row.login, row.name))
        self.scopes = frozenset(row.scopes.split())
        self.has_factor = row.has_factor


def is_program(asked: Request) -> bool:
    """Whether a request is for the interface of programs, where no cookie counts."""
    return asked.path.startswith(PREFIX)


def admit(wanted: Policy | None) -> Caller:
    """The person whose good token this request bears; 401 without one, 403 where it falls short."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise _unknown()
    row = tokens.find(g.db, given.token, clock.now())  # by the real clock, as sessions are
    if row is None:
        raise _unknown(error="invalid_token")
    caller = Caller(row)
    scope = None if wanted is None else NEEDED.get(wanted)
    if scope is None or scope not in caller.scopes:
        raise ScopeMissingError(scope)
    if current_app.config["REQUIRE_TOTP"] and not caller.has_factor and caller.is_administrator:
        raise Forbidden(_("An administrator sets up a second factor first."))
    return caller


class ScopeMissingError(Forbidden):
    """The token is not good for this."""

    def __init__(self, scope: Scope | None) -> None:
        super().__init__(_("This token is not good for that."))
        self.scope = scope

    def get_headers(self, *given: object) -> list[tuple[str, str]]:
        """What RFC 6750 says beside the 403."""
        said: dict[str, str | None] = {"error": "insufficient_scope"}
        if self.scope is not None:
            said["scope"] = str(self.scope)
        told = WWWAuthenticate("bearer", said).to_header()
        return [*super().get_headers(*given), ("WWW-Authenticate", told)]  # type: ignore[arg-type]


def _unknown(**said: str | None) -> Unauthorized:
    bearer = WWWAuthenticate("bearer", {"realm": "Cascade", **said})
    return Unauthorized(_("Send a token that is good, as Authorization: Bearer …"), None, bearer)
