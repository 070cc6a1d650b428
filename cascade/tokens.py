"""Tokens of programs: made by their owner for a time, never worth more than the owner's rights."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from cascade.accounts import digest
from cascade.administration import AdminAct
from cascade.clock import Moment
from models import administration as writing
from models import tokens
from models.administration import Recorded
from models.database import Database
from models.queries import tokens as query
from models.queries.tokens import OwnTokenRow, TokenRow
from models.tokens import NewToken

USUAL, LONGEST = 90, 365  # days
_PREFIX = "csc_"  # by which people, and searches for leaked secrets, know what it is
_SHOWN = len(_PREFIX) + 4
_LENGTH = len(_PREFIX) + 43  # 256 bits as base64


class Scope(StrEnum):
    """What a token is good for; each is worth no more than its owner's posts."""

    READ = "read"
    ACT = "act"  # make moves
    REGISTER = "register"  # enter letters


def give(
    db: Database, user_id: int, name: str, scopes: frozenset[Scope], days: int, moment: Moment
) -> str:
    """A new token, which is shown this once; reading always belongs to it."""
    if not 1 <= days <= LONGEST:
        raise ValueError(f"a token is good for 1 to {LONGEST} days, not {days}")
    secret = _PREFIX + secrets.token_urlsafe(32)
    said = " ".join(sorted(scopes | {Scope.READ}))
    until = moment.at + timedelta(days=days)
    made = NewToken(user_id, name, digest(secret), secret[:_SHOWN], said, moment.at, until)

    def make(conn: Connection) -> None:
        tokens.put(conn, made)
        data = {"name": name, "scopes": said, "until": until.date().isoformat()}
        _record(conn, AdminAct.MAKE_TOKEN, user_id, moment, data)

    db.run(make)
    return secret


def find(db: Database, secret: str, moment: Moment) -> TokenRow | None:
    """Whose a token is; nobody's once it is ended, too old, or its owner may not in."""
    if len(secret) != _LENGTH or not secret.startswith(_PREFIX):
        return None
    with db.read() as conn:
        row = query.good(conn, digest(secret), moment.at)
    if row is not None and row.used_on != moment.today:
        db.run(lambda conn: tokens.see(conn, row.id, moment.today))
    return row


def of_person(db: Database, user_id: int, moment: Moment) -> list[OwnTokenRow]:
    """A person's tokens that are good, the newest first."""
    with db.read() as conn:
        return query.of_person(conn, user_id, moment.at)


def end(db: Database, user_id: int, token_id: int, moment: Moment) -> bool:
    """End one of a person's tokens, from its next use on; False if it is none of them."""

    def revoke(conn: Connection) -> bool:
        is_ended = tokens.end(conn, user_id, token_id, moment.at)
        if is_ended:
            _record(conn, AdminAct.END_TOKEN, user_id, moment, {"token": token_id})
        return is_ended

    return db.run(revoke)


def _record(
    conn: Connection, act: AdminAct, user_id: int, moment: Moment, data: dict[str, Any]
) -> None:
    writing.record(conn, user_id, moment.at, Recorded(act, user_id, data=data))
