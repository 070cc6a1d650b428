"""Roll-up: carries out, level by level, what workflows.rollup says follows by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from models import journal
from models.journal import Above, Moved, Stamp, Standing
from models.queries import acting, answering, series
from models.queries.acting import StepRow
from workflows.facts import Fate, LetterFacts, StepFacts
from workflows.kinds import MACHINES
from workflows.letter import LETTER
from workflows.rollup import (
    ANSWERING,
    FINISHED,
    is_open_child,
    letter_follows,
    obligation_follows,
)


def step_moved(conn: Connection, moved: Moved, stamp: Stamp, today: date) -> int:
    """What follows from a step's move; returns how many moves were made by themselves."""
    if moved.letter is None:
        return 0
    return steps_counted(conn, moved.letter, moved.change, stamp.following(moved.seq), today)


def together(moved: Moved, laid: Sequence[Moved]) -> Moved:
    """A step that ended and those laid in its place, as one change of the letter's count.

    Counted one by one, the letter would be fulfilled for the moment in which nothing is open.
    """
    counts = [one for one in (moved, *laid) if one.letter is not None]
    letter = counts[-1].letter if counts else None
    return Moved(moved.seq, letter, sum(one.change for one in counts))


def steps_counted(conn: Connection, letter: Above, change: int, stamp: Stamp, today: date) -> int:
    """What follows once a letter counts more or fewer open steps; `stamp` is the follower's."""
    before = is_open_child(letter.state, letter.open_below - change)
    trigger = letter_follows(letter.state, letter.open_below)
    if trigger == "fulfil" and series.running(conn, letter.id):
        trigger = None  # there is more to come
    state = letter.state
    made = 0
    if trigger is not None:
        facts = LetterFacts(
            state=state,
            today=today,
            actor_id=stamp.actor_id,
            itself=True,
            open_children=letter.open_below,
        )
        decision = LETTER.decide(trigger, facts)
        seq = journal.move_letter(conn, letter.id, letter.version, decision, stamp)
        stamp = replace(stamp, cause_seq=seq)
        state, made = decision.target, 1
    after = is_open_child(state, letter.open_below)
    if trigger is None and before == after:
        return made
    return made + letter_changed(conn, letter.id, int(after) - int(before), stamp, today)


def nothing_more_comes(conn: Connection, letter_id: int, stamp: Stamp, today: date) -> int:
    """What follows for a letter of which nothing comes again any more."""
    (row,) = acting.letters(conn, [letter_id])
    letter = Above(row.id, row.state, row.version, row.open_steps)
    return steps_counted(conn, letter, 0, stamp, today)


def letter_changed(conn: Connection, letter_id: int, change: int, stamp: Stamp, today: date) -> int:
    """What follows for the obligations a letter answers once it opened, ended or fell away."""
    obligations = answering.answered_by(conn, letter_id)
    if change:
        journal.count_answers(conn, obligations, change)
    return sum(answer_changed(conn, step_id, stamp, today) for step_id in obligations)


def answer_changed(conn: Connection, step_id: int, stamp: Stamp, today: date) -> int:
    """What follows for one obligation whose answers changed."""
    row = acting.step(conn, step_id)
    assert row is not None  # it is referenced by a foreign key
    answers = [state for _, state, _ in answering.answers_of(conn, step_id) if state in ANSWERING]
    trigger = obligation_follows(
        row.state,
        open_children=row.open_children,
        answers=len(answers),
        finished_answers=sum(state in FINISHED for state in answers),
    )
    if trigger is None:
        return 0
    return by_itself(conn, row, trigger, stamp, today)


def by_itself(
    conn: Connection,
    row: StepRow,
    trigger: str,
    stamp: Stamp,
    today: date,
    changes: Mapping[str, object] | None = None,
) -> int:
    """One step's move that no person asks for, and what follows from it in turn."""
    facts = StepFacts(
        state=row.state,
        today=today,
        actor_id=stamp.actor_id,
        itself=True,
        note=stamp.note,
        open_children=row.open_children,
        # Whoever cancels from above deals with what is below; the other moves do not ask.
        fate=Fate.CANCEL,
        has_answer=True,
    )
    decision = MACHINES[row.kind].decide(trigger, facts)
    moved = journal.move_step(conn, standing(row), decision, stamp, changes)
    return 1 + step_moved(conn, moved, stamp, today)


def standing(row: StepRow) -> Standing:
    """What the journal asks of a step's row."""
    return Standing(
        row.id,
        row.kind,
        row.state,
        row.version,
        row.letter_id,
        row.parent_id,
        row.due,
        row.reported_on,
        row.reporter_id,
        row.reporter_for_id,
    )
