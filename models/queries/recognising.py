"""How letters were read, which texts are known, what spreadsheet columns were taken to mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    bindparam,
    case,
    exists,
    func,
    select,
)

from models.tables import Fingerprint, Letter, Recognition, SheetMapping, table

_letter, _print = table(Letter), table(Fingerprint)
_recognition, _mapping = table(Recognition), table(SheetMapping)


class FieldRow(NamedTuple):
    """How well one field was read, over all letters on file."""

    field: str
    read: int
    right: int
    changed: int
    missed: int
    spurious: int


class PrintRow(NamedTuple):
    """A text that is on file, by what it is known by."""

    letter_id: int
    file_sha256: str | None
    text_sha256: str
    simhash: int


def accuracy(conn: Connection) -> list[FieldRow]:
    """Per field how often a value was read, right, changed, added or dropped by a person."""
    return [FieldRow._make(row) for row in conn.execute(_ACCURACY)]


def recognised(conn: Connection, letter_id: int) -> list[dict[str, object]]:
    """How each value of one letter was read and what was kept, in the order of the letter."""
    return [dict(row) for row in conn.execute(_RECOGNISED, {"the_id": letter_id}).mappings()]


def prints(conn: Connection) -> list[PrintRow]:
    """Every text on file, for telling whether a file is a letter that is here already."""
    return [PrintRow._make(row) for row in conn.execute(_PRINTS)]


def files(conn: Connection) -> dict[str, int]:
    """The letter that each kept letter file belongs to, by the file's hash."""
    return {row[0]: row[1] for row in conn.execute(_FILES)}


def unprinted(conn: Connection, limit: int) -> list[tuple[int, str, str | None]]:
    """(letter, text, file hash) of letters registered before texts had fingerprints."""
    return [tuple(row) for row in conn.execute(_UNPRINTED, {"most": limit})]


def texts(conn: Connection, letter_ids: Sequence[int]) -> dict[int, str]:
    """The texts of letters, for a comparison word by word."""
    return {row[0]: row[1] for row in conn.execute(_TEXTS, {"ids": list(letter_ids)})}


def mapping(conn: Connection, headings: str) -> dict[str, str] | None:
    """What a spreadsheet with these headings was taken to mean, if one was confirmed."""
    found = conn.execute(_MAPPING, {"the_headings": headings}).scalar()
    return None if found is None else dict(found)


_read, _kept = _recognition.c.read, _recognition.c.kept
_ACCURACY = (
    select(
        _recognition.c.field,
        func.count(_read),
        func.count(case((_read == _kept, 1))),
        func.count(case((_read != _kept, 1))),
        func.count(case((_read.is_(None), 1))),
        func.count(case((_kept.is_(None), 1))),
    )
    .group_by(_recognition.c.field)
    .order_by(_recognition.c.field)
)
_RECOGNISED = (
    select(
        *[
            _recognition.c[name]
            for name in ("field", "position", "read", "kept", "span_start", "span_end")
        ],
        _recognition.c.confidence,
    )
    .where(_recognition.c.letter_id == bindparam("the_id"))
    .order_by(_recognition.c.id)
)
_PRINTS = select(*[_print.c[name] for name in PrintRow._fields]).order_by(_print.c.id)
_FILES = (
    select(_letter.c.file_sha256, _letter.c.id)
    .where(_letter.c.file_sha256.is_not(None))
    .order_by(_letter.c.id)
)
_UNPRINTED = (
    select(_letter.c.id, _letter.c.text, _letter.c.file_sha256)
    .where(_letter.c.text != "", ~exists().where(_print.c.letter_id == _letter.c.id))
    .order_by(_letter.c.id)
    .limit(bindparam("most"))
)
_TEXTS = select(_letter.c.id, _letter.c.text).where(
    _letter.c.id.in_(bindparam("ids", expanding=True, type_=Integer)), _letter.c.text.is_not(None)
)
_MAPPING = select(_mapping.c.columns).where(_mapping.c.headings == bindparam("the_headings"))
