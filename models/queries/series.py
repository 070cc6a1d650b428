"""Series: which are to have their next occurrence laid, how those of a letter stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from models.database import is_writing
from models.queries.units import latest
from models.tables import Event, Letter, Point, Series, Step, Unit, UnitPeriod, table
from workflows.kinds import StepKind
from workflows.letter import LetterState
from workflows.task import TASK

_series, _step, _letter, _event = table(Series), table(Step), table(Letter), table(Event)
_point, _unit, _period = table(Point), table(Unit), table(UnitPeriod)

PAGE = 50
_RULE = ("months", "days", "day", "weekday", "within", "inclusive")


class RuleRow(NamedTuple):
    """How a series goes on, as it is kept."""

    months: int
    days: int
    day: int | None
    weekday: int | None
    within: str
    inclusive: bool


class WantedRow(NamedTuple):
    """A series with all that laying its next occurrence asks about."""

    id: int
    letter_id: int
    point_id: int | None
    unit_id: int
    issuer_id: int
    until: date | None
    begun_on: date
    last_named: date | None
    begun_seq: int  # the issue of its letter: what is laid follows from it
    actor_id: int
    on_behalf_of_id: int | None
    rule: RuleRow


class SeriesRow(NamedTuple):
    """A series as people look at it."""

    id: int
    letter_id: int
    unit: str
    unit_code: str
    point: str
    phrase: str
    until: date | None
    begun_on: date | None
    ended_on: date | None
    why: str | None  # it was ended
    occurrences: int
    open: int
    upcoming: date | None  # the due date of the next one that is open
    rule: RuleRow


class OccurrenceRow(NamedTuple):
    """One time of a series."""

    id: int
    occurrence: date
    state: str
    turn: str
    due: date | None
    reported_on: date | None


def wanted(conn: Connection, today: date, *, after: int = 0, most: int = 500) -> list[WantedRow]:
    """Series whose next occurrence is to be laid by now, page by id; locked until the end."""
    query = _LOCKED if is_writing(conn) else _WANTED
    rows = conn.execute(query, {"today": today, "after": after, "most": most})
    return [_wanted(row) for row in rows]


def wanted_by(
    conn: Connection, letter_ids: Sequence[int], today: date, *, most: int = 500
) -> list[WantedRow]:
    """The same of some letters alone, for whoever has just issued them."""
    values = {"letters": list(letter_ids), "today": today, "after": 0, "most": most}
    return [_wanted(row) for row in conn.execute(_WANTED_BY, values)]


def taken(conn: Connection, series_ids: Sequence[int], since: date) -> set[tuple[int, date]]:
    """(series, day) of occurrences there already: one may have been called for."""
    values = {"ids": list(series_ids), "since": since}
    return {(row[0], row[1]) for row in conn.execute(_TAKEN, values)}


def running(conn: Connection, letter_id: int) -> list[int]:
    """The series of a letter that go on: while there are any it is not fulfilled."""
    return list(conn.execute(_RUNNING, {"letter": letter_id}).scalars())


def drafted(conn: Connection, letter_id: int) -> int:
    """How many series issuing a draft will begin, for whoever is to issue it."""
    return int(conn.execute(_DRAFTED, {"letter": letter_id}).scalar_one())


def of_running(conn: Connection, series_ids: Sequence[int]) -> list[WantedRow]:
    """Series as they stand, for whoever ends them or calls for an occurrence."""
    return [_wanted(row) for row in conn.execute(_OF, {"ids": list(series_ids)})]


def ahead(conn: Connection, series_ids: Sequence[int], today: date) -> list[int]:
    """The steps of series that were laid ahead and not begun: named today or later."""
    values = {"ids": list(series_ids), "today": today}
    return list(conn.execute(_AHEAD, values).scalars())


def of_letter(conn: Connection, letter_id: int, today: date, *, after: int = 0) -> list[SeriesRow]:
    """The series of a letter for its page, units as called today."""
    values = {"letter": letter_id, "today": today, "after": after}
    return [_row(row) for row in conn.execute(_OF_LETTER, values)]


def one(conn: Connection, series_id: int, today: date) -> SeriesRow | None:
    """A series, for the page of one of its steps."""
    row = conn.execute(_ONE, {"id": series_id, "today": today}).first()
    return None if row is None else _row(row)


def occurrences(conn: Connection, series_id: int) -> list[OccurrenceRow]:
    """What a series has brought, the newest first, for the page of one of them."""
    rows = conn.execute(_OCCURRENCES, {"id": series_id})
    return [OccurrenceRow._make(row) for row in rows]


def premature(conn: Connection) -> list[tuple[int, int]]:
    """(letter, series) where a letter is fulfilled though something of it comes again."""
    return [(row[0], row[1]) for row in conn.execute(_PREMATURE)]


def astray(conn: Connection) -> list[tuple[int, int]]:
    """(step, series) where a step is one time of a series that is not there."""
    return [(row[0], row[1]) for row in conn.execute(_ASTRAY)]


def _wanted(row: Sequence[object]) -> WantedRow:
    split = len(WantedRow._fields) - 1
    return WantedRow._make((*row[:split], RuleRow._make(row[split:])))


def _row(row: Sequence[object]) -> SeriesRow:
    split = len(SeriesRow._fields) - 1
    return SeriesRow._make((*row[:split], RuleRow._make(row[split:])))


_TODAY = bindparam("today", type_=_series.c.until.type)
_LETTER = _series.c.letter_id == bindparam("letter", type_=Integer)
_IDS = bindparam("ids", expanding=True, type_=Integer)
_RULES = tuple(_series.c[name] for name in _RULE)
_GOES_ON = (
    _series.c.ended_on.is_(None)
    & _series.c.begun_seq.is_not(None)
    # By itself, or when it is called for; one whose last day has come goes on no more.
    & (_series.c.wanted_on.is_not(None) | ((_series.c.months == 0) & (_series.c.days == 0)))
)
_WHOLE = (
    select(
        _series.c.id,
        _series.c.letter_id,
        _series.c.point_id,
        _series.c.unit_id,
        _letter.c.issuer_id,
        _series.c.until,
        _series.c.begun_on,
        _series.c.last_named,
        _series.c.begun_seq,
        _event.c.actor_id,
        _event.c.on_behalf_of_id,
        *_RULES,
    )
    .join_from(_series, _letter, _letter.c.id == _series.c.letter_id)
    .join(_event, _event.c.seq == _series.c.begun_seq)
    .order_by(_series.c.id)
)
_WANTED = _WHOLE.where(
    _series.c.wanted_on <= _TODAY, _series.c.id > bindparam("after", type_=Integer)
).limit(bindparam("most", type_=Integer))
# Of two makers the second waits here and then sees what the first has laid.
_LOCKED = _WANTED.with_for_update(of=_series)
_WANTED_BY = _WANTED.where(
    _series.c.letter_id.in_(bindparam("letters", expanding=True, type_=Integer))
)
_TAKEN = select(_step.c.series_id, _step.c.occurrence).where(
    _step.c.series_id.in_(_IDS),
    _step.c.occurrence >= bindparam("since"),
    _step.c.parent_id.is_(None),
    _step.c.previous_id.is_(None),
)
_OF = _WHOLE.where(_series.c.id.in_(_IDS), _series.c.ended_on.is_(None)).with_for_update(of=_series)
_RUNNING = select(_series.c.id).where(_LETTER, _GOES_ON).order_by(_series.c.id)
_DRAFTED = select(func.count()).where(_LETTER, _series.c.begun_seq.is_(None))
_PREMATURE = (
    select(_letter.c.id, _series.c.id)
    .join_from(_series, _letter, _letter.c.id == _series.c.letter_id)
    .where(_GOES_ON, _letter.c.state == LetterState.FULFILLED)
    .order_by(_series.c.id)
)
_ASTRAY = (
    select(_step.c.id, _step.c.series_id)
    .join_from(_step, _series, _series.c.id == _step.c.series_id, isouter=True)
    .where(_step.c.series_id.is_not(None), _series.c.id.is_(None))
    .order_by(_step.c.id)
)
_AHEAD = (
    select(_step.c.id)
    .where(
        _step.c.series_id.in_(_IDS),
        _step.c.occurrence >= _TODAY,
        _step.c.parent_id.is_(None),
        _step.c.kind == StepKind.TASK,
        _step.c.state == TASK.initial[0],
    )
    .order_by(_step.c.id)
)


def _of_series(*columns: object) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(*columns)  # type: ignore[call-overload]
    return query.where(
        _step.c.series_id == _series.c.id,
        _step.c.parent_id.is_(None),
        _step.c.previous_id.is_(None),
    ).correlate(_series)


_IS_OPEN = _step.c.turn != "nobody"
_SHOWN = (
    select(
        _series.c.id,
        _series.c.letter_id,
        func.coalesce(_period.c.short_name, _unit.c.code),
        _unit.c.code,
        func.coalesce(_point.c.no, ""),
        _series.c.phrase,
        _series.c.until,
        _series.c.begun_on,
        _series.c.ended_on,
        _event.c.note,
        _of_series(func.count()).scalar_subquery(),
        _of_series(func.count()).where(_IS_OPEN).scalar_subquery(),
        _of_series(func.min(_step.c.due)).where(_IS_OPEN).scalar_subquery(),
        *_RULES,
    )
    .join_from(_series, _unit, _unit.c.id == _series.c.unit_id)
    .outerjoin(_point, _point.c.id == _series.c.point_id)
    .outerjoin(_event, _event.c.seq == _series.c.ended_seq)
    .outerjoin(
        _period,
        (_period.c.unit_id == _series.c.unit_id)
        & (_period.c.valid_from == latest(_series.c.unit_id, _TODAY)),
    )
)
_OF_LETTER = (
    _SHOWN.where(_LETTER, _series.c.id > bindparam("after", type_=Integer))
    .order_by(_series.c.id)
    .limit(PAGE + 1)
)
_ONE = _SHOWN.where(_series.c.id == bindparam("id", type_=Integer))
_OCCURRENCES = (
    select(*[_step.c[name] for name in OccurrenceRow._fields])
    .where(
        _step.c.series_id == bindparam("id", type_=Integer),
        _step.c.parent_id.is_(None),
        _step.c.previous_id.is_(None),
    )
    .order_by(_step.c.occurrence.desc(), _step.c.id.desc())
    .limit(PAGE)
)
