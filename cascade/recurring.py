"""The maker of occurrences: each running series has its next one laid before it is due.

What it lays follows by itself from the issue of the letter, as its event says: nobody asks for it
anew. It may run any number of times a day, by several at once, and after days of standing still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import calendar, follow
from cascade.calendar import Calendars
from cascade.clock import Moment
from models import journal, occurrences
from models.database import Database
from models.journal import Stamp
from models.occurrences import Laid
from models.queries import series, units
from models.queries.series import RuleRow, WantedRow
from workflows.calendar import WorkingDays
from workflows.phrases import Customs, Every
from workflows.phrases.said import Within
from workflows.series import Occurrence, Rule, following, wanted_on

# A next occurrence is always there to be seen; of series that come more often than this more.
AHEAD_DAYS = 3
# Series a transaction: others wait for it at most a fifth of a second.
BATCH = 500


class Made(NamedTuple):
    """What was laid: of how many series, how many steps, and the last series looked at."""

    series: int = 0
    steps: int = 0
    last: int | None = None  # None: there was none left


def make_ahead(db: Database, moment: Moment, ahead_days: int = AHEAD_DAYS) -> Made:
    """Lay whatever is wanted by now, batch by batch."""
    made = Made(last=0)
    while made.last is not None:
        done = db.run(partial(page, moment=moment, after=made.last, ahead_days=ahead_days))
        made = Made(made.series + done.series, made.steps + done.steps, done.last)
    return made


def page(conn: Connection, moment: Moment, after: int = 0, ahead_days: int = AHEAD_DAYS) -> Made:
    """One batch of series, in the transaction given, as the daily sweep has it."""
    rows = series.wanted(conn, moment.today, after=after, most=BATCH)
    steps = _lay_wanted(conn, rows, moment, ahead_days)
    return Made(len(rows), steps, rows[-1].id if len(rows) == BATCH else None)


def begin(conn: Connection, letter_ids: Sequence[int], moment: Moment) -> int:
    """Begin the series of letters just issued and lay each first occurrence; how many were laid."""
    laid = 0
    more = occurrences.begin(conn, letter_ids, moment.today) > 0
    while more:
        rows = series.wanted_by(conn, letter_ids, moment.today, most=BATCH)
        laid += _lay_wanted(conn, rows, moment, AHEAD_DAYS)
        more = len(rows) == BATCH
    return laid


def lay(conn: Connection, laid: Sequence[Laid], moment: Moment) -> list[int]:
    """Lay occurrences, count them for their letters, and do what follows; their steps' ids."""
    made = occurrences.lay(conn, laid, moment.at, moment.today)
    causes = {one.letter_id: one for one in laid}
    for letter_id, more in sorted(Counter(one.letter_id for one in laid).items()):
        letter = journal.count(conn, letter_id, None, more)
        assert letter is not None  # more than none were laid
        by = causes[letter_id]
        stamp = Stamp(
            moment.at,
            by.actor_id,
            "itself",
            None,
            cause_seq=by.cause_seq,
            on_behalf_of_id=by.on_behalf_of_id,
        )
        follow.steps_counted(conn, letter, more, stamp, moment.today)
    return made


def occurrence(row: WantedRow, one: Occurrence, version: str | None) -> Laid:
    """One time of a series, as it is laid."""
    return Laid(
        row.id,
        row.letter_id,
        row.point_id,
        row.unit_id,
        row.issuer_id,
        one.named,
        one.due,
        version or None,
        row.begun_seq,
        row.actor_id,
        row.on_behalf_of_id,
    )


def rule_of(kept: RuleRow) -> Rule:
    """The rule as it is kept."""
    every = Every(kept.months, kept.days, kept.day, kept.weekday, Within(kept.within))
    return Rule(every, kept.inclusive)


def kept(rule: Rule) -> RuleRow:
    """A rule as it is to be kept."""
    every = rule.every
    return RuleRow(
        every.months, every.days, every.day, every.weekday, str(every.within), rule.inclusive
    )


def _lay_wanted(
    conn: Connection, rows: Sequence[WantedRow], moment: Moment, ahead_days: int
) -> int:
    if not rows:
        return 0
    calendars = Calendars(conn, {row.id: row.parent_id for row in units.all_on(conn, moment.today)})
    customs = calendar.customs()
    wanted: list[Laid] = []
    for row in rows:
        days = calendars.of(row.unit_id)
        times, coming = _wanted(row, days, customs, moment.today, ahead_days)
        last = times[-1].named if times else row.last_named
        wanted += [occurrence(row, one, days.version) for one in times]
        next_on = wanted_on(coming.named, last, ahead_days) if coming and last else None
        occurrences.advance(conn, row.id, last, next_on)
    since = min((one.named for one in wanted), default=moment.today)
    taken = series.taken(conn, [row.id for row in rows], since)
    laid = [one for one in wanted if (one.series_id, one.named) not in taken]
    lay(conn, laid, moment)
    return len(laid)


def _wanted(
    row: WantedRow, days: WorkingDays, customs: Customs, today: date, ahead_days: int
) -> tuple[list[Occurrence], Occurrence | None]:
    """The times that are to be laid by now, and the one that comes after them."""
    rule, last = rule_of(row.rule), row.last_named
    times: list[Occurrence] = []
    while True:
        coming = following(rule, row.begun_on, days, customs, row.until, last)
        if coming is None or (
            last is not None and wanted_on(coming.named, last, ahead_days) > today
        ):
            return times, coming
        times.append(coming)
        last = coming.named
