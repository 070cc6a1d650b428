"""Sealing: what a transaction has added to the history is bound into the chain as its last act.

`Database.write` calls `seal` before every commit, and `notice` sees every statement, so that no
writer of events can forget it. On PostgreSQL one transaction at a time seals, until it has
committed: so the seals are numbered without a gap and in the order of commits.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Select,
    String,
    Text,
    bindparam,
    cast,
    func,
    select,
    text,
    type_coerce,
)

from models import sealing_form as form
from models.sealing_form import ADMIN, EVENT
from models.tables import AdminEvent, Event, EventSeal, table

__all__ = ["ADMIN", "EVENT", "begin", "first", "many_follow", "notice", "raw_columns", "seal"]

_seal = table(EventSeal)
_SEEN = "unsealed"  # in a connection's info: kind → the lowest id added
_NOT_YET, _ANYWHERE = 0, -1  # … which is about to be told; which nobody told
_INTO = re.compile(r"\bINTO\s+\"?(?:(event)|admin_event)\b\"?", re.IGNORECASE)
AT_ONCE = 5000  # events in memory
_LOCK = 0x0CA5CADE  # any number, but always this one


class Last(NamedTuple):
    """Where the chain ends."""

    seq: int
    hash: bytes


def begin(conn: Connection) -> None:
    """A new transaction has added nothing yet."""
    conn.info[_SEEN] = {}


def notice(
    conn: Connection, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
) -> None:
    """Remember that events are being added; called with every statement."""
    if "INTO" in statement.upper() and (found := _INTO.search(statement)):
        kind = EVENT if found[1] else ADMIN
        seen = conn.info.setdefault(_SEEN, {})
        seen[kind] = seen.get(kind) or (_ANYWHERE if kind in seen else _NOT_YET)


def first(conn: Connection, kind: str, event_id: int) -> None:
    """Say which id an event just added has: later ones of this transaction have higher ones."""
    if conn.info[_SEEN].get(kind) == _NOT_YET:
        conn.info[_SEEN][kind] = event_id


def many_follow(conn: Connection, kind: str) -> None:
    """Say so before many events are added at once, so that they need not be looked for."""
    seen = conn.info.setdefault(_SEEN, {})
    if kind not in seen:
        newest = conn.execute(select(func.max(_KEYS[kind]))).scalar()
        seen[kind] = (newest or 0) + 1


def seal(conn: Connection) -> None:
    """Seal what this transaction has added, in the order it was; the last thing before commit."""
    added: dict[str, int] = conn.info.pop(_SEEN, {})
    if not added:
        return
    if conn.dialect.name != "sqlite":  # there one writes at a time anyway
        conn.execute(_ONE_AT_A_TIME, {"lock": _LOCK})
    last = None
    for kind in sorted(added, reverse=True):  # events, then administration
        lowest = added[kind]
        while rows := conn.execute(_UNSEALED[kind], {"lowest": lowest}).all():
            if last is None:
                last = Last(rows[0][-2] or 0, rows[0][-1] or form.GENESIS)
            seals, last = _seals(kind, [tuple(row[:-2]) for row in rows], last)
            _keep(conn, seals)
            lowest = rows[-1][0] + 1
            if len(rows) < AT_ONCE:
                break


def raw_columns(kind: str) -> list[Any]:
    """The columns of an event as `sealing_form` wants them: as the driver gives them."""
    rows = _TABLES[kind]
    return [
        cast(rows.c[n], Text) if n == "data" else _raw(rows.c[n]) if n in _DATED else rows.c[n]
        for n in _NAMES[kind]
    ]


def _raw(column: Column[Any]) -> Any:
    # Neither parsed nor refused: what somebody wrote there by hand must be told, not raised.
    return type_coerce(column, String)


def _seals(
    kind: str, rows: Sequence[tuple[Any, ...]], last: Last
) -> tuple[list[tuple[Any, ...]], Last]:
    """The seals of events as read, and the last of them."""
    seq, before = last
    texts, size = form.TEXTS[kind], form.SALT
    salts = os.urandom(2 * size * len(rows))
    seals = []
    for n, row in enumerate(rows):
        seq += 1
        at = 2 * n * size
        head_salt, body_salt = salts[at : at + size], salts[at + size : at + 2 * size]
        head_text, body_text = texts(row)
        head = form.commit_head(head_salt, head_text)
        body = form.commit_body(body_salt, body_text)
        before = form.link(before, seq, head, body)
        seals.append((seq, form.FORM, kind, row[0], head_salt, body_salt, head, body, before))
    return seals, Last(seq, before)


def _keep(conn: Connection, seals: Sequence[tuple[Any, ...]]) -> None:
    """Insert seals in the driver's own way: a province's letters bring many thousands."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(_KEEP_EACH, list(seals) if len(seals) > 1 else seals[0])
    else:
        conn.exec_driver_sql(_KEEP_ARRAYS, tuple(list(part) for part in zip(*seals, strict=True)))


def _unsealed(kind: str) -> Select[Any]:
    key = _KEYS[kind]
    # A subquery a row and no join: whatever the planner expects, only the newest are looked at.
    sealed = select(_seal.c.seq).where(_seal.c.kind == kind, _seal.c.event_id == key)
    newest = select(_seal).order_by(_seal.c.seq.desc()).limit(1)
    return (
        select(
            *raw_columns(kind),
            newest.with_only_columns(_seal.c.seq).scalar_subquery(),
            newest.with_only_columns(_seal.c.hash).scalar_subquery(),
        )
        .where(key >= bindparam("lowest"), sealed.scalar_subquery().is_(None))
        .order_by(key)
        .limit(AT_ONCE)
    )


_TABLES = {EVENT: table(Event), ADMIN: table(AdminEvent)}
_KEYS = {EVENT: table(Event).c.seq, ADMIN: table(AdminEvent).c.id}
_NAMES = {
    EVENT: (*form.EVENT_HEAD, *form.EVENT_BODY),
    ADMIN: (*form.ADMIN_HEAD, *form.ADMIN_BODY),
}
_DATED = {"at", "until", "day"}
_UNSEALED = {kind: _unsealed(kind) for kind in _TABLES}
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(:lock)")
_COLUMNS = ", ".join(column.name for column in _seal.c)
_KEEP_EACH = f"INSERT INTO event_seal ({_COLUMNS}) VALUES ({', '.join('?' * len(_seal.c))})"
_ARRAYS = ("int", "int", "text", "int", "bytea", "bytea", "bytea", "bytea", "bytea")
_KEEP_ARRAYS = (
    f"INSERT INTO event_seal ({_COLUMNS}) "
    f"SELECT * FROM unnest({', '.join(f'%b::{name}[]' for name in _ARRAYS)})"
)
