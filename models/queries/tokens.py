"""Whose a token is, which tokens a person has, and what was answered under a key."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, or_, select

from models.tables import ApiAnswer, ApiToken, Password, SecondFactor, User, table

_token, _answer, _user = table(ApiToken), table(ApiAnswer), table(User)
_password, _factor = table(Password), table(SecondFactor)


class TokenRow(NamedTuple):
    """A token that is good, with the person it belongs to."""

    id: int
    user_id: int
    login: str
    name: str
    scopes: str
    used_on: date | None
    has_factor: bool


class OwnTokenRow(NamedTuple):
    """A token as its owner sees it."""

    id: int
    name: str
    hint: str
    scopes: str
    made_at: datetime
    expires_at: datetime
    used_on: date | None


class AnswerRow(NamedTuple):
    """What an act was answered, and what exactly had been asked."""

    asked_sha256: str
    status: int
    body: str
    location: str | None
    etag: str | None


def good(conn: Connection, token_sha256: str, at: datetime) -> TokenRow | None:
    """Whose a token is that a program has shown, if it is good at this moment."""
    row = conn.execute(_GOOD, {"token": token_sha256, "at": at}).first()
    return None if row is None else TokenRow._make(row)


def of_person(conn: Connection, user_id: int, at: datetime) -> list[OwnTokenRow]:
    """The tokens of a person that are good, the newest first, for their owner."""
    return [OwnTokenRow._make(row) for row in conn.execute(_OWN, {"user": user_id, "at": at})]


def kept(conn: Connection, user_id: int, key: str, since: datetime) -> AnswerRow | None:
    """What a person's program was answered under a key, for one that asks again."""
    row = conn.execute(_KEPT, {"user": user_id, "key": key, "since": since}).first()
    return None if row is None else AnswerRow._make(row)


_AT = bindparam("at", type_=_token.c.made_at.type)
# A password set later ends tokens as it ends sessions.
_IS_GOOD = (
    _token.c.ended_at.is_(None)
    & (_token.c.expires_at > _AT)
    & or_(_password.c.set_at.is_(None), _password.c.set_at <= _token.c.made_at)
)
_GOOD = (
    select(
        _token.c.id,
        _user.c.id,
        _user.c.login,
        _user.c.name,
        _token.c.scopes,
        _token.c.used_on,
        exists().where(_factor.c.user_id == _user.c.id, _factor.c.confirmed_at.is_not(None)),
    )
    .join_from(_token, _user, _user.c.id == _token.c.user_id)
    .outerjoin(_password, _password.c.user_id == _token.c.user_id)
    .where(_token.c.token_sha256 == bindparam("token"), _user.c.is_active, _IS_GOOD)
)
_OWN = (
    select(*[_token.c[name] for name in OwnTokenRow._fields])
    .outerjoin_from(_token, _password, _password.c.user_id == _token.c.user_id)
    .where(_token.c.user_id == bindparam("user"), _IS_GOOD)
    .order_by(_token.c.id.desc())
)
_KEPT = select(*[_answer.c[name] for name in AnswerRow._fields]).where(
    _answer.c.user_id == bindparam("user"),
    _answer.c.key == bindparam("key"),
    _answer.c.at >= bindparam("since", type_=_answer.c.at.type),
)
