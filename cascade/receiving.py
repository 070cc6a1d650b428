"""What counts from receipt is due so long after the day on which a unit takes its step in hand.

Each unit receives a letter on its own day, so such a date cannot be laid with the letter. The first
move by which a unit shows that it has the letter sets it; how soon that must be is another clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from cascade import calendar
from cascade.intake.text import fold
from models import journal
from models.journal import Stamp
from models.queries import dues
from models.queries.acting import StepRow
from workflows import phrases
from workflows.kinds import MACHINES, StepKind

RECEIVING = frozenset({"acknowledge", "start", "split"})


def counts_from_receipt(phrase: str) -> bool:
    """Whether a deadline as a letter writes it begins when the letter is received."""
    said = phrases.read(fold(phrase), None)
    return said is not None and said.anchor is phrases.Anchor.RECEIPT


def awaited(
    conn: Connection, rows: Iterable[tuple[int, str, str, date | None]]
) -> dict[int, list[str]]:
    """Step → the phrases by which it is due so long after its receipt, of those not received yet.

    Rows are (step, kind, state, due).
    """
    undated = [
        step_id
        for step_id, kind, state, due in rows
        if due is None and state in MACHINES[StepKind(kind)].initial
    ]
    counted = {
        step_id: [phrase for phrase in found if counts_from_receipt(phrase)]
        for step_id, found in dues.undated(conn, undated).items()
    }
    return {step_id: found for step_id, found in counted.items() if found}


def on_record(conn: Connection, row: StepRow, trigger: str, stamp: Stamp, today: date) -> Stamp:
    """The stamp with the due date that begins today, the day counted from and the calendar.

    As it was where the step has a date already, is not received only now, or none of its phrases
    counts from receipt. Of several the earliest counts: to answer is the first thing asked.
    """
    if trigger not in RECEIVING:
        return stamp
    stamp = replace(stamp, until=None)  # these moves let nobody name a date
    if row.due is not None or row.state not in MACHINES[row.kind].initial:
        return stamp
    told = dues.undated(conn, [row.id]).get(row.id, ())
    said = [phrases.read(fold(phrase), None) for phrase in told]
    counted = [one for one in said if one is not None and one.anchor is phrases.Anchor.RECEIPT]
    if not counted:
        return stamp
    days, customs = calendar.of_unit(conn, row.unit_id, today), calendar.customs()
    made = [phrases.reckon(one, days, received=today, customs=customs) for one in counted]
    due = min((one.due for one in made if one.due is not None), default=None)
    if due is None:
        return stamp
    recorded = {"received": today.isoformat(), "calendar": days.version}
    return replace(stamp, until=due, data={**(stamp.data or {}), **recorded})


def has_begun(stamp: Stamp) -> bool:
    """Whether a move sets the date that counts from receipt."""
    return "received" in (stamp.data or {})


def begun(conn: Connection, row: StepRow, stamp: Stamp) -> StepRow:
    """The step with the due date its receipt set as its first, which later ones are told beside."""
    assert stamp.data is not None
    assert stamp.until is not None
    made_with = str(stamp.data["calendar"])
    journal.put_first_due(conn, row.id, stamp.until, made_with)
    return row._replace(due=stamp.until, original_due=stamp.until, due_calendar=made_with)
