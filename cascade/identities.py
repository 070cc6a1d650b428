"""Signing in by an identity that a provider vouches for; a person links it to the own account."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from cascade.accounts import HALF, CodeNeededError, digest
from cascade.administration import AdminAct, By
from cascade.clock import Moment, now
from cascade.devices import Device
from cascade.errors import NotFoundError, RefusedError
from models import administration as writing
from models import linking, sessions
from models.administration import Recorded
from models.database import Database
from models.queries import identities
from models.queries.identities import LinkedRow


class Verified(NamedTuple):
    """Who somebody is, as a provider signed it and we checked it: see cascade.oidc."""

    issuer: str
    subject: str
    shown: str  # a name to know it by; it decides nothing


class UnknownIdentityError(RefusedError):
    """This identity signs nobody in: it is linked to no account, or to a closed one."""

    remedy = "Sign in with name and password and link it under the own account."


class IdentityTakenError(RefusedError):
    """This identity is another person's."""


def find(db: Database, who: Verified) -> LinkedRow:
    """The account an identity signs in.

    Raises UnknownIdentityError alike for one that nobody has linked and for a closed account.
    """
    with db.read() as conn:
        return _find(conn, who)


def sign_in(db: Database, who: Verified, moment: Moment, device: Device) -> str:
    """Begin a session and give its token.

    Raises UnknownIdentityError, and CodeNeededError where a second factor is set: a provider
    takes the place of the password and of nothing else.
    """
    token = secrets.token_urlsafe(32)

    def begin(conn: Connection) -> bool:
        found = _find(conn, who)
        if found.has_factor:
            sessions.begin_half(conn, found.user_id, digest(token), moment.at, moment.at - HALF)
        else:
            sessions.begin(conn, found.user_id, digest(token), moment.at, device.words)
        return found.has_factor

    if db.run(begin):
        raise CodeNeededError(token)
    return token


def link(db: Database, user_id: int, who: Verified, moment: Moment) -> None:
    """Let an identity sign a person in, whose password was asked for; on record.

    Raises IdentityTakenError.
    """

    def put(conn: Connection) -> None:
        if identities.owner(conn, who.issuer, who.subject) not in (None, user_id):
            raise IdentityTakenError()
        linking.put(conn, user_id, who.issuer, who.subject, who.shown, moment.at)
        writing.record(conn, user_id, moment.at, Recorded(AdminAct.LINK_IDENTITY, user_id))

    try:
        db.run(put)
    except IntegrityError:  # somebody else linked it at the same moment
        raise IdentityTakenError() from None


def unlink(db: Database, user_id: int, identity_id: int, by: By, but: int = 0) -> None:
    """An identity signs a person in no longer; every session but one ends; on record.

    Raises NotFoundError.
    """

    def take_away(conn: Connection) -> None:
        if not linking.drop(conn, user_id, identity_id):
            raise NotFoundError("there is no such link")
        # It may be taken away because somebody else has it.
        sessions.end_all(conn, user_id, now().at, but=but)
        done = Recorded(AdminAct.UNLINK_IDENTITY, user_id)
        writing.record(conn, by.actor_id, by.moment.at, done)

    db.run(take_away)


def _find(conn: Connection, who: Verified) -> LinkedRow:
    found = identities.linked(conn, who.issuer, who.subject)
    if found is None:
        raise UnknownIdentityError()
    return found
