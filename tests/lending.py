"""Short ways to lend a post in tests, past every check of the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import text

from models import authority
from models.authority import Given
from tests.worlds import TODAY, Office

FIRST, LAST = TODAY - timedelta(3), TODAY + timedelta(3)


def lend(
    office: Office,
    giver: str,
    deputy: str,
    post: tuple[str, str],
    *,
    first: date = FIRST,
    last: date = LAST,
    only: Sequence[str] | None = None,
) -> int:
    """A delegation of a giver's post, as (unit, role); its id."""
    unit, role = post
    ids = office.who(giver).id, office.units[unit], role, office.who(deputy).id
    with office.db.write() as conn:
        return authority.delegate(conn, Given(*ids, only, first, last, "Leave"), office.moment.at)


def close(office: Office, login: str) -> None:
    """A person whose account is closed."""
    with office.db.write() as conn:
        conn.execute(
            text("UPDATE user_account SET is_active = false WHERE login = :login"),
            {"login": login},
        )


def end_post(office: Office, login: str, last: date) -> None:
    """The last day of all posts of a person."""
    with office.db.write() as conn:
        conn.execute(
            text(
                "UPDATE appointment SET valid_to = :last WHERE user_id = "
                "(SELECT id FROM user_account WHERE login = :login)"
            ),
            {"login": login, "last": last.isoformat() if office.db.is_sqlite else last},
        )
