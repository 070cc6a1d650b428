"""Accounts: setting a password, signing in and out; sessions live in the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection

from cascade.clock import Moment
from cascade.errors import BadInputError, RefusedError
from models import sessions
from models.database import Database
from models.queries import accounts
from models.queries.accounts import SessionRow

SHORTEST = 12  # characters of a password; no other rule makes a better one
LONGEST = 256
_IDLE = timedelta(hours=4)
_WHOLE = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=5)  # a read page must not cost a write each time
# Failures within this time that are borne before further tries must wait.
_WINDOW = timedelta(minutes=15)
_FOR_ONE = 5  # of one login from one address, so that nobody can lock out somebody elsewhere
_FOR_ALL = 50  # of one address, whatever the logins


class WrongPasswordError(RefusedError):
    """The name or the password is not right."""


class TooManyTriesError(RefusedError):
    """There were too many failed tries."""

    remedy = "Wait a quarter of an hour, or ask the administrator for a new password."


def set_password(db: Database, user_id: int, password: str, moment: Moment) -> None:
    """Give a person a password; whoever is signed in under the old one is signed out.

    Raises BadInputError for one that is too short or too long.
    """
    hashed = hash_password(password)
    db.run(lambda conn: sessions.put_password(conn, user_id, hashed, moment.at))


def hash_password(password: str) -> str:
    """What is kept of a password; raises BadInputError for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInputError(
            f"a password has {SHORTEST} to {LONGEST} characters",
            where="password",
            remedy="Three or four words that come to your mind together are long enough.",
        )
    return _hasher().hash(password)


def give_all(db: Database, password: str, moment: Moment) -> None:
    """Give everybody who has none the same password: for sample worlds, where nothing is real."""
    hashed = _hasher().hash(password)

    def give(conn: Connection) -> None:
        sessions.put_first_passwords(conn, accounts.without_password(conn), hashed, moment.at)

    db.run(give)


def sign_in(db: Database, login: str, password: str, address: str, moment: Moment) -> str:
    """Begin a session and give its token; raises WrongPasswordError or TooManyTriesError.

    Neither the error nor the time it takes tells whether there is such a person.
    """
    one, every = _source(login, address), _source("", address)
    since = moment.at - _WINDOW
    with db.read() as conn:
        tried = accounts.failures(conn, one, since), accounts.failures(conn, every, since)
        found = accounts.hash_of(conn, login)
    if tried[0] >= _FOR_ONE or tried[1] >= _FOR_ALL:
        raise TooManyTriesError()
    if not _fits(found[1] if found else _nobody(), password) or found is None:
        db.run(lambda conn: sessions.count_failure(conn, [one, every], moment.at, since))
        raise WrongPasswordError()
    token = secrets.token_urlsafe(32)
    user_id = found[0]

    def begin(conn: Connection) -> None:
        sessions.forget_failures(conn, one)
        sessions.begin(conn, user_id, _hash(token), moment.at)

    db.run(begin)
    return token


def check_code(db: Database, given: str, wanted: str, address: str, moment: Moment) -> None:
    """Check a code that only whoever runs the server has seen, as slow to guess as a password.

    Raises WrongPasswordError or TooManyTriesError.
    """
    one, every = _source("\0code", address), _source("", address)
    since = moment.at - _WINDOW
    with db.read() as conn:
        tried = accounts.failures(conn, one, since), accounts.failures(conn, every, since)
    if tried[0] >= _FOR_ONE or tried[1] >= _FOR_ALL:
        raise TooManyTriesError()
    if not secrets.compare_digest(given.encode(), wanted.encode()):
        db.run(lambda conn: sessions.count_failure(conn, [one, every], moment.at, since))
        raise WrongPasswordError()


def signed_in(db: Database, token: str, moment: Moment) -> SessionRow | None:
    """Whose session a token is, or nobody's once it was signed out or left too long."""
    with db.read() as conn:
        row = accounts.open_session(conn, _hash(token))
    if row is None or moment.at - row.began_at > _WHOLE or moment.at - row.seen_at > _IDLE:
        return None
    if moment.at - row.seen_at > _SEEN_EVERY:
        db.run(lambda conn: sessions.see(conn, row.id, moment.at))
    return row


def sign_out(db: Database, session_id: int, moment: Moment) -> None:
    """End a session; its token is worth nothing from then on."""
    db.run(lambda conn: sessions.end(conn, session_id, moment.at))


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the library's present defaults


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown name takes as long as a known one."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _source(login: str, address: str) -> str:
    return hashlib.sha256(f"{login.casefold()}\0{address}".encode()).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
