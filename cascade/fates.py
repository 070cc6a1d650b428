"""What becomes of open children when a letter or step ends early: kept, cancelled or carried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from cascade import effects, follow, lines, series, suspension
from cascade.acts import Act
from models import journal
from models.journal import Stamp
from models.queries import acting, answering
from models.queries import series as series_query
from models.queries.acting import LetterRow, StepRow
from workflows.facts import Fate, LetterFacts
from workflows.kinds import MACHINES
from workflows.letter import LETTER
from workflows.machine import Decision
from workflows.rollup import ANSWERING, is_open_child


def for_letter(conn: Connection, row: LetterRow, act: Act, stamp: Stamp, today: date) -> int:
    """Do with each open step of a letter what the person said; returns the moves made."""
    steps = acting.open_steps_of(conn, row.id)
    stamp = replace(stamp, note=act.note)
    if act.fate is not Fate.KEEP:
        into = act.replacement if act.fate is Fate.CARRY else None
        series.end_all(conn, row.id, stamp, today, into)
    if act.fate is Fate.CANCEL:
        return sum(_cancel_step(conn, step_id, stamp, today) for step_id in steps)
    if act.fate is Fate.CARRY and act.replacement is not None:
        return sum(_carry(conn, step_id, act.replacement, stamp, today) for step_id in steps)
    return 0


def end_series(conn: Connection, row: LetterRow, act: Act, stamp: Stamp, today: date) -> int:
    """End what comes again; do with what was laid ahead and not begun what the person said."""
    series.end(conn, act.series, stamp, today)
    stamp, made = replace(stamp, note=act.note), 0
    if act.fate is Fate.CANCEL:
        unbegun = series_query.ahead(conn, act.series, today)
        made = sum(_cancel_step(conn, step_id, stamp, today) for step_id in unbegun)
    return made + follow.nothing_more_comes(conn, row.id, replace(stamp, note=""), today)


def for_step(conn: Connection, row: StepRow, act: Act, stamp: Stamp, today: date) -> int:
    """Do with a step's open parts and answering letters what the person said."""
    if act.fate is not Fate.CANCEL:
        return 0
    return _cancel_below(conn, row.id, replace(stamp, note=act.note), today)


def above_letter(
    conn: Connection, row: LetterRow, decision: Decision, stamp: Stamp, today: date
) -> int:
    """What follows for the obligations a letter answers when a person moved the letter."""
    # Its steps may have been cancelled since it was read; only then is the count final.
    (now,) = acting.letters(conn, [row.id])
    before = is_open_child(decision.source, row.open_steps)
    after = is_open_child(now.state, now.open_steps)
    if decision.source == decision.target:
        return 0
    # The steps' own ends were counted while the letter was already in its new state, in which
    # it holds nothing open, so the whole change is accounted for here.
    return follow.letter_changed(conn, row.id, int(after) - int(before), stamp, today)


def _cancel_step(conn: Connection, step_id: int, stamp: Stamp, today: date) -> int:
    row = acting.step(conn, step_id)
    if row is None or not MACHINES[row.kind].is_open(row.state):
        return 0  # it ended with the part or letter cancelled just before it
    made = follow.by_itself(conn, row, "cancel", stamp, today)
    return made + _cancel_below(conn, step_id, stamp, today)


def _cancel_below(conn: Connection, step_id: int, stamp: Stamp, today: date) -> int:
    made = sum(
        _cancel_step(conn, part, stamp, today) for part in acting.open_parts_of(conn, step_id)
    )
    for letter_id, state, open_steps in answering.answers_of(conn, step_id):
        if is_open_child(state, open_steps) and not _answers_more(conn, letter_id):
            made += _withdraw(conn, letter_id, stamp, today)
    return made


def _answers_more(conn: Connection, letter_id: int) -> bool:
    rows = (acting.step(conn, step_id) for step_id in answering.answered_by(conn, letter_id))
    return any(row is not None and MACHINES[row.kind].is_open(row.state) for row in rows)


def _withdraw(conn: Connection, letter_id: int, stamp: Stamp, today: date) -> int:
    (row,) = acting.letters(conn, [letter_id])
    facts = LetterFacts(
        state=row.state,
        today=today,
        actor_id=stamp.actor_id,
        itself=True,
        note=stamp.note,
        open_children=row.open_steps,
        fate=Fate.CANCEL,
    )
    decision = LETTER.decide("withdraw", facts)
    seq = journal.move_letter(conn, row.id, row.version, decision, stamp)
    below = replace(stamp, cause_seq=seq)
    series.end_all(conn, letter_id, below, today)
    steps = acting.open_steps_of(conn, letter_id)
    made = 1 + sum(_cancel_step(conn, step_id, below, today) for step_id in steps)
    return made + above_letter(conn, row, decision, below, today)


def _carry(conn: Connection, step_id: int, replacement: int, stamp: Stamp, today: date) -> int:
    row = acting.step(conn, step_id)
    if row is None or row.parent_id is not None:
        return 0  # parts go with the step they are part of
    (letter,) = acting.letters(conn, [replacement])
    made = _supersede(conn, row, stamp, today)
    laid = suspension.on_record(conn, row, stamp, today) if suspension.is_suspended(row) else stamp
    values = {
        "letter_id": replacement,
        "point_id": row.point_id,
        "previous_id": row.id,
        "kind": row.kind,
        "unit_id": row.unit_id,
        "issuer_id": letter.issuer_id,
        "state": MACHINES[row.kind].initial[0],
        "laid_on": today,
        "due": laid.until or row.due,
        "original_due": row.original_due,
        "due_calendar": row.due_calendar,
        "series_id": row.series_id,
        "occurrence": row.occurrence,
    }
    new_id, moved = journal.lay_step(conn, values, laid)
    made += 1 + follow.step_moved(conn, moved, stamp, today)
    for letter_id, state, _ in answering.answers_of(conn, step_id):
        if state in ANSWERING:
            new = acting.step(conn, new_id)
            assert new is not None
            lines.refuse_cycle(conn, above=replacement, below=letter_id, where=f"step {step_id}")
            effects.link_answer(conn, new_id, replacement, letter_id)
            changes = {name: getattr(row, name) for name in effects.REPORTED}
            made += follow.by_itself(conn, new, "answer", stamp, today, changes)
            made += follow.answer_changed(conn, new_id, stamp, today)
    return made


def _supersede(conn: Connection, row: StepRow, stamp: Stamp, today: date) -> int:
    made = follow.by_itself(conn, row, "supersede", stamp, today)
    for part in acting.open_parts_of(conn, row.id):
        part_row = acting.step(conn, part)
        assert part_row is not None  # just read in this transaction
        made += _supersede(conn, part_row, stamp, today)
    return made
