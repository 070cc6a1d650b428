"""The journal writes a row and its event together or not at all, and counts what is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, text

from cascade import follow
from cascade.clock import on
from models import journal
from models.errors import StaleError
from models.journal import Stamp
from models.queries import acting
from tests.worlds import TODAY, Office
from workflows.machine import Decision


def stamp(office: Office) -> Stamp:
    """Who acts in these tests."""
    return Stamp(at=on(TODAY).at, actor_id=office.who("p.sec").id, role="secretariat", unit_id=None)


def seen(conn: Connection, step: int) -> tuple[object, ...]:
    """All that a move could have changed: the step, its letter, the history."""
    return (
        *conn.execute(text(f"SELECT * FROM step WHERE id = {step}")).one(),
        *conn.execute(text("SELECT id, state, version, open_steps FROM letter")).all(),
        *conn.execute(text("SELECT count(*) FROM event")).one(),
    )


Spoil = Callable[[journal.Standing, Decision], tuple[journal.Standing, Decision]]
STALE: dict[str, Spoil] = {
    "seen before another act": lambda s, d: (s._replace(version=s.version - 1), d),
    "of a version that is yet to come": lambda s, d: (s._replace(version=s.version + 1), d),
    "in another state than it is": lambda s, _: (s, Decision("draft", "acknowledged", "drafting")),
    "that is not there": lambda s, d: (s._replace(id=s.id + 999), d),
}


@pytest.mark.parametrize("spoil", STALE.values(), ids=STALE)
def test_a_step_is_not_moved_nor_written_down(office: Office, spoil: Spoil) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    standing, decision = spoil(
        follow.standing(office.row(step)), Decision("acknowledge", "sent", "acknowledged")
    )
    with office.db.write() as conn:
        before = seen(conn, step)
        with pytest.raises(StaleError) as told:
            journal.move_step(conn, standing, decision, stamp(office))
        assert seen(conn, step) == before
    assert (told.value.kind, told.value.row_id) == ("step", standing.id)
    assert told.value.seen == standing.version


@pytest.mark.parametrize(
    ("version", "state"), [(1, "issued"), (3, "issued"), (2, "draft")], ids=["old", "new", "state"]
)
def test_a_letter_that_moved_on_is_not_moved(office: Office, version: int, state: str) -> None:
    letter = office.letter("P", owe=["A"])
    decision = Decision("withdraw", state, "withdrawn")
    with office.db.write() as conn:
        before = seen(conn, office.step(letter, "A"))
        with pytest.raises(StaleError):
            journal.move_letter(conn, letter, version, decision, stamp(office))
        assert seen(conn, office.step(letter, "A")) == before


def test_a_move_writes_who_did_what_when_and_why(office: Office) -> None:
    letter = office.letter("P", owe=["A"])
    step = office.step(letter, "A")
    fired = office.fire(step, "refuse", "a.sec", note="Not ours.")
    with office.db.read() as conn:
        event = conn.execute(text(f"SELECT * FROM event WHERE seq = {fired.seq}")).mappings().one()
    assert dict(event) | {"at": None} == {
        "seq": fired.seq,
        "at": None,
        "actor_id": office.who("a.sec").id,
        "role": "secretariat",
        "unit_id": office.units["A"],
        "on_behalf_of_id": None,
        "letter_id": letter,
        "step_id": step,
        "trigger": "refuse",
        "source": "sent",
        "target": "refused",
        "note": "Not ours.",
        "until": None,
        "cause_seq": None,
        "data": None,
    }
    row = office.row(step)
    assert (row.state, row.version) == ("refused", 2)


def test_what_follows_by_itself_names_its_cause_and_gives_no_reason_of_its_own() -> None:
    asked = Stamp(on(TODAY).at, 7, "head", 3, note="why", until=date(2026, 9, 16), data={"a": 1})
    followed = asked.following(41)
    assert followed == replace(
        asked, role="itself", unit_id=None, note="", until=None, cause_seq=41, data=None
    )
    assert (followed.actor_id, followed.at) == (7, asked.at)


def counted(office: Office, letter: int) -> int:
    """The letter's count of open steps."""
    with office.db.read() as conn:
        return acting.letters(conn, [letter])[0].open_steps


def test_a_letter_counts_its_open_steps_as_they_end_and_open_again(office: Office) -> None:
    noise = office.letter("Q", owe=["QA"])
    letter = office.letter("A", tasks=[("1", "A1"), ("2", "A2")])
    first, second = office.step(letter, "A1", "1"), office.step(letter, "A2", "2")
    assert counted(office, letter) == 2
    office.report(first, "A1")
    assert counted(office, letter) == 2
    office.fire(first, "accept", "a.sec")
    assert counted(office, letter) == 1
    office.fire(second, "cancel", "a.sec", note="Not needed.")
    assert (counted(office, letter), office.letter_state(letter)) == (0, "fulfilled")
    office.fire(first, "reopen", "a.sec", note="It broke again.")
    assert (counted(office, letter), office.letter_state(letter)) == (1, "issued")
    assert counted(office, noise) == 1


def test_a_split_step_counts_its_parts_and_an_obligation_its_open_answers(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    obligation = office.step(directive, "A")
    assert office.row(obligation).open_children == 0
    answers = [office.letter("A", tasks=[("1", "A1")], implements=[directive]) for _ in range(2)]
    office.fire(obligation, "answer", "a.sec", answer=answers[1])
    assert office.row(obligation).open_children == 2
    for answer, left in zip(answers, (1, 0), strict=True):
        office.finish(office.step(answer, "A1", "1"), "A1", "A")
        assert office.row(obligation).open_children == left
    # The parts of a split step are counted on it, not on the letter.
    village = office.letter("P", tasks=[("1", "A")])
    step = office.step(village, "A", "1")
    office.fire(step, "split", "a.staff", units=(office.units["A1"], office.units["A2"]))
    assert (office.row(step).open_children, counted(office, village)) == (2, 1)


def test_a_new_letter_descends_from_itself_and_begins_its_history(office: Office) -> None:
    letter = office.draft("P", owe=["A"])
    with office.db.read() as conn:
        lines = conn.execute(text("SELECT above_id, below_id FROM letter_line")).all()
        events = conn.execute(text("SELECT trigger, source, target FROM event")).all()
    assert [tuple(line) for line in lines] == [(letter, letter)]
    assert [tuple(event) for event in events] == [("register", None, "draft")]
