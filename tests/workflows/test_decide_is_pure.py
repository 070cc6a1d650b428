"""Whatever the facts, a decision is a move of the table or a refusal, and leaves no trace."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.diagrams import MACHINES
from workflows.facts import Fate, LetterFacts, StandIn, StepFacts
from workflows.labels import explain
from workflows.machine import Decision, StateMachine
from workflows.refusals import TransitionRefused
from workflows.roles import Role, Side

days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
maybe_days = st.none() | days
words = st.none() | st.text(max_size=5)
common: dict[str, st.SearchStrategy[Any]] = {
    "today": days,
    "actor_id": st.integers(1, 3),
    "posts": st.frozensets(st.tuples(st.sampled_from(list(Side)), st.sampled_from(list(Role)))),
    "stands_in": st.lists(
        st.builds(
            StandIn,
            st.sampled_from(list(Side)),
            st.sampled_from(list(Role)),
            st.integers(1, 3),
            st.none() | st.frozensets(st.sampled_from(["accept", "report", "issue"])),
        ),
        max_size=3,
    ).map(tuple),
    "itself": st.booleans(),
    "note": st.text(max_size=5),
    "open_children": st.integers(0, 3),
    "fate": st.none() | st.sampled_from(list(Fate)),
    "has_replacement": st.booleans(),
    "until": maybe_days,
    "is_sealed": st.booleans(),
    "ended_above": st.booleans(),
}
of_letters: dict[str, st.SearchStrategy[Any]] = {
    "has_issuer": st.booleans(),
    "number": words,
    "symbol": words,
    "dated": maybe_days,
    "dues": st.dictionaries(st.text(max_size=3), days, max_size=2),
    "unstaged": st.dictionaries(st.text(max_size=3), days, max_size=2),
    "latest": days,
    "series_running": st.integers(0, 2),
    "series_named": st.integers(0, 2),
    "made_ahead": st.integers(0, 2),
    "cycle": st.lists(st.text(max_size=3), max_size=3).map(tuple),
}
of_steps: dict[str, st.SearchStrategy[Any]] = {
    "reporter_id": st.none() | st.integers(1, 3),
    "reporter_for_id": st.none() | st.integers(1, 3),
    "evidence": st.integers(0, 2),
    "due": maybe_days,
    "extension_asked": st.booleans(),
    "has_answer": st.booleans(),
    "has_target": st.booleans(),
    "is_occurrence": st.booleans(),
}


@st.composite
def asked(draw: st.DrawFn) -> tuple[StateMachine[Any], str, Any]:
    """A machine, any trigger (its own, another's, nonsense), any facts."""
    machine: StateMachine[Any] = draw(st.sampled_from(MACHINES))
    triggers = sorted({move.trigger for one in MACHINES for move in one.moves})
    trigger = draw(st.sampled_from(triggers) | st.text(max_size=8))
    is_letter = machine.name == "letter"
    values = draw(
        st.fixed_dictionaries(
            {
                "state": st.sampled_from(sorted(machine.states)),
                **common,
                **(of_letters if is_letter else of_steps),
            }
        )
    )
    return machine, trigger, (LetterFacts if is_letter else StepFacts)(**values)


def outcome(machine: StateMachine[Any], trigger: str, facts: Any) -> object:
    """The decision, or every refusal."""
    try:
        return machine.decide(trigger, facts)
    except TransitionRefused as refused:
        return refused.refusals


@settings(max_examples=400)
@given(asked())
def test_a_decision_is_a_move_of_the_table_or_a_refusal_in_words(
    question: tuple[StateMachine[Any], str, Any],
) -> None:
    machine, trigger, facts = question
    found = outcome(machine, trigger, facts)
    move = machine.find(trigger, facts.state)
    if isinstance(found, Decision):
        assert move is not None
        target = facts.state if move.target is None else str(move.target)
        assert found == Decision(trigger, facts.state, target)
        assert move.obstacles(facts) == []
    else:
        assert isinstance(found, tuple)
        assert found
        assert all(explain(refusal, "vi") and explain(refusal, "en") for refusal in found)


@settings(max_examples=200)
@given(asked(), asked())
def test_a_decision_depends_on_nothing_but_its_facts(
    question: tuple[StateMachine[Any], str, Any], between: tuple[StateMachine[Any], str, Any]
) -> None:
    machine, trigger, facts = question
    before = {field.name: repr(getattr(facts, field.name)) for field in fields(facts)}
    first = outcome(machine, trigger, facts)
    outcome(*between)
    assert outcome(machine, trigger, facts) == first
    assert {field.name: repr(getattr(facts, field.name)) for field in fields(facts)} == before
