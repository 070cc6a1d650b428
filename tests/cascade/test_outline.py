"""The outline of a cascade says of every node what its graph says; a view leaves nothing out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cascade import graph, outline, viewing
from cascade.errors import CycleError, NotFoundError
from cascade.graph import Below, Cascade, Node
from cascade.outline import Outline
from cascade.viewing import ROWS, WIDTH, Wish
from models.queries.outline import OutlineRows, OutlineStepRow
from tests.cascade.test_folding import AHEAD, LATE, Garden, cascades
from tests.worlds import TODAY, Office


def outlined(cascade: Cascade) -> Outline:
    """The outline of everything below a cascade's first top."""
    top = cascade.tops[0]
    below = {top} | nx.descendants(cascade.graph, top)
    answers = [edge for edge in cascade.graph.edges if {*edge} <= below and edge[0][0] == "step"]
    rows = OutlineRows(
        {n: cascade.letters[n].state for kind, n in sorted(below) if kind == "letter"},
        [
            OutlineStepRow(s.id, s.letter_id, s.parent_id, s.kind, s.unit_id, s.turn, s.due)
            for kind, n in sorted(below)
            if kind == "step" and (s := cascade.steps[n])
        ],
        [(upper[1], lower[1]) for upper, lower in answers if lower[0] == "letter"],
        [],
    )
    found = outline.build(top, cascade.today, rows)
    assert found is not None
    return found


@given(cascades())
def test_counts_below_and_missing_letters_are_those_of_the_graph(cascade: Cascade) -> None:
    found = outlined(cascade)
    for node in {found.top} | nx.descendants(cascade.graph, found.top):
        assert found.below(node) == cascade.below(node)
        assert set(found.children(node)) == set(cascade.children(node))
        if node[0] == "step":
            assert found.is_missing(node[1]) == cascade.is_missing(cascade.steps[node[1]])


@given(cascades())
def test_the_worst_is_the_longest_overdue_or_else_what_is_due_first(cascade: Cascade) -> None:
    found = outlined(cascade)
    for node in {found.top} | nx.descendants(cascade.graph, found.top):
        below = {node} | nx.descendants(cascade.graph, node)
        steps = [cascade.steps[n] for kind, n in below if kind == "step"]
        left = [step.due for step in steps if step.turn != "nobody"]
        worst = found.worst(node)
        assert (worst is None) == (not left)
        if worst is not None:
            assert cascade.steps[worst.step].due == min(day for day in left if day)
            assert ("step", worst.step) in below


@given(cascades(), st.sets(st.integers(1, 20), max_size=5), st.sampled_from([None, 1, 2]))
def test_whatever_is_opened_and_shut_every_step_is_shown_or_counted(
    cascade: Cascade, picked: set[int], depth: int | None
) -> None:
    found = outlined(cascade)
    nodes = sorted({found.top} | nx.descendants(cascade.graph, found.top))
    some = [nodes[n % len(nodes)] for n in picked]
    opened, shut = some[::2], some[1::2]
    seen = viewing.view(found, Wish(dict.fromkeys(opened), frozenset(shut), depth))
    assert found.top in seen.shown
    hidden = set(nodes) - seen.shown
    under: set[Node] = set()
    for node, apart in seen.apart.items():
        assert apart == [child for child in found.children(node) if child in hidden]
        branches = {n for child in apart for n in {child} | nx.descendants(cascade.graph, child)}
        folded = [cascade.steps[n] for kind, n in branches & hidden if kind == "step"]
        assert seen.hidden[node] == Below(
            len(folded),
            sum(step.turn == "nobody" for step in folded),
            sum(cascade.lateness(step) == "overdue" for step in folded),
        )
        under |= branches
    assert hidden <= under
    for node in opened:
        if node in seen.shown and node not in shut:
            assert set(found.children(node)) <= seen.shown


