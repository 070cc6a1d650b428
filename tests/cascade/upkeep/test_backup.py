"""A backup holds all of an installation, is whole or refused, and overwrites nothing."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from cascade.errors import CascadeError
from cascade.upkeep.archive import DamagedBackupError
from cascade.upkeep.backup import NotEmptyError, backup, restore
from models import copying
from models.database import Database
from models.errors import CopyError
from tests.cascade.upkeep.conftest import NOW, ON_POSTGRES, ON_SQLITE, Installation, faults
from tests.worlds import Office

Elsewhere = Callable[[], Installation]


def saved(at_work: Installation) -> Path:
    """A backup of it, beside its home."""
    path = at_work.settings.home.parent / "saved" / "one.tar"
    return backup(at_work.settings, at_work.db, path, NOW).path


def rows(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with db.read() as conn:
        tables = sorted(inspect(conn).get_table_names())
        return {
            name: sorted(
                (tuple(row) for row in conn.execute(text(f"SELECT * FROM {name}"))), key=repr
            )
            for name in tables
        }


def test_what_is_restored_elsewhere_is_the_same_and_verified(
    at_work: Installation, elsewhere: Elsewhere
) -> None:
    there = elsewhere()
    restore(saved(at_work), there.settings, there.db)
    assert rows(there.db) == rows(at_work.db)
    assert faults(there) == []
    for name in ("secret.key", "history.key"):
        kept = there.settings.home / name
        assert kept.read_bytes() == (at_work.settings.home / name).read_bytes()
        assert kept.stat().st_mode & 0o077 == 0


def test_what_is_restored_can_be_worked_with(
    office: Office, at_work: Installation, elsewhere: Elsewhere
) -> None:
    there = elsewhere()
    restore(saved(at_work), there.settings, there.db)
    office.db = there.db
    office.letter("P", owe=["A"])  # ids go on where they were
    assert faults(there) == []


def test_a_backup_is_its_owners_only_and_leaves_nothing_beside(at_work: Installation) -> None:
    path = saved(at_work)
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["one.tar"]


def test_a_backup_taken_while_people_write_is_of_one_moment(
    office: Office, at_work: Installation, elsewhere: Elsewhere
) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            written.append(office.letter("P", owe=["A"]))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        path = saved(at_work)
    finally:
        stop.set()
        writer.join()
    there = elsewhere()
    restore(path, there.settings, there.db)
    assert faults(there) == []
    assert written


def cut(path: Path, share: float) -> None:
    """Keep only the first part of a file."""
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


def edited(path: Path, member: str) -> None:
    """Turn one bit in a member's content."""
    with tarfile.open(path) as tar:
        at = next(one.offset_data for one in tar if one.name.startswith(member))
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(1)[0]
        file.seek(at)
        file.write(bytes([old ^ 1]))


def added(path: Path, member: tarfile.TarInfo) -> None:
    """Append a member that does not belong."""
    with tarfile.open(path, "a") as tar:
        tar.addfile(member, io.BytesIO(b"x" * member.size))


def link(name: str) -> tarfile.TarInfo:
    """A symbolic link out of the archive."""
    found = tarfile.TarInfo(name)
    found.type, found.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return found


def file(name: str) -> tarfile.TarInfo:
    """A member of one byte."""
    found = tarfile.TarInfo(name)
    found.size = 1
    return found


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: cut(path, 0),
    "begun": lambda path: cut(path, 0.1),
    "half": lambda path: cut(path, 0.5),
    "without its end": lambda path: cut(path, 0.8),
    "another database": lambda path: edited(path, "database"),
    "another file": lambda path: edited(path, "files/"),
    "another checkpoint": lambda path: edited(path, "checkpoints/"),
    "another key": lambda path: edited(path, "keys/"),
    "another manifest": lambda path: edited(path, "manifest"),
    "a path outside": lambda path: added(path, file("../outside")),
    "an absolute path": lambda path: added(path, file("/outside")),
    "a link": lambda path: added(path, link("database")),
    "a file more": lambda path: added(path, file("keys/other.key")),
    "no archive": lambda path: path.write_bytes(b"%PDF-1.7 not a backup" * 99),
}


@ON_SQLITE  # the archive is the same
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(
    at_work: Installation, elsewhere: Elsewhere, damage: str
) -> None:
    path, there = saved(at_work), elsewhere()
    DAMAGES[damage](path)
    with pytest.raises(DamagedBackupError):
        restore(path, there.settings, there.db)
    assert copying.is_empty(there.db)
    assert list(there.settings.home.iterdir()) == []
    assert not (there.settings.home.parent / "outside").exists()


def test_a_register_that_is_there_is_never_overwritten(at_work: Installation) -> None:
    before = rows(at_work.db)
    with pytest.raises(NotEmptyError):
        restore(saved(at_work), at_work.settings, at_work.db)
    assert rows(at_work.db) == before


def test_another_key_that_is_there_is_never_overwritten(
    at_work: Installation, elsewhere: Elsewhere
) -> None:
    there = elsewhere()
    there.settings.home.mkdir(exist_ok=True)
    (there.settings.home / "secret.key").write_text("another")
    with pytest.raises(NotEmptyError, match=r"another secret\.key"):
        restore(saved(at_work), there.settings, there.db)
    assert copying.is_empty(there.db)


def test_a_restore_that_was_cut_off_can_be_done_again(
    at_work: Installation, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, there = saved(at_work), elsewhere()

    def fail(*_: object) -> None:
        raise CopyError("the power failed", "here")

    with monkeypatch.context() as patch:
        patch.setattr(copying, "load", fail)
        with pytest.raises(CopyError):
            restore(path, there.settings, there.db)
    restore(path, there.settings, there.db)
    assert faults(there) == []


@ON_POSTGRES
def test_a_backup_of_the_other_database_is_refused(at_work: Installation, tmp_path: Path) -> None:
    settings = replace(at_work.settings, home=tmp_path / "new")
    db = Database(f"sqlite:///{settings.home / 'cascade.db'}")
    with pytest.raises(CascadeError, match="this backup is of postgresql"):
        restore(saved(at_work), settings, db)


@ON_POSTGRES
def test_without_pg_dump_it_is_said_and_nothing_is_left(
    at_work: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CopyError, match="pg_dump is not on the PATH"):
        saved(at_work)
    assert list((tmp_path / "saved").iterdir()) == []
