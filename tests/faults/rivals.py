"""Many at once: the same act by several people, or acts that meet at the same parent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from sqlalchemy import text

from cascade.errors import DuplicateLetterError, MovedOnError, MoveRefusedError
from cascade.verify import verify
from tests.worlds import EVIDENCE, TODAY, Office

Do = Callable[[], object]


def together(acts: Sequence[Do]) -> Counter[str]:
    """All acts at the same moment; how many were done, and how the others were refused."""
    barrier = Barrier(len(acts))

    def one(act: Do) -> str:
        barrier.wait()
        try:
            act()
        except MovedOnError:
            return "moved on"
        except DuplicateLetterError:
            return "on file"
        except MoveRefusedError as refused:
            return ", ".join(refusal.code for refusal in refused.refused.refusals)
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def one_wins(office: Office, trigger: str, rivals: int = 20) -> None:
    """Of many who report or accept one step at once, one does, and the others are told."""
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    login = "a1.staff"
    if trigger == "accept":
        office.report(step, "A1")
        login = "a.sec"
    given = {"files": (EVIDENCE,)} if trigger == "report" else {}
    version = office.row(step).version
    told = together([partial(office.fire, step, trigger, login, **given)] * rivals)
    assert told["done"] == 1
    assert set(told) <= {"done", "moved on", "not_from_here"}
    assert office.row(step).version == version + 1
    consistent(office)


def siblings(office: Office, rounds: int) -> None:
    """Two last siblings accepted at once fulfil their letters above exactly once."""
    for _ in range(rounds):
        directive = office.letter("P", owe=["A"])
        answer = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], implements=[directive])
        pair = (office.step(answer, "A1", "1"), office.step(answer, "A2", "2"))
        for step, unit in zip(pair, ("A1", "A2"), strict=True):
            office.report(step, unit)
        acts = [partial(office.fire, step, "accept", "a.sec") for step in pair]
        assert together(acts) == {"done": 2}
        with office.db.read() as conn:
            told = conn.execute(
                text(
                    "SELECT letter_id, count(*) FROM event WHERE trigger = 'fulfil' AND "
                    "step_id IS NULL AND letter_id IN (:one, :two) GROUP BY letter_id"
                ),
                {"one": directive, "two": answer},
            ).all()
        assert sorted(tuple(row) for row in told) == [(directive, 1), (answer, 1)]
    consistent(office)


def seal_and_reopen(office: Office, rounds: int) -> None:
    """The level above accepts while the last task below is opened again: one of them is refused."""
    for _ in range(rounds):
        top = office.letter("P", owe=["A"])
        middle = office.letter("A", owe=["AW"], implements=[top])
        bottom = office.letter("AW", tasks=[("1", "AW1")], implements=[middle])
        task, owed = office.step(bottom, "AW1", "1"), office.step(top, "A")
        office.finish(task, "AW1", "AW")
        told = together(
            [
                partial(office.fire, task, "reopen", "aw.sec", note="Not enough."),
                partial(office.fire, owed, "accept", "p.sec"),
            ]
        )
        assert told["done"] == 1, told
        assert (office.state(task), office.state(owed)) in (
            ("accepted", "accepted"),
            ("open", "answered"),
        )
    consistent(office)


def close_and_reopen(office: Office, rounds: int) -> None:
    """A letter is closed while its last task is opened again: one of them is refused."""
    for _ in range(rounds):
        letter = office.letter("A", tasks=[("1", "A1")])
        task = office.step(letter, "A1", "1")
        office.finish(task, "A1", "A")
        told = together(
            [
                partial(office.fire_letter, letter, "close", "a.sec"),
                partial(office.fire, task, "reopen", "a.sec", note="Not enough."),
            ]
        )
        assert told["done"] == 1, told
        assert (office.letter_state(letter), office.state(task)) in (
            ("closed", "accepted"),
            ("issued", "open"),
        )
    consistent(office)


def register_at_once(office: Office, rounds: int) -> None:
    """One letter entered by several is on file once, as the stub it was cited by or anew."""
    for number in range(rounds):
        if number % 2:
            office.draft("A", cites=[("P", f"n{number}")])
        before = office.count("letter")
        told = together([partial(office.draft, "P", number=f"n{number}")] * 4)
        assert told == {"done": 1, "on file": 3}
        assert office.count("letter") == before + 1 - number % 2
    consistent(office)


def cite_at_once(office: Office, rounds: int) -> None:
    """Several letters that cite the same missing one make one stub of it."""
    for number in range(rounds):
        before = office.count("letter")
        cited = ("P", f"n{number}")
        told = together([partial(office.draft, "A", cites=[cited], cited_day=TODAY)] * 3)
        assert told == {"done": 3}
        assert office.count("letter") == before + 4
    consistent(office)


def consistent(office: Office) -> None:
    """Everything on file agrees."""
    with office.db.read() as conn:
        assert verify(conn) == []
