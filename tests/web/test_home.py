"""The first page: for each role what to do next, and the directives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from cascade import accounts, clock
from models import organisation
from models.base import FOREVER
from models.queries import home
from tests.web.conftest import PASSWORD, Browser, opening, statements
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import Role

Enter = Callable[[str], Browser]
LATE = TODAY - timedelta(days=4)
LONG_AGO = TODAY - timedelta(days=60)


def row(page: str, letter: int) -> list[str]:
    """The cells of a directive's row, as read."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    (found,) = [one for one in rows if f'href="/letters/{letter}/cascade"' in one]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


@pytest.fixture
def letters(office: Office) -> dict[str, int]:
    """A directive with late work below it, another province's, a draft."""
    top = office.letter("P", owe=["A", "B"], due=LATE, dated=LONG_AGO)
    below = office.letter("A", implements=[top], tasks=[("1", "A1")], due=LATE, dated=LONG_AGO)
    return {
        "top": top,
        "below": below,
        "other": office.letter("Q", owe=["QA"], due=LATE, dated=LONG_AGO),
        "draft": office.draft("A", tasks=[("1", "A2")]),
    }


def person(office: Office, login: str, role: Role) -> None:
    """Somebody with one post in P, who may sign in."""
    with office.db.session() as session:
        user = organisation.user_id(session, login, login)
        organisation.put_appointment(session, user, office.units["P"], role, SINCE, FOREVER)
    accounts.give_all(office.db, PASSWORD, clock.now())


# login → (what stands on the page, what does not)
ROLES = {
    "a1.staff": (
        ['href="/inbox?only=overdue">Overdue', "Directives"],
        ["Registry", "in the units you follow", "Administration", "in your scope"],
    ),
    "a.reg": (
        ["Import a letter", "Entered and not issued yet", "Our work"],
        ["in the units you follow", "Administration"],
    ),
    "p.sec": (
        ["Overdue in the units you follow", "A1: Point 1", "4 days late", "Import a letter"],
        ["Entered and not issued yet", "Administration"],
    ),
    "the.admin": (
        ['href="/admin"', "Directives"],
        ["Our work</h2>", "Registry", "in the units you follow"],
    ),
    "the.auditor": (
        ["Overdue below", "Letters missing below"],
        ["Our work</h2>", "Registry", "Administration", "in the units you follow"],
    ),
}


@pytest.mark.usefixtures("site", "letters")
def test_each_role_sees_what_it_does_next_and_nothing_of_the_others(
    office: Office, browser_of: Enter
) -> None:
    person(office, "the.admin", Role.ADMINISTRATOR)
    person(office, "the.auditor", Role.AUDITOR)
    for login, (there, absent) in ROLES.items():
        page = browser_of(login).get("/")
        for words in there:
            assert words in page, (login, words)
        for words in absent:
            assert words not in page, (login, words)
        assert page.count("<h1") == 1, login


# login → the directives of the first page: state, open steps, overdue and missing below
DIRECTIVES = {
    "p.staff": {"top": ["issued", "2", "2", "1"]},
    "a.staff": {"top": ["issued", "1", "1", ""]},
    "b.staff": {"top": ["issued", "1", "1", "1"]},
    "a1.staff": {},  # sees the letter of A, and that it cites another
    "c.staff": {},
    "q.staff": {"other": ["issued", "1", "1", "1"]},
}


def test_the_directives_tell_what_is_open_late_and_missing_below(
    letters: dict[str, int], browser_of: Enter
) -> None:
    # A1's task and B's answer are late; B's letter is missing. Each counts what each sees.
    for login, wanted in DIRECTIVES.items():
        page = browser_of(login).get("/")
        shown = {
            name: row(page, letter)[3:]
            for name, letter in letters.items()
            if f'href="/letters/{letter}/cascade"' in page
        }
        assert shown == wanted, login


def test_who_follows_sees_what_is_late_in_the_own_scope_and_finds_as_many_on_the_board(
    letters: dict[str, int], browser_of: Enter
) -> None:
    for login, wanted in {"p.sec": "2", "a.sec": "1", "c.sec": ""}.items():
        browser = browser_of(login)
        page = browser.get("/")
        is_seen = f'href="/letters/{letters["top"]}/cascade"' in page
        assert (row(page, letters["top"])[5] if is_seen else "") == wanted, login
        assert is_seen is (login != "c.sec")
        assert f'href="/letters/{letters["other"]}/cascade"' not in page, login
        link = re.search(rf'href="(/board\?directive={letters["top"]})"', page)
        assert bool(link) == bool(wanted), login
        if link:
            board = browser.get(unescape(link.group(1)))
            assert len(re.findall(r'id="s\d', board)) == int(wanted), login


def test_the_five_longest_overdue_are_shown_and_how_many_there_are(
    office: Office, browser_of: Enter
) -> None:
    for days in range(1, 9):
        due = TODAY - timedelta(days=days)
        office.letter("A", tasks=[("1", "A1")], due=due, dated=LONG_AGO)
    page = browser_of("a.sec").get("/")
    shown = re.findall(r"(\d+) days late", page)
    assert shown == ["8", "7", "6", "5", "4"]
    assert "All that is overdue (8)" in page


def test_drafts_beyond_the_first_five_are_a_link_away(office: Office, browser_of: Enter) -> None:
    drafts = [office.draft("A") for _ in range(6)]
    page = browser_of("a.reg").get("/")
    assert [f'href="/letters/{letter}"' in page for letter in drafts] == [False, *[True] * 5]
    assert 'href="/letters?state=draft"' in page


def test_the_directives_are_paged_by_key_each_once(
    office: Office, browser_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {office.letter("P", owe=["A"]) for _ in range(5)}
    monkeypatch.setattr(home, "PAGE", 2)
    monkeypatch.setattr("web.present.home.PAGE", 2)
    browser, url, seen = browser_of("p.reg"), "/", list[int]()
    while url:
        page = browser.get(url)
        seen += [int(one) for one in re.findall(r'href="/letters/(\d+)/cascade"', page)]
        assert ("Registry" in page) is (url == "/")
        found = re.search(r'rel="next" href="(/\?[^"]+)"', page)
        url = unescape(found.group(1)) if found and len(seen) < 9 else ""
    assert sorted(seen) == sorted(made)
    assert "Back to the beginning of the list" in page
    assert "Registry" in browser.get("/?after=nonsense")


def test_an_empty_register_says_so(site: Flask, browser_of: Enter) -> None:
    assert "No directive has been issued yet." in browser_of("p.sec").get("/")
    assert site.name == "web.app"


@pytest.mark.parametrize("login", ["p.sec", "a1.staff", "a.reg"])
def test_a_bigger_register_asks_no_more_statements(
    office: Office, browser_of: Enter, login: str
) -> None:
    browser = browser_of(login)
    asked = statements(office.db)
    needed = []
    for size in (1, 12):
        for _ in range(size):
            top = office.letter("P", owe=["A", "B"], due=LATE, dated=LONG_AGO)
            many = [(str(no), "A1") for no in range(size)]
            office.letter("A", implements=[top], tasks=many, due=LATE, dated=LONG_AGO)
            office.draft("A")
        asked.clear()
        browser.get("/")
        needed.append(len(asked))
    assert needed[0] == needed[1] <= 16 + len(opening(office, login)), needed
