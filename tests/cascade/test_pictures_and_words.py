"""A cascade as a picture and in words: every node once, every fact said, in both languages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import networkx as nx
import pytest

from cascade import graph, picture, words
from cascade.acts import Ref
from cascade.drawing.picture import EdgeKind, NodeKind, Tone
from cascade.drawing.render import Format, render
from cascade.graph import Below, Cascade, Node
from cascade.sample import world as worlds
from cascade.store import FileStore
from models.database import Database
from models.queries.tracing import LetterLineRow, StepLineRow
from tests.worlds import TODAY, Office
from workflows.kinds import MACHINES, StepKind
from workflows.labels import STATES, Lang

LATE, SOON, FAR = (TODAY + timedelta(days=days) for days in (-4, 3, 60))
LANGS: list[Lang] = ["vi", "en"]
LETTER = LetterLineRow(
    1, 1, "Body P", "công văn", "12", "UBND-NN", date(2026, 9, 1), "Storms & <floods>", "issued", 1
)


def alone(kind: str, state: str, *, due: date | None = FAR, **given: date | None) -> Cascade:
    """A letter that laid one step, which stands so."""
    turn = MACHINES[kind].turn(state)
    dates = {"original_due": due, "reported_on": None, **given}
    step = StepLineRow(1, 1, None, kind, 1, "Sở Y tế", "S", 2, "5.a", state, turn, due, **dates)
    tree: nx.DiGraph[Node] = nx.DiGraph()
    tree.add_edge(("letter", 1), ("step", 1), kind="sets")
    return Cascade([("letter", 1)], TODAY, tree, {1: LETTER}, {1: step})


@pytest.fixture
def busy(office: Office) -> Cascade:
    """P's directive: A answered by a split and a late task, B not; C implements it unasked."""
    directive = office.letter("P", owe=["A", "B"], tasks=[("3", "C")])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    office.letter("QA", tasks=[("1", "QA1")], implements=[directive])
    office.fire(
        office.step(directive, "C", "3"), "transfer", "p.sec", note="B does it.",
        units=[office.units["AW"]],
    )  # fmt: skip
    part = office.step(directive, "AW", "3")
    office.fire(part, "split", "aw.head", units=[office.units["AW1"]])
    office.finish(office.step(answer, "A1", "1"), "A1", "A")
    with office.db.read() as conn:
        return graph.down(conn, directive, TODAY)


def link(node: Node) -> str:
    return f"/{node[0]}s/{node[1]}"


@pytest.mark.parametrize("lang", LANGS)
def test_there_is_one_box_a_node_and_one_arrow_an_edge(busy: Cascade, lang: Lang) -> None:
    drawn = picture.draw(busy, lang=lang, link=link)
    assert sorted(box.key for box in drawn.nodes) == sorted(f"{k}-{n}" for k, n in busy.graph)
    assert {box.key: box.href for box in drawn.nodes} == {
        f"{node[0]}-{node[1]}": link(node) for node in busy.graph
    }
    assert len(drawn.edges) == busy.graph.number_of_edges()
    assert drawn.lang == lang
    assert all(box.lines and box.lines[0] for box in drawn.nodes)


def test_arrows_are_of_the_kind_of_their_edge(busy: Cascade) -> None:
    kinds = {(e.source, e.target): e.kind for e in picture.draw(busy).edges}
    wanted = {
        "sets": EdgeKind.sets,
        "answers": EdgeKind.answers,
        "splits": EdgeKind.splits,
        "implements": EdgeKind.answers,
    }
    edges = [(a, b, str(data["kind"])) for a, b, data in busy.graph.edges(data=True)]
    assert {kind for _, _, kind in edges} == set(wanted)
    for a, b, kind in edges:
        assert kinds[f"{a[0]}-{a[1]}", f"{b[0]}-{b[1]}"] is wanted[kind]


def test_a_folded_branch_is_one_more_box_with_its_counts(busy: Cascade) -> None:
    drawn = picture.draw(busy, lang="en", limit=1, link=link)
    top, more = drawn.nodes
    assert (more.key, more.kind, more.href) == (f"{top.key}-more", NodeKind.folded, top.href)
    below = busy.below(busy.tops[0])
    assert more.lines == (f"{below.steps} more", f"{below.ended} of {below.steps} ended")
    assert [(e.source, e.target, e.kind) for e in drawn.edges] == [
        (top.key, more.key, EdgeKind.sets)
    ]


def test_a_folded_branch_with_something_overdue_is_late() -> None:
    (_, more) = picture.draw(alone("task", "open", due=LATE), limit=1, lang="vi").nodes
    assert more.tone is Tone.late
    assert more.lines == ("thêm 1 việc", "0/1 đã xong, 1 quá hạn")
    (_, more) = picture.draw(alone("task", "open"), limit=1).nodes
    assert more.tone is Tone.folded


