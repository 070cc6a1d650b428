"""Tampering: what somebody who may write to the database as its owner could do to the history."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from models import sealing_form as form
from models.sealing import raw_columns
from models.tables import AdminEvent, Event, EventSeal, table

_event, _admin, _seal = table(Event), table(AdminEvent), table(EventSeal)
GUARDED = ("event", "admin_event", "event_seal", "event_erasure")


def unguard(conn: Connection) -> None:
    """Take away triggers and keys, as an owner can; a rollback brings them back."""
    _let_go(conn)
    if conn.dialect.name == "sqlite":
        found = text(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%never%'"
        )
        for name in conn.execute(found).scalars().all():
            conn.execute(text(f"DROP TRIGGER {name}"))
    else:
        for name in GUARDED:
            conn.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))


def seal_anew(conn: Connection) -> None:
    """Write all seals again over what is there now, as good as the program's own.

    What was sealed keeps its order, and what was not comes last; what is gone leaves no gap.
    """
    order = conn.execute(
        select(_seal.c.kind, _seal.c.event_id, _seal.c.body_salt, _seal.c.body).order_by(
            _seal.c.seq
        )
    ).all()
    erased = {(row[0], row[1]): row[3] for row in order if row[2] is None}
    there: dict[tuple[str, int], tuple[Any, ...]] = {}
    for kind, rows in ((form.EVENT, _event), (form.ADMIN, _admin)):
        for row in conn.execute(select(*raw_columns(kind)).order_by(rows.c[0])):
            there[kind, row[0]] = tuple(row)
    known = [(row[0], row[1]) for row in order if (row[0], row[1]) in there]
    conn.execute(delete(_seal))
    before, seals = form.GENESIS, []
    for seq, (kind, event_id) in enumerate(dict.fromkeys([*known, *there]), 1):
        salt, other = os.urandom(form.SALT), os.urandom(form.SALT)
        head_text, body_text = form.TEXTS[kind](there[kind, event_id])
        head, gone = form.commit_head(salt, head_text), erased.get((kind, event_id))
        body = gone or form.commit_body(other, body_text)
        before = form.link(before, seq, head, body)
        salts = salt, None if gone else other
        values = (seq, form.FORM, kind, event_id, *salts, head, body, before)
        seals.append(dict(zip(_seal.c.keys(), values, strict=True)))
    if seals:
        conn.execute(insert(_seal), seals)


def edit_event(conn: Connection, random: Random) -> str:
    """One column of one event says something else."""
    rows = _event if random.random() < 0.8 else _admin
    event_id = random.choice(conn.execute(select(rows.c[0])).scalars().all())
    of_it = rows.c[0] == event_id
    row = conn.execute(select(rows).where(of_it)).one()
    name = random.choice([column.name for column in rows.c][1:])
    value = _another(conn, rows, name, getattr(row, name), random)
    conn.execute(update(rows).where(of_it).values({name: value}))
    return f"{rows.name} {event_id}: {name} {getattr(row, name)!r} → {value!r}"


def _another(conn: Connection, rows: Any, name: str, value: Any, random: Random) -> Any:
    if isinstance(value, datetime):
        return value + timedelta(microseconds=random.choice([1, -1, 86_400_000_000]))
    if name == "data":
        return random.choice([{"units": [random.randrange(99)]}, {**(value or {}), "more": 1}])
    if name in ("until", "day"):
        return random.choice([None, value + timedelta(1)]) if value else date(2026, 9, 9)
    if name in ("role", "trigger", "source", "target", "note", "act"):
        return f"{value or ''}{random.choice('xyz ')}"
    target = next(iter(rows.c[name].foreign_keys)).column  # a number that another row has
    others = conn.execute(select(target).where(target.is_distinct_from(value))).scalars().all()
    return random.choice(others)


def swap_events(conn: Connection, random: Random) -> str:
    """Two events change places."""
    one, other = _two(conn, random)
    columns = [column for column in _event.c if column.name != "seq"]
    rows = {
        seq: conn.execute(select(*columns).where(_event.c.seq == seq)).one() for seq in (one, other)
    }
    if rows[one] == rows[other]:
        return edit_event(conn, random)
    for seq, row in ((one, rows[other]), (other, rows[one])):
        conn.execute(update(_event).where(_event.c.seq == seq).values(**row._mapping))
    return f"events {one} and {other} swapped"


def _two(conn: Connection, random: Random) -> tuple[int, int]:
    found = conn.execute(select(_event.c.seq).order_by(_event.c.seq)).scalars().all()
    one, other = random.sample(found, 2)
    return one, other


def swap_seals(conn: Connection, random: Random) -> str:
    """Two seals name each other's event."""
    seqs = conn.execute(select(_seal.c.seq)).scalars().all()
    one, other = random.sample(seqs, 2)
    named = select(_seal.c.kind, _seal.c.event_id)
    first, second = (conn.execute(named.where(_seal.c.seq == seq)).one() for seq in (one, other))
    for seq, row in ((one, (None, -1)), (other, first), (one, second)):
        kind, event_id = row
        of_it = update(_seal).where(_seal.c.seq == seq)
        conn.execute(of_it.values(kind=kind or "moved", event_id=event_id))
    return f"seals {one} and {other} swapped"


