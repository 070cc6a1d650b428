"""The file store: each file once, named by the SHA-256 of what is in it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from cascade.acts import StoredFile
from cascade.errors import EmptyFileError, LargeFileError, StorageError, UnreadableFileError

# Larger than any letter with annexes; a mistaken video is told at once, before it fills the disk.
LARGEST = 50 * 1024 * 1024


_AT_ONCE = 1024 * 1024  # bytes of a stream in memory


class Stream(NamedTuple):
    """A file that comes as bytes, such as one uploaded; the name for people never is a path."""

    name: str
    content: IO[bytes]


class FileStore:
    """Files under one folder; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def staging(self, sources: Sequence[Path | Stream]) -> Iterator[tuple[StoredFile, ...]]:
        """Copies of files, ready to be placed by the act they belong to; else they go again.

        Raises BadInputError if one cannot be read, is empty or too large, StorageError if one
        cannot be written.
        """
        files: list[StoredFile] = []
        try:
            for source in sources:
                if isinstance(source, Path):
                    source = Stream(source.name, BytesIO(_read(source)))
                files.append(self._stage(source))
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

    def _stage(self, source: Stream) -> StoredFile:
        """Write and flush under a name of its own; the name for people never becomes a path."""
        temporary: Path | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(dir=self.folder, prefix=".part-")
            temporary = Path(made)
            with os.fdopen(handle, "wb") as file:
                sha256, size = _copy(source, file.write)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            _drop(temporary)
            raise _not_kept(error, self.folder) from error
        except (EmptyFileError, LargeFileError):
            _drop(temporary)
            raise
        return StoredFile(sha256, source.name, size, temporary)


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


def _copy(source: Stream, write: Callable[[bytes], object]) -> tuple[str, int]:
    """Copy a stream piece by piece; returns its SHA-256 and its size in bytes."""
    made, size = hashlib.sha256(), 0
    while piece := source.content.read(_AT_ONCE):
        size += len(piece)
        if size > LARGEST:
            raise _too_large(source.name)
        made.update(piece)
        write(piece)
    if size == 0:
        raise EmptyFileError(source.name)
    return made.hexdigest(), size


def _too_large(name: str) -> LargeFileError:
    return LargeFileError(name, LARGEST // 1024 // 1024)


def _drop(temporary: Path | None) -> None:
    if temporary is not None:
        temporary.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file() or size == 0:
            raise EmptyFileError(str(path))
        if size > LARGEST:
            raise _too_large(str(path))
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError.of(error, path) from error


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
