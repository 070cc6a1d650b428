"""Where reminders go: a person's address at work and the language of that mail."""

from __future__ import annotations

from sqlalchemy import Connection

from cascade.administration import AdminAct, By
from cascade.errors import BadInputError, NotFoundError
from cascade.mail_address import is_address
from models import administration as writing
from models import mailing
from models.administration import Recorded
from models.database import Database
from models.queries import mailing as reading
from models.queries.mailing import MailRow


class BadAddressError(BadInputError):
    """This is no mail address."""

    remedy = "Write it like ten.ho@example.gov.vn."


def of_person(db: Database, user_id: int) -> MailRow:
    """A person's address and language."""
    with db.read() as conn:
        return _found(conn, user_id)


def set_address(db: Database, user_id: int, email: str, lang: str | None, by: By) -> None:
    """Where a person's reminders go from now on; nowhere with an empty address.

    That it was changed is on record, the address is not. Raises BadAddressError.
    """
    if email and not is_address(email):
        raise BadAddressError(where=email)

    def put(conn: Connection) -> None:
        before = _found(conn, user_id)
        if before == (wanted := MailRow(email or None, lang)):
            return
        mailing.put(conn, user_id, wanted.email, wanted.lang)
        if before.email != wanted.email:
            done = Recorded(AdminAct.CHANGE_MAIL, user_id)
            writing.record(conn, by.actor_id, by.moment.at, done)

    db.run(put)


def _found(conn: Connection, user_id: int) -> MailRow:
    row = reading.of_person(conn, user_id)
    if row is None:
        raise NotFoundError("there is no such person")
    return row
