"""The cascade as a graph: what lies below and above, each once, and never a circle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from cascade import graph
from cascade.acts import Ref
from cascade.errors import CycleError, NotFoundError
from cascade.graph import Below, Cascade, Node
from models import organisation
from models.base import FOREVER
from models.queries import tracing
from tests.worlds import SINCE, TODAY, Office

LATE = TODAY - timedelta(days=3)
PAST = TODAY - timedelta(days=30)


class Storm:
    """P's directive to A, B and S; A answers it, AW answers A; B and C have not; Q is noise.

    p ── A ── a ── A1, A2 (done), AW ── w ── AW1
      ├─ B
      └─ S
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        noise = office.letter("Q", owe=["QA"])
        office.letter("QA", tasks=[("1", "QA1")], implements=[noise])
        self.p = office.letter("P", owe=["A", "B"], tasks=[("2", "S")])
        self.a = office.letter(
            "A", owe=["AW"], tasks=[("1", "A1"), ("2", "A2")], implements=[self.p]
        )
        self.w = office.letter(
            "AW", tasks=[("1", "AW1")], implements=[self.a], dated=PAST, due=LATE
        )
        office.finish(self.step(self.a, "A2", "2"), "A2", "A")

    def step(self, letter: int, unit: str, no: str = "") -> int:
        return self.office.step(letter, unit, no)

    def down(self, letter: int) -> Cascade:
        with self.office.db.read() as conn:
            return graph.down(conn, letter, TODAY)

    def up(self, ref: Ref) -> Cascade:
        with self.office.db.read() as conn:
            return graph.up(conn, ref, TODAY)


@pytest.fixture
def storm(office: Office) -> Storm:
    return Storm(office)


def edges(cascade: Cascade) -> set[tuple[Node, Node, str]]:
    return {(a, b, data["kind"]) for a, b, data in cascade.graph.edges(data=True)}


def test_below_a_letter_stand_every_letter_step_and_answer_and_nothing_of_q(storm: Storm) -> None:
    p, a, w = storm.p, storm.a, storm.w
    obligation, ward = storm.step(p, "A"), storm.step(a, "AW")
    assert edges(storm.down(p)) == {
        (("letter", p), ("step", obligation), "sets"),
        (("letter", p), ("step", storm.step(p, "B")), "sets"),
        (("letter", p), ("step", storm.step(p, "S", "2")), "sets"),
        (("step", obligation), ("letter", a), "answers"),
        (("letter", a), ("step", ward), "sets"),
        (("letter", a), ("step", storm.step(a, "A1", "1")), "sets"),
        (("letter", a), ("step", storm.step(a, "A2", "2")), "sets"),
        (("step", ward), ("letter", w), "answers"),
        (("letter", w), ("step", storm.step(w, "AW1", "1")), "sets"),
    }


def test_counts_tell_steps_ended_and_overdue_below_each_node(storm: Storm) -> None:
    found = storm.down(storm.p)
    assert {node: found.below(node) for node in found.graph if node[0] == "letter"} == {
        ("letter", storm.p): Below(steps=7, ended=1, overdue=1),
        ("letter", storm.a): Below(steps=4, ended=1, overdue=1),
        ("letter", storm.w): Below(steps=1, ended=0, overdue=1),
    }
    assert found.below(("step", storm.step(storm.p, "A"))) == Below(4, 1, 1)
    assert found.below(("step", storm.step(storm.p, "B"))) == Below(0, 0, 0)


def test_letters_that_are_expected_and_not_there(storm: Storm) -> None:
    assert [step.unit for step in storm.down(storm.p).missing()] == ["B"]
    storm.office.fire(
        storm.step(storm.p, "B"), "return_nil", "b.sec", note="Nothing of this concerns us."
    )
    assert storm.down(storm.p).missing() == []


def test_seen_from_below_no_letter_is_called_missing(storm: Storm) -> None:
    """An obligation returned after its answer has that answer, though the way up shows none."""
    obligation = storm.step(storm.p, "A")
    storm.office.fire(obligation, "return", "p.sec", note="Name the wards.")
    assert storm.down(storm.p).missing() == [storm.down(storm.p).steps[storm.step(storm.p, "B")]]
    assert storm.up(Ref("step", obligation)).missing() == []


