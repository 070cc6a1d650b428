"""One-time links: a person sets a password, the first or another, that nobody else ever knew."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from cascade import accounts as signing
from cascade import passwords, throttle
from cascade.administration import AdminAct, By, InactiveUserError
from cascade.clock import Moment, now
from cascade.errors import NotFoundError, RefusedError
from cascade.throttle import Limit
from models import administration as writing
from models import linking, sessions
from models.administration import Recorded
from models.database import Database
from models.queries import administration as reading
from models.queries import own_account
from models.queries.own_account import LinkRow

LASTS = timedelta(hours=24)
_WRONG = 20  # of one address; a right link is never refused for the wrong ones of others


class LinkGoneError(RefusedError):
    """This link is not good any more, or never was."""

    remedy = "Ask the administrator for a new one."


def make(db: Database, user_id: int, by: By) -> str:
    """The token of a new link, told this once; an earlier link is void. It is on record.

    Raises InactiveUserError.
    """
    token = secrets.token_urlsafe(32)

    def put(conn: Connection) -> None:
        user = reading.user(conn, user_id)
        if user is None:
            raise NotFoundError("there is no such person")
        if not user.is_active:
            raise InactiveUserError(remedy="Open the account first.")
        sessions.put_link(conn, user_id, signing.digest(token), now().at + LASTS)
        done = Recorded(AdminAct.MAKE_RESET_LINK, user_id)
        writing.record(conn, by.actor_id, by.moment.at, done)

    db.run(put)
    return token


def whose(db: Database, token: str, address: str, moment: Moment) -> LinkRow:
    """Whose password a link sets.

    Raises LinkGoneError alike for one that is expired, used or unknown, or whose person may not
    in; after many of those from one address TooManyTriesError.
    """
    with db.read() as conn:
        found = own_account.link(conn, signing.digest(token))
    if found is not None and found.expires_at > moment.at:
        return found
    throttle.begin(db, [Limit(throttle.source("link", address), _WRONG)], moment)
    raise LinkGoneError()


def use(db: Database, token: str, password: str, address: str, moment: Moment) -> None:
    """Set the password; the link is used up, and every session of the person ends. On record.

    Raises what `whose` raises, and BadPasswordError.
    """
    row = whose(db, token, address, moment)
    hashed = passwords.hashed(password, signing.about(db, row.user_id))

    def put(conn: Connection) -> None:
        if not sessions.take_link(conn, signing.digest(token)):
            raise LinkGoneError()
        sessions.put_password(conn, row.user_id, hashed, moment.at)
        linking.drop_all(conn, row.user_id)  # the account is taken back from whoever had it
        done = Recorded(AdminAct.USE_RESET_LINK, row.user_id)
        writing.record(conn, row.user_id, moment.at, done)

    db.run(put)
