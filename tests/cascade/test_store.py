"""The file store: a file is there whole or not at all, once, whatever it is called."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cascade import store as storing
from cascade.errors import BadInputError, StorageError
from cascade.store import FileStore, place

TEXT = "Danh sách 14 hộ.".encode()
SHA = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """A store in a folder that is not there yet."""
    return FileStore(tmp_path / "home" / "files")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file to keep."""
    path = tmp_path / "letter.txt"
    path.write_bytes(TEXT)
    return path


def lying(store: FileStore) -> list[str]:
    """Every file in the store."""
    return sorted(str(p.relative_to(store.folder)) for p in store.folder.rglob("*") if p.is_file())


def test_a_file_is_kept_under_the_hash_of_what_is_in_it(store: FileStore, letter: Path) -> None:
    kept = store.keep(letter)
    assert kept == (SHA, "letter.txt", len(TEXT), None)
    assert lying(store) == [f"{SHA[:2]}/{SHA}"]
    assert store.path(SHA).read_bytes() == TEXT
    assert store.is_whole(SHA)
    assert letter.read_bytes() == TEXT


def test_the_same_content_is_kept_once(store: FileStore, letter: Path, tmp_path: Path) -> None:
    other = tmp_path / "another name.txt"
    other.write_bytes(TEXT)
    assert store.keep(letter).sha256 == store.keep(other).sha256
    assert lying(store) == [f"{SHA[:2]}/{SHA}"]


def test_what_is_staged_and_not_placed_goes_again(store: FileStore, letter: Path) -> None:
    with store.staging([letter]) as (file,):
        assert file.staged is not None
        assert file.staged.read_bytes() == TEXT
        assert not store.is_whole(SHA)
    assert lying(store) == []


def test_placing_twice_is_placing_once(store: FileStore, letter: Path) -> None:
    with store.staging([letter]) as (file,):
        place(file)
        place(file)  # as when the whole act is done again after it met another's lock
    assert lying(store) == [f"{SHA[:2]}/{SHA}"]


HOSTILE = [
    "..",
    "../../etc/passwd",
    "a/b/c.txt",
    "C:\\Windows\\system32",
    "CON",
    "con.txt",
    "-rf",
    ".hidden",
    "name with\nnewline",
    "\u202egnp.exe",
    "ă" * 120,
    "'; DROP TABLE step; --",
    "<script>alert(1)</script>",
    "%00",
    "~",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_never_becomes_a_path(store: FileStore, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    path = folder / "plain"
    if "/" not in name and name != "..":
        path = folder / name
    path.write_bytes(TEXT)
    assert store.keep(path).name == path.name
    assert lying(store) == [f"{SHA[:2]}/{SHA}"]
    around = {p.name for p in tmp_path.iterdir()}
    assert around == {"given", "home"}


@pytest.mark.parametrize("what", ["nothing", "a folder", "empty", "too large", "dangling link"])
def test_what_is_no_file_is_refused(
    store: FileStore, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "given"
    if what == "a folder":
        path.mkdir()
    elif what == "empty":
        path.touch()
    elif what == "too large":
        monkeypatch.setattr(storing, "LARGEST", 10)
        path.write_bytes(TEXT)
    elif what == "dangling link":
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadInputError) as refused:
        store.keep(path)
    assert str(path) in str(refused.value)
    assert refused.value.remedy
    assert not store.folder.exists() or lying(store) == []


def test_a_huge_file_is_refused_before_it_is_read(store: FileStore, tmp_path: Path) -> None:
    path = tmp_path / "video"
    with path.open("wb") as file:
        file.truncate(200 * 1024**3)  # a hole: it needs no room on the disk
    with pytest.raises(BadInputError, match="50 MiB"):
        store.keep(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_file_is_refused(store: FileStore, letter: Path) -> None:
    letter.chmod(0)
    with pytest.raises(BadInputError, match="cannot be read"):
        store.keep(letter)


@pytest.mark.parametrize("call", ["fsync", "mkstemp", "replace"])
def test_a_full_disk_keeps_nothing(
    store: FileStore, letter: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        where: object = {"fsync": os, "mkstemp": tempfile, "replace": Path}[call]
        broken.setattr(where, call, full)
        with pytest.raises(StorageError, match="No space left"):
            store.keep(letter)
    assert lying(store) == []
    store.keep(letter)
    assert store.is_whole(SHA)


CRASH = """
import os, signal, sys
from pathlib import Path
from cascade import store
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
store.FileStore(Path(sys.argv[1])).keep(Path(sys.argv[2]))
"""


def test_a_crash_leaves_only_a_part(store: FileStore, letter: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(store.folder), str(letter)],
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = lying(store)
    assert left.startswith(".part-")
    assert not store.is_whole(SHA)
    store.keep(letter)
    assert store.is_whole(SHA)
