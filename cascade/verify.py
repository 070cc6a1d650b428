"""Verifying: state is the fold of events, the history as sealed; counters, lines, files true."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

import networkx as nx
from sqlalchemy import Connection

from cascade.history_check import HistoryCheck
from cascade.store import FileStore
from models.queries import checking, series
from workflows.kinds import MACHINES
from workflows.letter import LETTER


def verify(
    conn: Connection, store: FileStore | None = None, history: HistoryCheck | None = None
) -> list[str]:
    """Every fault found, in words; an empty list means the register is consistent.

    The history is held against the checkpoints of `history`; without any, only against itself.
    """
    found: list[str] = []
    for check in _CHECKS:
        found += check(conn)
    found += (history or HistoryCheck()).faults(conn)
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


def _evidence(conn: Connection) -> Iterator[str]:
    """What lies there as evidence is what the sealed report says was shown."""
    for seq, rows in groupby(checking.shown(conn), lambda row: row.seq):
        shown = list(rows)
        told = _parsed(shown[0].data)
        for name, found in (
            ("files", [row.sha256 for row in shown if row.sha256]),
            ("letters", [row.letter_id for row in shown if row.letter_id]),
        ):
            said = told.get(name)
            # Reports from before this was written down say nothing.
            if isinstance(said, list) and Counter(said) != Counter(found):
                yield f"the evidence of event {seq} is not what it showed ({name})"


def _series(conn: Connection) -> Iterator[str]:
    for letter_id, series_id in series.premature(conn):
        yield f"letter {letter_id} is fulfilled, but its recurring duty {series_id} goes on"
    for step_id, series_id in series.astray(conn):
        yield f"step {step_id} is one time of recurring duty {series_id}, which is not there"


def _parsed(data: str) -> dict[str, object]:
    try:
        told = json.loads(data)
    except ValueError:
        return {}  # not what was sealed, as the history will tell
    return told if isinstance(told, dict) else {}


def _files(conn: Connection, store: FileStore) -> Iterator[str]:
    for sha256, name in checking.files(conn):
        if not store.is_whole(sha256):
            yield f"the file {name} ({sha256[:12]}…) is missing or changed"


_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _fold,
    _states,
    _counters,
    _lines,
    _evidence,
    _series,
)
