"""The sender: takes what is due from the outbox, sends it, and never gives up in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.clock import Moment
from cascade.jobs import webhook
from cascade.jobs.addresses import InnerAddressError
from cascade.jobs.mail import Mailer, NoSuchRecipientError
from cascade.jobs.outgoing import Outgoing
from models import outbox as kept
from models.database import Database
from models.outbox import Taken

MAIL, WEBHOOK = "mail", "webhook"
# A message in a sender's hands is nobody else's so long; one that dies loses it after that. It is
# more than twice what sending `AT_ONCE` messages can take.
LEASE = timedelta(minutes=10)
AT_ONCE = 10
# After a failure: a minute, then twice as long each time, at most an hour.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# What could not be sent in a week is out of date.
TOO_OLD = timedelta(days=7)


class Sent(NamedTuple):
    """What one round came to."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0


Send = Callable[[Taken], None]


def round_of_all(db: Database, outgoing: Outgoing, moment: Moment) -> Sent:
    """Send what is due, mail and webhooks; what is not set up is left alone."""
    done = Sent()
    if outgoing.smtp is not None:
        mailer = Mailer(outgoing.smtp)
        try:
            done = send_due(db, MAIL, mailer.send, moment)
        finally:
            mailer.close()
    if outgoing.endpoints:
        by_name = {endpoint.name: endpoint for endpoint in outgoing.endpoints}
        for endpoint in outgoing.endpoints:
            db.run(lambda conn, to=endpoint: webhook.gather(conn, to, moment.at))  # type: ignore[misc]

        def tell(taken: Taken) -> None:
            if taken.recipient not in by_name:
                raise NoSuchRecipientError("this endpoint is not set up any more")
            webhook.send(by_name[taken.recipient], taken, moment.at)

        done = Sent(*map(sum, zip(done, send_due(db, WEBHOOK, tell, moment), strict=True)))
    return done


def send_due(db: Database, kind: str, send: Send, moment: Moment, most: int = AT_ONCE) -> Sent:
    """Send messages of a kind that are due; each failure is written down where it can be seen."""
    until = moment.at + LEASE
    taken = db.run(lambda conn: kept.take(conn, kind, moment.at, until, most))
    sent = put_off = given_up = 0
    for message in taken:
        try:
            send(message)
        except (NoSuchRecipientError, InnerAddressError) as error:
            _write(db, kept.give_up, message, f"{error}")
            given_up += 1
        except Exception as error:
            # Whatever a server does must not stop what goes to the others.
            problem = f"{type(error).__name__}: {error}"[:500]
            if moment.at - message.made_at >= TOO_OLD:
                _write(db, kept.give_up, message, problem)
                given_up += 1
            else:
                later = moment.at + pause(message.tries)
                _write(db, kept.put_off, message, later, problem)
                put_off += 1
        else:
            _write(db, kept.sent, message, moment.at)
            sent += 1
    return Sent(sent, put_off, given_up)


def pause(tries: int) -> timedelta:
    """How long to wait after so many failures."""
    doubled: int = 2 ** min(tries - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def _write(db: Database, what: Callable[..., None], message: Taken, *given: datetime | str) -> None:
    def work(conn: Connection) -> None:
        what(conn, message.id, *given)

    db.run(work)
