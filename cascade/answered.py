"""Answering by citation: what letters answer when they are issued, or when steps are laid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from cascade import effects, follow, lines
from cascade.clock import Moment
from cascade.errors import CycleError, MovedOnError, MoveRefusedError
from cascade.facts import Acting
from models import laying
from models.journal import Stamp
from models.queries import acting, answering
from models.queries.acting import ActorRow
from models.queries.answering import OwedRow, WaitingRow
from workflows.facts import StepFacts
from workflows.obligation import OBLIGATION
from workflows.refusals import Refusal, TransitionRefused
from workflows.rollup import is_open_child


def answer(
    conn: Connection, by_post: Mapping[Acting, list[int]], actor: ActorRow, moment: Moment
) -> int:
    """Answer what these letters answer, and let earlier letters answer what these lay."""
    stamps = {
        letter_id: Stamp(moment.at, actor.id, "itself", None, on_behalf_of_id=used.on_behalf_of_id)
        for used, some in by_post.items()
        for letter_id in some
    }
    ids = sorted(stamps)
    owed = answering.owed_answers(conn, ids)
    # One answer a step, by a letter that is still open: nothing follows from those by itself.
    # Their lines stand since they were registered, and circles have been refused above.
    first = {row.step_id: row for row in reversed(owed)}
    plain = {row for row in first.values() if is_open_child(row.letter_state, row.letter_open)}
    answered = 0
    for giver in dict.fromkeys(used.on_behalf_of_id for used in by_post):
        rows = sorted(row for row in plain if stamps[row.letter_id].on_behalf_of_id == giver)
        stamp = Stamp(moment.at, actor.id, "itself", None, on_behalf_of_id=giver)
        answered += _many(conn, rows, stamp, moment)
    for row in owed:
        if row not in plain:
            stamp = stamps[row.letter_id]
            by = (stamp.actor_id, stamp.on_behalf_of_id)
            answered += _one(conn, row.step_id, row.letter_id, by, stamp, moment)
    return answered + sum(
        _late(conn, late, stamps[late.laid_by], moment)
        for late in answering.waiting_answers(conn, ids)
    )


def answer_steps(
    conn: Connection, letter_id: int, steps: Collection[int], stamp: Stamp, moment: Moment
) -> int:
    """Let letters that came earlier answer these steps, just laid by a letter."""
    waiting = answering.waiting_answers(conn, [letter_id])
    return sum(_late(conn, late, stamp, moment) for late in waiting if late.step_id in steps)


def _many(conn: Connection, owed: Sequence[OwedRow], stamp: Stamp, moment: Moment) -> int:
    """The same for many obligations at once, state by state."""
    by_state: dict[str, list[OwedRow]] = defaultdict(list)
    for row in owed:
        by_state[row.step_state].append(row)
    for state, rows in by_state.items():
        facts = StepFacts(
            state=state, today=moment.today, actor_id=stamp.actor_id, itself=True, has_answer=True
        )
        decision = OBLIGATION.decide("answer", facts)
        if laying.answer(conn, rows, decision, stamp, moment.today) != len(rows):
            raise MovedOnError("a step was answered meanwhile", where=f"step {rows[0].step_id}…")
    return len(owed)


def _late(conn: Connection, late: WaitingRow, stamp: Stamp, moment: Moment) -> int:
    by = (late.actor_id, late.on_behalf_of_id)
    return _one(conn, late.step_id, late.letter_id, by, stamp, moment)


def _one(
    conn: Connection,
    step_id: int,
    letter_id: int,
    by: tuple[int, int | None],
    stamp: Stamp,
    moment: Moment,
) -> int:
    """One obligation answered, reported by a person and perhaps for another."""
    row = acting.step(conn, step_id)
    assert row is not None  # just read in this transaction
    made = replace(stamp, data={"answer": letter_id})
    changes = effects.reported(moment.today, *by)
    try:
        lines.refuse_cycle(conn, above=row.letter_id, below=letter_id)
        effects.link_answer(conn, step_id, row.letter_id, letter_id)
        follow.by_itself(conn, row, "answer", made, moment.today, changes)
    except CycleError as error:
        # As the rule would have refused it, and so in the register's language.
        circle = [Refusal("cycle", {"path": error.path})]
        refused = TransitionRefused(row.kind, "answer", row.state, circle)
        raise MoveRefusedError(refused, where=f"step {step_id}") from None
    except TransitionRefused as refused:
        raise MoveRefusedError(refused, where=f"step {step_id}") from None
    follow.answer_changed(conn, step_id, made, moment.today)
    return 1
