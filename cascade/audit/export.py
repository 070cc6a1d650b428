"""The history as a BagIt 1.0 package (RFC 8493), for somebody who trusts none of our programs."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from cascade import clock
from cascade import history as histories
from cascade.audit import standalone
from cascade.errors import BadInputError, NotFoundError, StorageError
from cascade.history import KEY_FILE, Kept
from cascade.history_keys import Key
from cascade.store import FileStore
from models import sealing_form as form
from models.database import Database
from models.queries import history
from models.queries.history import File, Sealed
from models.sealing_form import EVENT

_AT_ONCE = 1024 * 1024


class Exported(NamedTuple):
    """What a package holds: `events` of `seals` in full."""

    seals: int
    events: int
    files: int
    checkpoints: int


def export(
    db: Database,
    store: FileStore,
    key: Key,
    checkpoints: Path,
    folder: Path,
    letter_id: int | None = None,
) -> Exported:
    """Write the history, or a letter's within the bare chain of all, into a folder that is new.

    It is signed first, and the package holds every checkpoint of that folder.
    """
    is_new = not folder.exists()
    if not is_new and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInputError(
            "something is there already",
            where=str(folder),
            remedy="Name a folder that does not exist yet.",
        )
    try:
        with db.read() as conn:
            if letter_id is not None and not history.has_letter(conn, letter_id):
                raise NotFoundError("there is no such letter", where=f"L{letter_id}")
            note = histories.take(conn, key, histories.kept([checkpoints]))
            histories.keep(note, checkpoints, key)
            return _write(conn, store, key, histories.kept([checkpoints]), folder, letter_id)
    except BaseException as error:
        if is_new:  # half a package is none
            shutil.rmtree(folder, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        what = f"the package could not be written: {error.strerror}"
        raise StorageError(what, where=str(folder)) from error


def _write(
    conn: Connection,
    store: FileStore,
    key: Key,
    checkpoints: Sequence[Kept],
    folder: Path,
    letter_id: int | None,
) -> Exported:
    data = folder / "data"
    data.mkdir(parents=True)
    seals = _lines(data / "seals.jsonl", map(_link, history.links(conn)))
    found = history.sealed(conn) if letter_id is None else history.sealed_of(conn, letter_id)
    events = _lines(data / "events.jsonl", map(_event, found))
    files = _files(store, data, history.files(conn, letter_id))
    for one in checkpoints:
        _copy(one.path, data / "checkpoints" / one.path.name)
    (data / KEY_FILE).write_text(f"{key.verifier}\n", encoding="utf-8")
    _close(folder, "whole" if letter_id is None else f"letter {letter_id}", key)
    return Exported(seals, events, files, len(checkpoints))


def _link(row: tuple[int, bytes, bytes, bytes]) -> dict[str, object]:
    seq, head, body, made = row
    return {"seq": seq, "head": head.hex(), "body": body.hex(), "hash": made.hex()}


def _event(row: Sealed) -> dict[str, object]:
    """An event whose salts let anybody check that its seal is bound to it."""
    line: dict[str, Any] = {"seal": row.seq, "head_salt": row.head_salt.hex()}
    line["body_salt"] = None if row.body_salt is None else row.body_salt.hex()
    if row.event is None:
        return {**line, "head": None, "body": None}  # its verifier will say so
    is_event = row.kind == EVENT
    names = form.EVENT_HEAD + form.EVENT_BODY if is_event else form.ADMIN_HEAD + form.ADMIN_BODY
    values = dict(zip(names, row.event, strict=True))
    body = {"data": _parsed(values["data"])}
    if is_event:
        body["note"] = values["note"]
    head = form.event_head(values) if is_event else form.admin_head(values)
    return {**line, "head": head, "body": None if row.body_salt is None else body}


def _parsed(data: str | None) -> object:
    try:
        return None if data is None else json.loads(data)
    except ValueError:
        return data  # not what was sealed, and its verifier will say so


def _lines(path: Path, rows: Iterable[object]) -> int:
    """JSON lines; how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def _files(store: FileStore, data: Path, files: Sequence[File]) -> int:
    """Each file once, named by its hash; one that is missing is listed, and found so."""
    _lines(data / "files.jsonl", (file._asdict() for file in files))
    digests = {file.sha256 for file in files if store.path(file.sha256).is_file()}
    for digest in sorted(digests):
        _copy(store.path(digest), data / "files" / digest)
    return len(digests)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)


def _close(folder: Path, scope: str, key: Key) -> None:
    """What makes it a bag: who made it, and the sum of every file."""
    _copy(Path(standalone.__file__), folder / "verify.py")
    _text(folder / "bagit.txt", ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"])
    payload = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
    _text(folder / "manifest-sha256.txt", _sums(folder, payload))
    _text(
        folder / "bag-info.txt",
        [
            f"Bagging-Date: {clock.now().today.isoformat()}",
            f"Bag-Software-Agent: cascade-register {version('cascade-register')}",
            f"External-Identifier: {key.verifier.name}",
            "External-Description: The history of a register of letters and duties; "
            "run: python verify.py",
            f"Cascade-Scope: {scope}",
            f"Payload-Oxum: {sum(path.stat().st_size for path in payload)}.{len(payload)}",
        ],
    )
    tags = [path for path in sorted(folder.iterdir()) if path.is_file()]
    _text(folder / "tagmanifest-sha256.txt", _sums(folder, tags))


def _sums(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        made = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                made.update(piece)
        yield f"{made.hexdigest()}  {path.relative_to(folder).as_posix()}"


def _text(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
