"""Tracing, folding, drawing and telling a cascade: every step once, nothing late hidden unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade import graph, words
from cascade.acts import Ref
from cascade.drawing.picture import NodeKind, Tone
from cascade.errors import CycleError, NotFoundError
from cascade.fold import fold
from cascade.graph import Below, Cascade, Node
from cascade.picture import draw, tone
from models.queries.tracing import LetterLineRow, StepLineRow
from tests.worlds import TODAY, Office
from workflows.facts import Fate
from workflows.kinds import MACHINES
from workflows.labels import STATES

NOTE = {"note": "Because."}


def down(office: Office, letter: int, days: int = 0) -> Cascade:
    """Everything below a letter, some days from now."""
    with office.db.read() as conn:
        return graph.down(conn, letter, TODAY + timedelta(days=days))


def up(office: Office, kind: Any, row: int) -> Cascade:
    """Everything above a letter or step."""
    with office.db.read() as conn:
        return graph.up(conn, Ref(kind, row), TODAY)


def diamond(office: Office) -> dict[str, int]:
    """A directive answered by A and B, both answered by one letter of AW, and a noise world."""
    office.letter("Q", owe=["QA"])
    top = office.letter("P", owe=["A", "B"])
    left = office.letter("A", owe=["AW"], tasks=[("1", "A1")], implements=[top])
    right = office.letter("B", owe=["AW"], implements=[top])
    shared = office.letter("AW", tasks=[("1", "AW1")], implements=[left, right], due=TODAY)
    return {"top": top, "left": left, "right": right, "shared": shared}


# -- tracing -------------------------------------------------------------------------------


def test_a_step_reached_by_two_ways_counts_once(office: Office) -> None:
    on = diamond(office)
    found = down(office, on["top"])
    assert len(found.letters) == 4
    assert len(found.steps) == 6
    assert found.below(("letter", on["top"])) == Below(steps=6, ended=0, overdue=0)
    assert found.below(("letter", on["left"])) == Below(3, 0, 0)
    assert found.below(("letter", on["shared"])) == Below(1, 0, 0)
    # The day after, the village is late: for each letter above, once.
    late = down(office, on["top"], days=1)
    assert late.below(("letter", on["top"])) == Below(6, 0, 1)
    office.finish(office.step(on["shared"], "AW1", "1"), "AW1", "AW")
    done = down(office, on["top"], days=1)
    assert done.below(("letter", on["top"])).ended == 4
    assert done.below(("letter", on["top"])).overdue == 0


def test_a_walk_meets_a_shared_letter_again_but_enters_it_once(office: Office) -> None:
    on = diamond(office)
    walked = list(down(office, on["top"]).walk())
    shared = [(depth, again) for depth, node, again in walked if node == ("letter", on["shared"])]
    assert shared == [(4, False), (4, True)]
    task = ("step", office.step(on["shared"], "AW1", "1"))
    assert [(depth, again) for depth, node, again in walked if node == task] == [(5, False)]
    assert [node for depth, node, _ in walked if depth == 0] == [("letter", on["top"])]


def test_the_way_up_from_any_step_reaches_every_source(office: Office) -> None:
    on = diamond(office)
    other = office.letter("P", owe=["B"])
    office.fire(office.step(other, "B"), "answer", "b.reg", answer=on["right"])
    for letter, unit, no in ((on["shared"], "AW1", "1"), (on["right"], "AW", "")):
        found = up(office, "step", office.step(letter, unit, no))
        tops = {node for node in found.tops if node[0] == "letter"}
        assert tops == {("letter", on["top"]), ("letter", other)}
        assert ("step", office.step(letter, unit, no)) in found.graph
    alone = up(office, "step", office.step(on["left"], "A1", "1"))
    assert alone.tops == [("letter", on["top"])]
    assert up(office, "letter", on["top"]).tops == [("letter", on["top"])]


def test_the_way_up_from_a_part_leads_through_its_whole(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    office.fire(office.step(letter, "A", "1"), "split", "a.staff", units=(office.units["AW"],))
    part = office.step(letter, "AW", "1")
    office.fire(part, "split", "aw.staff", units=(office.units["AW1"],))
    found = up(office, "step", office.step(letter, "AW1", "1"))
    walked = [node for _, node, _ in found.walk()]
    assert walked == [
        ("letter", letter),
        ("step", office.step(letter, "A", "1")),
        ("step", part),
        ("step", office.step(letter, "AW1", "1")),
    ]


def test_missing_letters_are_those_expected_and_not_there(office: Office) -> None:
    directive = office.letter("P", owe=["A", "B", "C"], tasks=[("1", "S")])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    office.fire(office.step(directive, "C"), "return_nil", "c.staff", **NOTE)
    assert [step.unit_code for step in down(office, directive).missing()] == ["B"]
    office.fire_letter(answer, "withdraw", "a.sec", fate=Fate.CANCEL, **NOTE)
    assert [step.unit_code for step in down(office, directive).missing()] == ["A", "B"]


def test_a_letter_that_implements_without_a_duty_hangs_on_the_letter(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    volunteer = office.letter("B", tasks=[("1", "B1")], implements=[directive])
    found = down(office, directive)
    assert ("letter", volunteer) in found.children(("letter", directive))
    assert found.below(("letter", directive)).steps == 2


@pytest.mark.parametrize("kind", ["letter", "step"])
def test_what_is_not_there_cannot_be_traced(office: Office, kind: str) -> None:
    with pytest.raises(NotFoundError):
        up(office, kind, 4711)
    with pytest.raises(NotFoundError):
        down(office, 4711)


# -- random cascades, without a database ---------------------------------------------------

DAY = date(2026, 9, 15)
LETTER = LetterLineRow(1, 1, "Body", "công văn", "1", "UBND", DAY, "Subject", "issued", 0)
STEP = StepLineRow(
    1, 1, None, "task", 1, "Unit", "U", 1, "1", "open", "lead", DAY + timedelta(3), DAY, None
)


@st.composite
def cascades(draw: st.DrawFn) -> Cascade:
    """Letters in order, each answering steps of earlier ones (so letters are shared)."""
    letters = [LETTER]
    steps: list[StepLineRow] = []
    edges: list[tuple[Node, int]] = []
    for number in range(draw(st.integers(1, 9))):
        letter = number + 1
        if letter > 1:
            letters.append(LETTER._replace(id=letter))
        for _ in range(draw(st.integers(0, 4))):
            kind = draw(st.sampled_from(["obligation", "task"]))
            state = draw(st.sampled_from(list(MACHINES[kind].states)))
            due = draw(st.none() | st.integers(-5, 5).map(lambda days: DAY + timedelta(days)))
            steps.append(
                STEP._replace(
                    id=len(steps) + 1,
                    letter_id=letter,
                    kind=kind,
                    state=state,
                    turn=str(MACHINES[kind].turn(state)),
                    due=due,
                    original_due=due,
                )
            )
        above = [step.id for step in steps if step.letter_id < letter]
        if above:
            chosen = draw(st.sets(st.sampled_from(above), max_size=3))
            edges += [(("step", step_id), letter) for step_id in sorted(chosen)]
        if letter > 1 and not any(to == letter for _, to in edges):
            edges.append((("letter", draw(st.integers(1, letter - 1))), letter))
    made: nx.DiGraph[Node] = nx.DiGraph()
    made.add_nodes_from(("letter", letter.id) for letter in letters)
    for step in steps:
        made.add_edge(("letter", step.letter_id), ("step", step.id), kind="sets")
    for source, letter in edges:
        made.add_edge(source, ("letter", letter), kind="answers")
    by_letter, by_step = {row.id: row for row in letters}, {row.id: row for row in steps}
    return Cascade([("letter", 1)], DAY, made, by_letter, by_step)


def reached(cascade: Cascade, node: Node) -> set[int]:
    """The steps below a node, found another way than by counting."""
    return {key for kind, key in nx.descendants(cascade.graph, node) if kind == "step"}


@given(cascades())
def test_counts_are_what_can_be_reached(cascade: Cascade) -> None:
    for node in cascade.graph:
        steps = [cascade.steps[key] for key in reached(cascade, node)]
        told = cascade.below(node)
        assert told.steps == len(steps)
        assert told.ended == sum(step.turn == "nobody" for step in steps)
        assert told.overdue == sum(cascade.lateness(step) == "overdue" for step in steps)


@given(cascades(), st.integers(1, 40), st.booleans())
def test_what_is_shown_and_what_is_hidden_is_everything(
    cascade: Cascade, limit: int, finished: bool
) -> None:
    view = fold(cascade, limit=limit, finished=finished)
    assert len(view.shown) <= limit
    assert cascade.tops[0] in view.shown
    shown = {key for kind, key in view.shown if kind == "step"}
    found = set(shown)
    for node in view.shown:
        apart = [child for child in cascade.children(node) if child not in view.shown]
        hidden: set[int] = set()
        for child in apart:
            hidden |= reached(cascade, child) | ({child[1]} if child[0] == "step" else set())
        hidden -= shown
        assert (node in view.hidden) == bool(apart)
        if apart:
            told = view.hidden[node]
            assert told.steps == len(hidden)
            assert told.overdue == sum(
                cascade.lateness(cascade.steps[key]) == "overdue" for key in hidden
            )
        found |= hidden
    assert found == set(cascade.steps)


@given(cascades(), st.integers(1, 40))
def test_folding_keeps_the_overdue_before_what_is_not(cascade: Cascade, limit: int) -> None:
    view = fold(cascade, limit=limit)

    def urgent(node: Node) -> bool:
        late = node[0] == "step" and cascade.lateness(cascade.steps[node[1]]) == "overdue"
        return bool(late or cascade.below(node).overdue)

    if any(told.overdue for told in view.hidden.values()):
        # Room ran out: then everything shown leads to something overdue.
        assert len(view.shown) == limit
        assert all(urgent(node) for node in view.shown)


@given(cascades(), st.one_of(st.none(), st.integers(1, 20)), st.sampled_from(["vi", "en"]))
def test_a_picture_has_one_node_for_each_shown(
    cascade: Cascade, limit: int | None, lang: Any
) -> None:
    picture = draw(cascade, lang=lang, limit=limit)
    keys = [node.key for node in picture.nodes]
    assert len(keys) == len(set(keys))
    markers = [node for node in picture.nodes if node.kind is NodeKind.folded]
    assert len(keys) - len(markers) <= (limit or len(cascade.graph))
    if limit is None:
        assert set(keys) == {f"{kind}-{key}" for kind, key in cascade.graph}
    assert {edge.target for edge in picture.edges} >= {marker.key for marker in markers}
    # Everything but the top hangs on something.
    assert {edge.target for edge in picture.edges} | {keys[0]} == set(keys)
    assert all(node.lines for node in picture.nodes)


def test_a_circle_on_file_is_named_not_followed(office: Office) -> None:
    from sqlalchemy import text

    first = office.letter("P", owe=["A"])
    second = office.letter("A", owe=["AW"], implements=[first])
    with office.db.write() as conn:
        conn.execute(
            text(
                "INSERT INTO citation (citing_id, cited_id, role, as_printed) "
                "VALUES (:first, :second, 'implements', '')"
            ),
            {"first": first, "second": second},
        )
    with pytest.raises(CycleError) as told:
        down(office, first)
    assert told.value.path[0] == told.value.path[-1]


# -- tones and words -----------------------------------------------------------------------

LATE = DAY - timedelta(4)
TONES = [
    ("task", "open", None, Tone.working),
    ("task", "open", LATE, Tone.late),
    ("task", "in_progress", None, Tone.working),
    ("task", "reported", LATE, Tone.waiting),
    ("task", "returned", None, Tone.returned),
    ("task", "returned", LATE, Tone.late),
    ("task", "declined", None, Tone.waiting),
    ("task", "declined", LATE, Tone.late),
    ("task", "suspended", LATE, Tone.neutral),
    ("task", "accepted", LATE, Tone.done),
    ("task", "cancelled", LATE, Tone.ended),
    ("task", "superseded", LATE, Tone.ended),
    ("task", "transferred", LATE, Tone.ended),
    ("obligation", "sent", None, Tone.missing),
    ("obligation", "drafting", None, Tone.missing),
    ("obligation", "drafting", LATE, Tone.late),
    ("obligation", "answered", LATE, Tone.waiting),
    ("obligation", "nil_returned", LATE, Tone.waiting),
    ("obligation", "returned", None, Tone.returned),
    ("obligation", "refused", None, Tone.waiting),
    ("obligation", "fulfilled", LATE, Tone.done),
    ("obligation", "accepted", LATE, Tone.done),
    ("obligation", "waived", LATE, Tone.ended),
]


def alone(kind: str, state: str, due: date | None) -> tuple[Cascade, StepLineRow]:
    """A cascade of one letter with one step."""
    turn = str(MACHINES[kind].turn(state))
    step = STEP._replace(kind=kind, state=state, turn=turn, due=due, original_due=due)
    made: nx.DiGraph[Node] = nx.DiGraph([(("letter", 1), ("step", 1))])
    return Cascade([("letter", 1)], DAY, made, {1: LETTER}, {1: step}), step


@pytest.mark.parametrize(("kind", "state", "due", "wanted"), TONES)
def test_a_tone_says_the_first_thing_to_see(
    kind: str, state: str, due: date | None, wanted: Tone
) -> None:
    cascade, step = alone(kind, state, due)
    assert tone(cascade, step) == wanted


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("vi", ["chưa thực hiện", "hạn 11/09/2026", "quá hạn 4 ngày", "gia hạn từ 05/09/2026"]),
        ("en", ["open", "due 11/09/2026", "4 days late", "extended from 05/09/2026"]),
    ],
)
def test_a_step_is_told_in_phrases(lang: Any, wanted: list[str]) -> None:
    cascade, step = alone("task", "open", LATE)
    step = step._replace(original_due=LATE - timedelta(6))
    assert words.step_state(cascade, step, lang) == wanted
    name = {"vi": "Unit, điểm 1", "en": "Unit, point 1"}[lang]
    assert words.step_name(step, lang) == name


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_missing_letter_and_a_stub_are_told(lang: Any) -> None:
    cascade, step = alone("obligation", "sent", None)
    assert words.step_state(cascade, step, lang)[1] in (
        "chưa có văn bản triển khai",
        "no letter yet",
    )
    stub = words.letter_state(LETTER._replace(state="cited"), lang)
    assert stub in ("chưa có trong sổ", "not on file")
    assert words.letter_state(LETTER, lang) == STATES["issued"].say(lang)


@pytest.mark.parametrize(
    ("counts", "vi", "en"),
    [
        (Below(0, 0, 0), "", ""),
        (Below(3, 1, 0), "1/3 đã xong", "1 of 3 ended"),
        (Below(3, 1, 2), "1/3 đã xong, 2 quá hạn", "1 of 3 ended, 2 overdue"),
    ],
)
def test_counts_in_a_phrase(counts: Below, vi: str, en: str) -> None:
    assert (words.below(counts, "vi"), words.below(counts, "en")) == (vi, en)


def test_whose_move_it_is_in_words() -> None:
    assert words.who_acts("lead", "A1", "A", "en") == "A1"
    assert words.who_acts("issuer", "A1", "A", "en") == "A (the issuer decides)"
    assert words.who_acts("accepter", "A1", "A", "vi") == "A (cơ quan giao nghiệm thu)"
    assert "laid by A" in words.standing("task", "open", "lead", "A1", "A", "en")


def test_the_way_up_tells_no_counts(office: Office) -> None:
    on = diamond(office)
    found = up(office, "step", office.step(on["shared"], "AW1", "1"))
    assert words.below_node(found, ("letter", on["top"]), "en") == ""
    assert words.below_node(down(office, on["top"]), ("letter", on["top"]), "en") == "0 of 6 ended"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_picture_has_title_day_and_legend_in_its_language(office: Office, lang: Any) -> None:
    picture = draw(down(office, diamond(office)["top"]), lang=lang)
    assert picture.lang == lang
    assert picture.title.startswith("công văn ")
    assert picture.as_of == {"vi": "tính đến ngày 15/09/2026", "en": "as of 15/09/2026"}[lang]
    assert "overdue" in {entry.word for entry in picture.legend} or lang == "vi"
    assert replace(picture, lang=lang) == picture
