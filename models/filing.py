"""Filing a draft letter beside the row the journal entered: points, units, duties, its reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, update

from models import answers, journal, terms
from models.journal import Stamp
from models.tables import (
    Duty,
    Fingerprint,
    Letter,
    LetterUnit,
    Point,
    PointUnit,
    Recognition,
    SheetMapping,
    table,
)
from workflows.machine import Decision

_letter, _point, _mapping = table(Letter), table(Point), table(SheetMapping)


def complete(
    conn: Connection, letter_id: int, version: int, values: Mapping[str, object], stamp: Stamp
) -> None:
    """Put the real letter in place of its stub, which becomes a draft; citations stay linked."""
    decision = Decision("register", "cited", "draft")
    journal.move_letter(conn, letter_id, version, decision, stamp)
    columns = {name: value for name, value in values.items() if name != "state"}
    conn.execute(update(_letter).where(_letter.c.id == letter_id).values(**columns))
    terms.put(conn, terms.LETTER, {letter_id: terms.of_letter(values)})


def learn(conn: Connection, stub_id: int, values: Mapping[str, object]) -> None:
    """Add what another citation knows of a letter that is not on file; what is known stays."""
    known = {"issuer": values.get("issuer_id"), "day": values.get("dated")}
    words = {key: str(values.get(name) or "") for key, name in _LEARNT.items()}
    conn.execute(_LEARN, {"the_id": stub_id, **known, **words})
    terms.add(conn, terms.LETTER, {stub_id: list(words.values())})


def give_way(conn: Connection, stub_id: int, version: int, to: int, stamp: Stamp) -> None:
    """One stub of a letter gives way to another stub of it, or to the letter itself."""
    decision = Decision("supersede", "cited", "superseded")
    data = {"letter": to}
    journal.move_letter(conn, stub_id, version, decision, replace(stamp, data=data))
    conn.execute(_FOLLOW, {"old": stub_id, "new": to})
    # Its identity is the other's now, which has learnt the day.
    conn.execute(update(_letter).where(_letter.c.id == stub_id).values(dated=None))
    supersede(conn, stub_id, to)
    answers.repoint(conn, stub_id, to)


def attach(conn: Connection, letter_id: int, values: Mapping[str, object]) -> bool:
    """Give a letter that has none its file and text; False when it has got a file meanwhile."""
    none_yet = (_letter.c.id == letter_id) & _letter.c.file_sha256.is_(None)
    return conn.execute(update(_letter).where(none_yet).values(**values)).rowcount == 1


def supersede(conn: Connection, letter_id: int, by: int) -> None:
    """Say which letter stands in the place of a superseded one."""
    conn.execute(update(_letter).where(_letter.c.id == letter_id).values(superseded_by_id=by))


def points(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The letter's points in order; returns their ids."""
    ids = []
    for position, row in enumerate(rows):
        done = conn.execute(insert(_point), {"letter_id": letter_id, "position": position, **row})
        ids.append(int(done.inserted_primary_key[0]))  # type: ignore[index]
    said = {at: [str(row["text"])] for at, row in zip(ids, rows, strict=True)}
    terms.enter(conn, terms.POINT, said)
    return ids


def units(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who the letter addresses and who gets a copy."""
    _many(conn, table(LetterUnit), [{"letter_id": letter_id, **row} for row in rows])


def point_units(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Who leads and who coordinates, point by point."""
    _many(conn, table(PointUnit), rows)


def duties(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """The duties a person confirmed."""
    _many(conn, table(Duty), [{"letter_id": letter_id, **row} for row in rows])


def recognitions(conn: Connection, letter_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """How each value was read and what was kept of it."""
    _many(conn, table(Recognition), [{"letter_id": letter_id, **row} for row in rows])


def fingerprint(conn: Connection, letter_id: int, values: Mapping[str, object]) -> None:
    """A text that is this letter: the one it was registered from, or another scan of it."""
    conn.execute(insert(table(Fingerprint)), {"letter_id": letter_id, **values})


def remember(conn: Connection, headings: str, columns: Mapping[str, str]) -> None:
    """Keep what a spreadsheet's columns mean for the next one with the same headings."""
    conn.execute(delete(_mapping).where(_mapping.c.headings == headings))
    conn.execute(insert(_mapping), {"headings": headings, "columns": dict(columns)})


def _many(conn: Connection, into: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        conn.execute(insert(into), list(rows))


_LEARNT = {"by": "issuer_name", "about": "subject"}
_LEARN = (
    update(_letter)
    .where(_letter.c.id == bindparam("the_id"), _letter.c.state == "cited")
    .values(
        issuer_id=func.coalesce(
            _letter.c.issuer_id, bindparam("issuer", type_=_letter.c.issuer_id.type)
        ),
        dated=func.coalesce(_letter.c.dated, bindparam("day", type_=_letter.c.dated.type)),
        issuer_name=func.coalesce(func.nullif(_letter.c.issuer_name, ""), bindparam("by")),
        subject=func.coalesce(func.nullif(_letter.c.subject, ""), bindparam("about")),
    )
)
# What gave way to a stub before follows it.
_FOLLOW = (
    update(_letter)
    .where(_letter.c.superseded_by_id == bindparam("old"))
    .values(superseded_by_id=bindparam("new"))
)