@given(cascades())
def test_unasked_a_finished_branch_is_folded_and_the_worst_is_shown(cascade: Cascade) -> None:
    found = outlined(cascade)
    seen = viewing.view(found, Wish())
    worst = found.worst(found.top)
    assert worst is None or ("step", worst.step) in seen.shown
    for apart in seen.apart.values():
        counts = [found.below(node) for node in apart]
        assert all(count.steps == count.ended for count in counts)


def wide(steps: int) -> tuple[Garden, Node]:
    """A directive with so many steps, of which every seventh is overdue and every third done."""
    garden = Garden()
    top = garden.letter()
    for number in range(steps):
        garden.step(top, "overdue" if number % 7 == 0 else "done" if number % 3 == 0 else "working")
    return garden, top


def test_of_thousands_of_children_the_most_urgent_are_shown_and_all_are_reached_by_key() -> None:
    garden, top = wide(3400)
    found = outlined(garden.cascade(top))
    seen = viewing.view(found, Wish())
    assert len(seen.shown) == 1 + WIDTH
    assert all(garden.steps[n].due == LATE for kind, n in seen.shown if kind == "step")
    met = list(found.children(top)[:WIDTH])
    while True:
        more = viewing.fragment(found, top, found.place(met[-1]))
        met += more.tops
        assert len(more.shown) <= WIDTH
        if top not in more.hidden:
            break
    assert met == found.children(top)
    assert len(set(met)) == 3400
    ranks = [found.place(node).rank for node in met]
    assert ranks == sorted(ranks)


def test_a_view_of_ten_thousand_has_a_fixed_number_of_rows_and_can_be_drawn() -> None:
    garden = Garden()
    top = garden.letter()
    for _ in range(20):
        letter = garden.letter(garden.step(top))
        for number in range(20):
            below = garden.letter(garden.step(letter, "overdue" if number == 3 else "working"))
            for _ in range(25):
                garden.step(below)
    found = outlined(garden.cascade(top))
    for depth in (None, 1, 2, 3):
        seen = viewing.view(found, Wish(depth=depth))
        assert len(seen.shown) <= ROWS
        assert len(seen.shown) + len(seen.hidden) <= 300
    letters = [node for node in found.generations if node[0] == "letter"]
    opened = viewing.view(found, Wish(dict.fromkeys(letters[1:40])))
    assert len(opened.shown) > 300
    drawn = viewing.trim(found, opened, 300)
    assert len(drawn.shown) + len(drawn.hidden) <= 300
    assert drawn.shown < opened.shown
    whole = found.below(top).steps
    shown = sum(kind == "step" for kind, _ in drawn.shown)
    assert shown + sum(counts.steps for counts in drawn.hidden.values()) == whole


def test_one_unit_is_shown_with_two_levels_above_and_below() -> None:
    garden = Garden()
    top = garden.letter()
    city = garden.step(top)
    letter = garden.letter(city)
    ward = garden.step(letter)
    mine = garden.letter(ward)
    village = garden.step(mine)
    deeper = garden.step(garden.letter(village))
    other = garden.step(top)
    garden.steps[ward[1]] = garden.steps[ward[1]]._replace(unit_id=9)
    found = outlined(garden.cascade(top))
    seen = viewing.view(found, Wish(unit=9))
    assert seen.shown == {city, letter, ward, mine, village}
    assert seen.tops == [city]
    assert deeper not in seen.shown
    assert other not in seen.shown
    assert viewing.view(found, Wish(unit=77)).shown == set()