def joined(office: Office) -> tuple[int, int, int, int]:
    """The top, two letters of A and B below it, and AW's one letter that answers both."""
    top = office.letter("P", owe=["A", "B"])
    one = office.letter("A", owe=["AW"], implements=[top])
    two = office.letter("B", owe=["AW"], implements=[top])
    both = office.letter("AW", tasks=[("1", "AW1")], implements=[one, two])
    return top, one, two, both


def test_a_step_reached_by_two_ways_counts_once(office: Office) -> None:
    top, one, two, both = joined(office)
    with office.db.read() as conn:
        found = graph.down(conn, top, TODAY)
    assert found.graph.in_degree(("letter", both)) == 2
    assert found.below(("letter", top)).steps == 5
    assert [found.below(("letter", letter)).steps for letter in (one, two)] == [2, 2]


def test_a_walk_enters_a_shared_letter_once(office: Office) -> None:
    top, _, _, both = joined(office)
    with office.db.read() as conn:
        walked = list(graph.down(conn, top, TODAY).walk())
    met = [(depth, again) for depth, node, again in walked if node == ("letter", both)]
    assert met == [(4, False), (4, True)]
    task = ("step", office.step(both, "AW1", "1"))
    assert [depth for depth, node, _ in walked if node == task] == [5]
    assert len([node for _, node, again in walked if not again]) == 9


def test_one_answer_to_two_directives_has_both_as_sources(office: Office) -> None:
    one, other = (office.letter("P", owe=["A"]) for _ in range(2))
    office.letter("P", owe=["A"])  # noise: answered by nobody
    answer = office.letter("A", tasks=[("1", "A1")], implements=[one, other])
    with office.db.read() as conn:
        found = graph.up(conn, Ref("step", office.step(answer, "A1", "1")), TODAY)
    assert sorted(found.tops) == [("letter", one), ("letter", other)]
    assert found.letters.keys() == {one, other, answer}


def test_a_letter_that_was_not_asked_hangs_directly_under_the_one_it_implements(
    office: Office,
) -> None:
    directive = office.letter("P", owe=["A"])
    eager = office.letter("B", tasks=[("1", "B1")], implements=[directive])
    with office.db.read() as conn:
        below = graph.down(conn, directive, TODAY)
        above = graph.up(conn, Ref("letter", eager), TODAY)
    link = (("letter", directive), ("letter", eager), "implements")
    assert link in edges(below)
    assert edges(above) == {link}
    assert below.below(("letter", directive)).steps == 2
    assert [step.unit for step in below.missing()] == ["A"]


