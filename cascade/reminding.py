"""Reminding: what the rules find is recorded once, and who is to act gets one digest a day.

The sweep goes over the register page by page, each page in a transaction of its own. It may be run
any number of times a day, by several at once, and after days in which nothing ran: that a step was
reminded of, and that a person was told, stands on record with its cause and keeps either from
happening again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import telling
from cascade.clock import OFFICE, Moment
from cascade.config import from_environment
from cascade.offices import Offices
from models import reminding as writing
from models.database import Database
from models.journal import Stamp
from models.queries import reminding as query
from models.queries.reminding import FoundRow, Key
from models.reminding import Chased
from workflows.calendar import WorkingDays
from workflows.facts import StepFacts
from workflows.kinds import MACHINES
from workflows.labels import Lang
from workflows.reminding import (
    IN_TIME,
    Audience,
    Kind,
    Policy,
    applies,
    latest_anchor,
    reason,
)

BATCH = 500  # steps recorded in one transaction
# Steps looked at in one transaction: on SQLite everybody else waits meanwhile.
WINDOW, WIDE_WINDOW = 20_000, 500_000
_FIRST = Key(date.min, 0)
_LAST = Key(date.max, 2**31 - 1)
_DIGESTS = "digests "  # how a place in the second half begins


class Page(NamedTuple):
    """What a page did, and where the next one begins; None where there is none."""

    done: int
    next: str | None = None


class Swept(NamedTuple):
    """What a sweep came to."""

    reminded: int
    digests: int


def sweep(
    db: Database, moment: Moment, *, is_mailing: bool = True, lang: Lang | None = None
) -> Swept:
    """Record every reminder that is due and owe every digest that is, a page a transaction."""
    done, place, digests = [0, 0], "", False
    while True:
        digests = place.startswith(_DIGESTS)
        found = db.run(lambda conn, at=place: page(conn, moment, at, is_mailing, lang))  # type: ignore[misc]
        done[digests] += found.done
        if found.next is None:
            return Swept(*done)
        place = found.next


def page(
    conn: Connection,
    moment: Moment,
    place: str,
    is_mailing: bool = True,
    lang: Lang | None = None,
) -> Page:
    """One page of the sweep from a place on ("" at first): reminders by rule, then digests.

    A day that is over is left to the sweep of the day that has come.
    """
    if moment.today < moment.at.astimezone(OFFICE).date():
        return Page(0)
    settings = from_environment()
    said = lang or settings.lang
    if not place.startswith(_DIGESTS):
        return _remind(conn, moment, place, said)
    if not is_mailing:
        return Page(0)
    begin = int(place.removeprefix(_DIGESTS))
    done, after = telling.tell(conn, moment, begin, said, settings.server.url)
    return Page(done, None if after is None else f"{_DIGESTS}{after}")


def _remind(conn: Connection, moment: Moment, place: str, lang: Lang) -> Page:
    """The next steps of the rule the place names, or the first of the rule after it."""
    rules = [
        Policy(row.id, Kind(row.kind), row.days, Audience(row.audience))
        for row in query.policies(conn)
        if row.is_on
    ]
    at, after = _read(place)
    rule = next((one for one in rules if one.id >= at), None)
    if rule is None:
        writing.forget(conn, moment.today - telling.CARRIED)
        return Page(0, f"{_DIGESTS}0")
    if rule.id != at:
        after = _FIRST
    offices, today = Offices(conn, moment.today), moment.today
    first = today if rule.kind in IN_TIME else date.min
    last = max(latest_anchor(rule, one, today) for one in offices.all)
    window = WINDOW if conn.dialect.name == "sqlite" else WIDE_WINDOW
    until = query.window_end(conn, rule.kind, first, last, after, window)
    moved_by = datetime.combine(last + timedelta(days=1), time(), OFFICE)
    rows = query.found(
        conn, rule.id, rule.kind, first, last, after, until or _LAST, today, moved_by, BATCH
    )
    done = _record(conn, rule, rows, offices, moment, lang)
    if len(rows) == BATCH:
        return Page(done, _write(rule.id, Key(rows[-1].key, rows[-1].id)))
    return Page(done, _write(rule.id, until) if until else _write(rule.id + 1, _FIRST))


def _record(
    conn: Connection,
    rule: Policy,
    rows: Sequence[FoundRow],
    offices: Offices,
    moment: Moment,
    lang: Lang,
) -> int:
    anchors = {row.id: row.key for row in rows}
    if rule.kind is Kind.IDLE and rows:
        moves = query.last_moves(conn, list(anchors))
        anchors |= {step: at.astimezone(OFFICE).date() for step, at in moves.items()}
    due = _Due(rule, moment.today)
    chased = [
        Chased(
            row.id, row.state, row.due, row.letter_id, anchors[row.id], _told(rule, row, offices)
        )
        for row in rows
        if due(anchors[row.id], row.laid_on, offices.of(row.unit_id))
    ]
    if not chased:
        return 0
    actor = writing.system_account(conn)
    for kind, state in {(row.kind, row.state) for row in rows}:
        # The door's own table says whether such a step may be reminded of at all.
        facts = StepFacts(state=state, today=moment.today, actor_id=actor, itself=True)
        decision = MACHINES[kind].decide("remind", facts)
        assert decision.target == state
    data = {"policy": rule.id, "kind": str(rule.kind), "days": rule.days}
    note = reason(rule.kind, rule.days).say(lang)
    stamp = Stamp(moment.at, actor, "itself", None, note=note)
    return writing.remind(conn, rule.id, chased, stamp, data, moment.today)


class _Due:
    """Whether a rule applies today, asked once for each day and calendar."""

    def __init__(self, rule: Policy, today: date) -> None:
        @cache
        def ask(anchor: date, laid_on: date, office: WorkingDays) -> bool:
            return applies(rule, anchor, laid_on, office, today)

        self._ask = ask

    def __call__(self, anchor: date, laid_on: date, office: WorkingDays) -> bool:
        return self._ask(anchor, laid_on, office)


def _told(rule: Policy, row: FoundRow, offices: Offices) -> list[int]:
    """The units whose posts are told."""
    if rule.audience is not Audience.ABOVE:
        return [row.unit_id]
    superior = offices.superior(row.unit_id)
    return sorted({row.issuer_id} | ({superior} if superior is not None else set()))


def _read(place: str) -> tuple[int, Key]:
    """The rule and the key a place names."""
    if not place:
        return 0, _FIRST
    rule, day, step_id = place.split()
    return int(rule), Key(date.fromisoformat(day), int(step_id))


def _write(rule_id: int, key: Key) -> str:
    return f"{rule_id} {key.day.isoformat()} {key.id}"
