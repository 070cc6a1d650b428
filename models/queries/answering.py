"""Which letter answers what: asked when letters are issued and when something below has moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    func,
    select,
)

from models.tables import Answer, Citation, Event, Letter, Step, table
from workflows.rollup import ANSWERING

_step, _letter, _answer = table(Step), table(Letter), table(Answer)
_citation, _event = table(Citation), table(Event)


class OwedRow(NamedTuple):
    """An obligation with a letter that answers it by citing the letter that laid it."""

    step_id: int
    step_state: str
    laid_by: int
    letter_id: int
    letter_state: str
    letter_open: int


class WaitingRow(NamedTuple):
    """An obligation that an earlier letter answers, and who issued that letter, and for whom."""

    step_id: int
    laid_by: int
    letter_id: int
    actor_id: int
    on_behalf_of_id: int | None


def owed_answers(conn: Connection, letter_ids: Sequence[int]) -> list[OwedRow]:
    """What these letters answer, by obligation; those stay locked until the transaction ends."""
    rows = conn.execute(_OWED_ANSWERS, {"ids": list(letter_ids)})
    return [OwedRow._make(row) for row in rows]


def waiting_answers(conn: Connection, letter_ids: Sequence[int]) -> list[WaitingRow]:
    """Letters that came before what these laid, which they answer."""
    rows = conn.execute(_WAITING_ANSWERS, {"ids": list(letter_ids)})
    return [WaitingRow._make(row) for row in rows]


def answers_of(conn: Connection, step_id: int) -> list[tuple[int, str, int]]:
    """(letter, state, open steps) of every letter that answers an obligation."""
    return [tuple(row) for row in conn.execute(_ANSWERS_OF, {"the_id": step_id})]


def answered_by(conn: Connection, letter_id: int) -> list[int]:
    """The obligations a letter answers, in order of id so that locks are taken in one order."""
    return list(conn.execute(_ANSWERED_BY, {"the_id": letter_id}).scalars())


def fate_of_end(conn: Connection, step_id: int) -> str | None:
    """What whoever ended a step, or what it was part of, said of what is below; None: nothing."""
    data = conn.execute(_FATE_OF_END, {"the_id": step_id}).scalar()
    return (data or {}).get("fate")


_IDS = bindparam("ids", expanding=True, type_=Integer)


def _answering(*columns: Any) -> Select[Any]:
    """An implementing letter answers what the cited letter laid on its issuer and is still owed."""
    return (
        select(*columns)
        .join_from(_citation, _letter, _letter.c.id == _citation.c.citing_id)
        .join(
            _step,
            (_step.c.letter_id == _citation.c.cited_id) & (_step.c.unit_id == _letter.c.issuer_id),
        )
        .where(
            _citation.c.role == "implements",
            _step.c.kind == "obligation",
            _step.c.turn == "lead",
        )
        .order_by(_step.c.id)
    )


_OWED_ANSWERS = (
    _answering(
        _step.c.id,
        _step.c.state,
        _step.c.letter_id,
        _letter.c.id,
        _letter.c.state,
        _letter.c.open_steps,
    )
    .where(_citation.c.citing_id.in_(_IDS))
    .with_for_update(of=_step)
)


def _of_its_issue(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    return (
        select(column)
        .where(
            _event.c.letter_id == _letter.c.id,
            _event.c.step_id.is_(None),
            _event.c.trigger == "issue",
        )
        .order_by(_event.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


_WAITING_ANSWERS = _answering(
    _step.c.id,
    _citation.c.cited_id,
    _citation.c.citing_id,
    _of_its_issue(_event.c.actor_id),
    _of_its_issue(_event.c.on_behalf_of_id),
).where(
    _citation.c.cited_id.in_(_IDS),
    # Only tested: a planner that begins at all letters in these states reads the whole register.
    func.coalesce(_letter.c.state, "").in_(sorted(ANSWERING)),
)

_ANSWERS_OF = (
    select(_letter.c.id, _letter.c.state, _letter.c.open_steps)
    .join_from(_answer, _letter, _letter.c.id == _answer.c.letter_id)
    .where(_answer.c.step_id == bindparam("the_id"))
    .order_by(_letter.c.id)
)

_ANSWERED_BY = (
    select(_answer.c.step_id)
    .where(_answer.c.letter_id == bindparam("the_id"))
    .order_by(_answer.c.step_id)
)
_causes = (
    select(_event.c.seq, _event.c.cause_seq)
    .where(
        _event.c.seq
        == select(func.max(_event.c.seq))
        .where(_event.c.step_id == bindparam("the_id"), _event.c.source != _event.c.target)
        .scalar_subquery()
    )
    .cte("cause", recursive=True)
)
_before = _event.alias()
_causes = _causes.union_all(
    select(_before.c.seq, _before.c.cause_seq).join(_causes, _before.c.seq == _causes.c.cause_seq)
)
_FATE_OF_END = (
    select(_event.c.data)
    .join(_causes, _causes.c.seq == _event.c.seq)
    .where(_causes.c.cause_seq.is_(None))
)