def test_the_parts_of_a_split_hang_under_their_step(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    whole = office.step(letter, "A", "1")
    parts = (office.units["A1"], office.units["A2"])
    office.fire(whole, "split", "a.head", units=parts)
    with office.db.read() as conn:
        found = graph.down(conn, letter, TODAY)
        part = found.children(("step", whole))[0]
        above = graph.up(conn, Ref("step", part[1]), TODAY)
    assert [found.steps[node[1]].unit for node in found.children(("step", whole))] == ["A1", "A2"]
    assert {kind for _, b, kind in edges(found) if b == part} == {"splits"}
    assert found.below(("step", whole)).steps == 2
    assert found.children(("letter", letter)) == [("step", whole)]
    assert edges(above) == {
        (("letter", letter), ("step", whole), "sets"),
        (("step", whole), part, "splits"),
    }


def test_from_every_step_and_letter_the_way_up_is_all_above_it_and_nothing_beside(
    storm: Storm,
) -> None:
    whole = storm.down(storm.p)
    for kind, node_id in whole.graph:
        found = storm.up(Ref(kind, node_id))
        way = {node for node in whole.graph if _leads(whole, node, (kind, node_id))}
        assert set(found.graph) == way, (kind, node_id)
        assert edges(found) == {edge for edge in edges(whole) if {edge[0], edge[1]} <= way}
        assert found.tops == [("letter", storm.p)]
        assert found.is_way_up


def _leads(cascade: Cascade, above: Node, below: Node) -> bool:
    waiting, seen = [below], {below}
    while waiting:
        for node in cascade.graph.predecessors(waiting.pop()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return above in seen


def test_a_letter_known_by_citation_only_stands_above(office: Office) -> None:
    answer = office.letter("A", tasks=[("1", "A1")], cites=[("P", "77")])
    with office.db.read() as conn:
        found = graph.up(conn, Ref("step", office.step(answer, "A1", "1")), TODAY)
    (top,) = found.tops
    assert graph.is_stub(found.letters[top[1]])
    assert (found.letters[top[1]].number, found.letters[top[1]].issuer_name) == ("77", "Body P")
    assert not graph.is_stub(found.letters[answer])


def test_an_obligation_comes_before_a_task_and_each_in_the_order_it_was_laid(
    office: Office,
) -> None:
    letter = office.letter("P", tasks=[("2", "S2"), ("1", "S")], owe=["B", "A"])
    with office.db.read() as conn:
        found = graph.down(conn, letter, TODAY)
    kinds = [found.steps[node[1]].kind for node in found.children(("letter", letter))]
    assert kinds == ["obligation", "obligation", "task", "task"]


@pytest.mark.parametrize(
    ("day", "name"), [(TODAY, "A"), (date(2027, 1, 1), "New A"), (date(2019, 1, 1), "A")]
)
def test_units_are_named_as_on_the_day(office: Office, day: date, name: str) -> None:
    letter = office.letter("P", owe=["A"])
    values = {"name_en": "A", "parent_id": office.units["P"], "level": "district"}
    ends, begins = date(2026, 12, 31), date(2027, 1, 1)
    with office.db.session() as session:
        for since, until, short in ((SINCE, ends, "A"), (begins, FOREVER, "New A")):
            period = {**values, "valid_to": until, "name": f"Body {short}", "short_name": short}
            organisation.put_period(session, office.units["A"], since, period)
    with office.db.read() as conn:
        (step,) = graph.down(conn, letter, day).steps.values()
    assert (step.unit, step.unit_code) == (name, "A")


def test_a_circle_planted_in_the_tables_is_refused_with_its_path(storm: Storm) -> None:
    back = {"step": storm.step(storm.w, "AW1", "1"), "letter": storm.a}
    with storm.office.db.write() as conn:
        conn.execute(text("INSERT INTO answer (step_id, letter_id) VALUES (:step, :letter)"), back)
    for letter in (storm.p, storm.a):
        with pytest.raises(CycleError) as refused:
            storm.down(letter)
        path = refused.value.path
        names = [named(storm, each) for each in (storm.a, storm.w)]
        assert path in ((*names, names[0]), (*names[::-1], names[1]))
        assert " → ".join(path) in str(refused.value)
    with pytest.raises(CycleError):
        storm.up(Ref("letter", storm.w))


def named(storm: Storm, letter: int) -> str:
    with storm.office.db.read() as conn:
        return tracing.identities(conn, [letter])[letter]


def test_steps_that_are_parts_of_one_another_are_refused_and_named(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "S"), ("2", "S2")])
    one, two = office.step(letter, "S", "1"), office.step(letter, "S2", "2")
    with office.db.write() as conn:
        for step, parent in ((one, two), (two, one)):
            values = {"step": step, "parent": parent}
            conn.execute(text("UPDATE step SET parent_id = :parent WHERE id = :step"), values)
    circle = f"step {one} → step {two} → step {one}|step {two} → step {one} → step {two}"
    with office.db.read() as conn:
        with pytest.raises(CycleError, match=circle):
            graph.down(conn, letter, TODAY)
        with pytest.raises(CycleError, match=circle):
            graph.up(conn, Ref("step", one), TODAY)


@pytest.mark.parametrize("ref", [Ref("letter", 9999), Ref("step", 9999)])
def test_what_is_not_there_is_not_found(office: Office, ref: Ref) -> None:
    office.letter("P", owe=["A"])
    with office.db.read() as conn, pytest.raises(NotFoundError) as missing:
        graph.up(conn, ref, TODAY)
    assert (missing.value.where, bool(missing.value.remedy)) == (str(ref), True)
    with office.db.read() as conn, pytest.raises(NotFoundError, match="letter 9999"):
        graph.down(conn, 9999, TODAY)
