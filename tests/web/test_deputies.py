"""The page about deputies: who sees what, naming and ending one, acting in another's place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.lending import lend
from tests.web.conftest import Browser, statements
from tests.worlds import TODAY, Office

BrowserOf = Callable[[str], Browser]
PAGE = "/account/deputies"
LAST = TODAY + timedelta(7)


def typed(office: Office, **given: object) -> dict[str, object]:
    """The form as a.head fills it in."""
    values = {
        "post": f"{office.units['A']}:head",
        "deputy": "c.staff",
        "valid_to": f"{LAST:%d/%m/%Y}",
        "reason": "A journey",
        "which": "all",
    }
    return {**values, **given}


def main_of(page: str) -> str:
    """The page without its frame."""
    return page[page.index('id="main"') : page.index("<footer")]


def test_a_deputy_is_named_seen_by_both_and_dismissed(
    office: Office, browser_of: BrowserOf
) -> None:
    giver, deputy = browser_of("a.head"), browser_of("c.staff")
    assert "Nobody." in giver.get(PAGE)
    answer = giver.post(PAGE, typed(office), form=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    mine = main_of(giver.get(PAGE))
    assert re.search(r"c\.staff</th><td>head, <a[^>]+>Body A</a>.+15/09/2026.+22/09/2026", mine)
    assert "all that the post may do" in mine
    theirs = main_of(deputy.get(PAGE))
    assert re.search(r"a\.head</th><td>head, ", theirs)
    assert "End it now" in mine
    assert "End it now" not in theirs
    assert "c.staff, to 22/09/2026" in giver.get("/units/A")
    number = re.search(r"/account/deputies/(\d+)/end", mine)
    assert number
    ended = giver.post(f"{PAGE}/{number.group(1)}/end", form=PAGE)
    assert ended.status_code == 303
    assert "ended early" in main_of(giver.get(PAGE))
    assert "c.staff, to" not in giver.get("/units/A")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("post", "", "Choose a post."),
        ("post", "9999:head", "Choose a post you hold yourself today."),
        ("post", "x:head", "Choose a post."),
        ("post", "1:administrator", "Choose a post."),
        ("deputy", "", "Type the user name of a person."),
        ("deputy", "nobody.here", "Nobody has this user name or name."),
        ("deputy", "a.head", "Name another person than yourself."),
        ("valid_from", "14/09/2026", "It cannot begin before today."),
        ("valid_to", "", "Type the last day."),
        ("valid_to", "31/02/2026", "is not a day"),
        ("valid_to", "01/01/2026", "It would end before it begins."),
        ("reason", "  ", "Say why, such as a journey or leave."),
        ("which", "some", "Choose at least one move that this post may make."),
    ],
)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(
    office: Office, browser_of: BrowserOf, field: str, value: str, told: str
) -> None:
    browser = browser_of("a.head")
    form = typed(office, **{"reason": "Đi công tác", field: value})
    answer = browser.post(PAGE, form, form=PAGE)
    assert answer.status_code == 400
    assert answer.text.count(told) == 2  # in the summary and at the field
    assert field == "reason" or "Đi công tác" in answer.text
    assert office.count("delegation") == 0


def test_only_the_moves_chosen_are_lent(office: Office, browser_of: BrowserOf) -> None:
    chosen = typed(office, which="some", moves=["accept", "return", "nonsense"])
    assert browser_of("a.head").post(PAGE, chosen, form=PAGE).status_code == 303
    with office.db.read() as conn:
        kept = conn.exec_driver_sql("SELECT triggers FROM delegation").scalar_one()
    assert re.findall(r"\w+", str(kept)) == ["accept", "return"]


def test_who_holds_no_post_that_acts_has_nothing_to_lend(
    office: Office, browser_of: BrowserOf
) -> None:
    with office.db.write() as conn:
        conn.exec_driver_sql("UPDATE appointment SET role = 'auditor' WHERE user_id = 1")
        login = conn.exec_driver_sql("SELECT login FROM user_account WHERE id = 1").scalar_one()
    page = browser_of(login).get(PAGE)
    assert "You hold no post of your own that acts" in page
    assert "<textarea" not in page


def test_a_stranger_is_asked_to_sign_in_and_nobody_ends_anothers(
    office: Office, browser_of: BrowserOf, stranger: Browser
) -> None:
    made = lend(office, "a.head", "c.staff", ("A", "head"))
    assert stranger.client.get(PAGE).status_code == 302
    assert browser_of("c.staff").post(f"{PAGE}/{made}/end", form=PAGE).status_code == 404
    assert "in force" in browser_of("a.head").get(PAGE)


def test_a_deputy_finds_the_unit_s_work_and_does_it_in_the_others_name(
    office: Office, browser_of: BrowserOf
) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    browser = browser_of("c.staff")
    assert f"/steps/{step}" not in browser.get("/inbox")
    lend(office, "a1.head", "c.staff", ("A1", "head"))
    assert f"/steps/{step}" in browser.get("/inbox")
    url = f"/steps/{step}/start"
    done = browser.post(url, {"seen_version": office.row(step).version}, form="/account/deputies")
    assert done.status_code == 303, done.text
    page = browser.get(f"/steps/{step}")
    assert re.search(r"c\.staff<br><span[^>]*>head, A1, for a1\.head</span>", page)
    vietnamese = browser.client.get(f"/steps/{step}", headers={"Accept-Language": "vi"}).text
    assert re.search(r"c\.staff<br><span[^>]*>thủ trưởng, A1, thay a1\.head</span>", vietnamese)


def test_for_whom_a_letter_was_issued_stands_on_its_page(
    office: Office, browser_of: BrowserOf
) -> None:
    lend(office, "a.reg", "c.staff", ("A", "registrar"))
    draft = office.draft("A", tasks=[("1", "A1")], login="c.staff")
    office.issue(draft, login="c.staff")
    page = browser_of("a.sec").get(f"/letters/{draft}")
    assert page.count("c.staff (registrar, for a.reg)") == 2
    assert "registrar, for a.reg" in browser_of("a.sec").get(
        f"/letters/{draft}/cascade?tab=history"
    )


@pytest.mark.parametrize("url", [PAGE, "/units/A", "/", "/inbox"])
def test_more_deputies_ask_no_more_statements(
    office: Office, browser_of: BrowserOf, url: str
) -> None:
    browser = browser_of("a.head")
    asked = statements(office.db)
    needed = []
    for more in (0, 12):
        for number in range(more):
            lend(office, "a.head", ("c.staff", "b.staff")[number % 2], ("A", "head"))
            lend(office, "b.head", "a.head", ("B", "head"))
        asked.clear()
        browser.get(url)
        needed.append(len(asked))
    assert needed[0] == needed[1] <= 30


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_page_speaks_both_languages(site: Flask, browser_of: BrowserOf) -> None:
    assert site
    browser = browser_of("a.head")
    assert browser.get(PAGE).count("<h1") == 1
    page = browser.client.get(PAGE, headers={"Accept-Language": "vi"}).text
    assert '<html lang="vi"' in page
