"""A directive's cascade in the browser: the tree, what is folded and opened in it, its picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bench.filling import draft_province
from bench.sizes import MOMENT as BENCH_MOMENT
from bench.sizes import TODAY as BENCH_TODAY
from bench.sizes import Size
from cascade import accounts, clock, graph, issue, words
from cascade.drawing.render import LIMIT
from cascade.store import FileStore
from models.database import Database
from models.queries import acting
from tests.web.conftest import PASSWORD, Browser, statements, token_of
from tests.web.pagetree import Item, boxes, keys, query, tree
from tests.worlds import TODAY, Office
from web.app import World, create_app
from workflows.labels import STATES, Lang

BrowserOf = Callable[[str], Browser]
LANGS: list[Lang] = ["vi", "en"]
LATE = TODAY - timedelta(days=3)


class Storm:
    """P's directive: A answered with work late, done and returned; B did not; C split its task."""

    def __init__(self, office: Office) -> None:
        office.today = TODAY - timedelta(days=20)
        self.office = office
        self.top = office.letter(
            "P", owe=["A", "B"], tasks=[("2.a", "C"), ("3", "S")], due=TODAY + timedelta(days=30)
        )
        self.answer = office.letter(
            "A", owe=["AW"], tasks=[("1", "A1"), ("2", "A2")], implements=[self.top], due=LATE
        )
        self.ward = office.letter("AW", tasks=[("7", "AW1")], implements=[self.answer], due=LATE)
        self.unasked = office.letter("QA", tasks=[("1", "QA1")], implements=[self.top])
        self.done = office.step(self.answer, "A1", "1")
        self.returned = office.step(self.answer, "A2", "2")
        self.village = office.step(self.ward, "AW1", "7")
        self.unanswered = office.step(self.top, "B")
        office.finish(self.done, "A1", "A")
        office.report(self.returned, "A2")
        office.fire(self.returned, "return", "a.sec", note="Not yet.")
        split = office.step(self.top, "C", "2.a")
        office.fire(
            split, "ask_extension", "c.head", until=TODAY + timedelta(days=60), note="More."
        )
        office.fire(
            split, "grant_extension", "p.sec", until=TODAY + timedelta(days=60), note="Yes."
        )
        office.today = TODAY

    def url(self, letter: int | None = None, **given: str) -> str:
        """The page of a cascade."""
        asked = "&".join(f"{name}={value}" for name, value in given.items())
        return f"/letters/{letter or self.top}/cascade?{asked}"


@pytest.fixture
def storm(office: Office) -> Storm:
    """The cascade most tests look at."""
    return Storm(office)


@pytest.fixture
def secretary(browser_of: BrowserOf) -> Browser:
    """The secretary of the province."""
    return browser_of("p.sec")


def row(page: str, key: str) -> Item:
    """The row of a letter or step."""
    return next(item for item in tree(page) if item.key == key)


def fold(page: str, key: str) -> Item | None:
    """What is said to be folded under a row."""
    found = [item for item in tree(page) if item.is_fold and item.above and item.above.key == key]
    return found[0] if found else None


@pytest.mark.parametrize("lang", LANGS)
def test_the_tree_says_of_every_letter_and_step_what_the_graph_knows(
    storm: Storm, secretary: Browser, lang: Lang
) -> None:
    page = secretary.get(storm.url(lang=lang))
    with storm.office.db.read() as conn:
        found = graph.down(conn, storm.top, TODAY)
    assert sorted(keys(page)) == sorted(f"{kind}-{node_id}" for kind, node_id in found.graph)
    for kind, node_id in found.graph:
        item = row(page, f"{kind}-{node_id}")
        assert f"/{kind}s/{node_id}" in item.links.values()
        above = {f"{k}-{n}" for k, n in found.graph.predecessors((kind, node_id))}
        assert (item.above.key in above) if item.above else not above
        if kind == "letter":
            letter = found.letters[node_id]
            said = [words.letter_name(letter), letter.issuer_name, letter.subject]
            said += [
                words.letter_state(letter, lang),
                words.below_node(found, (kind, node_id), lang),
            ]
        else:
            step = found.steps[node_id]
            said = [words.step_name(step, lang), *words.step_state(found, step, lang)]
            if found.is_missing(step):
                said.remove(words.no_letter_yet(lang))  # has a row of its own
        assert [phrase for phrase in said if phrase not in item.text.replace(" ,", ",")] == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("asked", ["", "shut=letter-2", "shut=step-{a}", "depth=1", "unit=A"])
