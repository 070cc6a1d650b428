"""The daily sweep: what a new day brings, done once for each day by whatever was hooked in.

A hook does one page in the transaction given to it and says where the next page begins; it is
called until nothing is left. What it writes must be tied to its cause by a unique key, as the same
day may be swept again after the clock was set back and forth.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import recurring, reminding
from cascade.clock import OFFICE, Moment
from cascade.jobs import outgoing
from cascade.jobs.port import UNHEARD, Place, enqueue
from models import jobs as written
from models import outbox
from models.database import Database
from models.queries import jobs

NAME = "sweep"
KEPT = timedelta(days=90)  # of jobs that are done
SAID = timedelta(days=30)  # what was said in messages that were sent


class Swept(NamedTuple):
    """What a page did, and where the next one begins; None where there is none."""

    done: int
    next: str | None = None


# Given the day and where its page begins ("" at first).
Hook = Callable[[Connection, Moment, str], Swept]


def housekeeping(conn: Connection, moment: Moment, _from: str) -> Swept:
    """Forget jobs long done and what was said in messages long sent."""
    forgotten = written.forget(conn, moment.at - KEPT)
    return Swept(forgotten + outbox.empty(conn, moment.at - SAID))


def reminders(conn: Connection, moment: Moment, place: str) -> Swept:
    """Remind of what is due; where mail is set up, owe each person's digest."""
    is_mailing = outgoing.from_environment().smtp is not None
    return Swept(*reminding.page(conn, moment, place, is_mailing))


def occurrences(conn: Connection, moment: Moment, place: str) -> Swept:
    """Lay the next time of every duty that comes again."""
    made = recurring.page(conn, moment, int(place or 0))
    return Swept(made.steps, None if made.last is None else str(made.last))


HOOKS: dict[str, Hook] = {
    "housekeeping": housekeeping,
    "occurrences": occurrences,
    "reminders": reminders,
}
# Not before this hour of the office's day: nobody is written to at midnight.
FROM = {"reminders": 6}


def key_of(hook: str, day: date) -> str:
    """The job that sweeps a day with a hook."""
    return f"{NAME}-{hook}-{day.isoformat()}"


def ask(db: Database, moment: Moment) -> int:
    """Ask for today's sweeps unless somebody has; returns how many were asked for.

    Asked by every worker, every few seconds: so a day on which nothing ran is made up for as soon
    as something runs, and there is no hour at which it must.
    """
    hour = moment.at.astimezone(OFFICE).hour
    keys = {hook: key_of(hook, moment.today) for hook in HOOKS if hour >= FROM.get(hook, 0)}
    with db.read() as conn:
        missing = [hook for hook, key in keys.items() if jobs.find(conn, key) is None]
    if not missing:
        return 0

    def work(conn: Connection) -> int:
        args = {"day": moment.today.isoformat()}
        return sum(
            enqueue(conn, NAME, {**args, "hook": hook}, keys[hook], moment.at) for hook in missing
        )

    return db.run(work)


def piece(place: Place, key: str, moment: Moment) -> bool:
    """Sweep the next page of a day; whether there is another."""

    def work(conn: Connection) -> bool:
        row = jobs.find(conn, key)
        if row is None or not row.is_open:
            return False
        hook = HOOKS.get(row.args["hook"])
        if hook is None:
            written.end(conn, key, moment.at, {"left": "no such hook any more"})
            return False
        day = date.fromisoformat(row.args["day"])
        swept = hook(conn, Moment(moment.at, day), row.place)
        done, until = row.done + swept.done, _until(moment.at)
        written.advance(conn, key, done, done, swept.next or "", until)
        if swept.next is None:
            written.end(conn, key, moment.at, {"done": done})
        return swept.next is not None

    return place.db.run(work)


def _until(at: datetime) -> datetime:
    return at + UNHEARD
