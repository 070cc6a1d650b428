"""Answers and lines of descent: which letter answers what, and so which implements which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.orm import aliased

from models.tables import Answer, Citation, Letter, LetterLine, table

_answer, _line, _citation = table(Answer), table(LetterLine), table(Citation)
_letter = table(Letter)


def answer(conn: Connection, step_id: int, letter_id: int) -> bool:
    """Record that a letter answers an obligation; False when it was recorded before."""
    values = {"step_id": step_id, "letter_id": letter_id}
    done = conn.execute(_ANSWER, values, execution_options={"preserve_rowcount": True})
    mark(conn, [letter_id])
    return done.rowcount == 1


def mark(conn: Connection, letter_ids: Sequence[int]) -> None:
    """Note on letters that they answer an obligation, so that no list takes them for directives."""
    conn.execute(_IS_ANSWER, {"ids": list(letter_ids)})


def implement(conn: Connection, above: int, below: int) -> None:
    """Record that `below` implements `above`, with every line of descent that makes."""
    conn.execute(_DESCEND, {"above": above, "below": below})


def descends(conn: Connection, above: int, below: int) -> bool:
    """Whether `below` implements `above`, directly or not (each letter descends from itself)."""
    return bool(conn.execute(_DESCENDS, {"above": above, "below": below}).scalar())


def repoint(conn: Connection, old: int, new: int) -> None:
    """Have all that cites a stub cite another, which stands for the same letter, in its place.

    Where one letter cites both in one role, one citation is left, as if it were entered so.
    """
    below = list(conn.execute(_IMPLEMENTING, {"old": old}).scalars())
    conn.execute(_DROP_DOUBLES, {"old": old, "new": new})
    conn.execute(_REPOINT, {"old": old, "new": new})
    conn.execute(_CUT_LINES, {"old": old})
    for letter_id in below:
        implement(conn, new, letter_id)


def cite(conn: Connection, values: dict[str, object]) -> None:
    """Record a citation, once for each role."""
    conn.execute(_CITE, values)


_ANSWER = insert(_answer).from_select(
    ["step_id", "letter_id"],
    select(
        bindparam("step_id", type_=_answer.c.step_id.type),
        bindparam("letter_id", type_=_answer.c.letter_id.type),
    ).where(
        ~exists().where(
            _answer.c.step_id == bindparam("step_id"), _answer.c.letter_id == bindparam("letter_id")
        )
    ),
)

_IS_ANSWER = (
    update(_letter)
    .where(_letter.c.id.in_(bindparam("ids", expanding=True, type_=Integer)), ~_letter.c.is_answer)
    .values(is_answer=true())
)

_up, _down, _known = aliased(_line), aliased(_line), aliased(_line)
_DESCEND = insert(_line).from_select(
    ["above_id", "below_id"],
    # Every line above crossed with every line below is just what is meant.
    select(_up.c.above_id, _down.c.below_id)
    .join_from(_up, _down, true())
    .where(
        _up.c.below_id == bindparam("above"),
        _down.c.above_id == bindparam("below"),
        ~exists().where(
            and_(_known.c.above_id == _up.c.above_id, _known.c.below_id == _down.c.below_id)
        ),
    ),
)

_DESCENDS = select(
    exists().where(_line.c.above_id == bindparam("above"), _line.c.below_id == bindparam("below"))
)

_same = aliased(_citation)
_IMPLEMENTING = select(_citation.c.citing_id).where(
    _citation.c.cited_id == bindparam("old"), _citation.c.role == "implements"
)
_DROP_DOUBLES = delete(_citation).where(
    _citation.c.cited_id == bindparam("old"),
    exists().where(
        _same.c.citing_id == _citation.c.citing_id,
        _same.c.role == _citation.c.role,
        _same.c.cited_id == bindparam("new"),
    ),
)
_REPOINT = (
    update(_citation)
    .where(_citation.c.cited_id == bindparam("old"))
    .values(cited_id=bindparam("new"))
)
# A stub cites nothing, so nothing is above it: all its lines lead down from it.
_CUT_LINES = delete(_line).where(
    _line.c.above_id == bindparam("old"), _line.c.below_id != bindparam("old")
)
_CITE_COLUMNS = ["citing_id", "cited_id", "role", "verb", "as_printed", "span_start", "span_end"]
_CITE = insert(_citation).from_select(
    _CITE_COLUMNS,
    select(*[bindparam(name, type_=_citation.c[name].type) for name in _CITE_COLUMNS]).where(
        ~exists().where(
            _citation.c.citing_id == bindparam("citing_id"),
            _citation.c.cited_id == bindparam("cited_id"),
            _citation.c.role == bindparam("role"),
        )
    ),
)
