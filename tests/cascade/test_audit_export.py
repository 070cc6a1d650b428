"""An exported history proves itself to whoever has Python, and tells whatever was changed in it."""

from __future__ import annotations

import errno
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cascade.audit import standalone
from cascade.audit.export import Exported, export
from cascade.errors import BadInputError, NotFoundError, StorageError
from cascade.history_keys import load_or_make
from cascade.store import FileStore
from models.sealing_erasure import erase
from tests.worlds import Office


class Package:
    """An office's history, exported; `letter` for one letter's."""

    def __init__(self, office: Office, home: Path) -> None:
        self.office, self.home = office, home
        self.key, self.store = load_or_make(home), FileStore(home / "files")
        self.checkpoints, self.folder = home / "checkpoints", home / "package"
        top = office.letter("P", owe=["A", "B"], tasks=[("1", "S")])
        paper = home / "bảng kê.txt"
        paper.write_text("Mười hai hộ.", encoding="utf-8")
        file = self.store.keep(paper)
        office.fire(office.step(top, "S", "1"), "report", "s.staff", files=(file,))
        gone = office.fire(office.step(top, "B"), "refuse", "b.head", note="A sick child.")
        self.other = office.letter("Q", tasks=[("1", "QA")])
        with office.db.write() as conn:
            erase(conn, "event", gone.seq, actor_id=1, at=office.moment.at, reason="Decision 5")
        self.letter = top

    def export(self, letter_id: int | None = None) -> Exported:
        place = self.office.db, self.store, self.key, self.checkpoints, self.folder
        return export(*place, letter_id)

    def faults(self, *outside: Path, key: str = "") -> list[str]:
        found = list(standalone.bag_faults(self.folder))
        key = key or str(self.key.verifier)
        return [*found, *standalone.history_faults(self.folder, key, list(outside))]

    def rows(self, name: str) -> list[dict[str, Any]]:
        text = (self.folder / "data" / name).read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def put(self, name: str, rows: list[dict[str, Any]]) -> None:
        lines = "".join(f"{json.dumps(row)}\n" for row in rows)
        (self.folder / "data" / name).write_text(lines, "utf-8")

    def close_again(self) -> None:
        """Write the manifests anew, as whoever changes a package would."""
        payload = sorted(path for path in (self.folder / "data").rglob("*") if path.is_file())
        self._sums("manifest-sha256.txt", payload)
        tags = [path for path in sorted(self.folder.iterdir()) if path.is_file()]
        self._sums("tagmanifest-sha256.txt", [p for p in tags if p.name[:3] != "tag"])

    def _sums(self, name: str, paths: list[Path]) -> None:
        lines = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  "
            f"{path.relative_to(self.folder).as_posix()}\n"
            for path in paths
        ]
        (self.folder / name).write_text("".join(lines), "utf-8")


@pytest.fixture
def package(office: Office, tmp_path: Path) -> Package:
    return Package(office, tmp_path)


def test_a_whole_history_proves_itself(package: Package) -> None:
    made = package.export()
    assert made == Exported(made.seals, made.seals, 1, 1)
    assert package.faults() == []
    names = {path.name for path in package.folder.iterdir()}
    assert names == {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "data",
        "verify.py",
    }
    files = [path.read_text("utf-8") for path in (package.folder / "data" / "files").iterdir()]
    assert files == ["Mười hai hộ."]
    assert "A sick child" not in "".join(
        path.read_text("utf-8") for path in package.folder.rglob("*") if path.is_file()
    )


def test_a_letter_is_exported_with_the_bare_chain_of_all(package: Package) -> None:
    made = package.export(package.letter)
    assert made.events < made.seals == package.office.count("event_seal")
    assert package.faults() == []
    heads = [row["head"] for row in package.rows("events.jsonl")]
    assert {head["letter_id"] for head in heads if head["kind"] == "event"} == {package.letter}
    assert [head["act"] for head in heads if head["kind"] == "admin"] == ["erase_event"]
    assert {*package.rows("seals.jsonl")[0]} == {"seq", "head", "body", "hash"}


