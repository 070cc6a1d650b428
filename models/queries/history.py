"""The sealed history, read from its first seal to its last, a few thousand rows in memory at once.

Columns of events come as the driver gives them: see models.sealing_form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    LargeBinary,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from models.sealing import raw_columns
from models.sealing_form import ADMIN, EVENT
from models.tables import AdminEvent, Event, EventErasure, EventSeal, Evidence, Letter, Step, table

_seal, _erasure = table(EventSeal), table(EventErasure)
_event, _admin = table(Event), table(AdminEvent)
_letter, _step, _evidence = table(Letter), table(Step), table(Evidence)
AT_ONCE = 5000


# Each result is closed also where nobody reads to its end: hence `with`.


class Sealed(NamedTuple):
    """A seal and its event: the columns of head and body, or None where the event is not there."""

    seq: int
    form: int
    kind: str
    event_id: int
    head_salt: bytes
    body_salt: bytes | None
    head: bytes
    body: bytes
    hash: bytes
    event: tuple[Any, ...] | None


def sealed(conn: Connection) -> Iterator[Sealed]:
    """Every seal with its event, for whoever verifies or exports the whole history."""
    with conn.execute(_SEALED) as found:
        for row in found:
            yield _whole(tuple(row))


def sealed_of(conn: Connection, letter_id: int) -> Iterator[Sealed]:
    """The seals of a letter's events and of the erasures among them, for the letter's export."""
    with conn.execute(_SEALED_OF, {"letter_id": letter_id}) as found:
        for row in found:
            yield _whole(tuple(row))


def hashes(conn: Connection) -> Iterator[bytes]:
    """Every seal's hash in order, for the root of a checkpoint."""
    with conn.execute(_HASHES) as found:
        for row in found:
            yield row[0]


def links(conn: Connection) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """(seq, head, body, hash) of every seal, for an export that tells only some events."""
    with conn.execute(_LINKS) as found:
        for row in found:
            yield row[0], row[1], row[2], row[3]


def erasures(conn: Connection) -> dict[int, tuple[str, str | None]]:
    """Erased seal → act and data, as text, of the administration that says so, for verifying."""
    return {row[0]: (row[1], row[2]) for row in conn.execute(_ERASURES)}


def unsealed(conn: Connection, most: int) -> list[tuple[str, int]]:
    """(kind, id) of events that bear no seal, for verifying; at most so many."""
    return [(row[0], row[1]) for row in conn.execute(_UNSEALED.limit(most))]


def seal_of(conn: Connection, kind: str, event_id: int) -> int | None:
    """The seal of an event, for whoever speaks about it."""
    found = select(_seal.c.seq).where(_seal.c.kind == kind, _seal.c.event_id == event_id)
    return conn.execute(found).scalar()


class File(NamedTuple):
    """A file of a letter or of a report, and whose it is."""

    sha256: str
    name: str
    of: str


def files(conn: Connection, letter_id: int | None = None) -> list[File]:
    """The files of all letters and reports, or of one letter and its steps, for an export."""
    of_letters, of_steps = _LETTER_FILES, _STEP_FILES
    if letter_id is not None:
        of_letters = of_letters.where(_letter.c.id == letter_id)
        of_steps = of_steps.where(_step.c.letter_id == letter_id)
    found = [File(row[0], row[1] or "", f"L{row[2]}") for row in conn.execute(of_letters)]
    return found + [File(row[0], row[1] or "", f"S{row[2]}") for row in conn.execute(of_steps)]


def has_letter(conn: Connection, letter_id: int) -> bool:
    """Whether there is such a letter, for whoever asks for its history."""
    return conn.execute(select(_letter.c.id).where(_letter.c.id == letter_id)).first() is not None


def size(conn: Connection) -> int:
    """How many seals there are, for whoever wants to know whether anything is new."""
    return int(conn.execute(select(func.count()).select_from(_seal)).scalar_one())


# Bytes as the driver gives them: what somebody wrote there by hand must be told, not raised.
_SEAL_COLUMNS = [
    type_coerce(column, String) if isinstance(column.type, LargeBinary) else column
    for column in _seal.c
]
_EVENT_COLUMNS = [column.label(f"e{n}") for n, column in enumerate(raw_columns(EVENT))]
_ADMIN_COLUMNS = [column.label(f"a{n}") for n, column in enumerate(raw_columns(ADMIN))]
_SPLIT = 9 + len(_EVENT_COLUMNS)


def _whole(row: tuple[Any, ...]) -> Sealed:
    found = row[9:_SPLIT] if row[2] == EVENT else row[_SPLIT:]
    return Sealed._make((*row[:9], None if found[0] is None else found))


def _sealed(condition: Any = None) -> Select[Any]:
    is_event = and_(_seal.c.kind == EVENT, _event.c.seq == _seal.c.event_id)
    is_admin = and_(_seal.c.kind == ADMIN, _admin.c.id == _seal.c.event_id)
    joined = (
        select(*_SEAL_COLUMNS, *_EVENT_COLUMNS, *_ADMIN_COLUMNS)
        .join_from(_seal, _event, is_event, isouter=True)
        .outerjoin(_admin, is_admin)
        .order_by(_seal.c.seq)
        # Of the statement, not of the connection: there it would last.
        .execution_options(yield_per=AT_ONCE)
    )
    return joined if condition is None else joined.where(condition)


def _bare(rows: Any, key: Any, kind: str) -> Select[Any]:
    has_seal = exists().where(_seal.c.kind == kind, _seal.c.event_id == key)
    return select(literal(kind), key).select_from(rows).where(~has_seal)


_SEALED = _sealed()
_of_letter = (
    select(_event.c.seq.label("seq")).where(_event.c.letter_id == bindparam("letter_id"))
).subquery("of_letter")
_its_seals = (
    select(_seal.c.seq)
    .where(_seal.c.kind == EVENT, _seal.c.event_id.in_(select(_of_letter.c.seq)))
    .subquery("its_seals")
)
_its_erasures = (
    select(_erasure.c.admin_event_id)
    .where(_erasure.c.seal_seq.in_(select(_its_seals.c.seq)))
    .subquery("its_erasures")
)
_SEALED_OF = _sealed(
    or_(
        _seal.c.seq.in_(select(_its_seals.c.seq)),
        and_(
            _seal.c.kind == ADMIN,
            _seal.c.event_id.in_(select(_its_erasures.c.admin_event_id)),
        ),
    )
)
_HASHES = select(_seal.c.hash).order_by(_seal.c.seq).execution_options(yield_per=AT_ONCE)
_LINKS = (
    select(_seal.c.seq, _seal.c.head, _seal.c.body, _seal.c.hash)
    .order_by(_seal.c.seq)
    .execution_options(yield_per=AT_ONCE)
)
_ERASURES = select(_erasure.c.seal_seq, _admin.c.act, cast(_admin.c.data, Text)).join_from(
    _erasure, _admin, _admin.c.id == _erasure.c.admin_event_id
)
_UNSEALED = union_all(_bare(_event, _event.c.seq, EVENT), _bare(_admin, _admin.c.id, ADMIN))
_LETTER_FILES = (
    select(_letter.c.file_sha256, _letter.c.file_name, _letter.c.id)
    .where(_letter.c.file_sha256.is_not(None))
    .order_by(_letter.c.id)
)
_STEP_FILES = (
    select(_evidence.c.sha256, _evidence.c.file_name, _step.c.id)
    .join_from(_evidence, _step, _step.c.id == _evidence.c.step_id)
    .where(_evidence.c.sha256.is_not(None))
    .order_by(_evidence.c.id)
)
