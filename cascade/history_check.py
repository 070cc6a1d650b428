"""Checking the history: one pass over all seals, held against every checkpoint there is."""

from __future__ import annotations

import base64
import json
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection

from cascade import history as histories
from cascade.history import Kept
from cascade.history_keys import is_signed_by
from cascade.history_note import VerifierKey
from cascade.history_tree import Tree
from models import sealing_form as form
from models.queries import history
from models.queries.history import Sealed
from models.sealing_erasure import ERASE
from models.sealing_form import EVENT

MOST = 1000  # findings told; a history written anew would bring one for every event


class HistoryCheck:
    """What the history is held against, and afterwards how large it is and its root."""

    def __init__(
        self,
        checkpoints: Sequence[Kept] = (),
        key: VerifierKey | None = None,
        codes: Sequence[tuple[int, str]] = (),
    ) -> None:
        self._checkpoints = checkpoints
        self._key = key
        self._tree = Tree()
        self._wanted: dict[int, list[tuple[str, bytes | str]]] = {}
        for one in checkpoints:
            if one.signed is not None:
                size, root = one.signed.checkpoint.size, one.signed.checkpoint.root
                self._wanted.setdefault(size, []).append((one.path.name, root))
        for size, letters in codes:
            said = f"the code {letters[:4]}-{letters[4:8]}-{letters[8:]}"
            self._wanted.setdefault(size, []).append((said, letters))

    @property
    def size(self) -> int:
        """How many seals were looked at."""
        return self._tree.size

    @property
    def code(self) -> str:
        """The whole history in a few letters."""
        return histories.code(self._tree.size, self._tree.root())

    def faults(self, conn: Connection) -> Iterator[str]:
        """Everything that is not as it was sealed and signed, in words."""
        found = self._all(conn)
        yield from islice(found, MOST)
        if next(found, None) is not None:
            yield "the history has more faults than are told here"
        found.close()

    def _all(self, conn: Connection) -> Generator[str]:
        yield from self._signatures()
        yield from self._seals(conn)
        for size in sorted(size for size in self._wanted if size > self._tree.size):
            for name, _ in self._wanted[size]:
                yield f"the history ends at seal {self._tree.size}, but {name} is of {size} seals"
        for kind, event_id in history.unsealed(conn, MOST):
            yield f"{_named(kind, event_id)} has no seal"

    def _signatures(self) -> Iterator[str]:
        for one in self._checkpoints:
            if one.signed is None:
                yield f"{one.path.name} is no checkpoint: {one.why}"
            elif self._key is None:
                yield f"{one.path.name} cannot be checked: the register has no key of its own"
            elif one.signed.checkpoint.origin != self._key.name:
                yield f"{one.path.name} is of {one.signed.checkpoint.origin}, not of this register"
            elif not is_signed_by(one.signed, self._key):
                yield f"{one.path.name} is not signed by this register's key"

    def _seals(self, conn: Connection) -> Iterator[str]:
        tree, wanted, before, last = self._tree, self._wanted, form.GENESIS, 0
        erased = history.erasures(conn)
        yield from self._roots()
        for row in history.sealed(conn):
            last += 1
            if row.seq != last:
                yield f"seals are missing: after {last - 1} comes {row.seq}"
                last = row.seq
            if row.form != form.FORM:
                yield f"seal {row.seq} is of the unknown form {row.form}"
            elif _link(before, row) != row.hash:
                yield f"seal {row.seq} does not follow from the one before it"
            before = row.hash if isinstance(row.hash, bytes) else b""
            if fault := _content(row, erased.pop(row.seq, None)):
                yield fault
            tree.add(before)
            if tree.size in wanted:
                yield from self._roots()
        for seq in sorted(erased):
            yield f"seal {seq} is said to be erased, but is not there"

    def _roots(self) -> Iterator[str]:
        size, root = self._tree.size, self._tree.root()
        for name, said in self._wanted.get(size, ()):
            letters = base64.b32encode(root).decode()[:12]
            if said != (root if isinstance(said, bytes) else letters):
                yield f"the first {size} seals are not those of {name}"


def _link(before: bytes, row: Sealed) -> bytes | None:
    try:
        return form.link(before, row.seq, row.head, row.body)
    except (TypeError, OverflowError):
        return None


def _content(row: Sealed, erased: tuple[str, str | None] | None) -> str | None:
    """What is wrong with the event under a seal; `erased` is what says that it is."""
    named = _named(row.kind, row.event_id)
    if row.event is None:
        return f"{named} is sealed as {row.seq}, but is not there"
    try:
        head, body = form.TEXTS[row.kind](row.event)
        if form.commit_head(row.head_salt, head) != row.head:
            return f"{named} is not as it was sealed"
        if row.body_salt is None:
            if not _is_on_record(row, erased):
                return f"the salt of seal {row.seq} is gone, but no erasure of {named} is on record"
            if body != form.EMPTY[row.kind]:
                return f"{named} was erased, but says something again"
        elif erased is not None:
            return f"{named} is said to be erased, but its salt is there"
        elif form.commit_body(row.body_salt, body) != row.body:
            return f"the words of {named} are not as they were sealed"
    except (TypeError, ValueError):
        return f"{named} is not as it was sealed: it cannot be read"
    return None


def _is_on_record(row: Sealed, said: tuple[str, str | None] | None) -> bool:
    if said is None or said[0] != ERASE:
        return False
    data = json.loads(said[1] or "null")
    named = {"kind": row.kind, "event": row.event_id, "seal": row.seq}
    return isinstance(data, dict) and {**data, **named} == data


def _named(kind: str, event_id: int) -> str:
    return f"event {event_id}" if kind == EVENT else f"administration {event_id}"
