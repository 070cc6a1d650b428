"""Laying the duties of letters as steps, set by set: part of the journal, for thousands at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
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
        conn.execute(_RECORD_STEPS, {**values, **_UNTOLD})
    return letters, steps


class Laid(NamedTuple):
    """A batch of a letter's steps, and the last of its duties that were laid."""

    steps: list[int]
    last: int


def open_long(conn: Connection, letter_id: int, decision: Decision, stamp: Stamp) -> bool:
    """Move a draft to issued whose duties follow in batches; False where another act came first.

    All its duties count as open from here on: so it neither ends nor ceases to hold what it
    answers while some of them are still to be laid.
    """
    sealing.many_follow(conn, sealing.EVENT)
    values = {"ids": [letter_id], **{f"e_{k}": v for k, v in stamp_values(stamp).items()}}
    values |= {"source": decision.source, "target": decision.target}
    if conn.execute(_ISSUE, values).rowcount != 1:
        return False
    conn.execute(_RECORD_LETTERS, {**values, "trigger": decision.trigger})
    return True


def lay_some(
    conn: Connection, letter_id: int, after: int, most: int, stamp: Stamp, on: date
) -> Laid:
    """Lay the next duties of a letter, those with ids above `after`; no step is counted again."""
    sealing.many_follow(conn, sealing.EVENT)
    wanted = {"letter": letter_id, "after": after}
    duties = list(conn.execute(_NEXT_DUTIES, {**wanted, "most": most}).scalars())
    if not duties:
        return Laid([], after)
    values = {"on": on, **{f"e_{k}": v for k, v in stamp_values(stamp).items()}}
    laid = conn.execute(_LAY_SOME, {**values, **wanted, "last": duties[-1]})
    values["ids"] = steps = sorted(laid.scalars())
    conn.execute(_COORDINATE_SOME, values)
    conn.execute(_RECORD_SOME, {**values, **_UNTOLD})
    return Laid(steps, duties[-1])


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


def _laying(*where: ColumnElement[bool]) -> Insert:
    return insert(_step).from_select(
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
            "due_calendar",
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
            _duty.c.due_calendar,
        )
        .join_from(_duty, _letter, _letter.c.id == _duty.c.letter_id)
        .where(*where)
        .order_by(_duty.c.id),
        include_defaults=False,
    )


def _coordinating(steps: ColumnElement[bool]) -> Insert:
    return insert(_step_unit).from_select(
        ["step_id", "unit_id"],
        select(_step.c.id, _point_unit.c.unit_id)
        .join_from(_step, _point_unit, _point_unit.c.point_id == _step.c.point_id)
        .where(
            steps,
            _point_unit.c.role == "coordinate",
            _point_unit.c.unit_id != _step.c.unit_id,
        ),
    )


# The post acted from is one in the letter's own issuer, so the unit comes from the row.
_STAMP_COLUMNS = [name for name in STAMP_COLUMNS if name != "unit_id"]
# Why it was issued stands with the letter, and not with each of its steps.
_UNTOLD = {"e_note": "", "e_data": None}
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


def _recording(steps: ColumnElement[bool]) -> Insert:
    return insert(_event).from_select(
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
        .where(steps)
        .order_by(_step.c.id),
    )


_LAY_STEPS = _laying(_duty.c.letter_id.in_(_IDS))
_LAY_COORDINATORS = _coordinating(_step.c.letter_id.in_(_IDS))
_RECORD_STEPS = _recording(_step.c.letter_id.in_(_IDS))

_NEXT = (
    _duty.c.letter_id == bindparam("letter"),
    _duty.c.id > bindparam("after"),
)
_NEXT_DUTIES = select(_duty.c.id).where(*_NEXT).order_by(_duty.c.id).limit(bindparam("most"))
_LAY_SOME = _laying(*_NEXT, _duty.c.id <= bindparam("last")).returning(_step.c.id)
_COORDINATE_SOME = _coordinating(_step.c.id.in_(_IDS))
_RECORD_SOME = _recording(_step.c.id.in_(_IDS))

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
