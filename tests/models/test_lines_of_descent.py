"""Lines of descent: exact for a DAG, however it was joined and in whatever order."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import pytest
from sqlalchemy import text

from models import answers
from tests.worlds import Office

# (above, below) of letters by number.
LINKS = {
    "a chain": [(0, 1), (1, 2), (2, 3)],
    "two directives, one answer": [(0, 2), (1, 2), (2, 3)],
    "a diamond": [(0, 1), (0, 2), (1, 3), (2, 3)],
    "a short cut": [(0, 1), (1, 2), (0, 2)],
    "apart": [(0, 1), (2, 3)],
}
CASES = [
    pytest.param(links, order, id=f"{name}, joined in order {' '.join(map(str, order))}")
    for name, links in LINKS.items()
    for order in list(permutations(range(len(links))))[::5]
]


@pytest.mark.parametrize(("links", "order"), CASES)
def test_the_lines_are_the_closure_of_the_links(
    office: Office, links: list[tuple[int, int]], order: tuple[int, ...]
) -> None:
    letters = [office.draft("P") for _ in range(4)]
    with office.db.write() as conn:
        for at in (*order, *order):  # the second time each is known already
            above, below = links[at]
            answers.implement(conn, letters[above], letters[below])
        lines = conn.execute(text("SELECT above_id, below_id FROM letter_line")).all()
        graph: nx.DiGraph[int] = nx.DiGraph([(letters[a], letters[b]) for a, b in links])
        graph.add_nodes_from(letters)
        closure = nx.transitive_closure(graph, reflexive=True)
        assert sorted(tuple(line) for line in lines) == sorted(closure.edges)
        for above in letters:
            for below in letters:
                assert answers.descends(conn, above, below) == closure.has_edge(above, below)


def test_an_answer_is_recorded_once(office: Office) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    letter = office.letter("A")
    with office.db.write() as conn:
        assert [answers.answer(conn, step, letter) for _ in range(3)] == [True, False, False]
    assert office.count("answer") == 1


def test_a_citation_is_recorded_once_for_each_role(office: Office) -> None:
    citing, cited = office.draft("A"), office.draft("P")
    values: dict[str, object] = {
        "citing_id": citing,
        "cited_id": cited,
        "verb": None,
        "as_printed": "101/UBND-P",
        "span_start": 0,
        "span_end": 1,
    }
    with office.db.write() as conn:
        for role in ("basis", "basis", "mentions", "basis"):
            answers.cite(conn, values | {"role": role})
    assert office.count("citation") == 2
