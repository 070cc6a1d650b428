"""Roll-up: what follows by itself, one level up, when something below has ended or opened again."""

from __future__ import annotations

from workflows.letter import LetterState
from workflows.obligation import ObligationState

# A finished letter is one whose duties are over; a withdrawn one answers nothing any more.
FINISHED = frozenset({LetterState.FULFILLED, LetterState.CLOSED})
ANSWERING = frozenset({LetterState.ISSUED, *FINISHED})


def letter_follows(state: str, open_steps: int) -> str | None:
    """The trigger a letter fires by itself once a step of its own ended or opened again.

    A letter that laid no step never comes here, so it is never fulfilled by silence.
    """
    if state == LetterState.ISSUED and open_steps == 0:
        return "fulfil"
    if state == LetterState.FULFILLED and open_steps > 0:
        return "resume"
    return None


def obligation_follows(
    state: str, *, open_children: int, answers: int, finished_answers: int
) -> str | None:
    """The trigger an obligation fires by itself once a letter answering it has moved.

    `answers` counts the letters that still answer it, `finished_answers` those among them whose
    duties are over.
    """
    if state in (ObligationState.ANSWERED, ObligationState.FULFILLED) and answers == 0:
        return "lose_answer"
    if state == ObligationState.ANSWERED and open_children == 0 and finished_answers == answers:
        return "fulfil"
    if state == ObligationState.FULFILLED and (open_children > 0 or finished_answers < answers):
        return "resume"
    return None


def is_open_child(state: str, open_steps: int) -> bool:
    """Whether an answering letter still holds its obligation open."""
    return state == LetterState.ISSUED and open_steps > 0
