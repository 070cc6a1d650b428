"""The second factor: one-time codes by time (RFC 6238), and codes for when it is lost."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import NamedTuple

import pyotp
from sqlalchemy import Connection

from cascade import keyring, throttle
from cascade.accounts import HALF, digest
from cascade.administration import AdminAct, By
from cascade.clock import Moment, now
from cascade.devices import Device
from cascade.errors import NotFoundError, RefusedError
from cascade.keyring import SealBrokenError
from cascade.throttle import Limit
from models import administration as writing
from models import factors, sessions
from models.administration import Recorded
from models.database import Database
from models.queries import administration as reading
from models.queries import own_account
from models.queries.accounts import SessionRow
from models.queries.own_account import FactorRow, HalfRow

STEP = 30  # seconds, as every authenticator application has it
_PURPOSE = "second factor"
_WAITS = timedelta(minutes=15)  # for being confirmed
RECOVERY = 10
# No letter that is read for another; 24 of these 31 are more than 112 bits, so SHA-256 will do.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 6
# Whoever tries codes has the password: a device that is new to the person shares one count.
_FOR_DEVICE, _FOR_PERSON = 5, 10


class WrongCodeError(RefusedError):
    """The code is not right, is too old, or was used already."""


class HalfGoneError(RefusedError):
    """The time between password and code has run out."""

    remedy = "Sign in again."


class FactorSetError(RefusedError):
    """There is a second factor already."""

    remedy = "Remove it first."


class State(NamedTuple):
    """How a person's second factor stands; `secret` is told as long as it is not confirmed."""

    is_set: bool = False
    secret: str = ""


def state(db: Database, user_id: int, key: str, moment: Moment) -> State:
    """Whether a code is asked for; a secret that waits too long to be confirmed is none."""
    with db.read() as conn:
        found = own_account.factor(conn, user_id)
    if found is None:
        return State()
    if found.confirmed_at is not None:
        return State(is_set=True)
    return State(secret=_waiting(found, key, moment))


def propose(db: Database, user_id: int, key: str, moment: Moment) -> None:
    """A new secret, to be confirmed with a first code; raises FactorSetError."""
    sealed = keyring.seal(key, _PURPOSE, pyotp.random_base32())

    def put(conn: Connection) -> None:
        found = own_account.factor(conn, user_id)
        if found is not None and found.confirmed_at is not None:
            raise FactorSetError()
        factors.propose(conn, user_id, sealed, moment.at)

    db.run(put)


def address(secret: str, login: str) -> str:
    """What an authenticator application reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Cascade")


def confirm(db: Database, session: SessionRow, code: str, key: str, moment: Moment) -> list[str]:
    """Ask for codes from now on; the recovery codes, told this once. Other sessions end.

    Raises WrongCodeError, and HalfGoneError when the secret waited too long.
    """
    codes = [_recovery_code() for _ in range(RECOVERY)]
    kept = [digest(_typed(code)) for code in codes]

    def put(conn: Connection) -> None:
        found = own_account.factor(conn, session.user_id)
        if found is None or found.confirmed_at is not None:
            raise HalfGoneError()
        secret = _waiting(found, key, moment)
        if not secret:
            raise HalfGoneError()
        step = _step(secret, _typed(code), moment)
        if step is None or not factors.take_step(conn, session.user_id, step):
            raise WrongCodeError()
        factors.confirm(conn, session.user_id, kept, moment.at)
        sessions.end_all(conn, session.user_id, moment.at, but=session.id)

    db.run(put)
    return codes


def waiting(db: Database, half_token: str, moment: Moment) -> HalfRow | None:
    """Who has given the right password and owes the code; nobody once the time has run out."""
    with db.read() as conn:
        found = own_account.half_session(conn, digest(half_token))
    return found if found is not None and moment.at - found.began_at <= HALF else None


def sign_in(
    db: Database, half_token: str, code: str, key: str, moment: Moment, device: Device
) -> str:
    """Turn a half-session into a session with a code, and give its token.

    Raises HalfGoneError, WrongCodeError, TooManyTriesError.
    """
    half = waiting(db, half_token, moment)
    if half is None:
        raise HalfGoneError()
    tried = throttle.begin(db, [_limit(half.user_id, device)], moment)
    token = secrets.token_urlsafe(32)

    def enter(conn: Connection) -> None:
        if not sessions.take_half(conn, half.id):
            raise HalfGoneError()
        if not _take(conn, half.user_id, _typed(code), key, moment):
            raise WrongCodeError()
        throttle.forgive(conn, tried)
        sessions.begin(conn, half.user_id, digest(token), moment.at, device.words)

    db.run(enter)
    return token


def remove(db: Database, session: SessionRow, moment: Moment) -> None:
    """One's own is asked for no longer, the password having been checked; other sessions end."""

    def take_away(conn: Connection) -> None:
        factors.remove(conn, session.user_id)
        sessions.end_all(conn, session.user_id, moment.at, but=session.id)

    db.run(take_away)


def remove_lost(db: Database, user_id: int, by: By) -> None:
    """A lost one is taken away by an administrator, on record; every session ends."""

    def take_away(conn: Connection) -> None:
        if reading.user(conn, user_id) is None:
            raise NotFoundError("there is no such person")
        factors.remove(conn, user_id)
        sessions.end_all(conn, user_id, now().at)
        done = Recorded(AdminAct.REMOVE_SECOND_FACTOR, user_id)
        writing.record(conn, by.actor_id, by.moment.at, done)

    db.run(take_away)


def _limit(user_id: int, device: Device) -> Limit:
    if device.known:
        return Limit(throttle.source("code", device.known), _FOR_DEVICE, is_forgiven=True)
    return Limit(throttle.source("code of", str(user_id)), _FOR_PERSON)


def _take(conn: Connection, user_id: int, code: str, key: str, moment: Moment) -> bool:
    if len(code) != 6:
        return factors.take_recovery(conn, user_id, digest(code))
    found = own_account.factor(conn, user_id)
    if found is None or found.confirmed_at is None:
        return False
    try:
        secret = keyring.unseal(key, _PURPOSE, found.sealed_secret)
    except SealBrokenError:
        return False  # a recovery code or the administrator helps
    step = _step(secret, code, moment)
    return step is not None and factors.take_step(conn, user_id, step)


def _waiting(found: FactorRow, key: str, moment: Moment) -> str:
    if moment.at - found.made_at > _WAITS:
        return ""
    try:
        return keyring.unseal(key, _PURPOSE, found.sealed_secret)
    except SealBrokenError:
        return ""


def _step(secret: str, code: str, moment: Moment) -> int | None:
    """The time-step of a code: the present one, or one beside it for a clock that is not right."""
    at, codes = int(moment.at.timestamp()) // STEP, pyotp.TOTP(secret)
    steps = (at - 1, at, at + 1)
    # All three are compared, so that the time taken tells nothing.
    fit = [hmac.compare_digest(codes.generate_otp(one).encode(), code.encode()) for one in steps]
    return steps[fit.index(True)] if True in fit else None


def _recovery_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
    return "-".join(groups)


def _typed(code: str) -> str:
    """A code without the blanks and hyphens that make it readable."""
    return "".join(code.split()).replace("-", "").casefold()[:64]