def test_the_tree_holds_every_fact_its_picture_shows(
    storm: Storm, secretary: Browser, lang: Lang, asked: str
) -> None:
    asked = asked.format(a=storm.office.step(storm.top, "A"))
    page = secretary.get(f"/letters/{storm.top}/cascade?lang={lang}&{asked}")
    drawn = boxes(secretary.get(f"/letters/{storm.top}/cascade?lang={lang}&{asked}&tab=picture"))
    assert drawn
    assert sorted(box.key for box in drawn if not box.is_fold) == sorted(keys(page))
    for box in drawn:
        item = fold(page, box.key) if box.is_fold else row(page, box.key)
        assert item is not None, box
        said = item.text.replace(" ,", ",")
        if not box.is_fold:
            below = [other for other in tree(page) if other.above and other.above.key == item.key]
            said += "".join(f" {o.text}" for o in below if not o.key and not o.is_fold)
        assert [text for text in box.texts if text not in said] == [], box
    folds = [box.key for box in drawn if box.is_fold]
    assert folds == [] if asked == "" else folds
    assert sorted(folds) == sorted(
        item.above.key for item in tree(page) if item.is_fold and item.above
    )


def test_a_state_is_a_word_and_a_shape_and_never_a_colour_alone(
    storm: Storm, secretary: Browser
) -> None:
    page = secretary.get(storm.url())
    tones = {
        f"step-{storm.village}": ("late", "3 days late, open"),
        f"step-{storm.returned}": ("late", "3 days late, returned"),
        f"step-{storm.done}": ("done", "accepted"),
        f"step-{storm.unanswered}": ("open", "sent"),
        f"letter-{storm.answer}": ("working", "issued"),
    }
    for key, (tone, said) in tones.items():
        item = row(page, key)
        assert f"c-standing--{tone}" in item.classes
        assert said in item.text


def test_a_letter_that_is_missing_has_a_row_under_its_obligation(
    storm: Storm, secretary: Browser
) -> None:
    page = secretary.get(storm.url())
    missing = [item for item in tree(page) if "c-standing--missing" in item.classes]
    assert [item.above.key for item in missing if item.above] == [f"step-{storm.unanswered}"]
    assert missing[0].text == "Letter expected no letter yet"
    storm.office.letter("B", tasks=[("1", "B1")], implements=[storm.top])
    assert "no letter yet" not in secretary.get(storm.url())


def test_the_whole_is_told_in_figures(storm: Storm, secretary: Browser) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", secretary.get(storm.url())).split())
    assert "9 duties 1 ended 3 overdue 1 letters expected, not there" in page


def test_a_shut_branch_says_how_much_is_overdue_in_it_and_names_the_worst(
    storm: Storm, secretary: Browser
) -> None:
    page = secretary.get(storm.url(shut=f"letter-{storm.answer}"))
    assert f"step-{storm.village}" not in keys(page)
    found = fold(page, f"letter-{storm.answer}")
    assert found is not None
    assert "Show: 4 more 1 of 4 ended, 2 overdue" in found.text.replace(" ,", ",")
    assert "Most urgent: A" in found.text
    assert "3 days late" in found.text
    assert any(re.fullmatch(r"/steps/\d+", href) for href in found.links.values())
    assert "1 of 4 ended" in row(page, f"letter-{storm.answer}").text


def test_a_branch_is_opened_by_a_link_and_shut_by_a_link(storm: Storm, secretary: Browser) -> None:
    key = f"letter-{storm.answer}"
    page = secretary.get(storm.url())
    shut = secretary.get(f"/letters/{storm.top}/cascade{row(page, key).links['fold']}")
    found = fold(shut, key)
    assert found is not None
    assert "fold" not in row(shut, key).links
    link = found.links["Show: 4 more"]
    assert link.endswith(f"#{key}")
    assert keys(secretary.get(f"/letters/{storm.top}/cascade{link.split('#')[0]}")) == keys(page)