def test_earlier_checkpoints_go_with_it_and_one_kept_outside_is_held_against_it(
    package: Package,
) -> None:
    package.export()
    package.folder.rename(package.home / "earlier")
    package.office.letter("P", owe=["C"])
    assert package.export().checkpoints == 2
    kept = sorted((package.home / "earlier/data/checkpoints").iterdir())
    assert package.faults(*kept) == []


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The verifier as whoever got the package runs it: nothing of ours on the path."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_verifier_runs_alone_and_says_how_it_went(package: Package) -> None:
    package.export()
    key = str(package.key.verifier)
    done = run(package.folder, "--key", key)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"OK: everything is as it was sealed under {key}\n"
    other = load_or_make(package.home / "other").verifier
    done = run(package.folder, "--key", str(other))
    assert done.returncode == 1
    assert "the package is signed with another key than yours\n" in done.stdout
    (package.folder / "data" / "events.jsonl").write_text("{", "utf-8")
    done = run(package.folder)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "the package cannot be read: " in done.stdout
    assert done.stdout.endswith("NOT OK\n")


Change = Callable[[Package], object]


def rows_of(name: str, change: Callable[[list[dict[str, Any]]], Any]) -> Change:
    """A change of a file of JSON lines."""

    def made(package: Package) -> None:
        rows = package.rows(name)
        change(rows)
        package.put(name, rows)

    return made


def _chain_anew(package: Package) -> None:
    """An event says something else, and all seals are made anew over it."""
    events, seals = package.rows("events.jsonl"), package.rows("seals.jsonl")
    events[3]["head"]["role"] = "head"
    salt = bytes.fromhex(events[3]["head_salt"])
    text = b"cascade head 1\n" + salt + standalone.canonical(events[3]["head"])
    seals[3]["head"] = hashlib.sha256(text).hexdigest()
    before = bytes(32)
    for seal in seals:
        parts = (
            before,
            seal["seq"].to_bytes(8, "big"),
            *map(bytes.fromhex, (seal["head"], seal["body"])),
        )
        before = standalone.sha256(b"cascade seal 1\n", *parts)
        seal["hash"] = before.hex()
    package.put("events.jsonl", events)
    package.put("seals.jsonl", seals)


def _sign_anew(package: Package) -> None:
    """The same, signed with a key of one's own under the register's name."""
    _chain_anew(package)
    tree = standalone.Tree()
    for seal in package.rows("seals.jsonl"):
        tree.add(bytes.fromhex(seal["hash"]))
    (path,) = (package.folder / "data" / "checkpoints").iterdir()
    path.write_text(load_or_make(package.home / "other").sign(tree.size, tree.root()), "utf-8")


def _cut(package: Package) -> None:
    for name in ("events.jsonl", "seals.jsonl"):
        package.put(name, package.rows(name)[:-2])


def _no_checkpoint(package: Package) -> None:
    for path in (package.folder / "data" / "checkpoints").iterdir():
        path.unlink()


def _file(package: Package) -> Path:
    (path,) = (package.folder / "data" / "files").iterdir()
    return path


def _erased(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row["body_salt"] is None)


def _forget(rows: list[dict[str, Any]]) -> None:
    rows[2].update(body_salt=None, body=None)


