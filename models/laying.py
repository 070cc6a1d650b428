"""Laying the duties of letters as steps, set by set: part of the journal, for thousands at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    Connection,
    Integer,
    bindparam,
    case,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from models import answers, sealing
from models.journal import STAMP_COLUMNS, Stamp, acting, stamp_values
from models.queries.answering import OwedRow
from models.tables import Answer, Duty, Event, Letter, PointUnit, Step, StepUnit, table
from workflows.kinds import MACHINES, StepKind
from workflows.machine import Decision
from workflows.roles import Turn

_letter, _duty, _step = table(Letter), table(Duty), table(Step)
_event, _step_unit, _point_unit = table(Event), table(StepUnit), table(PointUnit)
_answer = table(Answer)

# SQLite allows 32,766 variables a statement; a smaller slice also keeps PostgreSQL's plan good.
SLICE = 5000


def lay(
    conn: Connection, letter_ids: Sequence[int], decision: Decision, stamp: Stamp, on: date
) -> tuple[int, int]:
    """Move draft letters to issued and lay all their duties; returns (letters, steps) laid.

    Fewer letters than asked for means another act came first: the caller must roll back.
    """
    letters = steps = 0
    sealing.many_follow(conn, sealing.EVENT)
    for first in range(0, len(letter_ids), SLICE):
        some = list(letter_ids[first : first + SLICE])
        values = {"ids": some, "on": on, **{f"e_{k}": v for k, v in stamp_values(stamp).items()}}
        values |= {"source": decision.source, "target": decision.target}
        letters += conn.execute(_ISSUE, values).rowcount
        # An INSERT keeps its count only when asked to.
        laid = conn.execute(_LAY_STEPS, values, execution_options={"preserve_rowcount": True})
        steps += laid.rowcount
        conn.execute(_LAY_COORDINATORS, values)
        conn.execute(_RECORD_LETTERS, {**values, "trigger": decision.trigger})
        conn.execute(_RECORD_STEPS, values)
    return letters, steps


def answer(
    conn: Connection, owed: Sequence[OwedRow], decision: Decision, stamp: Stamp, on: date
) -> int:
    """Answer obligations that stand in one state, each by one letter that is open and new to it.

    Returns how many were answered: fewer than asked for means that the caller must roll back.
    """
    if not owed:
        return 0
    answered = 0
    values = {"source": decision.source, "target": decision.target, "on": on}
    values |= {"reporter": stamp.actor_id, "reporter_for": stamp.on_behalf_of_id}
    values |= {"new_turn": str(MACHINES[StepKind.OBLIGATION].turn(decision.target))}
    for first in range(0, len(owed), SLICE):
        some = [row.step_id for row in owed[first : first + SLICE]]
        done = conn.execute(_ANSWER_STEPS, {**values, "ids": some})
        answered += done.rowcount
        answers.mark(conn, [row.letter_id for row in owed[first : first + SLICE]])
    links = [{"step_id": row.step_id, "letter_id": row.letter_id} for row in owed]
    conn.execute(insert(_answer), links)
    made = stamp_values(stamp)
    made |= {"trigger": decision.trigger, "source": decision.source, "target": decision.target}
    events = [
        {**made, "letter_id": r.laid_by, "step_id": r.step_id, "data": {"answer": r.letter_id}}
        for r in owed
    ]
    sealing.many_follow(conn, sealing.EVENT)
    conn.execute(insert(_event), events)
    return answered


_IDS = bindparam("ids", expanding=True, type_=Integer)
_FIRST_STATE = {kind.value: MACHINES[kind].initial[0] for kind in StepKind}
_FIRST_TURN = {kind: str(MACHINES[kind].turn(state)) for kind, state in _FIRST_STATE.items()}
assert set(_FIRST_TURN.values()) == {Turn.LEAD}  # a step begins with the unit that owes it

_ISSUE = (
    update(_letter)
    .where(_letter.c.id.in_(_IDS), _letter.c.state == bindparam("source"))
    .values(
        state=bindparam("target"),
        version=_letter.c.version + 1,
        open_steps=select(func.count())
        .where(_duty.c.letter_id == _letter.c.id)
        .correlate(_letter)
        .scalar_subquery(),
    )
)

_LAY_STEPS = insert(_step).from_select(
    [
        "letter_id",
        "point_id",
        "kind",
        "unit_id",
        "issuer_id",
        "state",
        "turn",
        "acting_id",
        "version",
        "open_children",
        "laid_on",
        "due",
        "original_due",
    ],
    select(
        _duty.c.letter_id,
        _duty.c.point_id,
        _duty.c.kind,
        _duty.c.unit_id,
        _letter.c.issuer_id,
        case(_FIRST_STATE, value=_duty.c.kind),
        case(_FIRST_TURN, value=_duty.c.kind),
        _duty.c.unit_id,
        literal(1),
        literal(0),
        bindparam("on", type_=_step.c.laid_on.type),
        _duty.c.due,
        _duty.c.due,
    )
    .join_from(_duty, _letter, _letter.c.id == _duty.c.letter_id)
    .where(_duty.c.letter_id.in_(_IDS))
    .order_by(_duty.c.id),
    include_defaults=False,
)

_LAY_COORDINATORS = insert(_step_unit).from_select(
    ["step_id", "unit_id"],
    select(_step.c.id, _point_unit.c.unit_id)
    .join_from(_step, _point_unit, _point_unit.c.point_id == _step.c.point_id)
    .where(
        _step.c.letter_id.in_(_IDS),
        _point_unit.c.role == "coordinate",
        _point_unit.c.unit_id != _step.c.unit_id,
    ),
)

# The post acted from is one in the letter's own issuer, so the unit comes from the row.
_STAMP_COLUMNS = [name for name in STAMP_COLUMNS if name != "unit_id"]
_STAMPED = [bindparam(f"e_{name}", type_=_event.c[name].type) for name in _STAMP_COLUMNS]

_RECORD_LETTERS = insert(_event).from_select(
    [*_STAMP_COLUMNS, "unit_id", "letter_id", "step_id", "trigger", "source", "target"],
    select(
        *_STAMPED,
        _letter.c.issuer_id,
        _letter.c.id,
        null(),
        bindparam("trigger", type_=_event.c.trigger.type),
        bindparam("source", type_=_event.c.source.type),
        _letter.c.state,
    )
    .where(_letter.c.id.in_(_IDS))
    .order_by(_letter.c.id),
)

_RECORD_STEPS = insert(_event).from_select(
    [*_STAMP_COLUMNS, "unit_id", "letter_id", "step_id", "trigger", "source", "target"],
    select(
        *_STAMPED,
        _step.c.issuer_id,
        _step.c.letter_id,
        _step.c.id,
        literal("lay"),
        null(),
        _step.c.state,
    )
    .where(_step.c.letter_id.in_(_IDS))
    .order_by(_step.c.id),
)

_ANSWER_STEPS = (
    update(_step)
    .where(_step.c.id.in_(_IDS), _step.c.state == bindparam("source"))
    .values(
        state=bindparam("target"),
        turn=bindparam("new_turn"),
        acting_id=acting(bindparam("new_turn", type_=_step.c.turn.type)),
        version=_step.c.version + 1,
        open_children=_step.c.open_children + 1,
        reported_on=bindparam("on"),
        reporter_id=bindparam("reporter"),
        reporter_for_id=bindparam("reporter_for"),
    )
)
