"""The page of a step: what is owed, what may be done now, what came before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.web.conftest import Browser, statements
from tests.web.forms import file, move, said
from tests.worlds import EVIDENCE, TODAY, Office
from web.present.moving import TITLES
from workflows.kinds import MACHINES
from workflows.labels import TRIGGERS

BrowserOf = Callable[[str], Browser]
FAR = TODAY + timedelta(30)


@pytest.fixture
def task(office: Office) -> int:
    """A task of A1, laid by A, below a directive of P; A2 coordinates."""
    directive = office.letter("P", owe=["A"])
    letter = office.letter(
        "A", tasks=[("2.b", "A1")], implements=[directive], due=FAR, with_units={"2.b": ["A2"]}
    )
    return office.step(letter, "A1", "2.b")


@pytest.fixture
def duty(office: Office) -> int:
    """An obligation of A towards P."""
    return office.step(office.letter("P", owe=["A"], due=FAR), "A")


def offered(page: str) -> set[str]:
    """The moves a page links to."""
    return set(re.findall(r'href="/steps/\d+/([a-z_]+)"', page)) - {"why"}


# person → the moves open to that person on a task just laid, and on an obligation just sent; None
# where the person does not see it.
LAID: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "a1.staff": ({"start", "report", "decline", "ask_extension"}, None),
    "a1.head": ({"start", "report", "decline", "ask_extension"}, None),
    "a2.staff": (set(), None),  # coordinates
    "a2.head": (set(), None),
    "a.sec": (
        {"cancel", "transfer", "suspend", "remind"},
        {"acknowledge", "answer", "return_nil", "refuse", "ask_extension"},
    ),
    "a.staff": (set(), {"acknowledge", "answer", "return_nil", "refuse", "ask_extension"}),
    "a.reg": (set(), {"acknowledge", "answer", "return_nil", "refuse", "ask_extension"}),
    "p.sec": (set(), {"waive", "cancel", "transfer", "remind"}),
    "p.staff": (set(), set()),
    "b1.staff": (None, None),
    "b.sec": (None, None),
    "q.sec": (None, None),
}


@pytest.mark.parametrize("login", LAID)
def test_a_person_is_offered_just_the_moves_this_person_may_make(
    browser_of: BrowserOf, task: int, duty: int, login: str
) -> None:
    browser = browser_of(login)
    for step, wanted in zip((task, duty), LAID[login], strict=True):
        page = browser.get(f"/steps/{step}", status=404 if wanted is None else 200)
        assert offered(page) == (wanted or set())
        assert ("Not found" in page) is (wanted is None)


# how a task came to stand → the moves open to its staff and to the issuer's secretariat, main first
STANDING: dict[str, tuple[list[tuple[str, str, dict[str, object]]], list[str], list[str]]] = {
    "begun": (
        [("start", "a1.staff", {})],
        ["report", "decline", "ask_extension"],
        ["remind", "suspend", "cancel", "transfer"],
    ),
    "reported": (
        [("report", "a1.staff", {"files": (EVIDENCE,)})],
        ["withdraw_report"],
        ["accept", "return", "cancel"],
    ),
    "returned": (
        [
            ("report", "a1.staff", {"files": (EVIDENCE,)}),
            ("return", "a.sec", {"note": "Not yet."}),
        ],
        ["report", "start", "ask_extension"],
        ["remind", "cancel", "transfer"],
    ),
    "declined": (
        [("decline", "a1.staff", {"note": "Not ours."})],
        [],
        ["uphold", "cancel", "transfer"],
    ),
    "suspended": ([("suspend", "a.sec", {"note": "Storm."})], [], ["resume", "cancel"]),
    "cancelled": ([("cancel", "a.sec", {"note": "Done with."})], [], ["reopen"]),
    "asked for more time": (
        [("ask_extension", "a1.staff", {"note": "Rain.", "until": FAR + timedelta(9)})],
        ["report", "start", "decline"],
        [
            "grant_extension",
            "suspend",
            "cancel",
            "transfer",
            "refuse_extension",
            "remind",
        ],
    ),
}


@pytest.mark.parametrize("story", STANDING)
def test_the_moves_follow_from_how_the_step_stands(
    office: Office, browser_of: BrowserOf, task: int, story: str
) -> None:
    acts, staff, issuer = STANDING[story]
    for trigger, login, given in acts:
        office.fire(task, trigger, login, **given)
    for login, wanted in (("a1.staff", staff), ("a.sec", issuer)):
        page = browser_of(login).get(f"/steps/{task}")
        found = re.findall(rf'href="/steps/{task}/(?!why)([a-z_]+)"', page)
        assert (found[:1], set(found)) == (wanted[:1], set(wanted)), login
        if wanted and wanted[0] not in ("reopen", "withdraw_report"):
            assert f'class="govuk-button" href="/steps/{task}/{wanted[0]}"' in page


@pytest.mark.parametrize("login", ["p.staff", "a2.staff"])
@pytest.mark.parametrize(
    ("lang", "why"),
    [
        ("en", "Only drafter, head, registrar, secretariat, staff of the lead unit may do this."),
        ("vi", "của đơn vị chủ trì được làm việc này."),
    ],
)
def test_what_a_person_sees_and_may_not_do_is_listed_with_the_reason(
    browser_of: BrowserOf, task: int, lang: str, why: str, login: str
) -> None:
    page = browser_of(login).client.get(f"/steps/{task}?lang={lang}").text
    assert why in said(page)
    assert page.count("<dt>") >= 8


def test_who_reported_is_told_why_accepting_is_for_another(
    office: Office, browser_of: BrowserOf
) -> None:
    letter = office.letter("A", tasks=[("1", "A")])
    step = office.step(letter, "A", "1")
    office.fire(step, "report", "a.sec", files=(EVIDENCE,))
    page = browser_of("a.sec").get(f"/steps/{step}")
    assert "Who reported it may not accept it." in said(page)
    assert "accept" not in offered(page)
    assert "accept" in offered(browser_of("a.head").get(f"/steps/{step}"))


def test_what_is_sealed_above_is_not_offered_for_reopening(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    office.finish(task, "A1", "A")
    assert "reopen" in offered(browser_of("a.sec").get(f"/steps/{task}"))
    with office.db.read() as conn:
        above = conn.execute(text("SELECT step_id FROM answer")).scalar_one()
    office.fire(above, "accept", "p.sec")
    page = browser_of("a.sec").get(f"/steps/{task}")
    assert "reopen" not in offered(page)
    assert "The level above has accepted it" in said(page)


def test_a_unit_with_nothing_below_it_cannot_split(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    assert "The lead unit has no units below it." in said(
        browser_of("a1.staff").get(f"/steps/{task}")
    )
    whole = office.step(office.letter("P", tasks=[("1", "A")]), "A", "1")
    assert "split" in offered(browser_of("a.staff").get(f"/steps/{whole}"))


def test_the_page_tells_what_is_owed_by_whom_and_where_it_comes_from(
    browser_of: BrowserOf, task: int
) -> None:
    page = browser_of("p.staff").get(f"/steps/{task}")
    words = said(page)
    for part in (
        "Point 2.b",
        "Lead unit A1",
        "Coordinating A2",
        "Laid by A, 15/09/2026",
        "Due date 15/10/2026",
        "Accepted by the head or secretariat of A",
        f"S{task}",
    ):
        assert part in words, part
    links = re.findall(r'href="/letters/(\d+)"', page)
    assert links[:1] == ["2"]
    assert "1" in links  # the directive above
    assert 'href="/units/A2"' in page


def test_every_extension_stays_on_the_page_with_the_original_date(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    later = FAR + timedelta(9)
    office.fire(task, "ask_extension", "a1.staff", note="Rain.", until=later)
    office.fire(task, "refuse_extension", "a.sec", note="It was dry.")
    office.fire(task, "ask_extension", "a1.staff", note="Flood.", until=later)
    office.fire(task, "grant_extension", "a.sec", until=FAR + timedelta(2))
    office.fire(task, "ask_extension", "a1.staff", note="More flood.", until=later)
    words = said(browser_of("p.staff").get(f"/steps/{task}"))
    assert "17/10/2026, originally 15/10/2026" in words
    assert "15/10/2026 24/10/2026 Rain. refused 15/09/2026 09:00 It was dry." in words
    assert "24/10/2026 Flood. granted 15/09/2026 09:00, until 17/10/2026" in words
    assert "17/10/2026 24/10/2026 More flood. waits for a decision" in words
    # What was asked and answered is not for who coordinates.
    coordinating = said(browser_of("a2.staff").get(f"/steps/{task}"))
    assert "Due date 17/10/2026" in coordinating
    for note in ("Rain.", "It was dry.", "More flood."):
        assert note not in coordinating


def test_evidence_is_linked_and_what_was_returned_is_marked(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    letter = office.letter("A", tasks=[("1", "A1")], implements=[1])
    staff = browser_of("a1.staff")
    move(staff, task, "report", evidence=file("first.txt"), done_on="")
    office.fire(task, "return", "a.sec", note="More.")
    move(staff, task, "report", evidence=file("second.txt"), letters=f"L{letter}", done_on="")
    page = browser_of("p.staff").get(f"/steps/{task}")
    words = said(page)
    assert re.search(r"second\.txt \(5 B\) a1\.staff, [\d/]+ [\d:]+ ", words)
    assert "shown before it was returned" in words[words.index("first.txt") :]
    assert words.count("shown before it was returned") == 1
    assert f'href="/letters/{letter}"' in page
    # Who coordinates is shown neither files nor letters.
    words = said(page := browser_of("a2.staff").get(f"/steps/{task}"))
    assert "first.txt" not in words
    assert "second.txt" not in words
    assert f'href="/letters/{letter}"' not in page


def test_who_coordinates_is_not_told_how_many_parts_are_open(
    office: Office, browser_of: BrowserOf
) -> None:
    letter = office.letter("P", tasks=[("1", "A")], with_units={"1": ["S2"]})
    whole = office.step(letter, "A", "1")
    office.fire(whole, "split", "a.staff", units=[office.units[code] for code in ("A1", "A2")])
    for login, is_told in (("s2.staff", False), ("a.staff", True)):
        browser = browser_of(login)
        sent: dict[str, object] = {"seen_version": "2"}
        pages = (
            browser.get(f"/steps/{whole}"),
            browser.get(f"/steps/{whole}/report", status=403),
            browser.post(f"/steps/{whole}/report", sent).text,
        )
        for page in pages:
            assert ("2 below are still open" in page) is is_told, login


def test_a_letter_that_was_shown_can_be_read_by_whoever_sees_the_report(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    letter = office.letter("Q", tasks=[("1", "A1")], number="4711")
    move(browser_of("a1.staff"), task, "report", letters=f"L{letter}", done_on="")
    directive = 1
    browser_of("b.sec").get(f"/letters/{letter}", status=404)
    for login in ("a.sec", "p.staff"):
        browser = browser_of(login)
        for url in (f"/steps/{task}", f"/letters/{directive}/cascade?tab=documents"):
            page = browser.get(url)
            assert f'href="/letters/{letter}"' in page, (login, url)
            assert "4711" in page
        assert "4711" in browser.get(f"/letters/{letter}")


def test_a_split_step_shows_its_parts_and_a_part_its_whole(
    office: Office, browser_of: BrowserOf
) -> None:
    whole = office.step(office.letter("P", tasks=[("1", "A")]), "A", "1")
    units = tuple(office.units[code] for code in ("A1", "A2"))
    office.fire(whole, "split", "a.staff", units=units)
    browser = browser_of("a.staff")
    page = browser.get(f"/steps/{whole}")
    assert "Parts (2 still open)" in said(page)
    assert "split: A1, A2" in said(page)
    part = browser.get(f"/steps/{whole + 1}")
    assert f'<a class="govuk-link" href="/steps/{whole}">the whole step</a>' in part


def test_a_transferred_step_and_its_successor_point_at_each_other(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    office.fire(task, "transfer", "a.sec", note="Theirs.", units=(office.units["A2"],))
    browser = browser_of("a.staff")
    page = browser.get(f"/steps/{task}")
    found = re.search(r'Goes on with.*?href="/steps/(\d+)"', page, re.DOTALL)
    assert found
    assert f'href="/steps/{task}">the step before' in browser.get(f"/steps/{found[1]}")


@pytest.mark.usefixtures("task")
def test_an_answered_obligation_shows_the_letter(office: Office, browser_of: BrowserOf) -> None:
    with office.db.read() as conn:
        above, letter = conn.execute(text("SELECT step_id, letter_id FROM answer")).one()
    words = said(page := browser_of("p.staff").get(f"/steps/{above}"))
    assert "Answered by" in words
    assert "1 below still open" in words
    assert f'href="/letters/{letter}"' in page


def test_the_history_tells_who_from_which_post_and_by_itself(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    office.finish(task, "A1", "A")
    with office.db.read() as conn:
        above = conn.execute(text("SELECT step_id FROM answer")).scalar_one()
    words = said(browser_of("p.staff").get(f"/steps/{above}"))
    assert "by itself fulfil" in words
    assert "p.sec secretariat, P lay sent" in words


def test_a_long_history_and_many_parts_come_in_pages(
    office: Office, browser_of: BrowserOf, task: int
) -> None:
    for _ in range(60):
        office.fire(task, "remind", "a.sec")
    browser = browser_of("a.staff")
    page = browser.get(f"/steps/{task}")
    assert page.count("<td>remind") == 50
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more
    assert browser.get(more[1]).count("<td>remind") == 10


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize(
    "url",
    [
        "/steps/9999",
        "/steps/99999999999999999999",
        "/steps/9999/report",
        "/steps/1/publish",
        "/steps/1/fulfil",
        "/steps/1/evidence/7",
    ],
)
def test_what_is_not_there_is_a_friendly_404(browser_of: BrowserOf, url: str) -> None:
    assert "Not found" in browser_of("a.staff").get(url, status=404)


def test_text_from_a_letter_and_from_people_is_never_markup(
    office: Office, browser_of: BrowserOf
) -> None:
    step = office.step(office.letter("A", tasks=[("<b>1</b>", "A1")]), "A1", "<b>1</b>")
    bold = "<b>bold</b><script>x</script>"
    office.fire(step, "decline", "a1.staff", note=bold)
    with office.db.write() as conn:
        conn.execute(text("UPDATE point SET text = :bold"), {"bold": bold})
    for url in (f"/steps/{step}", f"/steps/{step}/uphold", "/inbox"):
        page = browser_of("a.sec").get(url)
        assert "<b>" not in page
        assert "<script>x" not in page


@pytest.mark.parametrize("url", ["/steps/{0}", "/steps/{0}/report", "/steps/{0}/split"])
def test_a_bigger_step_asks_no_more_statements(
    office: Office, browser_of: BrowserOf, url: str
) -> None:
    browser = browser_of("a.staff")
    asked = statements(office.db)
    needed = []
    for size in (1, 8):
        tasks = [(str(no), "A") for no in range(size)]
        letter = office.letter("P", tasks=tasks, due=FAR)
        step = office.step(letter, "A", "0")
        for no in range(size):
            office.fire(step, "ask_extension", "a.staff", note="Rain.", until=FAR + timedelta(9))
            office.fire(step, "refuse_extension", "p.sec", note="No.")
            office.fire(step, "report", "a.staff", files=(EVIDENCE,) * (no + 1))
            office.fire(step, "withdraw_report", "a.staff")
        office.fire(step, "split", "a.staff", units=[office.units["A1"], office.units["A2"]][:size])
        asked.clear()
        browser.client.get(url.format(step))
        needed.append(len([s for s in asked if s.lstrip().startswith("SELECT")]))
    assert needed[0] == needed[1] <= 24


def test_every_move_a_person_can_make_has_words_in_both_languages() -> None:
    moves = {trigger for machine in MACHINES.values() for trigger in machine.triggers()}
    assert set(TITLES) == moves <= set(TRIGGERS)
