"""The journal: the one writer of state; a row and its event are written together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Case, ColumnElement, Connection, bindparam, case, insert, update

from models import sealing, terms
from models.errors import StaleError
from models.tables import Event, Letter, LetterLine, Step, table
from workflows.kinds import MACHINES
from workflows.machine import Decision
from workflows.roles import Turn

_step, _letter, _event, _line = table(Step), table(Letter), table(Event), table(LetterLine)


@dataclass(frozen=True)
class Stamp:
    """Who acts, from which post, when and why; what follows by itself names its cause."""

    at: datetime
    actor_id: int
    role: str
    unit_id: int | None
    note: str = ""
    until: date | None = None
    cause_seq: int | None = None
    on_behalf_of_id: int | None = None
    data: Mapping[str, Any] | None = None

    def following(self, seq: int) -> Stamp:
        """The stamp of what follows by itself from event `seq`: same actor, no own reason."""
        return replace(
            self, role="itself", unit_id=None, note="", until=None, cause_seq=seq, data=None
        )


class Standing(NamedTuple):
    """What the journal must know of a step to move it, as it was read."""

    id: int
    kind: str
    state: str
    version: int
    letter_id: int
    parent_id: int | None
    due: date | None
    reported_on: date | None
    reporter_id: int | None
    reporter_for_id: int | None


class Above(NamedTuple):
    """The letter (or split step) above a moved step, after its counter changed."""

    id: int
    state: str
    version: int
    open_below: int


class Moved(NamedTuple):
    """A move as recorded; `letter` only where the letter's count of open steps changed."""

    seq: int
    letter: Above | None
    change: int  # of open steps: -1 ended, +1 opened again, 0 neither


def move_step(
    conn: Connection,
    step: Standing,
    decision: Decision,
    stamp: Stamp,
    changes: Mapping[str, object] | None = None,
) -> Moved:
    """Move one step and record it; raises StaleError when another act came first."""
    machine = MACHINES[step.kind]
    kept = {name: getattr(step, name) for name in _KEPT}
    done = conn.execute(
        _MOVE_STEP,
        {
            "the_id": step.id,
            "seen": step.version,
            "source": decision.source,
            "state": decision.target,
            "turn": machine.turn(decision.target),
            **kept,
            **(changes or {}),
        },
    )
    if done.rowcount != 1:
        raise StaleError("step", step.id, step.version)
    seq = append(conn, stamp, decision, letter_id=step.letter_id, step_id=step.id)
    change = machine.is_open(decision.target) - machine.is_open(decision.source)
    return Moved(seq, count(conn, step.letter_id, step.parent_id, change), change)


def move_letter(
    conn: Connection, letter_id: int, version: int, decision: Decision, stamp: Stamp
) -> int:
    """Move one letter and record it; returns the event's seq, raises StaleError."""
    done = conn.execute(
        _MOVE_LETTER,
        {
            "the_id": letter_id,
            "seen": version,
            "source": decision.source,
            "state": decision.target,
        },
    )
    if done.rowcount != 1:
        raise StaleError("letter", letter_id, version)
    return append(conn, stamp, decision, letter_id=letter_id)


def enter_letter(conn: Connection, values: Mapping[str, object], stamp: Stamp) -> int:
    """A new letter as a draft or a stub, in line with itself; returns its id."""
    letter_id = _new_id(conn.execute(insert(_letter), {"version": 1, "open_steps": 0, **values}))
    conn.execute(insert(_line), {"above_id": letter_id, "below_id": letter_id})
    state = str(values["state"])
    born = "cite" if state == "cited" else "register"
    append(conn, stamp, Decision(born, "", state), letter_id=letter_id)
    terms.enter(conn, terms.LETTER, {letter_id: terms.of_letter(values)})
    return letter_id


def lay_step(conn: Connection, values: Mapping[str, object], stamp: Stamp) -> tuple[int, Moved]:
    """One step laid on its own (a split, a transfer); many at once are laid by models.laying."""
    kind, state = str(values["kind"]), str(values["state"])
    turn = MACHINES[kind].turn(state)
    assert turn is Turn.LEAD  # a step begins open, with the unit that owes it
    first = {"version": 1, "open_children": 0, "turn": turn, "acting_id": values["unit_id"]}
    row = {**first, **values}
    step_id = _new_id(conn.execute(insert(_step), row))
    letter_id, parent_id = _int(values["letter_id"]), values.get("parent_id")
    seq = append(conn, stamp, Decision("lay", "", state), letter_id=letter_id, step_id=step_id)
    above = count(conn, letter_id, None if parent_id is None else _int(parent_id), 1)
    return step_id, Moved(seq, above, 1)


