"""Verifying: state equals the fold of events, counters and lines are true, files are whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import networkx as nx
from sqlalchemy import Connection

from cascade.store import FileStore
from models.queries import checking
from workflows.kinds import MACHINES
from workflows.letter import LETTER


def verify(conn: Connection, store: FileStore | None = None) -> list[str]:
    """Every fault found, in words; an empty list means the register is consistent."""
    found: list[str] = []
    for check in _CHECKS:
        found += check(conn)
    if store is not None:
        found += _files(conn, store)
    return found


def _fold(conn: Connection) -> Iterator[str]:
    """Replay every event: each must begin where the one before ended, and the last is the state."""
    states: dict[tuple[str, int], str] = {}
    for event in checking.events(conn):
        thing = ("letter", event.letter_id)
        if event.step_id is not None:
            thing = ("step", event.step_id)
        if event.actor_id is None:
            yield f"event {event.seq} has no actor"
        before = states.get(thing)
        if event.source != before:
            yield (
                f"event {event.seq}: {thing[0]} {thing[1]} moves from {event.source}, "
                f"but was {before}"
            )
        states[thing] = event.target
    steps = {("step", k): v[1] for k, v in checking.steps(conn).items()}
    letters = {("letter", k): v for k, v in checking.letters(conn).items()}
    for thing, state in {**steps, **letters}.items():
        folded = states.pop(thing, None)
        if folded != state:
            yield f"{thing[0]} {thing[1]} is {state}, but its events end at {folded}"
    for thing in states:
        yield f"{thing[0]} {thing[1]} has events, but is not there"


def _states(conn: Connection) -> Iterator[str]:
    for step_id, (kind, state, turn) in checking.steps(conn).items():
        machine = MACHINES[kind]
        if state not in machine.states:
            yield f"step {step_id}: {state} is no {kind} state"
        elif machine.turn(state) != turn:
            yield f"step {step_id} is {state}, so its turn cannot be {turn}"
    for step_id, turn in checking.misplaced_steps(conn):
        yield f"step {step_id} has turn {turn}, but another unit is to act"
    for letter_id, state in checking.letters(conn).items():
        if state not in LETTER.states:
            yield f"letter {letter_id}: {state} is no state of a letter"


def _counters(conn: Connection) -> Iterator[str]:
    for letter_id, counted, real in checking.miscounted_letters(conn):
        yield f"letter {letter_id} counts {counted} open steps, there are {real}"
    for step_id, counted, real in checking.miscounted_steps(conn):
        yield f"step {step_id} counts {counted} open below it, there are {real}"


def _lines(conn: Connection) -> Iterator[str]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(checking.letters(conn))
    graph.add_edges_from(checking.links(conn))
    if not nx.is_directed_acyclic_graph(graph):
        circle = " → ".join(str(edge[0]) for edge in nx.find_cycle(graph))
        yield f"letters run in a circle: {circle}"
        return
    closure = nx.transitive_closure_dag(graph)
    wanted = {*closure.edges, *((node, node) for node in graph)}
    kept = checking.lines(conn)
    for above, below in sorted(wanted - kept):
        yield f"letter {below} descends from letter {above}, but no line says so"
    for above, below in sorted(kept - wanted):
        yield f"a line says that letter {below} descends from letter {above}; nothing else does"


def _files(conn: Connection, store: FileStore) -> Iterator[str]:
    for sha256, name in checking.files(conn):
        if not store.is_whole(sha256):
            yield f"the file {name} ({sha256[:12]}…) is missing or changed"


_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (_fold, _states, _counters, _lines)
