"""The file store: each file once and whole, never under a name somebody gave it, or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from cascade import store
from cascade.errors import (
    BadInputError,
    EmptyFileError,
    LargeFileError,
    MoveRefusedError,
    StorageError,
)
from cascade.store import FileStore, Stream, place
from tests.worlds import Office

SHA256 = hashlib.sha256(b"Done.").hexdigest()
CRASH = """
import os, signal, sys
from pathlib import Path
from cascade import store
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
store.FileStore(Path(sys.argv[1])).keep(Path(sys.argv[2]))
"""
# Names that would reach elsewhere, or nowhere, if one ever became a path in the store.
HOSTILE = [
    "..report",
    "-rf",
    "~",
    "con.txt",
    "C:\\autoexec.bat",
    "..\\..\\cascade.db",
    "a\nb.txt",
    "%2e%2e%2fetc%2fpasswd",
    "\u202egnp.exe",
    "báo cáo số 1.txt",
    "x" * 200,
    SHA256,
]


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_bytes(b"Done.")
    return path


def lying(files: FileStore) -> list[str]:
    """Every file in the store, by its way there."""
    found = files.folder.rglob("*") if files.folder.exists() else []
    return sorted(str(path.relative_to(files.folder)) for path in found if path.is_file())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_lies_under_its_hash_whatever_it_is_called(
    files: FileStore, tmp_path: Path, name: str
) -> None:
    given = tmp_path / "given" / name
    given.parent.mkdir()
    given.write_bytes(b"Done.")
    kept = files.keep(given)
    assert (kept.name, kept.sha256, kept.size, kept.staged) == (name, SHA256, 5, None)
    assert lying(files) == [f"{SHA256[:2]}/{SHA256}"]
    assert files.path(SHA256).read_bytes() == b"Done."
    assert given.read_bytes() == b"Done."


def test_the_same_content_is_kept_once(files: FileStore, paper: Path, tmp_path: Path) -> None:
    other, noise = tmp_path / "again.txt", tmp_path / "noise.txt"
    other.write_bytes(b"Done.")
    noise.write_bytes(b"Not done.")
    kept = [files.keep(path) for path in (paper, other, paper, noise)]
    assert [file.name for file in kept] == ["report.txt", "again.txt", "report.txt", "noise.txt"]
    assert len({file.sha256 for file in kept}) == len(lying(files)) == 2


def folder(path: Path) -> None:
    path.mkdir()


def larger(path: Path) -> None:
    path.write_bytes(b"x" * 9)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def nothing(_path: Path) -> None:
    """Leave the name without a file."""


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (nothing, "cannot be read: No such file or directory"),
        (Path.touch, "this is no file, or an empty one"),
        (folder, "this is no file, or an empty one"),
        (fifo, "this is no file, or an empty one"),
        (larger, "this file is larger than"),
    ],
    ids=["missing", "empty", "folder", "pipe", "too large"],
)
def test_what_cannot_be_kept_is_refused_with_where_and_what_to_do(
    files: FileStore,
    paper: Path,
    tmp_path: Path,
    make: Callable[[Path], None],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "LARGEST", 8)
    bad = tmp_path / "bad.txt"
    make(bad)
    with pytest.raises(BadInputError) as refused, files.staging([paper, bad]):
        pytest.fail("nothing may be staged")
    assert refused.value.what.startswith(what)
    assert refused.value.where == str(bad)
    assert refused.value.remedy
    assert lying(files) == []


def test_the_largest_file_is_still_kept(
    files: FileStore, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LARGEST", 5)
    assert files.keep(paper).size == 5


def test_a_file_that_may_not_be_read_is_refused(
    files: FileStore, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    with pytest.raises(BadInputError, match="cannot be read: Permission denied") as refused:
        files.keep(paper)
    assert (refused.value.where, bool(refused.value.remedy)) == (str(paper), True)


def test_a_staged_file_goes_again_unless_it_is_placed(files: FileStore, paper: Path) -> None:
    with files.staging([paper]) as (file,):
        assert file.staged is not None
        assert file.staged.exists()
        assert not files.is_whole(SHA256)
    assert lying(files) == []


def test_placing_twice_is_harmless(files: FileStore, paper: Path) -> None:
    with files.staging([paper]) as (file,):
        place(file)
        place(file)
    assert lying(files) == [f"{SHA256[:2]}/{SHA256}"]
    assert files.is_whole(SHA256)


def test_a_refused_act_leaves_nothing_and_an_accepted_one_its_file(
    office: Office, files: FileStore, paper: Path
) -> None:
    letter = office.letter("A", tasks=[("1", "A1")])
    step = office.step(letter, "A1", "1")
    with pytest.raises(MoveRefusedError), files.staging([paper]) as given:
        office.fire(step, "report", "b1.staff", files=given)
    assert lying(files) == []
    assert office.count("evidence") == 0
    with files.staging([paper]) as given:
        office.fire(step, "report", "a1.staff", files=given)
    assert lying(files) == [f"{SHA256[:2]}/{SHA256}"]
    assert office.count("evidence") == 1


def test_a_full_disk_while_writing_leaves_nothing(
    files: FileStore, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device") as fault:
        files.keep(paper)
    assert fault.value.where == str(files.folder)
    assert "disk space" in fault.value.remedy
    assert lying(files) == []


def test_a_store_that_cannot_be_made_is_told(paper: Path) -> None:
    files = FileStore(paper / "files")
    with pytest.raises(StorageError) as fault:
        files.keep(paper)
    assert fault.value.where == str(files.folder)


def test_one_changed_byte_is_seen(files: FileStore, paper: Path) -> None:
    files.keep(paper)
    assert files.is_whole(SHA256)
    files.path(SHA256).write_bytes(b"Dune.")
    assert not files.is_whole(SHA256)
    files.keep(paper)
    assert files.is_whole(SHA256), "keeping it again heals it"
    files.path(SHA256).unlink()
    assert not files.is_whole(SHA256)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_comes_as_bytes_is_kept_like_a_file(files: FileStore, name: str) -> None:
    content = b"Done." * 500_000  # more than is read at once
    with files.staging([Stream(name, BytesIO(content))]) as (file,):
        place(file)
    assert (file.name, file.size) == (name, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert lying(files) == [f"{file.sha256[:2]}/{file.sha256}"]
    assert files.is_whole(file.sha256)


@pytest.mark.parametrize(
    ("content", "fault"), [(b"", EmptyFileError), (b"123456789", LargeFileError)]
)
def test_bytes_that_are_none_or_too_many_leave_nothing(
    files: FileStore, content: bytes, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LARGEST", 8)
    good = Stream("good.txt", BytesIO(b"12345678"))
    with pytest.raises(fault) as told, files.staging([good, Stream("a.txt", BytesIO(content))]):
        pytest.fail("nothing may be staged")
    assert told.value.name == "a.txt"  # type: ignore[attr-defined]
    assert lying(files) == []


def test_a_crash_leaves_only_a_part(files: FileStore, paper: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(files.folder), str(paper)],
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = lying(files)
    assert left.startswith(".part-")
    assert not files.is_whole(SHA256)
    files.keep(paper)
    assert files.is_whole(SHA256)
