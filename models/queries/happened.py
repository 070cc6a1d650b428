"""What happened in a cascade and what is on file in it: pages by key, the newest first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CTE, Connection, Integer, bindparam, func, select

from models.queries.units import latest
from models.tables import (
    Event,
    Evidence,
    Letter,
    LetterLine,
    Step,
    Unit,
    UnitPeriod,
    User,
    table,
)

_line, _letter, _step, _event = table(LetterLine), table(Letter), table(Step), table(Event)
_evidence, _user, _unit, _period = table(Evidence), table(User), table(Unit), table(UnitPeriod)
_behalf, _shown = _user.alias("behalf"), _letter.alias("shown")

# Before the first page no key is known: this is above every one.
NEWEST = 2**31 - 1


class HappenedRow(NamedTuple):
    """One event of a cascade: who, what, on which letter or step, when and why."""

    seq: int
    at: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    trigger: str
    source: str | None
    target: str
    note: str
    until: date | None
    letter_id: int
    letter_kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    step_id: int | None
    unit: str | None


class LetterFileRow(NamedTuple):
    """A letter of a cascade and its file, if it has one."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    issuer_name: str
    subject: str
    state: str
    file_name: str | None


class EvidenceRow(NamedTuple):
    """A file or letter shown by a report on a step of a cascade."""

    id: int
    step_id: int
    unit: str
    at: datetime
    file_name: str | None
    size: int | None
    letter_id: int | None
    letter_kind: str | None
    number: str | None
    symbol: str | None
    dated: date | None


def history(
    conn: Connection, letter_id: int, day: date, *, before: int = NEWEST, limit: int = 50
) -> list[HappenedRow]:
    """Events of a letter and all below it, the newest first, those before a seq."""
    return [HappenedRow._make(row) for row in _page(conn, _HISTORY, letter_id, day, before, limit)]


def letters(
    conn: Connection, letter_id: int, day: date, *, before: int = NEWEST, limit: int = 50
) -> list[LetterFileRow]:
    """A letter and all below it with their files, the last entered first, those before an id."""
    return [LetterFileRow._make(row) for row in _page(conn, _FILES, letter_id, day, before, limit)]


def evidence(
    conn: Connection, letter_id: int, day: date, *, before: int = NEWEST, limit: int = 50
) -> list[EvidenceRow]:
    """What reports on steps below a letter have shown, the newest first, those before an id."""
    return [EvidenceRow._make(row) for row in _page(conn, _SHOWN, letter_id, day, before, limit)]


def _page(
    conn: Connection, query: Any, letter_id: int, day: date, before: int, limit: int
) -> list[Any]:
    values = {"top": letter_id, "day": day, "before": before, "most": limit}
    return list(conn.execute(query, values))


_MOST = bindparam("most", type_=Integer, literal_execute=True)
_DAY = bindparam("day", type_=_period.c.valid_from.type)
_UNIT = func.coalesce(_period.c.short_name, _unit.c.code)


def _keys(column: Any, joined: Any) -> CTE:
    """The page's keys, gathered from the cascade's own letters and never from a whole table.

    Materialised, so that no planner walks the table from its newest row in the hope to meet fifty.
    """
    found = (
        select(column.label("key"))
        .select_from(joined)
        .where(_line.c.above_id == bindparam("top"), column < bindparam("before"))
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    return select(found.c.key).order_by(found.c.key.desc()).limit(_MOST).cte("page")


_happened = _keys(_event.c.seq, _line.join(_event, _event.c.letter_id == _line.c.below_id))
_HISTORY = (
    select(
        _event.c.seq,
        _event.c.at,
        _user.c.name,
        _event.c.role,
        _behalf.c.name,
        _event.c.trigger,
        _event.c.source,
        _event.c.target,
        _event.c.note,
        _event.c.until,
        _letter.c.id,
        _letter.c.kind,
        _letter.c.number,
        _letter.c.symbol,
        _letter.c.dated,
        _event.c.step_id,
        _UNIT,
    )
    .join_from(_happened, _event, _event.c.seq == _happened.c.key)
    .join(_user, _user.c.id == _event.c.actor_id)
    .join(_letter, _letter.c.id == _event.c.letter_id)
    .outerjoin(_behalf, _behalf.c.id == _event.c.on_behalf_of_id)
    .outerjoin(_step, _step.c.id == _event.c.step_id)
    .outerjoin(_unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _step.c.unit_id)
        & (_period.c.valid_from == latest(_step.c.unit_id, _DAY)),
    )
    .order_by(_event.c.seq.desc())
)
_FILES = (
    select(*[_letter.c[name] for name in LetterFileRow._fields])
    .join_from(_line, _letter, _letter.c.id == _line.c.below_id)
    .where(_line.c.above_id == bindparam("top"), _line.c.below_id < bindparam("before"))
    .order_by(_line.c.below_id.desc())
    .limit(_MOST)
)
_attached = _keys(
    _evidence.c.id,
    _line.join(_step, _step.c.letter_id == _line.c.below_id).join(
        _evidence, _evidence.c.step_id == _step.c.id
    ),
)
_SHOWN = (
    select(
        _evidence.c.id,
        _evidence.c.step_id,
        _UNIT,
        _event.c.at,
        _evidence.c.file_name,
        _evidence.c.size,
        _evidence.c.letter_id,
        _shown.c.kind,
        _shown.c.number,
        _shown.c.symbol,
        _shown.c.dated,
    )
    .join_from(_attached, _evidence, _evidence.c.id == _attached.c.key)
    .join(_event, _event.c.seq == _evidence.c.event_seq)
    .join(_step, _step.c.id == _evidence.c.step_id)
    .join(_unit, _unit.c.id == _step.c.unit_id)
    .outerjoin(_shown, _shown.c.id == _evidence.c.letter_id)
    .outerjoin(
        _period,
        (_period.c.unit_id == _step.c.unit_id)
        & (_period.c.valid_from == latest(_step.c.unit_id, _DAY)),
    )
    .order_by(_evidence.c.id.desc())
)