LATER = LATE - timedelta(days=9)
OPEN, ANSWERED, DONE = ("open", "lead"), ("answered", "accepter"), ("accepted", "nobody")
REPORTED = ("reported", "accepter")
BLOCKED: dict[str, tuple[list[tuple[str, str, date | None]], list[int]]] = {
    # How each step stands, in the order they hang under one another, and which of them block.
    "nothing is open": ([(*DONE, LATE), (*DONE, LATE)], []),
    "the deeper is overdue": ([(*ANSWERED, AHEAD), (*OPEN, LATE)], [1]),
    "a duty answered waits for what is below": ([(*ANSWERED, LATE), (*OPEN, AHEAD)], [1]),
    "answered, all below done: to be accepted": ([(*ANSWERED, AHEAD), (*DONE, LATE)], [0]),
    "both overdue, the upper for longer": ([(*OPEN, LATER), (*OPEN, LATE)], [0, 1]),
    "both overdue, the lower for longer": ([(*OPEN, LATE), (*OPEN, LATER)], [1, 0]),
    "overdue before due first": ([(*OPEN, AHEAD), ("refused", "issuer", LATE)], [1, 0]),
    "overdue before what waits for longer": ([(*OPEN, LATE), (*REPORTED, LATER)], [0, 1]),
    "what is paused comes last": ([("suspended", "paused", LATE), (*OPEN, AHEAD)], [1, 0]),
    "no due date comes last": ([(*OPEN, None), (*OPEN, AHEAD)], [1, 0]),
}


@pytest.mark.parametrize(("steps", "blocking"), BLOCKED.values(), ids=list(BLOCKED))
def test_what_blocks_a_cascade(
    steps: list[tuple[str, str, date | None]], blocking: list[int]
) -> None:
    garden = Garden()
    top = garden.letter()
    above, laid = top, []
    for state, turn, due in steps:
        node = garden.step(above)
        row = garden.steps[node[1]]
        garden.steps[node[1]] = row._replace(state=state, turn=turn, due=due)
        laid.append(node)
        above = garden.letter(node)
    found = outlined(garden.cascade(top))
    assert found.blockers(3) == [laid[n] for n in blocking]
    for n in blocking:
        way = found.way(laid[n])
        assert way[0] == top
        assert way[-1] == laid[n]
        assert all(lower in found.children(upper) for upper, lower in pairwise(way))
    worst = found.worst(top)
    assert (worst and ("step", worst.step)) == (laid[blocking[0]] if blocking else None)


def test_of_two_due_on_one_day_the_deeper_is_the_worst() -> None:
    garden = Garden()
    top = garden.letter()
    upper = garden.step(top, "overdue")
    lower = garden.step(garden.letter(upper), "overdue")
    worst = outlined(garden.cascade(top)).worst(top)
    assert worst is not None
    assert ("step", worst.step) == lower


def test_a_real_cascade_has_the_outline_of_its_graph(office: Office) -> None:
    top = office.letter("P", owe=["A", "B"], tasks=[("1", "C")])
    one = office.letter("A", owe=["AW"], implements=[top])
    two = office.letter("B", owe=["AW"], implements=[top], due=TODAY)
    office.letter("AW", tasks=[("1", "AW1")], implements=[one, two])
    office.letter("QA", tasks=[("1", "QA1")], implements=[top])  # unasked
    office.letter("Q", owe=["QA"])  # of another cascade
    whole_task = office.letter("P", tasks=[("1", "A")])
    parts = (office.units["A1"], office.units["A2"])
    office.fire(office.step(whole_task, "A", "1"), "split", "a.head", units=parts)
    with office.db.read() as conn:
        for letter in (top, one, two, whole_task):
            found, whole = outline.down(conn, letter, TODAY), graph.down(conn, letter, TODAY)
            for node in whole.graph:
                assert found.below(node) == whole.below(node)
                assert set(found.children(node)) == set(whole.children(node))
            assert found.missing == len(whole.missing())


def test_a_circle_is_refused_and_an_unknown_letter_not_found(office: Office) -> None:
    top = office.letter("P", owe=["A"])
    below = office.letter("A", owe=["AW"], implements=[top])
    back = {"step": office.step(below, "AW"), "letter": below}
    with office.db.write() as conn:
        conn.execute(text("INSERT INTO answer (step_id, letter_id) VALUES (:step, :letter)"), back)
    with office.db.read() as conn:
        with pytest.raises(CycleError):
            outline.down(conn, top, TODAY)
        with pytest.raises(NotFoundError, match="letter 9999"):
            outline.down(conn, 9999, TODAY)