def test_a_branch_fetched_alone_is_what_the_page_would_show(
    storm: Storm, secretary: Browser
) -> None:
    key = f"letter-{storm.answer}"
    whole = secretary.get(storm.url())
    page = secretary.get(storm.url(shut=key))
    found = fold(page, key)
    assert found is not None
    branch = secretary.get(f"/letters/{storm.top}/cascade{found.fetches['Show: 4 more']}")
    assert "<main" not in branch
    below = [item.key for item in tree(branch)]
    direct = [item for item in tree(whole) if item.above and item.above.key == key]
    assert [item.key for item in tree(branch) if item.depth == 0] == [item.key for item in direct]
    assert f"letter-{storm.ward}" not in below  # opened step by step: its obligation is a row
    assert branch.count("autofocus") == 1
    again = secretary.get(f"/letters/{storm.top}/cascade{row(whole, key).fetches['fold']}")
    assert [item.text for item in tree(again)] == [found.text]


def test_a_finished_branch_is_folded_into_its_counts(storm: Storm, secretary: Browser) -> None:
    office = storm.office
    office.finish(storm.village, "AW1", "AW")
    ward = office.step(storm.answer, "AW")
    assert office.state(ward) == "fulfilled"
    page = secretary.get(storm.url())
    assert f"step-{storm.village}" not in keys(page)
    found = fold(page, f"step-{ward}")
    assert found is not None
    assert found.text == "Show: 1 more 1 of 1 ended"
    opened = secretary.get(storm.url(open=f"step-{ward}"))
    assert f"step-{storm.village}" in keys(opened)


@pytest.mark.parametrize("how", ["link", "fragment"])
def test_a_letter_with_many_duties_shows_fifty_and_the_rest_by_key(
    office: Office, secretary: Browser, how: str
) -> None:
    tasks = [(str(number), "A1" if number % 2 else "A2") for number in range(120)]
    top = office.letter("A", tasks=tasks)
    for number in (3, 77, 118):
        step = office.step(top, "A1" if number % 2 else "A2", str(number))
        with office.db.write() as conn:
            conn.exec_driver_sql(f"UPDATE step SET due = '{LATE}' WHERE id = {step}")
    url = f"/letters/{top}/cascade"
    page = secretary.get(url)
    first = [key for key in keys(page) if key.startswith("step")]
    assert len(first) == 50
    assert [row(page, key).text.split(" task")[0] for key in first[:3]] == [
        "A1, point 3",
        "A1, point 77",
        "A2, point 118",
    ]
    met = list(first)
    found = fold(page, f"letter-{top}")
    for left in (70, 20):
        assert found is not None
        words_of = f"Show: {left} more"
        link = found.links[words_of] if how == "link" else found.fetches[words_of]
        page = secretary.get(url + link.split("#")[0])
        new = [key for key in keys(page) if key.startswith("step") and key not in first]
        assert not set(new) & set(met)
        met += new
        rest = [item for item in tree(page) if item.is_fold]
        found = rest[0] if rest else None
        if how == "link" and found is not None and left == 20:
            assert "Show: 50 more" in found.links  # those between the first and these
        elif how == "link" and found is not None:
            found.links[f"Show: {left - 50} more"] = next(iter(found.links.values()))
    assert len(met) == len(set(met)) == 120


def test_levels_of_letters_are_folded_by_the_address(storm: Storm, secretary: Browser) -> None:
    def letters(depth: int) -> set[str]:
        page = secretary.get(storm.url(depth=str(depth)))
        assert f'href="?depth={depth}" aria-current="true"' in page
        return {key for key in keys(page) if key.startswith("letter")}

    top, answer, ward, unasked = (
        f"letter-{n}" for n in (storm.top, storm.answer, storm.ward, storm.unasked)
    )
    assert [letters(depth) for depth in (1, 2, 3)] == [
        {top},
        {top, answer, unasked},
        {top, answer, unasked, ward},
    ]


def test_one_unit_is_shown_with_what_is_near_it(storm: Storm, secretary: Browser) -> None:
    page = secretary.get(storm.url(unit="AW"))
    shown = set(keys(page))
    office = storm.office
    assert shown == {
        f"step-{office.step(storm.top, 'A')}",
        f"letter-{storm.answer}",
        f"step-{office.step(storm.answer, 'AW')}",
        f"letter-{storm.ward}",
        f"step-{storm.village}",
    }
    assert "Duties of AW, with two levels above and below." in page
    page = secretary.get(storm.url(unit="S2"))
    assert "No duty of this unit is in this cascade." in page
    page = secretary.get(storm.url(unit="nowhere"))
    assert "There is no unit with the code “nowhere”." in page
    assert 'value="nowhere"' in page


