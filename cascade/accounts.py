"""Signing in and out, and one's own password; sessions live in the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Connection

from cascade import passwords, throttle
from cascade.clock import Moment
from cascade.devices import Device
from cascade.errors import RefusedError
from cascade.throttle import Limit
from cascade.throttle import TooManyTriesError as TooManyTriesError
from models import sessions
from models.database import Database
from models.queries import accounts, own_account
from models.queries.accounts import SessionRow
from models.queries.own_account import OwnSessionRow

_IDLE = timedelta(hours=4)
_WHOLE = timedelta(hours=12)
HALF = timedelta(minutes=10)  # in which the code follows the password
_SEEN_EVERY = timedelta(minutes=5)  # a read page must not cost a write each time
_FOR_ONE = 5  # of one login from one address, so that nobody can lock out somebody elsewhere
_FOR_ALL = 50  # of one address, whatever the logins
_NEW = Device()


class WrongPasswordError(RefusedError):
    """The name or the password is not right."""


class CodeNeededError(RefusedError):
    """The password is right and the second factor is asked for; `token` is the half-session's."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__()


def sign_in(
    db: Database, login: str, password: str, address: str, moment: Moment, device: Device = _NEW
) -> str:
    """Begin a session and give its token.

    Raises WrongPasswordError, TooManyTriesError, and CodeNeededError where a second factor is set.
    Neither the error nor the time it takes tells whether there is such a person.
    """
    tried = throttle.begin(db, _limits(login, address, device), moment)
    with db.read() as conn:
        found = accounts.hash_of(conn, login)
    if not passwords.fits(found.hash if found else None, password) or found is None:
        raise WrongPasswordError()
    token, user_id, wants_code = secrets.token_urlsafe(32), found.user_id, found.has_factor

    def begin(conn: Connection) -> None:
        if accounts.hash_of(conn, login) != found:  # meanwhile changed, or the account closed
            raise WrongPasswordError()
        throttle.forgive(conn, tried)
        if wants_code:
            sessions.begin_half(conn, user_id, digest(token), moment.at, moment.at - HALF)
        else:
            sessions.begin(conn, user_id, digest(token), moment.at, device.words)

    db.run(begin)
    if wants_code:
        raise CodeNeededError(token)
    return token


def check_password(db: Database, session: SessionRow, password: str, moment: Moment) -> None:
    """Ask whoever is signed in for the password again, before what only that person may do.

    Raises WrongPasswordError or TooManyTriesError; failures count for this session alone.
    """
    limit = Limit(throttle.source("session", str(session.id)), _FOR_ONE, is_forgiven=True)
    tried = throttle.begin(db, [limit], moment)
    with db.read() as conn:
        found = accounts.hash_of(conn, session.login)
    if not passwords.fits(found.hash if found else None, password):
        raise WrongPasswordError()
    db.run(lambda conn: throttle.forgive(conn, tried))


def set_password(db: Database, user_id: int, password: str, moment: Moment) -> None:
    """Give a person a password; whoever is signed in under the old one is signed out.

    Raises BadPasswordError.
    """
    hashed = passwords.hashed(password, about(db, user_id))
    db.run(lambda conn: sessions.put_password(conn, user_id, hashed, moment.at))


def change_password(
    db: Database, session: SessionRow, present: str, new: str, moment: Moment, device: Device
) -> str:
    """One's own password after the present one: every session ends, a new one begins; its token.

    Raises BadPasswordError, WrongPasswordError, TooManyTriesError.
    """
    check_password(db, session, present, moment)
    hashed = passwords.hashed(new, about(db, session.user_id))
    token = secrets.token_urlsafe(32)

    def change(conn: Connection) -> None:
        sessions.put_password(conn, session.user_id, hashed, moment.at)
        sessions.begin(conn, session.user_id, digest(token), moment.at, device.words)

    db.run(change)
    return token


def about(db: Database, user_id: int) -> list[str]:
    """Texts about a person that make no password: login, name, units."""
    with db.read() as conn:
        return own_account.said_of(conn, user_id)


def give_all(db: Database, password: str, moment: Moment) -> None:
    """Give everybody who has none the same password: for sample worlds, where nothing is real."""
    hashed = passwords.keep(password)

    def give(conn: Connection) -> None:
        sessions.put_first_passwords(conn, accounts.without_password(conn), hashed, moment.at)

    db.run(give)


def check_code(db: Database, given: str, wanted: str, address: str, moment: Moment) -> None:
    """Check a code that only whoever runs the server has seen, as slow to guess as a password.

    Raises WrongPasswordError or TooManyTriesError.
    """
    tried = throttle.begin(db, _limits("\0code", address, _NEW), moment)
    if not secrets.compare_digest(given.encode(), wanted.encode()):
        raise WrongPasswordError()
    db.run(lambda conn: throttle.forgive(conn, tried))


def signed_in(db: Database, token: str, moment: Moment) -> SessionRow | None:
    """Whose session a token is, or nobody's once it was signed out or left too long."""
    with db.read() as conn:
        row = accounts.open_session(conn, digest(token))
    if row is None or moment.at - row.began_at > _WHOLE or moment.at - row.seen_at > _IDLE:
        return None
    if moment.at - row.seen_at > _SEEN_EVERY:
        db.run(lambda conn: sessions.see(conn, row.id, moment.at))
    return row


def own_sessions(db: Database, user_id: int, moment: Moment) -> list[OwnSessionRow]:
    """Where a person is signed in now, the newest first."""
    with db.read() as conn:
        return own_account.sessions_of(conn, user_id, moment.at - _WHOLE, moment.at - _IDLE)


def sign_out(db: Database, session_id: int, moment: Moment) -> None:
    """End a session; its token is worth nothing from then on."""
    db.run(lambda conn: sessions.end(conn, session_id, moment.at))


def sign_out_own(db: Database, user_id: int, session_id: int, moment: Moment) -> bool:
    """End one of a person's sessions; False if it is no open one of that person's."""
    return db.run(lambda conn: sessions.end_own(conn, user_id, session_id, moment.at))


def sign_out_everywhere(db: Database, user_id: int, moment: Moment) -> None:
    """End every session of a person, this one too."""
    db.run(lambda conn: sessions.end_all(conn, user_id, moment.at))


def digest(token: str) -> str:
    """What is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _limits(login: str, address: str, device: Device) -> list[Limit]:
    # A device that signed this person in before answers for its own failures and nobody else's.
    if device.known:
        return [Limit(throttle.source("device", device.known), _FOR_ONE, is_forgiven=True)]
    return [
        Limit(throttle.source("sign-in", login.casefold(), address), _FOR_ONE, is_forgiven=True),
        Limit(throttle.source("address", address), _FOR_ALL),
    ]