def edit_seal(conn: Connection, random: Random) -> str:
    """One byte of a seal, or which event it is of."""
    seq = random.choice(conn.execute(select(_seal.c.seq)).scalars().all())
    row = conn.execute(select(_seal).where(_seal.c.seq == seq)).one()
    name = random.choice(["form", "kind", "head_salt", "body_salt", "head", "body", "hash", "seq"])
    value = getattr(row, name)
    if isinstance(value, bytes):
        at = random.randrange(len(value))
        value = value[:at] + bytes([value[at] ^ 1 << random.randrange(8)]) + value[at + 1 :]
    elif name == "kind":
        value = "other"
    elif name == "body_salt":
        value = os.urandom(form.SALT)  # it had none: it was erased
    else:
        value += 1000
    conn.execute(update(_seal).where(_seal.c.seq == seq).values({name: value}))
    return f"seal {seq}: {name}"


def delete_event(conn: Connection, random: Random) -> str:
    """An event goes, with its seal or without."""
    seq = random.choice(conn.execute(select(_event.c.seq)).scalars().all())
    conn.execute(delete(_event).where(_event.c.seq == seq))
    if random.random() < 0.5:
        conn.execute(delete(_seal).where(_seal.c.kind == "event", _seal.c.event_id == seq))
    return f"event {seq} deleted"


def delete_seal(conn: Connection, random: Random) -> str:
    """A seal goes, and its event stays."""
    seq = random.choice(conn.execute(select(_seal.c.seq)).scalars().all())
    conn.execute(delete(_seal).where(_seal.c.seq == seq))
    return f"seal {seq} deleted"


def truncate(conn: Connection, random: Random) -> str:
    """The last events and their seals go, as if they had never been."""
    last = conn.execute(select(func.max(_seal.c.seq))).scalar_one()
    after = random.randrange(last)
    gone = conn.execute(select(_seal.c.kind, _seal.c.event_id).where(_seal.c.seq > after)).all()
    for rows, kind in ((_event, "event"), (_admin, "admin")):
        ids = [row[1] for row in gone if row[0] == kind]
        conn.execute(delete(rows).where(rows.c[0].in_(ids)))
    conn.execute(delete(_seal).where(_seal.c.seq > after))
    return f"truncated after seal {after}"


def forge(conn: Connection, _random: Random) -> str:
    """An event that never happened, without a seal."""
    names = [column.name for column in _event.c if column.name != "seq"]
    copied = select(*(_event.c[name] for name in names)).where(_event.c.seq == 1)
    conn.execute(insert(_event).from_select(names, copied, include_defaults=False))
    return "an event forged"


def forget_salt(conn: Connection, random: Random) -> str:
    """A salt goes as if the event had been erased."""
    has_salt = select(_seal.c.seq).where(_seal.c.body_salt.is_not(None))
    seq = random.choice(conn.execute(has_salt).scalars().all())
    conn.execute(update(_seal).where(_seal.c.seq == seq).values(body_salt=None))
    return f"the salt of seal {seq} forgotten"


def _let_go(conn: Connection) -> None:
    """No key holds on to an event or a seal, until all is taken back."""
    if conn.dialect.name == "sqlite":
        conn.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    holds = text(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND "
        "confrelid IN ('event'::regclass, 'event_seal'::regclass, 'admin_event'::regclass)"
    )
    for name, constraint in conn.execute(holds).all():
        conn.execute(text(f"ALTER TABLE {name} DROP CONSTRAINT {constraint}"))


Way = Callable[[Connection, Random], str]
QUIET: Sequence[Way] = (edit_event, swap_events, delete_event, truncate, forge)
LOUD: Sequence[Way] = (edit_seal, swap_seals, delete_seal, forget_salt)


def tamper(conn: Connection, random: Random) -> str:
    """Something at random, half of it with all seals written anew; says what was done."""
    unguard(conn)
    if random.random() < 0.5:
        done = random.choice(QUIET)(conn, random)
        seal_anew(conn)
        return f"{done}, all sealed anew"
    return random.choice([*QUIET, *LOUD])(conn, random)
