"""A cascade's outline: who hangs below whom and how it stands, without names; four statements."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from models.tables import Answer, Citation, Letter, LetterLine, Step, table

_line, _letter, _step = table(LetterLine), table(Letter), table(Step)
_answer, _citation = table(Answer), table(Citation)


class OutlineStepRow(NamedTuple):
    """What decides where a step stands in the tree; its names are read only if it is shown."""

    id: int
    letter_id: int
    parent_id: int | None
    kind: str
    unit_id: int
    turn: str
    due: date | None


class OutlineRows(NamedTuple):
    """Everything below a letter, the letter itself among the letters."""

    letters: dict[int, str]  # letter → state
    steps: list[OutlineStepRow]
    answers: list[tuple[int, int]]  # (obligation, answering letter)
    implementing: list[tuple[int, int]]  # (above, below) as cited, answered or not


def outline(conn: Connection, letter_id: int) -> OutlineRows:
    """The outline of all below a letter, for the cascade's page; empty if there is no letter."""
    top = {"top": letter_id}
    return OutlineRows(
        {row[0]: row[1] for row in conn.execute(_LETTERS, top)},
        [OutlineStepRow._make(row) for row in conn.execute(_STEPS, top)],
        [(row[0], row[1]) for row in conn.execute(_ANSWERS, top)],
        [(row[0], row[1]) for row in conn.execute(_IMPLEMENTING, top)],
    )


_IN_CASCADE = _line.c.above_id == bindparam("top")
_LETTERS = (
    select(_letter.c.id, _letter.c.state)
    .join_from(_line, _letter, _letter.c.id == _line.c.below_id)
    .where(_IN_CASCADE)
    .order_by(_letter.c.id)
)
_STEPS = (
    select(*[_step.c[name] for name in OutlineStepRow._fields])
    .join_from(_line, _step, _step.c.letter_id == _line.c.below_id)
    .where(_IN_CASCADE)
)
# The letter at the lower end lies below the top; whether the upper end does, the reader sees.
_ANSWERS = (
    select(_answer.c.step_id, _answer.c.letter_id)
    .join_from(_line, _answer, _answer.c.letter_id == _line.c.below_id)
    .where(_IN_CASCADE)
)
_IMPLEMENTING = (
    select(_citation.c.cited_id, _citation.c.citing_id)
    .join_from(_line, _citation, _citation.c.citing_id == _line.c.below_id)
    .where(_IN_CASCADE, _citation.c.role == "implements")
)
