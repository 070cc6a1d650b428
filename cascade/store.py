"""The file store: each file once, named by the SHA-256 of what is in it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from cascade.acts import StoredFile
from cascade.errors import BadInputError, StorageError

# Larger than any letter with annexes; a mistaken video is told at once, before it fills the disk.
LARGEST = 50 * 1024 * 1024


class FileStore:
    """Files under one folder; a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, path: Path) -> StoredFile:
        """Keep a copy of a file; BadInputError if it cannot be read, StorageError if not kept."""
        try:
            size = path.stat().st_size
            if not path.is_file() or size == 0 or size > LARGEST:
                raise BadInputError(
                    "this is not a file of 1 byte to 50 MiB",
                    where=str(path),
                    remedy="Give the file itself, not a folder or an empty file.",
                )
            content = path.read_bytes()
        except OSError as error:
            raise BadInputError(
                f"cannot be read: {error.strerror}",
                where=str(path),
                remedy="Check the file name and its permissions.",
            ) from error
        return self.keep_bytes(content, path.name)

    def keep_bytes(self, content: bytes, name: str) -> StoredFile:
        """Keep bytes under a name for people; the name never becomes a path."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            self._write(target, content)
        return StoredFile(sha256, name, len(content))

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies."""
        return self.folder / sha256[:2] / sha256

    def is_whole(self, sha256: str) -> bool:
        """Whether the file is there and still hashes to its name."""
        try:
            return hashlib.sha256(self.path(sha256).read_bytes()).hexdigest() == sha256
        except OSError:
            return False

    def _write(self, target: Path, content: bytes) -> None:
        """Temporary name, flush to disk, rename, flush the folder: a crash leaves no half file."""
        temporary: str | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
            _flush_folder(target.parent)
        except OSError as error:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)
            raise StorageError(
                f"the file could not be kept: {error.strerror}", where=str(self.folder)
            ) from error


def _flush_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows has no way to, and needs none
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
