"""The words by which letters, points, units and people are found, without accents or capitals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Index, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

LETTER, POINT, UNIT, USER = "letter", "point", "unit", "user"
_MOST = 400  # words of one text; what comes later in a point is hardly what it is known by
_LONGEST = 40  # characters of a word that are kept
_WORD = re.compile(r"[^\W_]+")
# By code point, so that "begins with" is a range of the index, whatever the server's language.
_PLAIN = String().with_variant(String(collation="C"), "postgresql")


class Term(Base):
    """One word of one thing."""

    __tablename__ = "term"
    __table_args__ = (
        Index("ix_term_target", "kind", "target_id"),  # reader: its words are put anew
    )

    # Reader: the newest things of a kind with this word.
    term: Mapped[str] = mapped_column(_PLAIN, primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True)


def words(text: str) -> list[str]:
    """The words of a text as they are searched: no accents, no capitals, no zeros before numbers.

    `Bão số 05` gives bao, so, 5.
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    found = (word[:_LONGEST] for word in _WORD.findall(bare))
    return list(dict.fromkeys(word.lstrip("0") or "0" for word in found))


def of_letter(values: Mapping[str, object]) -> list[str | None]:
    """What a letter is found by."""
    names = ("number", "symbol", "kind", "issuer_name", "subject")
    return [None if values.get(name) is None else str(values[name]) for name in names]


def enter(conn: Connection, kind: str, texts: Mapping[int, Sequence[str | None]]) -> None:
    """The words of some new things of a kind."""
    _insert(conn, kind, _pairs(texts))


def put(conn: Connection, kind: str, texts: Mapping[int, Sequence[str | None]]) -> None:
    """The words of some things, in place of those they had."""
    conn.execute(delete(Term).where(Term.kind == kind, Term.target_id.in_(texts)))
    _insert(conn, kind, _pairs(texts))


def add(conn: Connection, kind: str, texts: Mapping[int, Sequence[str | None]]) -> None:
    """More words of some things: a unit is still found by a name it had."""
    known = select(Term.term, Term.target_id).where(Term.kind == kind, Term.target_id.in_(texts))
    _insert(conn, kind, _pairs(texts) - {(row.term, row.target_id) for row in conn.execute(known)})


def _pairs(texts: Mapping[int, Sequence[str | None]]) -> set[tuple[str, int]]:
    return {
        (word, target_id)
        for target_id, parts in texts.items()
        for word in words(" ".join(part for part in parts if part))[:_MOST]
    }


def _insert(conn: Connection, kind: str, pairs: set[tuple[str, int]]) -> None:
    rows = [{"term": word, "kind": kind, "target_id": at} for word, at in sorted(pairs)]
    if rows:
        conn.execute(insert(Term), rows)
