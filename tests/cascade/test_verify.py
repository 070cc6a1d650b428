"""Verifying: nothing is said of a true register, and every planted fault is found and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade.store import FileStore
from cascade.verify import verify
from tests.worlds import EVIDENCE, Office


def faults(office: Office, store: FileStore | None = None) -> list[str]:
    """What verifying finds."""
    with office.db.read() as conn:
        return verify(conn, store)


def busy(office: Office) -> Office:
    """An office in which a good deal has happened."""
    top = office.letter("P", owe=["A", "B"], tasks=[("1", "S")])
    middle = office.letter("A", owe=["AW"], tasks=[("1", "A1")], implements=[top])
    bottom = office.letter("AW", tasks=[("1", "AW1")], implements=[middle], cites=[("P", "99")])
    office.finish(office.step(bottom, "AW1", "1"), "AW1", "AW")
    office.fire(office.step(top, "B"), "refuse", "b.head", note="Not ours.")
    split = office.letter("P", tasks=[("1", "A")])
    office.fire(office.step(split, "A", "1"), "split", "a.staff", units=(office.units["A1"],))
    return office


def test_nothing_is_said_of_a_true_register(office: Office) -> None:
    assert faults(office) == []
    assert faults(busy(office)) == []


# name → (the fault, what is said of it).
# Steps: 1 A, 2 B, 3 S, 4 AW, 5 A1, 6 AW1, 7 A (split), 8 its part A1.
PLANTED: dict[str, tuple[str, list[str]]] = {
    "a state changed by hand": (
        "UPDATE step SET state = 'in_progress' WHERE id = 5",
        ["step 5 is in_progress, but its events end at open"],
    ),
    "a state that is none": (
        "UPDATE step SET state = 'done' WHERE id = 5",
        ["step 5 is done, but its events end at open", "step 5: done is no"],
    ),
    "a letter's state changed by hand": (
        "UPDATE letter SET state = 'closed' WHERE id = 1",
        ["letter 1 is closed, but its events end at issued"],
    ),
    "a letter's state that is none": (
        "UPDATE letter SET state = 'lost' WHERE id = 1",
        ["letter 1 is lost, but its events end at issued", "letter 1: lost is no"],
    ),
    "an event from elsewhere": (
        "INSERT INTO event (at, actor_id, role, letter_id, step_id, trigger, source, target, note)"
        " SELECT at, actor_id, role, letter_id, step_id, 'report', 'returned', 'open', ''"
        " FROM event WHERE step_id = 5",
        ["moves from returned, but was open"],
    ),
    "an event that moved nothing": (
        "INSERT INTO event (at, actor_id, role, letter_id, step_id, trigger, source, target, note)"
        " SELECT at, actor_id, role, letter_id, step_id, 'start', 'open', 'in_progress', ''"
        " FROM event WHERE step_id = 5",
        ["step 5 is open, but its events end at in_progress"],
    ),
    "a step without history": (
        "INSERT INTO step (letter_id, kind, unit_id, issuer_id, state, turn, version,"
        " open_children, laid_on) SELECT letter_id, kind, unit_id, issuer_id, 'accepted', 'nobody',"
        " 1, 0, laid_on FROM step WHERE id = 5",
        ["step 9 is accepted, but its events end at None"],
    ),
    "a wrong turn": (
        "UPDATE step SET turn = 'accepter' WHERE id = 5",
        [
            "step 5 is open, so its turn cannot be accepter",
            "step 5 has turn accepter, but another unit is to act",
        ],
    ),
    "a step on another's board": (
        "UPDATE step SET acting_id = 1 WHERE id = 5",
        ["step 5 has turn lead, but another unit is to act"],
    ),
    "a letter's count off": (
        "UPDATE letter SET open_steps = 7 WHERE id = 1",
        ["letter 1 counts 7 open steps, there are 3"],
    ),
    "a whole's count off": (
        "UPDATE step SET open_children = 0 WHERE id = 7",
        ["step 7 counts 0 open below it, there are 1"],
    ),
    "an obligation's count off": (
        "UPDATE step SET open_children = 3 WHERE id = 1",
        ["step 1 counts 3 open below it, there are 1"],
    ),
    "an answer taken away": (
        "DELETE FROM answer WHERE step_id = 1",
        ["step 1 counts 1 open below it, there are 0"],
    ),
    "a line missing": (
        "DELETE FROM letter_line WHERE above_id = 1 AND below_id = 3",
        ["letter 3 descends from letter 1, but no line says so"],
    ),
    "a letter's own line missing": (
        "DELETE FROM letter_line WHERE above_id = 2 AND below_id = 2",
        ["letter 2 descends from letter 2, but no line says so"],
    ),
    "a line too many": (
        "INSERT INTO letter_line (above_id, below_id) VALUES (3, 1)",
        ["a line says that letter 1 descends from letter 3; nothing else does"],
    ),
    "evidence changed": (
        "UPDATE evidence SET sha256 = 'cd' WHERE step_id = 6",
        ["the evidence of event {} is not what it showed (files)"],
    ),
    "evidence taken away": (
        "DELETE FROM evidence WHERE step_id = 6",
        ["the evidence of event {} is not what it showed (files)"],
    ),
    "evidence more": (
        "INSERT INTO evidence (step_id, event_seq, sha256, file_name, size) "
        "SELECT step_id, event_seq, 'cd', 'x', 1 FROM evidence WHERE step_id = 6",
        ["the evidence of event {} is not what it showed (files)"],
    ),
    "a circle": (
        "INSERT INTO citation (citing_id, cited_id, role, as_printed) "
        "VALUES (1, 3, 'implements', '')",
        ["letters run in a circle: "],
    ),
}


@pytest.mark.parametrize(("fault", "said"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found_and_named(office: Office, fault: str, said: list[str]) -> None:
    busy(office)
    with office.db.write() as conn:
        assert conn.execute(text(fault)).rowcount == 1
    found = faults(office)
    assert len(found) == len(said)
    for told, wanted in zip(found, said, strict=True):
        assert wanted in told or wanted.format(_report(office)) == told


def _report(office: Office) -> int:
    with office.db.read() as conn:
        return int(
            conn.execute(text("SELECT seq FROM event WHERE trigger = 'report'")).scalar_one()
        )


def test_an_event_without_actor_is_found(office: Office) -> None:
    busy(office)
    # Only a database whose keys were switched off could hold one.
    sqlite = office.db.is_sqlite
    off = "PRAGMA foreign_keys=OFF" if sqlite else "ALTER TABLE event DROP CONSTRAINT {}"
    with office.db.engine.connect() as conn:
        if sqlite:
            conn.connection.driver_connection.execute(off)  # type: ignore[union-attr]
        else:
            name = conn.execute(
                text("SELECT conname FROM pg_constraint WHERE conname LIKE 'fk_event_actor_id%'")
            ).scalar_one()
            conn.execute(text(off.format(name)))
        conn.execute(
            text(
                "INSERT INTO event (at, actor_id, role, letter_id, trigger, source, target, note) "
                "SELECT at, 4711, role, letter_id, 'amend', 'issued', 'issued', '' FROM event "
                "WHERE seq = 2"
            )
        )
        conn.commit()
    actor, seal = faults(office)
    assert "has no actor" in actor
    assert "has no seal" in seal


def kept(office: Office, tmp_path: Path) -> tuple[FileStore, Path]:
    """A report with a real file; the store and where the file lies."""
    store = FileStore(tmp_path / "files")
    shown = tmp_path / "bảng kê.txt"
    shown.write_text("Mười hai hộ.", encoding="utf-8")
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    file = store.keep(shown)
    office.fire(step, "report", "a1.staff", files=(file,))
    return store, store.path(file.sha256)


SPOILS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "changed": lambda path: path.write_text("Mười ba hộ.", encoding="utf-8"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:5]),
    "a folder": lambda path: path.rename(path.with_name("away")).with_name(path.name).mkdir(),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_evidence_that_is_not_whole_is_found(
    office: Office, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    store, path = kept(office, tmp_path)
    assert faults(office, store) == []
    spoil(path)
    (found,) = faults(office, store)
    assert found.startswith("the file bảng kê.txt (")
    assert found.endswith("is missing or changed")


def test_a_file_that_was_never_kept_is_found(office: Office, tmp_path: Path) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    office.fire(step, "report", "a1.staff", files=(EVIDENCE,))
    assert len(faults(office, FileStore(tmp_path))) == 1
    assert faults(office) == []