# name → (the change, what is said; with the manifests made anew by whoever changed it)
CHANGES: dict[str, tuple[Change, str]] = {
    "a note": (
        rows_of("events.jsonl", lambda rows: rows[2]["body"].update(note="x")),
        "the words of the event of seal 3 are not as they were sealed",
    ),
    "a head": (
        rows_of("events.jsonl", lambda rows: rows[2]["head"].update(actor_id=9)),
        "the event of seal 3 is not as it was sealed",
    ),
    "a salt": (
        rows_of("events.jsonl", lambda rows: rows[2].update(head_salt="00" * 16)),
        "the event of seal 3 is not as it was sealed",
    ),
    "a salt forgotten": (
        rows_of("events.jsonl", _forget),
        "nothing says that seal 3 was erased",
    ),
    "the word of an erasure": (
        rows_of("events.jsonl", lambda rows: _erased(rows).update(body={"note": "x"})),
        "was erased, but says something",
    ),
    "an event gone": (
        rows_of("events.jsonl", lambda rows: rows.pop(2)),
        "the event of seal 3 is not in the package",
    ),
    "two events swapped": (
        rows_of("events.jsonl", lambda rows: rows.insert(2, rows.pop(3))),
        "stands where it does not belong",
    ),
    "an event more": (
        rows_of("events.jsonl", lambda rows: rows.append({**rows[2], "seal": 99})),
        "the event of seal 99 stands where it does not belong",
    ),
    "a seal gone": (
        rows_of("seals.jsonl", lambda rows: rows.pop(2)),
        "seals are missing: after 2 comes 4",
    ),
    "a seal's hash": (
        rows_of("seals.jsonl", lambda rows: rows[2].update(hash="00" * 32)),
        "seal 3 does not follow from the one before it",
    ),
    "the end cut off": (_cut, "the history ends at seal"),
    "all chained anew": (_chain_anew, "seals are not those of the checkpoint"),
    "all signed anew": (_sign_anew, "it is not signed by this key"),
    "no checkpoint left": (_no_checkpoint, "no checkpoint is of all seals"),
    "a file changed": (
        lambda package: _file(package).write_text("x", "utf-8"),
        "the file bảng kê.txt of S3 is missing or changed",
    ),
    "a file gone": (
        lambda package: _file(package).unlink(),
        "the file bảng kê.txt of S3 is missing or changed",
    ),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_change_is_found_even_if_the_sums_are_made_anew(
    package: Package, change: Change, said: str
) -> None:
    package.export()
    change(package)
    assert any("manifest" in line or "not in the package" in line for line in package.faults())
    package.close_again()
    found = package.faults()
    assert not any("manifest" in line for line in found)
    assert any(said in line for line in found), found


BAG: dict[str, tuple[Change, str]] = {
    "a file more": (
        lambda package: (package.folder / "data" / "more").write_text("x"),
        "data/more is not in manifest-sha256.txt",
    ),
    "a tag changed": (
        lambda package: (package.folder / "bag-info.txt").write_text("Cascade-Scope: a"),
        "bag-info.txt is not as tagmanifest-sha256.txt says",
    ),
    "another version": (
        lambda package: (package.folder / "bagit.txt").write_text("BagIt-Version: 0.9"),
        "bagit.txt: this is no BagIt 1.0 package",
    ),
    "the verifier changed": (
        lambda package: (package.folder / "verify.py").write_text("print('OK')"),
        "verify.py is not as tagmanifest-sha256.txt says",
    ),
}


@pytest.mark.parametrize(("change", "said"), BAG.values(), ids=BAG)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_package_that_is_not_as_it_was_closed_is_told(
    package: Package, change: Change, said: str
) -> None:
    package.export()
    change(package)
    assert said in package.faults()


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_file_that_was_missing_already_is_told(package: Package) -> None:
    (kept,) = (path for path in package.store.folder.glob("*/*") if path.is_file())
    kept.unlink()
    assert package.export().files == 0
    assert package.faults() == ["the file bảng kê.txt of S3 is missing or changed"]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_is_there_is_not_written_over_and_half_a_package_is_none(package: Package) -> None:
    package.folder.mkdir()
    (package.folder / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(BadInputError, match="something is there already"):
        package.export()
    assert [path.name for path in package.folder.iterdir()] == ["mine.txt"]
    (package.folder / "mine.txt").unlink()
    package.folder.rmdir()
    with pytest.raises(NotFoundError, match="no such letter"):
        package.export(99)
    assert not package.folder.exists()


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_no_half_package(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cascade.audit.export._close", full)
    with pytest.raises(StorageError, match="No space left on device"):
        package.export()
    assert not package.folder.exists()