def test_a_picture_says_its_title_its_day_and_its_legend(busy: Cascade) -> None:
    top = busy.letters[busy.tops[0][1]]
    for lang, day in (("vi", "tính đến ngày 15/09/2026"), ("en", "as of 15/09/2026")):
        drawn = picture.draw(busy, lang=lang)  # type: ignore[arg-type]
        assert drawn.title == f"{words.letter_name(top)}: {top.subject}"
        assert drawn.as_of == day
    said = {lang: {e.mark: e.word for e in picture.draw(busy, lang=lang).legend} for lang in LANGS}
    assert said["vi"].keys() == said["en"].keys() >= {Tone.late, Tone.missing, Tone.done}
    assert not set(said["vi"].values()) & set(said["en"].values())


TONES = [
    ("task", "open", FAR, Tone.working),
    ("task", "open", TODAY, Tone.working),
    ("task", "open", None, Tone.working),
    ("task", "open", LATE, Tone.late),
    ("task", "in_progress", FAR, Tone.working),
    ("task", "reported", FAR, Tone.waiting),
    ("task", "reported", LATE, Tone.waiting),
    ("task", "nil_returned", FAR, Tone.waiting),
    ("task", "returned", FAR, Tone.returned),
    ("task", "returned", LATE, Tone.late),
    ("task", "declined", FAR, Tone.waiting),
    ("task", "declined", LATE, Tone.late),
    ("task", "suspended", LATE, Tone.neutral),
    ("task", "accepted", LATE, Tone.done),
    ("task", "cancelled", LATE, Tone.ended),
    ("task", "superseded", FAR, Tone.ended),
    ("task", "transferred", FAR, Tone.ended),
    ("obligation", "sent", FAR, Tone.missing),
    ("obligation", "sent", LATE, Tone.late),
    ("obligation", "acknowledged", FAR, Tone.missing),
    ("obligation", "drafting", FAR, Tone.missing),
    ("obligation", "returned", FAR, Tone.returned),
    ("obligation", "answered", LATE, Tone.waiting),
    ("obligation", "nil_returned", FAR, Tone.waiting),
    ("obligation", "refused", FAR, Tone.waiting),
    ("obligation", "refused", LATE, Tone.late),
    ("obligation", "fulfilled", LATE, Tone.done),
    ("obligation", "accepted", FAR, Tone.done),
    ("obligation", "waived", LATE, Tone.ended),
    ("obligation", "cancelled", FAR, Tone.ended),
    ("obligation", "superseded", FAR, Tone.ended),
    ("obligation", "transferred", FAR, Tone.ended),
]


@pytest.mark.parametrize(("kind", "state", "due", "tone"), TONES)
def test_the_tone_of_a_step(kind: str, state: str, due: date | None, tone: Tone) -> None:
    cascade = alone(kind, state, due=due)
    box = picture.draw(cascade).nodes[1]
    assert box.tone is tone
    missing = kind == "obligation" and MACHINES[kind].turn(state) == "lead"
    assert box.kind is (NodeKind.missing if missing else NodeKind(kind))


def test_the_table_of_tones_knows_every_state() -> None:
    assert {(kind, state) for kind, state, _, _ in TONES} == {
        (str(kind), str(state)) for kind in StepKind for state in MACHINES[kind].states
    }


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("cited", Tone.missing),
        ("draft", Tone.neutral),
        ("issued", Tone.working),
        ("fulfilled", Tone.done),
        ("closed", Tone.done),
        ("withdrawn", Tone.ended),
        ("superseded", Tone.ended),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_a_letter_says_its_name_issuer_state_and_counts(state: str, tone: Tone, lang: Lang) -> None:
    cascade = alone("task", "open")
    cascade.letters[1] = LETTER._replace(state=state)
    box = picture.draw(cascade, lang=lang).nodes[0]
    not_on_file = "not on file" if lang == "en" else "chưa có trong sổ"
    said = not_on_file if state == "cited" else STATES[state].say(lang)
    counts = "0 of 1 ended" if lang == "en" else "0/1 đã xong"
    assert box.lines == ("công văn 12/UBND-NN (01/09/2026)", "Body P", said, counts)
    assert (box.tone, box.tooltip, box.href) == (tone, "Storms & <floods>", None)


GRANTED = {"due": FAR, "original_due": SOON}


