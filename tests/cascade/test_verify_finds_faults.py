"""Verifying: a busy office is clean, and whatever somebody breaks by hand is found and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade.store import FileStore, place
from cascade.verify import verify
from tests.worlds import Office


class Busy:
    """A directive answered by A and not by B, a split task, a return, a stub, a fulfilled letter.

    `ids` names what the faults below are planted in.
    """

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.store = FileStore(folder / "files")
        p = office.letter("P", owe=["A", "B"], tasks=[("2", "S"), ("3", "C")])
        a = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], implements=[p])
        w = office.letter("AW", tasks=[("1", "AW1")], cites=[("P", "77")])
        q = office.letter("Q", tasks=[("1", "QA")])
        office.fire(office.step(q, "QA", "1"), "split", "qa.head", units=[office.units["QA1"]])
        self.paper = folder / "report.txt"
        self.paper.write_text("Done.", encoding="utf-8")
        task, last = office.step(a, "A1", "1"), office.step(w, "AW1", "1")
        for step, login in ((task, "a1.staff"), (last, "aw1.staff")):
            with self.store.staging([self.paper]) as files:
                office.fire(step, "report", login, files=files)
        office.fire(task, "return", "a.sec", note="Count again.")
        office.fire(last, "accept", "aw.sec")
        self.ids = {
            "p": p,
            "a": a,
            "w": w,
            "q": q,
            "obligation": office.step(p, "A"),
            "unanswered": office.step(p, "B"),
            "task": task,
            "whole": office.step(q, "QA", "1"),
        }

    def faults(self) -> list[str]:
        with self.office.db.read() as conn:
            return verify(conn, self.store)

    def faults_after(self, *statements: str) -> tuple[list[str], dict[str, int]]:
        """What is found after these, and the newest ids; then all is as it was before."""
        with self.office.db.engine.connect() as conn, conn.begin() as broken:
            for statement in statements:
                conn.execute(text(statement), self.ids)
            newest = {
                "last": conn.execute(text("SELECT max(seq) FROM event")).scalar_one(),
                "new": conn.execute(text("SELECT max(id) FROM step")).scalar_one(),
            }
            found = verify(conn, self.store)
            broken.rollback()
        return found, newest

    def file(self) -> Path:
        (kept,) = (path for path in self.store.folder.glob("*/*") if path.is_file())
        return kept


@pytest.fixture
def busy(office: Office, tmp_path: Path) -> Busy:
    return Busy(office, tmp_path)


def test_a_busy_office_has_no_fault(busy: Busy) -> None:
    assert busy.faults() == []


NEW_EVENT = (
    "INSERT INTO event (at, actor_id, role, letter_id, step_id, trigger, source, target, note) "
    "SELECT at, actor_id, role, letter_id, step_id, 'accept', {source}, 'returned', '' "
    "FROM event WHERE step_id = :task AND target = 'returned'"
)
UNSEALED = "event {last} has no seal"
NEW_STEP = (
    "INSERT INTO step (letter_id, kind, unit_id, issuer_id, state, turn, version, open_children, "
    "laid_on, acting_id) "
    "SELECT letter_id, kind, unit_id, issuer_id, state, turn, 1, 0, laid_on, acting_id "
    "FROM step WHERE id = :unanswered"
)
# What is done by hand, and what verifying must say; names in braces are ids.
FAULTS: dict[str, tuple[list[str], list[str]]] = {
    "a step's state": (
        ["UPDATE step SET state = 'drafting' WHERE id = :unanswered"],
        ["step {unanswered} is drafting, but its events end at sent"],
    ),
    "a letter's state": (
        ["UPDATE letter SET state = 'closed' WHERE id = :w"],
        ["letter {w} is closed, but its events end at fulfilled"],
    ),
    "whose turn it is": (
        ["UPDATE step SET turn = 'issuer', acting_id = issuer_id WHERE id = :task"],
        ["step {task} is returned, so its turn cannot be issuer"],
    ),
    "which unit must act": (
        ["UPDATE step SET acting_id = issuer_id WHERE id = :task"],
        ["step {task} has turn lead, but another unit is to act"],
    ),
    "that a unit must act": (
        ["UPDATE step SET acting_id = NULL WHERE id = :unanswered"],
        ["step {unanswered} has turn lead, but another unit is to act"],
    ),
    "a task in an unknown state": (
        ["UPDATE step SET state = 'lost' WHERE id = :task"],
        [
            "step {task} is lost, but its events end at returned",
            "step {task}: lost is no task state",
        ],
    ),
    "an obligation in a task's state": (
        ["UPDATE step SET state = 'open' WHERE id = :unanswered"],
        [
            "step {unanswered} is open, but its events end at sent",
            "step {unanswered}: open is no obligation state",
        ],
    ),
    "a letter in an unknown state": (
        ["UPDATE letter SET state = 'lost' WHERE id = :w"],
        [
            "letter {w} is lost, but its events end at fulfilled",
            "letter {w}: lost is no state of a letter",
        ],
    ),
    "one too many on a letter": (
        ["UPDATE letter SET open_steps = open_steps + 1 WHERE id = :p"],
        ["letter {p} counts 5 open steps, there are 4"],
    ),
    "one too few on a letter": (
        ["UPDATE letter SET open_steps = open_steps - 1 WHERE id = :p"],
        ["letter {p} counts 3 open steps, there are 4"],
    ),
    "one too many on an answered step": (
        ["UPDATE step SET open_children = open_children + 1 WHERE id = :obligation"],
        ["step {obligation} counts 2 open below it, there are 1"],
    ),
    "one too few on a split step": (
        ["UPDATE step SET open_children = open_children - 1 WHERE id = :whole"],
        ["step {whole} counts 0 open below it, there are 1"],
    ),
    "a line missing": (
        ["DELETE FROM letter_line WHERE above_id = :p AND below_id = :a"],
        ["letter {a} descends from letter {p}, but no line says so"],
    ),
    "a letter without a line to itself": (
        ["DELETE FROM letter_line WHERE above_id = :q AND below_id = :q"],
        ["letter {q} descends from letter {q}, but no line says so"],
    ),
    "a line too many": (
        ["INSERT INTO letter_line (above_id, below_id) VALUES (:q, :a)"],
        ["a line says that letter {a} descends from letter {q}; nothing else does"],
    ),
    "an event from nowhere": (
        [NEW_EVENT.format(source="'reported'")],
        ["event {last}: step {task} moves from reported, but was returned", UNSEALED],
    ),
    "an event that begins anew": (
        [NEW_EVENT.format(source="NULL")],
        ["event {last}: step {task} moves from None, but was returned", UNSEALED],
    ),
    "a step without events": (
        [NEW_STEP, "UPDATE letter SET open_steps = open_steps + 1 WHERE id = :p"],
        ["step {new} is sent, but its events end at None"],
    ),
    "two things at once": (
        [
            "UPDATE step SET state = 'drafting' WHERE id = :unanswered",
            "UPDATE letter SET open_steps = 9 WHERE id = :q",
        ],
        [
            "step {unanswered} is drafting, but its events end at sent",
            "letter {q} counts 9 open steps, there are 1",
        ],
    ),
}


def test_what_is_broken_by_hand_is_found_and_named(busy: Busy) -> None:
    found, wanted = {}, {}
    for name, (by_hand, told) in FAULTS.items():
        found[name], newest = busy.faults_after(*by_hand)
        wanted[name] = [line.format(**busy.ids, **newest) for line in told]
    assert found == wanted
    assert busy.faults() == []


def test_letters_in_a_circle_are_found_and_named(busy: Busy) -> None:
    found, _ = busy.faults_after("INSERT INTO answer (step_id, letter_id) VALUES (:task, :p)")
    (told,) = (fault for fault in found if "circle" in fault)
    circle = told.removeprefix("letters run in a circle: ").split(" → ")
    assert {str(busy.ids["p"]), str(busy.ids["a"])} == set(circle)


def changed(path: Path) -> None:
    path.write_text("Done!", encoding="utf-8")


@pytest.mark.parametrize("harm", [changed, Path.unlink], ids=["changed", "missing"])
def test_a_file_that_is_not_as_it_was_is_named(busy: Busy, harm: Callable[[Path], None]) -> None:
    sha256 = busy.file().name
    harm(busy.file())
    told = f"the file report.txt ({sha256[:12]}…) is missing or changed"
    assert busy.faults() == [told, told], "it was evidence twice"
    with busy.office.db.read() as conn:
        assert verify(conn) == [], "without a store, files are not looked at"


def test_a_fault_in_the_rows_and_a_missing_file_are_both_told(busy: Busy) -> None:
    busy.file().unlink()
    found, _ = busy.faults_after("UPDATE step SET acting_id = NULL WHERE id = :task")
    assert [line.split()[0] for line in found] == ["step", "the", "the"]


def test_a_file_placed_again_heals_it(busy: Busy) -> None:
    changed(busy.file())
    with busy.store.staging([busy.paper]) as (file,):
        place(file)
    assert busy.faults() == []
