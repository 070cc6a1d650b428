"""The file store: each file once, named by the SHA-256 of what is in it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cascade.acts import StoredFile
from cascade.errors import BadInputError, StorageError

# Larger than any letter with annexes; a mistaken video is told at once, before it fills the disk.
LARGEST = 50 * 1024 * 1024


class FileStore:
    """Files under one folder; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def staging(self, paths: Sequence[Path]) -> Iterator[tuple[StoredFile, ...]]:
        """Copies of files, ready to be placed by the act they belong to; else they go again.

        Raises BadInputError if one cannot be read, StorageError if one cannot be written.
        """
        files: list[StoredFile] = []
        try:
            for path in paths:
                files.append(self._stage(_read(path), path.name))
            yield tuple(files)
        finally:
            for file in files:
                if file.staged is not None:
                    file.staged.unlink(missing_ok=True)

    def keep(self, path: Path) -> StoredFile:
        """Keep a copy of a file at once."""
        with self.staging([path]) as (file,):
            place(file)
            return file._replace(staged=None)

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies."""
        return self.folder / sha256[:2] / sha256

    def is_whole(self, sha256: str) -> bool:
        """Whether the file is there and still hashes to its name."""
        try:
            return hashlib.sha256(self.path(sha256).read_bytes()).hexdigest() == sha256
        except OSError:
            return False

    def _stage(self, content: bytes, name: str) -> StoredFile:
        """Write and flush under a name of its own; the name for people never becomes a path."""
        sha256 = hashlib.sha256(content).hexdigest()
        temporary: Path | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(dir=self.folder, prefix=".part-")
            temporary = Path(made)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise _not_kept(error, self.folder) from error
        return StoredFile(sha256, name, len(content), temporary)


def place(file: StoredFile) -> None:
    """Give a staged file its place by a rename, before the row that names it is committed."""
    if file.staged is None:
        return
    folder = file.staged.parent
    target = FileStore(folder).path(file.sha256)
    if target.exists() and not file.staged.exists():
        return  # placed already: the act is being redone after it met another's lock
    try:
        target.parent.mkdir(exist_ok=True)
        file.staged.replace(target)
        _flush_folder(target.parent)
        _flush_folder(folder)
    except OSError as error:
        raise _not_kept(error, folder) from error


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file() or size == 0:
            raise BadInputError(
                "this is no file, or an empty one",
                where=str(path),
                remedy="Give the file itself.",
            )
        if size > LARGEST:
            raise BadInputError(
                f"this file is larger than {LARGEST // 1024 // 1024} MiB",
                where=str(path),
                remedy="Give a smaller one: the signed pages, not the whole folder.",
            )
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            remedy="Check the file name and its permissions.",
        ) from error


def _not_kept(error: OSError, folder: Path) -> StorageError:
    return StorageError(f"the file could not be kept: {error.strerror}", where=str(folder))


def _flush_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows has no way to, and needs none
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
