"""What follows by itself: level by level up, with several answers, late letters and seals."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cascade.errors import MoveRefusedError
from cascade.verify import verify
from tests.worlds import Office
from workflows.facts import Fate

NOTE = {"note": "Because."}


def states(office: Office, *nodes: tuple[str, int]) -> list[str]:
    """The states of letters ("L", id) and steps ("S", id)."""
    return [office.letter_state(i) if kind == "L" else office.state(i) for kind, i in nodes]


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


def chain(office: Office) -> tuple[int, int, int]:
    """A directive of the province answered by a district, answered by a commune with one task."""
    top = office.letter("P", owe=["A"])
    middle = office.letter("A", owe=["AW"], implements=[top])
    bottom = office.letter("AW", tasks=[("1", "AW1")], implements=[middle])
    return top, middle, bottom


def test_accepting_the_last_task_fulfils_every_letter_above(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], implements=[directive])
    obligation = office.step(directive, "A")
    assert office.state(obligation) == "answered"

    office.finish(office.step(answer, "A1", "1"), "A1", "A")
    assert (office.letter_state(answer), office.state(obligation)) == ("issued", "answered")
    fired = office.finish(office.step(answer, "A2", "2"), "A2", "A")

    assert fired.followed == 3
    assert office.letter_state(answer) == "fulfilled"
    assert office.state(obligation) == "fulfilled"
    assert office.letter_state(directive) == "fulfilled"


def test_the_end_of_the_last_task_rolls_up_all_levels_and_back(office: Office) -> None:
    noise = office.letter("Q", owe=["QA"])
    top, middle, bottom = chain(office)
    task = office.step(bottom, "AW1", "1")
    line = [("L", bottom), ("S", office.step(middle, "AW")), ("L", middle)]
    line += [("S", office.step(top, "A")), ("L", top)]
    assert office.finish(task, "AW1", "AW").followed == 5
    assert states(office, *line) == ["fulfilled"] * 5
    assert office.fire(task, "reopen", "aw.sec", **NOTE).followed == 5
    assert states(office, *line) == ["issued", "answered", "issued", "answered", "issued"]
    assert office.letter_state(noise) == "issued"
    assert consistent(office)


def test_one_letter_answers_two_obligations(office: Office) -> None:
    first, second = office.letter("P", owe=["A"]), office.letter("P", owe=["A", "B"])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[first, second])
    owed = [("S", office.step(first, "A")), ("S", office.step(second, "A"))]
    assert states(office, *owed) == ["answered", "answered"]
    office.finish(office.step(answer, "A1", "1"), "A1", "A")
    assert states(office, *owed, ("L", first), ("L", second)) == [
        "fulfilled",
        "fulfilled",
        "fulfilled",
        "issued",
    ]
    assert consistent(office)


def test_several_answers_must_all_finish(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    obligation = office.step(directive, "A")
    answers = [office.letter("A", tasks=[("1", "A1")], implements=[directive]) for _ in range(2)]
    office.fire(obligation, "answer", "a.reg", answer=answers[1])
    office.finish(office.step(answers[0], "A1", "1"), "A1", "A")
    assert office.state(obligation) == "answered"
    office.finish(office.step(answers[1], "A1", "1"), "A1", "A")
    assert office.state(obligation) == "fulfilled"


def test_a_letter_that_lays_nothing_waits_for_a_person(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.letter("A", implements=[directive])
    assert states(office, ("L", answer), ("S", office.step(directive, "A"))) == [
        "issued",
        "answered",
    ]
    office.fire_letter(answer, "close", "a.sec")
    assert office.state(office.step(directive, "A")) == "fulfilled"


# -- letters that come late ----------------------------------------------------------------


def test_a_child_may_come_before_its_parent_is_on_file(office: Office) -> None:
    child = office.letter("A", tasks=[("1", "A1")], cites=[("P", "77")])
    with office.db.read() as conn:
        stub = conn.execute(text("SELECT id FROM letter WHERE state = 'cited'")).scalar_one()
    office.today = office.today.replace(day=20)
    parent = office.draft("P", owe=["A", "B"], number="77")
    assert parent == stub
    issued = office.issue(parent)
    assert issued.answered == 1
    obligation = office.step(parent, "A")
    assert states(office, ("S", obligation), ("S", office.step(parent, "B"))) == [
        "answered",
        "sent",
    ]
    # It was answered by whoever issued the child, on the day the duty was laid.
    assert office.row(obligation).reporter_id == office.who("a.sec").id
    office.finish(office.step(child, "A1", "1"), "A1", "A")
    assert office.state(obligation) == "fulfilled"
    assert consistent(office)


def test_a_finished_child_fulfils_a_parent_that_comes_late(office: Office) -> None:
    child = office.letter("A", tasks=[("1", "A1")], cites=[("P", "77")])
    office.finish(office.step(child, "A1", "1"), "A1", "A")
    parent = office.letter("P", owe=["A"], number="77")
    assert states(office, ("S", office.step(parent, "A")), ("L", parent)) == ["fulfilled"] * 2
    assert consistent(office)


# -- losing an answer ----------------------------------------------------------------------


@pytest.mark.parametrize("finished", [False, True])
def test_an_obligation_whose_only_answer_is_withdrawn_is_owed_again(
    office: Office, finished: bool
) -> None:
    top, middle, _ = chain(office)
    bottom = office.letter("AW", tasks=[("1", "AW1")])
    owed = office.step(middle, "AW")
    office.fire_letter(
        office.letter("A"), "amend", "a.reg", **NOTE
    )  # noise: another letter moves and nothing follows
    with office.db.read() as conn:
        answer = conn.execute(
            text("SELECT letter_id FROM answer WHERE step_id = :id"), {"id": owed}
        ).scalar_one()
    if finished:
        office.finish(office.step(answer, "AW1", "1"), "AW1", "AW")
        assert office.letter_state(top) == "fulfilled"
    office.fire_letter(answer, "withdraw", "aw.sec", fate=Fate.CANCEL, **NOTE)
    assert states(office, ("S", owed), ("L", middle), ("L", top), ("L", bottom)) == [
        "drafting",
        "issued",
        "issued",
        "issued",
    ]
    assert consistent(office)


def test_one_of_two_answers_withdrawn_leaves_the_other(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    obligation = office.step(directive, "A")
    kept = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    gone = office.letter("A", tasks=[("1", "A2")])
    office.fire(obligation, "answer", "a.reg", answer=gone)
    office.finish(office.step(kept, "A1", "1"), "A1", "A")
    office.fire_letter(gone, "withdraw", "a.sec", fate=Fate.CANCEL, **NOTE)
    assert office.state(obligation) == "fulfilled"
    assert consistent(office)


# -- what is sealed above ------------------------------------------------------------------


def sealed(office: Office, step: int, login: str) -> bool:
    """Whether reopening is refused because the level above has accepted."""
    with pytest.raises(MoveRefusedError) as told:
        office.fire(step, "reopen", login, **NOTE)
    return [refusal.code for refusal in told.value.refused.refusals] == ["sealed_above"]


def test_nothing_is_reopened_beneath_what_was_accepted(office: Office) -> None:
    top, middle, bottom = chain(office)
    task = office.step(bottom, "AW1", "1")
    office.finish(task, "AW1", "AW")
    office.fire(office.step(middle, "AW"), "accept", "a.sec")
    assert sealed(office, task, "aw.sec")
    office.fire(office.step(middle, "AW"), "reopen", "a.sec", **NOTE)
    office.fire(task, "reopen", "aw.sec", **NOTE)
    assert office.letter_state(top) == "issued"
    assert consistent(office)


def test_a_seal_two_levels_up_holds_too(office: Office) -> None:
    top, _, bottom = chain(office)
    task = office.step(bottom, "AW1", "1")
    office.finish(task, "AW1", "AW")
    office.fire(office.step(top, "A"), "accept", "p.sec")
    assert sealed(office, task, "aw.sec")


def test_a_closed_letter_seals_what_is_below_it(office: Office) -> None:
    top, _, bottom = chain(office)
    task = office.step(bottom, "AW1", "1")
    office.finish(task, "AW1", "AW")
    office.fire_letter(top, "close", "p.sec")
    assert sealed(office, task, "aw.sec")
    office.fire_letter(top, "reopen", "p.sec", **NOTE)
    office.fire(task, "reopen", "aw.sec", **NOTE)
    assert consistent(office)


def test_an_accepted_whole_seals_its_parts(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    whole = office.step(letter, "A", "1")
    office.fire(whole, "split", "a.staff", units=(office.units["A1"],))
    part = office.step(letter, "A1", "1")
    office.finish(part, "A1", "A")
    office.report(whole, "A")
    office.fire(whole, "accept", "p.sec")
    assert sealed(office, part, "a.sec")


def test_an_answer_is_not_withdrawn_beneath_what_was_accepted(office: Office) -> None:
    top, _, bottom = chain(office)
    office.finish(office.step(bottom, "AW1", "1"), "AW1", "AW")
    office.fire(office.step(top, "A"), "accept", "p.sec")
    with pytest.raises(MoveRefusedError) as told:
        office.fire_letter(bottom, "withdraw", "aw.sec", **NOTE)
    assert [refusal.code for refusal in told.value.refused.refusals] == ["sealed_above"]
