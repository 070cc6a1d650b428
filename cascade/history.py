"""The history's checkpoints: taken, kept outside the database, and said as a short code."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import history_note as notes
from cascade.errors import BadInputError, RefusedError, StorageError, UnreadableFileError
from cascade.history_keys import Key
from cascade.history_note import NoteError, Signed
from cascade.history_tree import Tree
from models.queries import history

SUFFIX = ".checkpoint"
KEY_FILE = "verifier.key"
_LARGEST = 16 * 1024  # bytes of a file that may be a checkpoint


class Kept(NamedTuple):
    """A checkpoint in a file; `signed` is None where the file holds none, and `why` says so."""

    path: Path
    signed: Signed | None
    why: str = ""


class ContradictedError(RefusedError):
    """The history is not the one that was signed before, so it is not signed again."""

    remedy = "Keep everything as it is, run: cascade verify, and compare with the last backup."


def code(size: int, root: bytes) -> str:
    """A checkpoint in so few letters that it fits under a printed page and can be read aloud."""
    letters = base64.b32encode(root).decode()[:12]
    return f"{size} {letters[:4]}-{letters[4:8]}-{letters[8:]}"


def newest_code(folder: Path) -> str:
    """The code of the newest checkpoint in a folder, by its name alone; empty without any."""
    try:
        names = sorted(path.stem for path in folder.glob(f"*{SUFFIX}"))
    except OSError:
        return ""
    size, _, letters = names[-1].partition("-") if names else ("", "", "")
    return f"{int(size)} {letters}" if size.isdigit() else ""


def take(conn: Connection, key: Key, before: Sequence[Kept] = ()) -> str:
    """A signed checkpoint of everything sealed; ContradictedError where one `before` says other."""
    known = {one.signed.checkpoint.size: one for one in before if one.signed}
    tree = Tree()
    _hold_against(tree, known)
    for leaf in history.hashes(conn):
        tree.add(leaf)
        if tree.size in known:
            _hold_against(tree, known)
    if known and max(known) > tree.size:
        raise ContradictedError(where=str(known[max(known)].path))
    return key.sign(tree.size, tree.root())


def keep(note: str, folder: Path, key: Key) -> Path:
    """Write a checkpoint into a folder, and beside it the key it is verified with."""
    checkpoint = notes.read(note).checkpoint
    size, letters = code(checkpoint.size, checkpoint.root).split()
    path = folder / f"{int(size):012d}-{letters}{SUFFIX}"
    _write(path, note)
    _write(folder / KEY_FILE, f"{key.verifier}\n")
    return path


def kept(paths: Iterable[Path]) -> list[Kept]:
    """The checkpoints in files, and in all files of folders that are named like one.

    A folder that is not there yet holds none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(sorted(path.glob(f"*{SUFFIX}")))
        elif path.exists() or path.suffix:
            found[path] = None
    return [_read(path) for path in found]


def read_code(said: str) -> tuple[int, str]:
    """(size, letters) of a code as somebody copied it from paper."""
    size, _, letters = said.replace("\N{NON-BREAKING HYPHEN}", "-").strip().partition(" ")
    letters = letters.replace("-", "").replace(" ", "").upper()
    if not size.isdecimal() or len(letters) != 12:
        raise BadInputError(
            f"{said!r} is no code of a checkpoint",
            where="--code",
            remedy='Give it as it is printed, such as "1234 ABCD-EFGH-IJKL".',
        )
    return int(size), letters


def _hold_against(tree: Tree, known: dict[int, Kept]) -> None:
    one = known.get(tree.size)
    if one and one.signed and one.signed.checkpoint.root != tree.root():
        raise ContradictedError(where=str(one.path))


def _read(path: Path) -> Kept:
    try:
        with path.open("rb") as file:
            note = file.read(_LARGEST).decode("utf-8")
        return Kept(path, notes.read(note))
    except (NoteError, UnicodeDecodeError) as error:
        return Kept(path, None, str(error))
    except OSError as error:
        raise UnreadableFileError.of(error, path) from error


def _write(path: Path, text: str) -> None:
    """A file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(made).chmod(0o644)  # whoever may enter the folder may read it: that is its purpose
        Path(made).replace(path)
    except OSError as error:
        what = f"the checkpoint could not be written: {error.strerror}"
        raise StorageError(what, where=str(path)) from error
