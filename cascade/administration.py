"""Keeping accounts and posts: each act is on record, and an administrator is always left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from cascade import passwords
from cascade.accounts import about
from cascade.clock import Moment, now
from cascade.errors import NotFoundError, RefusedError
from cascade.organisation import GRANTED, Counted
from models import administration as writing
from models import sessions, tokens
from models.administration import Recorded
from models.base import FOREVER
from models.database import Database
from models.queries import administration as reading
from models.queries import counting
from models.queries.administration import PostRow, UserRow
from workflows.roles import Role, Span, default_span


class AdminAct(StrEnum):
    """What can be done in administration, as the record names it."""

    SET_UP = "set_up"
    ADD_USER = "add_user"
    RENAME_USER = "rename_user"
    DEACTIVATE_USER = "deactivate_user"
    ACTIVATE_USER = "activate_user"
    GIVE_PASSWORD = "give_password"
    MAKE_RESET_LINK = "make_reset_link"
    USE_RESET_LINK = "use_reset_link"
    REMOVE_SECOND_FACTOR = "remove_second_factor"
    SIGN_OUT_USER = "sign_out_user"
    MAKE_TOKEN = "make_token"
    END_TOKEN = "end_token"
    LINK_IDENTITY = "link_identity"
    UNLINK_IDENTITY = "unlink_identity"
    APPOINT = "appoint"
    END_POST = "end_post"
    DELEGATE = "delegate"
    END_DELEGATION = "end_delegation"
    OPEN_GLASS = "open_glass"
    END_GLASS = "end_glass"
    REMOVE_POST = "remove_post"
    ADD_DAY = "add_day"
    CHANGE_DAY = "change_day"
    REMOVE_DAY = "remove_day"
    CHANGE_REMINDER = "change_reminder"
    CHANGE_MAIL = "change_mail"
    MAKE_FEED = "make_feed"
    END_FEED = "end_feed"
    IMPORT_SHEETS = "import_sheets"
    ERASE_EVENT = "erase_event"  # by models.sealing_erasure


class By(NamedTuple):
    """Who administers, and when; nobody means the server's console."""

    actor_id: int | None
    moment: Moment


class LastAdministratorError(RefusedError):
    """Nobody would be left who can sign in and administer."""

    remedy = "Make another person administrator first, and give that person a password."


class LoginTakenError(RefusedError):
    """Another person has this user name already."""


class PostHeldError(RefusedError):
    """The person holds this post within that time already."""

    def __init__(self, held: PostRow) -> None:
        self.held = held
        super().__init__()


class PostEndedError(RefusedError):
    """A post that has ended cannot be made longer; give it anew."""


class OwnPostError(RefusedError):
    """Nobody gives himself a post, but for the one administrator of a register still empty."""

    remedy = "Another administrator can do it, or whoever runs the server, on its console."


class OwnAccountError(RefusedError):
    """Nobody closes the account that is being used."""

    remedy = "Another administrator can do it."


class InactiveUserError(RefusedError):
    """The person's account is closed."""


def add_user(db: Database, login: str, name: str, by: By) -> int:
    """A new person, who can do nothing yet; raises LoginTakenError."""

    def add(conn: Connection) -> int:
        if reading.user_by_login(conn, login) is not None:
            raise LoginTakenError()
        made = writing.add_user(conn, login, name)
        _record(conn, by, Recorded(AdminAct.ADD_USER, made, data={"name": name}))
        return made

    return db.run(add)


def rename_user(db: Database, user_id: int, name: str, by: By) -> None:
    """Another name for a person; the history keeps pointing at the same one."""

    def rename(conn: Connection) -> None:
        before = _user(conn, user_id).name
        if before != name:
            writing.rename_user(conn, user_id, name)
            data = {"name": name, "before": before}
            _record(conn, by, Recorded(AdminAct.RENAME_USER, user_id, data=data))

    db.run(rename)


def deactivate_user(db: Database, user_id: int, by: By) -> None:
    """Close an account: every session of it ends now.

    Raises OwnAccountError, LastAdministratorError.
    """
    if user_id == by.actor_id:
        raise OwnAccountError()

    def deactivate(conn: Connection) -> None:
        writing.lock_administrators(conn, by.moment.today)
        if _user(conn, user_id).is_active:
            writing.set_active(conn, user_id, is_active=False)
            sessions.end_all(conn, user_id, now().at)
            sessions.void_links(conn, user_id)
            tokens.end_all(conn, user_id, now().at)
            _record(conn, by, Recorded(AdminAct.DEACTIVATE_USER, user_id))
            keep_an_administrator(conn, [by.moment.today])

    db.run(deactivate)


def activate_user(db: Database, user_id: int, by: By) -> None:
    """Open a closed account again, with the password and the posts it has."""

    def activate(conn: Connection) -> None:
        if not _user(conn, user_id).is_active:
            writing.set_active(conn, user_id, is_active=True)
            _record(conn, by, Recorded(AdminAct.ACTIVATE_USER, user_id))

    db.run(activate)


