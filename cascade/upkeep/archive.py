"""A backup's file: one plain tar with the database, the files, the checkpoints and the keys.

Members are `database`, `files/SHA256`, `checkpoints/NAME`, `keys/NAME` and, last, `manifest.json`
with the size and SHA-256 of each other one: without it the file was cut off.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from cascade.errors import BadInputError, StorageError, UnreadableFileError

FORM = 1
_MANIFEST = "manifest.json"
_MEMBER = re.compile(r"database|files/[0-9a-f]{64}|(checkpoints|keys)/[\w.+-]{1,200}")
_AT_ONCE = 1024 * 1024


class DamagedBackupError(BadInputError):
    """This is no whole backup."""

    remedy = "Nothing was restored. Take another backup, or copy this one again from where it lies."


class Writer:
    """An archive being written; members are hashed as they go in."""

    def __init__(self, tar: tarfile.TarFile, at: float) -> None:
        self._tar = tar
        self._at = at
        self.sums: dict[str, list[object]] = {}

    def add(self, name: str, path: Path) -> None:
        """Put a file in, under a name of the form above."""
        with path.open("rb") as file:
            info = self._info(name, os.fstat(file.fileno()).st_size)
            read = _Summed(file)
            self._tar.addfile(info, read)
        self.sums[name] = [info.size, read.sum.hexdigest()]

    def close(self, about: Mapping[str, object]) -> None:
        """Write the manifest, which makes the archive whole."""
        said = json.dumps({"form": FORM, **about, "members": self.sums}, indent=1).encode()
        self._tar.addfile(self._info(_MANIFEST, len(said)), io.BytesIO(said))

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._at)
        return info


class Unpacked(NamedTuple):
    """An archive in a folder, whole and checked."""

    folder: Path
    about: dict[str, Any]

    def members(self, of: str) -> list[Path]:
        """The files unpacked from one of its folders."""
        return sorted((self.folder / of).glob("*"))


@contextmanager
def writing(path: Path, at: float) -> Iterator[Writer]:
    """An archive that is there whole or not at all, readable by its owner only."""
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        part = Path(made)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar, at)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"the backup could not be written: {error.strerror}", where=str(path)
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def unpack(path: Path, folder: Path) -> Unpacked:
    """Unpack an archive and check all of it; raises DamagedBackupError."""
    sums: dict[str, list[object]] = {}
    try:
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                name = member.name
                if not member.isreg() or (name != _MANIFEST and not _MEMBER.fullmatch(name)):
                    raise DamagedBackupError(f"{name!r} does not belong in it", where=str(path))
                source = tar.extractfile(member)
                assert source is not None  # it is a regular file
                sums[name] = _write(source, folder / name)
    except tarfile.TarError as error:
        raise DamagedBackupError(
            f"it is no archive, or a damaged one: {error}", where=str(path)
        ) from error
    except FileNotFoundError as error:
        raise UnreadableFileError.of(error, path) from error
    if sums.pop(_MANIFEST, None) is None:
        raise DamagedBackupError("it has no end: it was cut off", where=str(path))
    about = _manifest(folder / _MANIFEST, path)
    wanted = about.pop("members")
    wrong = sorted(name for name in {*sums, *wanted} if sums.get(name) != wanted.get(name))
    if wrong:
        raise DamagedBackupError(
            f"{len(wrong)} of its files are not as they were put in: {', '.join(wrong[:5])}",
            where=str(path),
        )
    return Unpacked(folder, about)


def _manifest(path: Path, archive: Path) -> dict[str, Any]:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        if about["form"] == FORM and isinstance(about["members"], dict):
            return dict(about)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedBackupError("its manifest cannot be read", where=str(archive)) from error
    raise DamagedBackupError(
        f"it is of form {about['form']}, this program reads form {FORM}", where=str(archive)
    )


def _write(source: IO[bytes], target: Path) -> list[object]:
    target.parent.mkdir(parents=True, exist_ok=True)
    made, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        target.chmod(0o600)
        while piece := source.read(_AT_ONCE):
            made.update(piece)
            size += len(piece)
            file.write(piece)
    return [size, made.hexdigest()]


class _Summed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sum.update(piece)
        return piece
