"""Gathers the facts an act's guards look at: the row, the actor's posts, what the act brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from cascade.acts import Act
from cascade.clock import Moment
from models.queries import acting, answering
from models.queries.acting import ActorRow, LetterRow, StepRow
from workflows import guards
from workflows.facts import Facts, LetterFacts, StepFacts
from workflows.kinds import MACHINES
from workflows.letter import LetterState
from workflows.machine import Move
from workflows.obligation import ObligationState
from workflows.roles import By, Role, Side


def step_facts(
    conn: Connection,
    row: StepRow,
    act: Act,
    actor: ActorRow,
    moment: Moment,
    *moves: Move[StepFacts],
) -> StepFacts:
    """The facts of a step for one act, as far as the guards of these moves look at them."""
    return StepFacts(
        state=row.state,
        today=moment.today,
        actor_id=actor.id,
        posts=_posts(conn, actor, moment.today, row.unit_id, row.issuer_id),
        note=act.note,
        open_children=row.open_children,
        fate=act.fate,
        reporter_id=row.reporter_id,
        evidence=row.evidence + len(act.files) + len(act.evidence_letters),
        due=row.due,
        until=act.until,
        laid_on=row.laid_on,
        done_on=act.done_on,
        extension_asked=row.asked_until is not None,
        has_answer=act.answer is not None,
        has_target=bool(act.units),
        is_sealed=_ask(moves, guards.above_not_accepted) and _sealed(conn, row),
    )


def letter_facts(
    conn: Connection,
    row: LetterRow,
    act: Act,
    actor: ActorRow,
    moment: Moment,
    *moves: Move[LetterFacts],
) -> LetterFacts:
    """The facts of a letter for one act, as far as the guards of these moves look at them."""
    return LetterFacts(
        state=row.state,
        today=moment.today,
        actor_id=actor.id,
        posts=_posts(conn, actor, moment.today, None, row.issuer_id),
        note=act.note,
        open_children=row.open_steps,
        fate=act.fate,
        has_replacement=act.replacement is not None,
        until=act.until,
        is_sealed=_ask(moves, guards.letter_not_accepted_above) and _letter_sealed(conn, row.id),
        **identity(row),
    )


def identity(row: LetterRow) -> dict[str, Any]:
    """What makes a letter this letter, as guards ask for it."""
    return {
        "has_issuer": row.issuer_id is not None,
        "number": row.number,
        "symbol": row.symbol,
        "dated": row.dated,
    }


def post_used(
    by: By, facts: Facts, lead_id: int | None, issuer_id: int | None
) -> tuple[str, int | None]:
    """The post the actor acted from: (role, unit), the first that the move allows."""
    unit_id = lead_id if by.side is Side.LEAD else issuer_id
    for role in sorted(by.roles):
        if (by.side, role) in facts.posts:
            return str(role), unit_id
    return "itself", None


def _posts(
    conn: Connection, actor: ActorRow, today: date, lead: int | None, issuer: int | None
) -> frozenset[tuple[Side, Role]]:
    units = sorted({unit for unit in (lead, issuer) if unit is not None})
    held = acting.posts(conn, actor.id, units, today)
    sides = [(side, unit) for side, unit in ((Side.LEAD, lead), (Side.ISSUER, issuer)) if unit]
    return frozenset((side, Role(role)) for unit, role in held for side, at in sides if at == unit)


def _ask(moves: Sequence[Move[Any]], guard: object) -> bool:
    return any(guard in move.when for move in moves)


def _sealed(conn: Connection, row: StepRow) -> bool:
    """Whether opening this step again would open something above that a person has ended."""
    (letter,) = acting.letters(conn, [row.letter_id])  # locked: nobody closes it meanwhile
    if letter.state not in (LetterState.ISSUED, LetterState.FULFILLED):
        return True
    whole = acting.step(conn, row.parent_id) if row.parent_id is not None else None
    if whole is not None and not MACHINES[whole.kind].is_open(whole.state):
        return True
    return _letter_sealed(conn, row.letter_id)


def _letter_sealed(conn: Connection, letter_id: int) -> bool:
    # What was fulfilled by itself opens again with what is below it, so the seal may be higher.
    # The rows stay locked, so that nobody accepts above while this opens again below.
    for step_id in answering.answered_by(conn, letter_id):
        above = acting.step(conn, step_id)
        assert above is not None  # it is referenced by a foreign key
        if above.state == ObligationState.ACCEPTED:
            return True
        if above.state == ObligationState.FULFILLED and _sealed(conn, above):
            return True
    return False
