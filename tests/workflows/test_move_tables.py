"""Each machine is the table written in tests.workflows.tables: these moves and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest

from tests.workflows.tables import (
    EVERYTHING,
    NAMED,
    NOTHING,
    PARTIES,
    ROWS,
    TURNS,
    Row,
    facts,
    ready,
)
from workflows.machine import Decision, StateMachine
from workflows.refusals import Refusal, TransitionRefused
from workflows.roles import Role, Side

STATES = [(machine, state) for machine in NAMED.values() for state in machine.states]
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.sentence for row in ROWS])
by_persons = [row for row in ROWS if row.who != "itself"]
every_persons_row = pytest.mark.parametrize(
    "row", by_persons, ids=[row.sentence for row in by_persons]
)
every_machine = pytest.mark.parametrize("machine", NAMED.values(), ids=NAMED)


def refused(machine: StateMachine[Any], trigger: str, given: Any) -> tuple[Refusal, ...]:
    """What stands against a move that must not be made."""
    with pytest.raises(TransitionRefused) as told:
        machine.decide(trigger, given)
    assert (told.value.machine, told.value.trigger) == (machine.name, trigger)
    assert told.value.state == given.state
    return told.value.refusals


@every_row
def test_a_move_of_the_table_leads_where_it_says(row: Row) -> None:
    decided = row.machine.decide(row.trigger, ready(row))
    assert decided == Decision(row.trigger, row.source, row.target)


@every_row
def test_whoever_comes_with_nothing_is_told_every_obstacle_at_once(row: Row) -> None:
    given = replace(facts(NOTHING, row), itself=False)
    assert tuple(r.code for r in refused(row.machine, row.trigger, given)) == row.told


@pytest.mark.parametrize(
    ("machine", "state"), STATES, ids=[f"{machine.name} {state}" for machine, state in STATES]
)
def test_a_move_that_is_not_in_the_table_is_refused(machine: StateMachine[Any], state: str) -> None:
    rows = [row for row in ROWS if (row.machine, row.source) == (machine, state)]
    possible = {row.trigger for row in rows if row.who != "itself"}
    elsewhere = {row.trigger for row in ROWS if row.machine is machine} - {r.trigger for r in rows}
    base = EVERYTHING["letter" if machine.name == "letter" else "step"]
    for itself in (False, True):
        given = replace(base, state=state, itself=itself)
        for trigger in sorted(elsewhere):
            (refusal,) = refused(machine, trigger, given)
            assert refusal.code == "not_from_here"
            assert refusal.data["trigger"] == trigger
            assert refusal.data["state"] == state
            assert set(refusal.data["possible"]) == possible  # type: ignore[call-overload]


@every_machine
def test_a_word_that_is_no_move_is_told_with_the_moves_there_are(
    machine: StateMachine[Any],
) -> None:
    base = EVERYTHING["letter" if machine.name == "letter" else "step"]
    given = replace(base, state=machine.initial[0])
    (refusal,) = refused(machine, "publish", given)
    known = {row.trigger for row in by_persons if row.machine is machine}
    assert refusal.code == "unknown_trigger"
    assert (set(machine.triggers()), machine.triggers()) == (known, refusal.data["known"])


def _posts() -> Iterator[tuple[str, Side, Role, bool]]:
    for who, (side, roles) in PARTIES.items():
        for at in Side:
            for role in Role:
                yield who, at, role, at is side and role in roles.split()


POSTS = list(_posts())


@pytest.mark.parametrize(
    ("who", "side", "role", "may"),
    POSTS,
    ids=[f"the {r} of the {s} {'is' if m else 'is no'} {w}" for w, s, r, m in POSTS],
)
def test_a_post_allows_just_the_moves_of_its_party(
    who: str, side: Side, role: Role, may: bool
) -> None:
    for row in (row for row in by_persons if row.who == who):
        given = ready(row, posts=frozenset({(side, role)}))
        if may:
            assert row.machine.decide(row.trigger, given).target == row.target
        else:
            (refusal,) = refused(row.machine, row.trigger, given)
            allowed = tuple(sorted(PARTIES[who][1].split()))
            assert refusal == Refusal("wrong_role", {"side": PARTIES[who][0], "roles": allowed})


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.who == "itself"],
    ids=[row.sentence for row in ROWS if row.who == "itself"],
)
def test_no_post_at_all_lets_a_person_ask_for_what_follows_by_itself(row: Row) -> None:
    given = replace(ready(row), itself=False)
    assert refused(row.machine, row.trigger, given) == (Refusal("only_by_itself"),)


@every_persons_row
def test_what_follows_from_above_needs_no_post(row: Row) -> None:
    given = replace(ready(row), posts=frozenset(), itself=True)
    assert row.machine.decide(row.trigger, given).target == row.target


@pytest.mark.parametrize(
    ("machine", "state"), STATES, ids=[f"{machine.name} {state}" for machine, state in STATES]
)
def test_the_options_are_the_moves_from_here_with_their_obstacles(
    machine: StateMachine[Any], state: str
) -> None:
    rows = [row for row in by_persons if (row.machine, row.source) == (machine, state)]
    bare = replace(NOTHING["letter" if machine.name == "letter" else "step"], state=state)
    told = {t: tuple(r.code for r in refusals) for t, refusals in machine.options(bare).items()}
    assert told == {row.trigger: row.told for row in rows}
    for row in rows:
        assert machine.options(ready(row))[row.trigger] == []


@every_machine
def test_each_state_says_whose_move_it_is(machine: StateMachine[Any]) -> None:
    written = {
        state: turn for turn, states in TURNS[machine.name].items() for state in states.split()
    }
    assert {state: str(turn) for state, turn in machine.states.items()} == written
    assert all(machine.is_open(state) == (turn != "nobody") for state, turn in written.items())


def _graph(machine: StateMachine[Any]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(machine.states)
    graph.add_edges_from((row.source, row.target) for row in ROWS if row.machine is machine)
    return graph


@every_machine
def test_every_state_can_be_reached(machine: StateMachine[Any]) -> None:
    graph = _graph(machine)
    reached = set(machine.initial).union(*(nx.descendants(graph, s) for s in machine.initial))
    assert reached == set(machine.states)


@every_machine
def test_every_open_state_can_still_end_by_the_acts_of_people(machine: StateMachine[Any]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(machine.states)
    graph.add_edges_from((row.source, row.target) for row in by_persons if row.machine is machine)
    ended = {state for state in machine.states if not machine.is_open(state)}
    stuck = [s for s in machine.states if s not in ended and not nx.descendants(graph, s) & ended]
    assert stuck == []
