"""A full disk: the act is refused in words and nothing of it is kept; with room it works."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from cascade.cli.faults import translate
from cascade.errors import StorageError
from cascade.store import FileStore
from models.database import Database
from tests.cli.console import COMMAND, Console
from tests.cli.kept import files, kept
from tests.cli.letters import EVIDENCE, SHEETS
from tests.worlds import found_office

REFUSED = 1


def test_a_full_database_keeps_nothing_of_the_act(sqlite_db: Database) -> None:
    """SQLite's own fault, from a limit on the pages it may use."""
    office = found_office(sqlite_db)
    letter = office.draft("P", tasks=[(str(no), "S") for no in range(400)])
    counts = {table: office.count(table) for table in ("step", "event", "letter")}

    def limit(connection: Any, _record: object, _proxy: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    event.listen(sqlite_db.engine, "checkout", limit)
    with pytest.raises(OperationalError, match="database or disk is full") as full:
        office.issue(letter)
    event.remove(sqlite_db.engine, "checkout", limit)
    assert counts == {table: office.count(table) for table in counts}
    assert office.letter_state(letter) == "draft"
    told = translate(full.value)
    assert isinstance(told, StorageError)
    assert "no room to write" in str(told)
    assert "Free disk space" in str(told)
    sqlite_db.dispose()
    assert office.issue(letter).steps == 400


def test_a_full_store_keeps_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path / "files")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="could not be kept: No space left") as told:
        store.keep(EVIDENCE)
    assert str(store.folder) in str(told.value)
    assert files(tmp_path) == []


def _may_mount() -> bool:
    """Whether this user may make a small file system of its own."""
    try:
        done = subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"],
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


# In a mount namespace of its own, which is gone with the command: a disk of 2 MB, filled but for
# some kilobytes; then the command; then what it left behind is copied out to be looked at.
ON_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size=2m tmpfs "$DISK"
cp -r "$FROM"/. "$DISK"
dd if=/dev/zero of="$DISK/filler" bs=1k 2>/dev/null || true
truncate -s -"$ROOM"k "$DISK/filler"
set +e
"$@"
code=$?
rm "$DISK/filler"
cp -r "$DISK"/. "$OUT"
exit $code
"""


@pytest.fixture
def small(console: Console, tmp_path: Path) -> Console:
    """The register on a disk of its own, small and almost full."""
    if not _may_mount():
        pytest.skip("no right to mount a small disk here")
    for name in ("disk", "out"):
        (tmp_path / name).mkdir()
    return console


def on_small_disk(console: Console, room: int, *args: object) -> subprocess.CompletedProcess[str]:
    """Run a command with `room` kilobytes left."""
    folder = console.home.parent
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", ON_A_SMALL_DISK, "sh", *COMMAND, *map(str, args)],
        env=console.environment(
            CASCADE_HOME=str(folder / "disk"),
            DISK=str(folder / "disk"),
            FROM=str(console.home),
            OUT=str(folder / "out"),
            ROOM=str(room),
        ),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def refused_on_small_disk(console: Console, room: int, *args: object) -> None:
    """The command is refused for want of room; what it left is what was there."""
    done = on_small_disk(console, room, *args)
    assert done.returncode == REFUSED, done
    assert "Traceback" not in done.stderr
    assert "Free disk space" in done.stderr, done.stderr
    assert kept(console.home.parent / "out") == kept(console.home)


def test_a_real_full_disk_keeps_nothing_of_an_import(small: Console) -> None:
    refused_on_small_disk(small, 64, "units", "import", *SHEETS, _many_people(small))
    assert on_small_disk(small, 900, "units", "import", *SHEETS).returncode == 0


def test_a_real_full_disk_keeps_no_half_of_the_evidence(small: Console) -> None:
    large = small.write("photo.bin", os.urandom(400_000))
    refused_on_small_disk(small, 100, "act", "S9", "report", "--evidence", large, "--as", "thoa.pb")


def _many_people(console: Console) -> Path:
    lines = [f"u{no},Person {no},LG,staff,2026-01-01," for no in range(1500)]
    head = "login,name,unit,role,valid_from,valid_to"
    return console.write("people.csv", "\n".join([head, *lines]))


def test_a_quota_that_is_reached_is_told_and_keeps_nothing(console: Console) -> None:
    """Where nobody may mount: the largest file a process may write stands in for the disk."""
    before = kept(console.home)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))

    large = console.write("photo.bin", os.urandom(100_000))
    for args in (
        ["units", "import", _many_people(console)],
        ["act", "S9", "report", "--evidence", large, "--as", "thoa.pb"],
    ):
        done = subprocess.run(
            [*COMMAND, *map(str, args)],
            env=console.environment(),
            cwd=console.home,
            preexec_fn=limit,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == REFUSED, done
        assert "Traceback" not in done.stderr
        assert "Nothing of this act was kept" in done.stderr or "Free disk space" in done.stderr
        assert kept(console.home) == before
    small = console.ok("act", "S9", "report", "--evidence", EVIDENCE, "--as", "thoa.pb").out
    assert small.startswith("S9: ")
