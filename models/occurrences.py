"""Writing series: filed with a draft, begun with its letter, their occurrences laid, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, case, insert, literal, null, select, update

from models import sealing
from models.tables import Event, PointUnit, Series, Step, StepUnit, table
from workflows.kinds import StepKind
from workflows.roles import Turn
from workflows.task import TASK

_series, _step, _event = table(Series), table(Step), table(Event)
_step_unit, _point_unit = table(StepUnit), table(PointUnit)
_COPIED = ("unit_id", "phrase", "months", "days", "day", "weekday", "within", "inclusive", "until")


class Laid(NamedTuple):
    """One occurrence to be laid: of which series, by which letter, and from what it follows."""

    series_id: int
    letter_id: int
    point_id: int | None
    unit_id: int
    issuer_id: int
    named: date
    due: date
    calendar: str | None
    cause_seq: int
    actor_id: int
    on_behalf_of_id: int | None
    role: str = "itself"
    note: str = ""


def file(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """The series a person confirmed in a draft; nothing comes of them before it is issued."""
    if rows:
        conn.execute(insert(_series), [{"letter_id": letter_id, **row} for row in rows])


def begin(conn: Connection, letter_ids: Sequence[int], on: date) -> int:
    """Begin the series of letters just issued, the first occurrence wanted today; how many."""
    return conn.execute(_BEGIN, {"letters": list(letter_ids), "on": on}).rowcount


def lay(conn: Connection, rows: Sequence[Laid], at: datetime, on: date) -> list[int]:
    """Lay occurrences as open tasks with their events, unlike a letter's count; their ids in order.

    The journal counts them for each letter.
    """
    if not rows:
        return []
    sealing.many_follow(conn, sealing.EVENT)
    steps = [_step_of(row, on) for row in rows]
    made = list(conn.execute(_INSERT, steps).scalars())
    events = [_event_of(row, step_id, at) for row, step_id in zip(rows, made, strict=True)]
    conn.execute(insert(_event), events)
    for first in range(0, len(made), 5000):
        conn.execute(_COORDINATE, {"ids": made[first : first + 5000]})
    return made


def advance(conn: Connection, series_id: int, last: date | None, wanted_on: date | None) -> None:
    """Say up to which day a series has brought its occurrences, and when it wants the next."""
    conn.execute(_ADVANCE, {"series": series_id, "last": last, "wanted": wanted_on})


def end(conn: Connection, series_ids: Sequence[int], on: date, seq: int) -> None:
    """End series by an event; what they have brought stays."""
    conn.execute(_END, {"ids": list(series_ids), "on": on, "seq": seq})


def carry(conn: Connection, series_ids: Sequence[int], to: int, seq: int) -> None:
    """Go on with series in a replacing letter, from where they are."""
    conn.execute(_CARRY, {"ids": list(series_ids), "to": to, "seq": seq})


def _step_of(row: Laid, on: date) -> dict[str, object]:
    return {
        "letter_id": row.letter_id,
        "point_id": row.point_id,
        "kind": StepKind.TASK.value,
        "unit_id": row.unit_id,
        "issuer_id": row.issuer_id,
        "state": TASK.initial[0],
        "turn": Turn.LEAD.value,
        "acting_id": row.unit_id,
        "version": 1,
        "open_children": 0,
        "laid_on": on,
        "due": row.due,
        "original_due": row.due,
        "due_calendar": row.calendar,
        "series_id": row.series_id,
        "occurrence": row.named,
    }


def _event_of(row: Laid, step_id: int, at: datetime) -> dict[str, object]:
    return {
        "at": at,
        "actor_id": row.actor_id,
        "role": row.role,
        "unit_id": None if row.role == "itself" else row.issuer_id,
        "on_behalf_of_id": row.on_behalf_of_id,
        "letter_id": row.letter_id,
        "step_id": step_id,
        "trigger": "lay",
        "source": None,
        "target": TASK.initial[0],
        "note": row.note,
        "until": row.due,
        "cause_seq": row.cause_seq,
        "data": {"series": row.series_id, "occurrence": row.named.isoformat()},
    }


assert TASK.turn(TASK.initial[0]) is Turn.LEAD  # a step begins with the unit that owes it
_IDS = bindparam("ids", expanding=True, type_=Integer)
_INSERT = insert(_step).returning(_step.c.id, sort_by_parameter_order=True)
_ISSUED = (
    select(_event.c.seq)
    .where(
        _event.c.letter_id == _series.c.letter_id,
        _event.c.step_id.is_(None),
        _event.c.trigger == "issue",
    )
    .order_by(_event.c.seq.desc())
    .limit(1)
    .correlate(_series)
    .scalar_subquery()
)
_BEGIN = (
    update(_series)
    .where(
        _series.c.letter_id.in_(bindparam("letters", expanding=True, type_=Integer)),
        _series.c.begun_seq.is_(None),
    )
    .values(
        begun_on=bindparam("on"),
        begun_seq=_ISSUED,
        # What is called for waits to be called for.
        wanted_on=case(
            ((_series.c.months > 0) | (_series.c.days > 0), bindparam("on")), else_=null()
        ),
    )
)
_ADVANCE = (
    update(_series)
    .where(_series.c.id == bindparam("series"), _series.c.ended_on.is_(None))
    .values(last_named=bindparam("last"), wanted_on=bindparam("wanted"))
)
_END = (
    update(_series)
    .where(_series.c.id.in_(_IDS), _series.c.ended_on.is_(None))
    .values(ended_on=bindparam("on"), ended_seq=bindparam("seq"), wanted_on=None)
)
_CARRY = insert(_series).from_select(
    [
        "letter_id",
        "point_id",
        "previous_id",
        *_COPIED,
        "begun_on",
        "begun_seq",
        "last_named",
        "wanted_on",
    ],
    select(
        bindparam("to", type_=Integer),
        _series.c.point_id,
        _series.c.id,
        *[_series.c[name] for name in _COPIED],
        _series.c.begun_on,
        bindparam("seq", type_=Integer),
        _series.c.last_named,
        _series.c.wanted_on,
    )
    .where(_series.c.id.in_(_IDS), _series.c.ended_on.is_(None))
    .order_by(_series.c.id),
    include_defaults=False,
)
_COORDINATE = insert(_step_unit).from_select(
    ["step_id", "unit_id"],
    select(_step.c.id, _point_unit.c.unit_id)
    .join_from(_step, _point_unit, _point_unit.c.point_id == _step.c.point_id)
    .where(
        _step.c.id.in_(_IDS),
        _point_unit.c.role == literal("coordinate"),
        _point_unit.c.unit_id != _step.c.unit_id,
    ),
)
