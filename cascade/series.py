"""What people do with duties that come again: call for one more, end them, carry them over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from cascade import recurring
from cascade.acts import Act
from cascade.clock import Moment
from cascade.errors import BadInputError, NotFoundError
from models import occurrences
from models.journal import Stamp
from models.queries import series
from models.queries.acting import LetterRow
from workflows.series import Occurrence


def check(conn: Connection, row: LetterRow, act: Act, moment: Moment) -> None:
    """Raise NotFoundError or BadInputError where what is asked of a series does not fit it."""
    where = f"letter {row.id}"
    strange = sorted(set(act.series) - set(series.running(conn, row.id)))
    if strange:
        raise NotFoundError(
            "no recurring duty of this letter goes on as " + ", ".join(map(str, strange)),
            where=where,
            remedy="They stand on the letter's page.",
        )
    if act.trigger != "call_up" or act.until is None:
        return
    if act.until < moment.today:
        raise BadInputError(
            f"{act.until} has passed", where=where, remedy="Name a day that is to come."
        )
    if any(day == act.until for _, day in series.taken(conn, act.series, act.until)):
        raise BadInputError(
            f"one is due on {act.until} already", where=where, remedy="Name another day."
        )


def call_up(conn: Connection, row: LetterRow, act: Act, stamp: Stamp, moment: Moment) -> int:
    """Lay one occurrence more of each series, due on the day named; returns how many."""
    assert act.until is not None  # the guard saw to it
    assert stamp.cause_seq is not None  # it follows from the call
    laid = [
        recurring.occurrence(one, Occurrence(act.until, act.until), None)._replace(
            cause_seq=stamp.cause_seq,
            actor_id=stamp.actor_id,
            on_behalf_of_id=stamp.on_behalf_of_id,
        )
        for one in series.of_running(conn, act.series)
        if one.letter_id == row.id
    ]
    return len(recurring.lay(conn, laid, moment))


def end(conn: Connection, series_ids: Sequence[int], stamp: Stamp, today: date) -> None:
    """End what comes again; what it has brought stays."""
    assert stamp.cause_seq is not None  # it follows from a person's move
    occurrences.end(conn, series_ids, today, stamp.cause_seq)


def end_all(
    conn: Connection, letter_id: int, stamp: Stamp, today: date, into: int | None = None
) -> None:
    """End all that comes again by a letter, or go on with it in the letter that replaces it."""
    running = series.running(conn, letter_id)
    if running and into is not None:
        assert stamp.cause_seq is not None  # it follows from the letter's end
        occurrences.carry(conn, running, into, stamp.cause_seq)
    if running:
        end(conn, running, stamp, today)
