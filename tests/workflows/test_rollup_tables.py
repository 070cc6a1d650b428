"""What follows by itself, as tables; nothing is fulfilled by silence."""

from __future__ import annotations

import pytest

from workflows.letter import LETTER, LetterState
from workflows.obligation import OBLIGATION, ObligationState
from workflows.rollup import is_open_child, letter_follows, obligation_follows


@pytest.mark.parametrize(
    ("state", "open_steps", "trigger"),
    [
        pytest.param("issued", 1, None, id="issued, one step still open"),
        pytest.param("issued", 0, "fulfil", id="issued, the last step ended"),
        pytest.param("fulfilled", 0, None, id="fulfilled already"),
        pytest.param("fulfilled", 1, "resume", id="fulfilled, a step opened again"),
        *[
            pytest.param(state, count, None, id=f"{state}, {count} open: nothing follows")
            for state in ("cited", "draft", "closed", "withdrawn", "superseded")
            for count in (0, 1)
        ],
    ],
)
def test_a_letter_follows_its_steps(state: str, open_steps: int, trigger: str | None) -> None:
    assert letter_follows(state, open_steps) == trigger
    if trigger:
        assert LETTER.find(trigger, state) is not None


@pytest.mark.parametrize(
    ("state", "open_children", "answers", "finished", "trigger"),
    [
        pytest.param("answered", 0, 1, 1, "fulfil", id="its one answer is finished"),
        pytest.param("answered", 0, 2, 2, "fulfil", id="both answers are finished"),
        pytest.param("answered", 0, 2, 1, None, id="one of two answers is finished"),
        pytest.param("answered", 1, 1, 1, None, id="a sub-step is open"),
        pytest.param("answered", 0, 1, 0, None, id="an answer that laid nothing is not finished"),
        pytest.param("answered", 0, 0, 0, "lose_answer", id="its only answer was withdrawn"),
        pytest.param("fulfilled", 0, 1, 1, None, id="fulfilled and it stays so"),
        pytest.param("fulfilled", 1, 1, 1, "resume", id="fulfilled, something below opened"),
        pytest.param("fulfilled", 0, 1, 0, "resume", id="fulfilled, its answer was reopened"),
        pytest.param("fulfilled", 0, 0, 0, "lose_answer", id="fulfilled, its answer withdrawn"),
        *[
            pytest.param(state, 0, answers, answers, None, id=f"{state}, {answers} answers: stays")
            for state in ObligationState
            if state not in ("answered", "fulfilled")
            for answers in (0, 1)
        ],
    ],
)
def test_an_obligation_follows_the_letters_that_answer_it(
    state: str, open_children: int, answers: int, finished: int, trigger: str | None
) -> None:
    found = obligation_follows(
        state, open_children=open_children, answers=answers, finished_answers=finished
    )
    assert found == trigger
    if trigger:
        assert OBLIGATION.find(trigger, state) is not None


@pytest.mark.parametrize("state", list(LetterState))
def test_only_an_issued_letter_with_open_steps_holds_its_obligation_open(state: str) -> None:
    assert is_open_child(state, 1) == (state == "issued")
    assert not is_open_child(state, 0)