def give_password(db: Database, user_id: int, password: str, by: By) -> None:
    """A first or another password; every session of the person ends.

    Raises BadPasswordError, InactiveUserError.
    """
    hashed = passwords.hashed(password, about(db, user_id))

    def give(conn: Connection) -> None:
        if not _user(conn, user_id).is_active:
            raise InactiveUserError(remedy="Open the account first.")
        sessions.put_password(conn, user_id, hashed, now().at)
        _record(conn, by, Recorded(AdminAct.GIVE_PASSWORD, user_id))

    db.run(give)


def sign_out_user(db: Database, user_id: int, by: By) -> None:
    """End every session of a person, as after a lost telephone."""

    def sign_out(conn: Connection) -> None:
        _user(conn, user_id)
        sessions.end_all(conn, user_id, now().at)
        _record(conn, by, Recorded(AdminAct.SIGN_OUT_USER, user_id))

    db.run(sign_out)


def appoint(
    db: Database,
    user_id: int,
    unit_id: int,
    role: Role,
    valid_from: date,
    valid_to: date | None,
    by: By,
    scope: Span | None = None,
) -> None:
    """Give a post, both days included; how far it sees follows from the role unless told.

    Raises OwnPostError, and PostHeldError when it is held then already.
    """
    last = valid_to or FOREVER
    sees = scope or default_span(role)

    def give(conn: Connection) -> None:
        _user(conn, user_id)
        if user_id == by.actor_id:
            refuse_own_post(conn, by)
        held = reading.overlapping(conn, user_id, unit_id, role, valid_from, last)
        if held is not None:
            raise PostHeldError(held)
        writing.appoint(conn, user_id, unit_id, role, valid_from, last, sees)
        told = {**_post(role, last), "scope": sees}
        done = Recorded(AdminAct.APPOINT, user_id, unit_id, valid_from, told)
        _record(conn, by, done)

    db.run(give)


def end_post(db: Database, post_id: int, last: date, by: By) -> None:
    """Set a post's last day; before its first day the post is taken back altogether.

    Raises LastAdministratorError, and PostEndedError for a later end than it has.
    """

    def end(conn: Connection) -> None:
        writing.lock_administrators(conn, by.moment.today)
        held = reading.post(conn, post_id, by.moment.today)
        if held is None:
            raise NotFoundError("there is no such post")
        if held.valid_to <= last:
            raise PostEndedError()
        if last < held.valid_from:
            writing.remove_post(conn, post_id)
            act, day, end = AdminAct.REMOVE_POST, held.valid_from, held.valid_to
        else:
            writing.end_post(conn, post_id, last)
            act, day, end = AdminAct.END_POST, last, last
        done = Recorded(act, held.user_id, held.unit_id, day, _post(held.role, end))
        _record(conn, by, done)
        if held.role == Role.ADMINISTRATOR:
            after = max(last, by.moment.today - timedelta(1)) + timedelta(1)
            keep_an_administrator(conn, {by.moment.today, after})

    db.run(end)


def refuse_own_post(conn: Connection, by: By) -> None:
    """Raise OwnPostError, unless there is nobody else who could do it and nothing yet to see."""
    is_alone = reading.administrators_on(conn, by.moment.today) == [by.actor_id]
    if not is_alone or counting.has_letters(conn):
        raise OwnPostError()


def keep_an_administrator(conn: Connection, days: Iterable[date]) -> None:
    """Raise LastAdministratorError unless on each of these days somebody can administer."""
    if not all(reading.administrators_on(conn, day) for day in days):
        raise LastAdministratorError()


def sheets_on_record(by: By, names: Sequence[str]) -> Callable[[Session, Counted], None]:
    """What puts an import of sheets on record, within it; see cascade.organisation.

    On the pages an administrator must be left, as sheets may end posts; on the console one may be
    made by the next command.
    """

    def taken(session: Session, counted: Counted) -> None:
        conn = session.connection()
        data = {"files": list(names), "rows": counted._asdict()}
        _record(conn, by, Recorded(AdminAct.IMPORT_SHEETS, data=data))
        if by.actor_id is not None:
            session.flush()
            if by.actor_id in session.info.get(GRANTED, ()):
                refuse_own_post(conn, by)
            keep_an_administrator(conn, [by.moment.today])

    return taken


def _user(conn: Connection, user_id: int) -> UserRow:
    found = reading.user(conn, user_id)
    if found is None:
        raise NotFoundError("there is no such person")
    return found


def _record(conn: Connection, by: By, done: Recorded) -> None:
    writing.record(conn, by.actor_id, by.moment.at, done)


def _post(role: str, last: date) -> dict[str, str]:
    return {"role": role, "last": last.isoformat()}