def test_why_it_is_not_finished_is_told_by_the_way_to_what_blocks_it(
    storm: Storm, secretary: Browser
) -> None:
    page = secretary.get(storm.url())
    told = page[page.index('class="c-ways"') : page.index("</ol>")]
    ways = [re.findall(r'href="/(letter|step)s/(\d+)"', way) for way in told.split("</li>")[:-1]]
    office = storm.office
    up_to_answer = [
        ("letter", storm.top),
        ("step", office.step(storm.top, "A")),
        ("letter", storm.answer),
    ]
    ward = ("step", office.step(storm.answer, "AW"))
    expected = [
        [*up_to_answer, ("step", storm.returned)],
        [*up_to_answer, ward, ("letter", storm.ward), ("step", storm.village)],
    ]
    found = [[(kind, int(number)) for kind, number in way] for way in ways]
    assert [way for way in expected if way not in found] == []
    assert "3 days late, returned" in told


def test_nothing_blocks_what_is_finished(office: Office, secretary: Browser) -> None:
    top = office.letter("P", tasks=[("1", "S")])
    office.finish(office.step(top, "S", "1"), "S", "P")
    assert "Why is this not finished?" not in secretary.get(f"/letters/{top}/cascade")


def test_one_letter_that_answers_two_directives_is_seen_from_both_and_tells_both(
    office: Office, secretary: Browser
) -> None:
    one, other = (office.letter("P", owe=["A"]) for _ in range(2))
    answer = office.letter("A", tasks=[("1", "A1")], implements=[one, other])
    for top, beside in ((one, other), (other, one)):
        page = secretary.get(f"/letters/{top}/cascade")
        assert f"letter-{answer}" in keys(page)
        assert f"letter-{beside}" not in keys(page)
        assert "What this letter implements" not in page
    page = secretary.get(f"/letters/{answer}/cascade")
    above = page[page.index("What this letter implements") : page.index("Why is this")]
    for top in (one, other):
        assert f'href="/letters/{top}"' in above
        assert f'href="/steps/{office.step(top, "A")}"' in above
    assert f'href="/letters/{answer}"' not in above


def test_a_letter_that_hangs_in_two_places_is_shown_once_and_named_twice(
    office: Office, secretary: Browser
) -> None:
    top = office.letter("P", owe=["A", "B"])
    one = office.letter("A", owe=["AW"], implements=[top])
    two = office.letter("B", owe=["AW"], implements=[top])
    both = office.letter("AW", tasks=[("1", "AW1")], implements=[one, two])
    page = secretary.get(f"/letters/{top}/cascade")
    assert page.count(f'id="letter-{both}"') == 1
    named = [i for i in tree(page) if f"/letters/{both}" in i.links.values()]
    assert len(named) == 2
    assert ["shown in another place" in item.text for item in named] == [False, True]
    task = office.step(both, "AW1", "1")
    assert page.count(f'href="/steps/{task}"') == 1 + page.count("c-ways")
    part = secretary.get(f"/letters/{top}/cascade?part=step-{office.step(one, 'AW')}")
    assert f'id="letter-{both}"' not in part


