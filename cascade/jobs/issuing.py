"""Issuing to very many units: batch after batch, each laid once, whoever lays it.

The first batch is laid with the decision (`cascade.issue`). The letter is issued then, and all
its duties count as open; each further batch adds its steps, their events and seals, and the place
of the next one, in one transaction. So between batches the register is whole: who has the letter
has all of it, and the others are counted as still to be reached.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from cascade import answered
from cascade.clock import Moment
from cascade.jobs.port import UNHEARD, Place
from models import jobs as written
from models import journal, laying
from models.database import Database
from models.journal import Stamp
from models.queries import acting, jobs
from models.queries.jobs import JobRow
from workflows.letter import LetterState
from workflows.machine import Decision

NAME = "issue"
# Units a transaction: laid in a tenth of a second or two, for which others wait at most.
BATCH = 1000


def key_of(letter_id: int) -> str:
    """The job that brings a letter to its units."""
    return f"{NAME}-{letter_id}"


def begin(
    conn: Connection,
    letter_id: int,
    total: int,
    decision: Decision,
    stamp: Stamp,
    moment: Moment,
) -> int:
    """Issue a letter and lay its first batch; returns how many, 0 where another act came first."""
    if not laying.open_long(conn, letter_id, decision, stamp):
        return 0
    args = {
        "actor": stamp.actor_id,
        "role": stamp.role,
        "for": stamp.on_behalf_of_id,
        "on": moment.today.isoformat(),
    }
    key = key_of(letter_id)
    written.ask(conn, key, NAME, args, moment.at, total=total, letter_id=letter_id)
    laid = laying.lay_some(conn, letter_id, 0, BATCH, stamp, moment.today)
    done = len(laid.steps)
    written.begun(conn, key, done, str(laid.last))
    return done


def piece(place: Place, key: str, moment: Moment) -> bool:
    """Lay the next batch of a letter; whether there is another."""
    return place.db.run(lambda conn: _lay_next(conn, key, moment))[1]


def finish(db: Database, letter_id: int, moment: Moment) -> int:
    """Lay all the batches that are left; returns how many steps this call laid."""
    key, laid, is_more = key_of(letter_id), 0, True
    while is_more:
        batch, is_more = db.run(lambda conn: _lay_next(conn, key, moment))
        laid += batch
    return laid


def _lay_next(conn: Connection, key: str, moment: Moment) -> tuple[int, bool]:
    """Lay one batch: how many steps, and whether there is another."""
    row = jobs.find(conn, key)  # locked: of two workers the second sees what the first has laid
    if row is None or not row.is_open or row.letter_id is None:
        return 0, False
    (letter,) = acting.letters(conn, [row.letter_id])
    if letter.state != LetterState.ISSUED:
        _leave(conn, row, letter.state, moment)
        return 0, False
    stamp, on = _stamp(row.args, moment)
    laid = laying.lay_some(conn, letter.id, int(row.place), BATCH, stamp, on)
    by_itself = Stamp(moment.at, stamp.actor_id, "itself", None, on_behalf_of_id=row.args["for"])
    answered.answer_steps(conn, letter.id, set(laid.steps), by_itself, moment)
    done = row.done + len(laid.steps)
    # The duties of an issued letter are what they were; otherwise its count would be wrong now.
    assert laid.steps, (key, row.place)
    assert done <= row.total, (key, done)
    written.advance(conn, key, done, row.total, str(laid.last), moment.at + UNHEARD)
    if done == row.total:
        written.end(conn, key, moment.at, {"steps": done})
    return len(laid.steps), done < row.total


def _leave(conn: Connection, row: JobRow, state: str, moment: Moment) -> None:
    # It was withdrawn from above, with what it had laid. Who has not got it will not get it.
    assert row.letter_id is not None
    left = row.total - row.done
    journal.count(conn, row.letter_id, None, -left)
    result = {"steps": row.done, "left": left, "because": state}
    written.end(conn, row.key, moment.at, result)


def _stamp(args: dict[str, Any], moment: Moment) -> tuple[Stamp, date]:
    """As the letter was issued, but at this moment; its steps are all laid on the day of issue."""
    stamp = Stamp(moment.at, args["actor"], args["role"], None, on_behalf_of_id=args["for"])
    return stamp, date.fromisoformat(args["on"])