def append(
    conn: Connection,
    stamp: Stamp,
    decision: Decision,
    *,
    letter_id: int,
    step_id: int | None = None,
) -> int:
    """One event; returns its sequence number. An empty source says it came into being."""
    seq = _new_id(
        conn.execute(
            _APPEND,
            {
                **stamp_values(stamp),
                "letter_id": letter_id,
                "step_id": step_id,
                "trigger": decision.trigger,
                "source": decision.source or None,
                "target": decision.target,
            },
        )
    )
    sealing.first(conn, sealing.EVENT, seq)
    return seq


STAMP_COLUMNS = (
    "at",
    "actor_id",
    "role",
    "unit_id",
    "on_behalf_of_id",
    "note",
    "until",
    "cause_seq",
    "data",
)


def stamp_values(stamp: Stamp) -> dict[str, object]:
    """The columns of an event that come from its stamp."""
    values: dict[str, object] = {name: getattr(stamp, name) for name in STAMP_COLUMNS}
    values["data"] = dict(stamp.data) if stamp.data else None
    return values


def count(conn: Connection, letter_id: int, parent_id: int | None, change: int) -> Above | None:
    """Count an open step more or less on what is directly above it, and nothing higher.

    The counter's row is locked by its UPDATE, so of two last siblings the second sees zero.
    """
    if change == 0:
        return None
    if parent_id is not None:
        conn.execute(_COUNT_PART, {"the_id": parent_id, "change": change})
        return None
    row = conn.execute(_COUNT_STEP, {"the_id": letter_id, "change": change}).one()
    return Above(*row)


def put_first_due(conn: Connection, step_id: int, due: date, made_with: str) -> None:
    """Keep the date a step's receipt set as its original one, with the calendar's version."""
    conn.execute(_FIRST_DUE, {"the_id": step_id, "first": due, "made_with": made_with})


def count_answers(conn: Connection, step_ids: Sequence[int], change: int) -> None:
    """Count an open answering letter more or less on each of these obligations."""
    for step_id in step_ids:
        conn.execute(_COUNT_PART, {"the_id": step_id, "change": change})


def acting(turn: ColumnElement[str]) -> Case[int | None]:
    """The unit whose move it is: what `step.acting_id` must be beside `turn`."""
    lead, issuer = _step.c.unit_id, _step.c.issuer_id
    return case({Turn.LEAD: lead, Turn.ISSUER: issuer, Turn.ACCEPTER: issuer}, value=turn)


# What a move leaves as it was unless it changes it.
_KEPT = ("due", "reported_on", "reporter_id", "reporter_for_id")
_MOVE_STEP = (
    update(_step)
    .where(
        _step.c.id == bindparam("the_id"),
        _step.c.version == bindparam("seen"),
        _step.c.state == bindparam("source"),
    )
    .values(
        state=bindparam("state"),
        turn=bindparam("turn"),
        acting_id=acting(bindparam("turn", type_=_step.c.turn.type)),
        version=_step.c.version + 1,
        due=bindparam("due"),
        reported_on=bindparam("reported_on"),
        reporter_id=bindparam("reporter_id"),
        reporter_for_id=bindparam("reporter_for_id"),
    )
)
_MOVE_LETTER = (
    update(_letter)
    .where(
        _letter.c.id == bindparam("the_id"),
        _letter.c.version == bindparam("seen"),
        _letter.c.state == bindparam("source"),
    )
    .values(state=bindparam("state"), version=_letter.c.version + 1)
)
_FIRST_DUE = (
    update(_step)
    .where(_step.c.id == bindparam("the_id"))
    .values(original_due=bindparam("first"), due_calendar=bindparam("made_with"))
)
_APPEND = insert(_event)
_COUNT_STEP = (
    update(_letter)
    .where(_letter.c.id == bindparam("the_id"))
    .values(open_steps=_letter.c.open_steps + bindparam("change"))
    .returning(_letter.c.id, _letter.c.state, _letter.c.version, _letter.c.open_steps)
)
_COUNT_PART = (
    update(_step)
    .where(_step.c.id == bindparam("the_id"))
    .values(open_children=_step.c.open_children + bindparam("change"))
)


def _new_id(result: Any) -> int:
    return int(result.inserted_primary_key[0])


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