def test_the_picture_has_a_name_links_and_a_file_without_them(
    storm: Storm, secretary: Browser
) -> None:
    page = secretary.get(storm.url(tab="picture"))
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert 'aria-label="công văn' in svg
    assert "<title>công văn" in svg
    assert "The tree holds everything this picture shows, in words:" in page
    assert re.search(r'<script src="/static/picture.js[^"]*" nonce="[^"]+" defer>', page)
    assert "data-picture-tools hidden" in page
    assert " style=" not in page
    answer = secretary.client.get(storm.url(tab="picture") + "&as=svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.text.count('class="cd-node ') == svg.count('class="cd-node ')
    assert "<a " not in answer.text


def test_what_is_drawn_follows_every_change(storm: Storm, secretary: Browser) -> None:
    url = storm.url(tab="picture")
    before = secretary.get(url)
    assert secretary.get(url).split("<svg")[1] == before.split("<svg")[1]
    storm.office.finish(storm.village, "AW1", "AW")
    assert secretary.get(url).split("<svg")[1] != before.split("<svg")[1]


@pytest.mark.parametrize(
    "asked",
    [
        "open=step-99999",
        "open=letter-1%00",
        "open=step-1.9.9.9",
        "depth=abc",
        "depth=0",
        "open=" + "9" * 400,
        "shut=letter-1",
        "part=step-99999",
        "part=nonsense",
        "tab=elsewhere",
    ],
)
def test_an_odd_address_is_passed_over(storm: Storm, secretary: Browser, asked: str) -> None:
    secretary.get(f"/letters/{storm.top}/cascade?{asked}")


@pytest.mark.parametrize("tab", ["tree", "picture", "coverage", "history", "documents"])
def test_a_letter_that_is_not_there_is_not_found(secretary: Browser, tab: str) -> None:
    assert "Not found" in secretary.get(f"/letters/9999/cascade?tab={tab}", status=404)


def test_text_is_never_markup(office: Office, secretary: Browser) -> None:
    letter = office.letter("A", tasks=[("<b>1</b><script>x</script>", "A1")])
    with office.db.write() as conn:
        conn.exec_driver_sql(
            f"UPDATE letter SET subject = '<i>x</i>', issuer_name = '<u>y</u>' WHERE id = {letter}"
        )
    for tab in ("tree", "picture", "coverage", "history", "documents"):
        page = secretary.get(f"/letters/{letter}/cascade?tab={tab}")
        for markup in ("<b>", "<i>", "<u>", "<script>"):
            assert markup not in page
    assert "<b>" not in secretary.get(f"/letters/{letter}/cascade?part=letter-{letter}")


@pytest.mark.parametrize(
    "asked",
    ["", "tab=picture", "tab=coverage", "tab=history", "tab=documents", "part=letter-{top}"],
)
def test_a_page_asks_as_many_statements_of_a_large_cascade_as_of_a_small_one(
    office: Office, secretary: Browser, asked: str
) -> None:
    needed = []
    for size in (1, 9):
        top = office.letter("P", owe=["A", "B"], tasks=[("9", "S")])
        for unit in ("A", "B"):
            for _ in range(size):
                tasks = [(str(number), f"{unit}1") for number in range(size)]
                answer = office.letter(unit, tasks=tasks, implements=[top])
                office.finish(office.step(answer, f"{unit}1", "0"), f"{unit}1", unit)
        asking = statements(office.db)
        secretary.get(f"/letters/{top}/cascade?{asked.format(top=top)}")
        needed.append(len(asking))
        asking.clear()
    assert needed[0] == needed[1] > 0


def test_ten_thousand_steps_are_shown_in_150_kilobytes_and_300_boxes(
    sqlite_db: Database, tmp_path: Path
) -> None:
    size = Size()
    draft_province(sqlite_db, size)
    with sqlite_db.read() as conn:
        registrar = acting.actor(conn, "registrar")
    assert registrar is not None
    issue.issue(sqlite_db, range(1, size.issuers + 1), registrar, BENCH_MOMENT)
    accounts.set_password(sqlite_db, registrar.id, PASSWORD, clock.now())
    world = World(sqlite_db, FileStore(tmp_path), BENCH_TODAY)
    browser = Browser(create_app(world, secret="a key for tests").test_client())
    form = {"login": "registrar", "password": PASSWORD}
    form["csrf_token"] = token_of(browser.client.get("/sign-in").text)
    assert browser.client.post("/sign-in", data=form).status_code == 303
    for lang in LANGS:
        page = browser.get(f"/letters/1/cascade?lang={lang}")
        assert len(page.encode()) <= 150 * 1024
        assert len(keys(page)) <= 200
        assert f"{size.steps}" in page
    overdue = re.search(r"(\d+)</span> overdue", page)
    assert overdue is not None
    assert f"{overdue.group(1)} overdue" in row(page, "letter-1").text
    picture = browser.get("/letters/1/cascade?tab=picture")
    assert 100 < picture.count('class="cd-node ') <= LIMIT
    # Letter by letter everything is reached: one city whole, each commune in it opened.
    city = browser.get("/letters/1/cascade?part=letter-2")
    assert sum(key.startswith("step") for key in keys(city)) == 50
    rest = next(item for item in tree(city) if item.is_fold and item.depth == 0)
    assert query(next(iter(rest.links.values())))["open"][0].startswith("letter-2.")
    with sqlite_db.read() as conn:
        whole = graph.down(conn, 1, BENCH_TODAY)
    assert overdue.group(1) == str(whole.below(("letter", 1)).overdue)


def test_states_are_said_in_the_language_asked_for(storm: Storm, secretary: Browser) -> None:
    page = secretary.get(storm.url(lang="vi"))
    assert STATES["returned"].vi in page
    assert STATES["returned"].en not in page