@pytest.mark.parametrize(
    ("kind", "state", "dates", "vi", "en"),
    [
        ("task", "open", {"due": None}, ["chưa thực hiện"], ["open"]),
        ("task", "open", {}, ["chưa thực hiện", "hạn 14/11/2026"], ["open", "due 14/11/2026"]),
        (
            "task", "open", {"due": SOON},
            ["chưa thực hiện", "hạn 18/09/2026", "sắp đến hạn"],
            ["open", "due 18/09/2026", "due soon"],
        ),
        (
            "task", "declined", {"due": LATE},
            ["không nhận", "hạn 11/09/2026", "quá hạn 4 ngày"],
            ["declined", "due 11/09/2026", "4 days late"],
        ),
        (
            "task", "accepted", {"due": LATE, "reported_on": TODAY},
            ["đã nghiệm thu", "hạn 11/09/2026", "trễ hạn"],
            ["accepted", "due 11/09/2026", "done late"],
        ),
        (
            "task", "reported", {"due": LATE, "reported_on": LATE},
            ["đã báo cáo, chờ nghiệm thu", "hạn 11/09/2026"],
            ["reported", "due 11/09/2026"],
        ),
        (
            "task", "in_progress", GRANTED,
            ["đang thực hiện", "hạn 14/11/2026", "gia hạn từ 18/09/2026"],
            ["in progress", "due 14/11/2026", "extended from 18/09/2026"],
        ),
        (
            "obligation", "sent", {"due": LATE},
            ["đã gửi", "chưa có văn bản triển khai", "hạn 11/09/2026", "quá hạn 4 ngày"],
            ["sent", "no letter yet", "due 11/09/2026", "4 days late"],
        ),
        (
            "obligation", "answered", {"due": LATE, "reported_on": LATE},
            ["đã có văn bản triển khai", "hạn 11/09/2026"],
            ["answered", "due 11/09/2026"],
        ),
        ("task", "suspended", {"due": LATE}, ["tạm dừng", "hạn 11/09/2026"],
         ["suspended", "due 11/09/2026"]),
    ],
)  # fmt: skip
def test_every_fact_about_a_step_is_said_in_both_languages(
    kind: str, state: str, dates: dict[str, date | None], vi: list[str], en: list[str]
) -> None:
    cascade = alone(kind, state, **dates)
    said: dict[Lang, list[str]] = {"vi": vi, "en": en}
    for lang, point in (("vi", "điểm 5.a"), ("en", "point 5.a")):
        wanted = said[lang]  # type: ignore[index]
        assert words.step_state(cascade, cascade.steps[1], lang) == wanted  # type: ignore[arg-type]
        box = picture.draw(cascade, lang=lang).nodes[1]  # type: ignore[arg-type]
        assert box.lines == (f"Sở Y tế, {point}", *wanted)


@pytest.mark.parametrize(
    ("counts", "vi", "en"),
    [
        (Below(0, 0, 0), "", ""),
        (Below(3, 1, 0), "1/3 đã xong", "1 of 3 ended"),
        (Below(3, 1, 2), "1/3 đã xong, 2 quá hạn", "1 of 3 ended, 2 overdue"),
    ],
)
def test_counts_in_words(counts: Below, vi: str, en: str) -> None:
    assert (words.below(counts, "vi"), words.below(counts, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("turn", "vi", "en"),
    [
        ("lead", "Sở Y tế", "Sở Y tế"),
        ("issuer", "UBND tỉnh (cơ quan giao quyết định)", "UBND tỉnh (the issuer decides)"),
        ("accepter", "UBND tỉnh (cơ quan giao nghiệm thu)", "UBND tỉnh (the issuer accepts)"),
    ],
)
def test_who_must_act(turn: str, vi: str, en: str) -> None:
    said = [words.who_acts(turn, "Sở Y tế", "UBND tỉnh", lang) for lang in LANGS]
    assert said == [vi, en]


def test_the_way_up_tells_no_counts_in_words_or_picture(office: Office) -> None:
    directive = office.letter("P", owe=["A", "B"])
    answer = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], implements=[directive])
    with office.db.read() as conn:
        up = graph.up(conn, Ref("step", office.step(answer, "A1", "1")), TODAY)
    assert words.below_node(up, ("letter", answer), "en") == ""
    drawn = picture.draw(up, lang="en")
    assert [line for box in drawn.nodes for line in box.lines if " ended" in line] == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cascade]:
    found = {}
    for name in worlds.NAMES:
        folder: Path = tmp_path_factory.mktemp(name)
        db = Database(f"sqlite:///{folder / 'cascade.db'}")
        world = worlds.build(db, FileStore(folder / "files"), name)
        with db.read() as conn:
            found[name] = graph.down(conn, world.top, world.day)
        db.dispose()
    return found


@pytest.mark.parametrize(
    ("fmt", "begins"),
    [("svg", b"<"), ("png", b"\x89PNG\r\n"), ("pdf", b"%PDF-"), ("dot", b"digraph")],
)
@pytest.mark.parametrize("name", worlds.NAMES)
def test_a_picture_of_every_sample_world_is_drawn(
    sample: dict[str, Cascade], name: str, fmt: Format, begins: bytes
) -> None:
    drawn = render(picture.draw(sample[name], lang="vi", limit=60, link=link), fmt)
    assert drawn.startswith(begins)
    assert len(drawn) > 1000


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("limit", [1, 10, 30, None])
def test_a_folded_sample_world_hides_no_step_without_counting_it(
    sample: dict[str, Cascade], lang: Lang, limit: int | None
) -> None:
    cascade = sample["two_levels"]
    drawn = picture.draw(cascade, lang=lang, limit=limit)
    shown = [box for box in drawn.nodes if box.kind not in (NodeKind.letter, NodeKind.folded)]
    word = "more" if lang == "en" else "thêm"
    folded = [box.lines[0] for box in drawn.nodes if box.kind is NodeKind.folded]
    hidden = [int(next(w for w in line.split() if w.isdigit())) for line in folded if word in line]
    assert len(hidden) == len(folded)
    assert len(shown) + sum(hidden) == len(cascade.steps)
