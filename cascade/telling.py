"""Telling: each person is owed one digest a day, of what the posts held then are reminded of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from cascade import digest
from cascade.clock import Moment
from cascade.offices import Offices
from models import outbox
from models import reminding as writing
from models.queries import digests as query
from models.queries.digests import HeldRow, PersonRow, ReminderRow
from workflows.labels import Lang
from workflows.reminding import is_told
from workflows.roles import Span

PEOPLE = 100  # digests in one transaction
# What nobody could be told for so long is told no more; it stands in the inbox all the same.
CARRIED = timedelta(days=31)


def tell(
    conn: Connection, moment: Moment, after: int, lang: Lang, home: str = ""
) -> tuple[int, int | None]:
    """Owe the digests of the next people; who was written to today is not written to again.

    Returns how many, and after whom the next ones begin.
    """
    listed = query.people(conn, after, PEOPLE)
    written = query.written_to(conn, [_key(one, moment.today) for one in listed])
    people = [one for one in listed if _key(one, moment.today) not in written]
    following = listed[-1].id if len(listed) == PEOPLE else None
    if not people:
        return 0, following
    today, offices = moment.today, Offices(conn, moment.today)
    posts: dict[int, list[HeldRow]] = {}
    for post in query.posts(conn, [person.id for person in people], today):
        if offices.of(post.unit_id).is_working(today):
            posts.setdefault(post.user_id, []).append(post)
    units = sorted({post.unit_id for held in posts.values() for post in held})
    by_unit: dict[int, list[ReminderRow]] = {}
    for row in query.reminders(conn, units, today - CARRIED, today) if units else ():
        by_unit.setdefault(row.for_unit_id, []).append(row)
    told = query.told(conn, list(posts)) if by_unit else set()
    done = 0
    for person in people:
        rows = _for_person(posts.get(person.id, ()), by_unit)
        new = [row for row in rows if (person.id, row.id) not in told]
        if new:
            spoken: Lang = "vi" if person.lang == "vi" else "en" if person.lang == "en" else lang
            done += _owe(conn, person, new, moment, spoken, home)
    return done, following


def _for_person(
    posts: Iterable[HeldRow], by_unit: dict[int, list[ReminderRow]]
) -> list[ReminderRow]:
    """The reminders that speak to these posts, of steps they may see, each once."""
    found = {
        row.id: row
        for post in posts
        for row in by_unit.get(post.unit_id, ())
        if is_told(row.audience, post.role) and _sees(post, row)
    }
    return [found[one] for one in sorted(found)]


def _sees(post: HeldRow, row: ReminderRow) -> bool:
    """R1 and R4 of docs/security.md: a superior's post sees what is below only if it says so."""
    return post.unit_id in (row.unit_id, row.issuer_id) or post.scope == Span.SUBTREE


def _owe(
    conn: Connection,
    person: PersonRow,
    new: Sequence[ReminderRow],
    moment: Moment,
    lang: Lang,
    home: str,
) -> bool:
    # Of several reminders of a step the newest says where it stands.
    newest = {row.step_id: row for row in new}
    payload = digest.compose(person.name, list(newest.values()), moment.today, lang, home)
    key = _key(person, moment.today)
    if not outbox.owe(conn, "mail", key, person.email, payload._asdict(), moment.at):
        return False
    writing.tell(conn, person.id, [row.id for row in new])
    return True


def _key(person: PersonRow, day: date) -> str:
    """What a person's digest of a day is owed once under."""
    return f"mail:digest:{person.id}:{day.isoformat()}"
