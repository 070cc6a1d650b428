"""The inbox: what my units owe and what waits for them, in order of urgency."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import text

from models.queries import inbox
from tests.web.conftest import PASSWORD, Browser, opening, statements
from tests.worlds import EVIDENCE, TODAY, Office

BrowserOf = Callable[[str], Browser]
LATE, SOON, FAR = TODAY - timedelta(3), TODAY + timedelta(7), TODAY + timedelta(30)


def groups(page: str) -> dict[str, list[int]]:
    """heading → the steps under it, in order."""
    found = {}
    for part in page.split("<h2")[1:]:
        heading = re.search(r">([^<]+)</h2>", part)
        assert heading
        found[heading[1]] = [int(n) for n in re.findall(r'c-row__link" href="/steps/(\d+)"', part)]
    return found


def task(office: Office, unit: str, no: str = "1", **given: object) -> int:
    """A task laid on a unit by the one above it."""
    letter = office.letter("P" if unit in "AB" else unit[0], tasks=[(no, unit)], **given)
    return office.step(letter, unit, no)


def test_what_a_unit_owes_stands_in_order_of_urgency(office: Office, browser_of: BrowserOf) -> None:
    far, near = task(office, "A1", due=FAR), task(office, "A1", due=SOON)
    late = [task(office, "A1", due=LATE, dated=LATE) for _ in range(2)]
    later_late = task(office, "A1", due=LATE + timedelta(1), dated=LATE)
    back = task(office, "A1", due=FAR)
    office.report(back, "A1")
    office.fire(back, "return", "a.sec", note="Not yet.")
    away = task(office, "A1", due=FAR)
    office.report(away, "A1")
    done = task(office, "A1", due=LATE, dated=LATE)
    office.finish(done, "A1", "A")
    task(office, "B1", due=LATE, dated=LATE)
    assert groups(browser_of("a1.staff").get("/inbox")) == {
        "Overdue (3)": [*late, later_late],
        "Returned to us (1)": [back],
        "Due soon (1)": [near],
        "Later (1)": [far],
        "Waiting for others (1)": [away],
    }


def test_a_returned_step_that_is_overdue_stands_among_the_overdue(
    office: Office, browser_of: BrowserOf
) -> None:
    late = task(office, "A1", due=LATE, dated=LATE)
    office.report(late, "A1")
    office.fire(late, "return", "a.sec", note="Not yet.")
    assert groups(browser_of("a1.staff").get("/inbox")) == {"Overdue (1)": [late]}


def test_what_waits_for_the_issuer_stands_in_its_inbox(
    office: Office, browser_of: BrowserOf
) -> None:
    reported, declined, asked, taken = (task(office, "A1", due=FAR) for _ in range(4))
    task(office, "A1", due=FAR)
    office.report(reported, "A1")
    office.fire(declined, "decline", "a1.head", note="Not ours.")
    office.fire(asked, "ask_extension", "a1.staff", note="Rain.", until=FAR + timedelta(9))
    office.fire(taken, "ask_extension", "a1.staff", note="Rain.", until=FAR + timedelta(9))
    office.fire(taken, "grant_extension", "a.sec")
    shown = groups(browser_of("a.sec").get("/inbox"))
    assert shown == {"Waiting for us (3)": [declined, asked, reported]}
    # Staff of the issuer cannot decide, so nothing waits for them.
    assert groups(browser_of("a.staff").get("/inbox")) == {}


def test_an_obligation_is_owed_too_and_its_answer_waits_above(
    office: Office, browser_of: BrowserOf
) -> None:
    directive = office.letter("P", owe=["A", "B"])
    a, b = (office.step(directive, unit) for unit in "AB")
    page = browser_of("b.staff").get("/inbox")
    assert groups(page) == {"Later (1)": [b]}
    assert f'href="/steps/{b}/answer"' in page
    office.fire(a, "return_nil", "a.staff", note="None.")
    assert groups(browser_of("p.head").get("/inbox")) == {"Waiting for us (1)": [a]}


def test_an_answer_with_something_open_below_waits_for_that_and_not_for_the_issuer(
    office: Office, browser_of: BrowserOf
) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    a = office.step(directive, "A")
    assert office.state(a) == "answered"
    assert groups(browser_of("p.sec").get("/inbox")) == {}
    page = browser_of("a.staff").get("/inbox")
    assert groups(page) == {"Waiting for others (1)": [a]}
    assert "1 below still open" in page
    office.report(office.step(answer, "A1", "1"), "A1")
    assert groups(browser_of("p.sec").get("/inbox")) == {}


def test_a_person_with_several_units_sees_them_together_or_one(
    office: Office, browser_of: BrowserOf
) -> None:
    with office.db.write() as conn:
        conn.execute(
            text(
                "INSERT INTO appointment (user_id, unit_id, role, scope, valid_from, valid_to) "
                "SELECT id, :unit, 'staff', 'unit', '2020-01-01', '9999-12-31' "
                "FROM user_account WHERE login = 'a1.staff'"
            ),
            {"unit": office.units["B1"]},
        )
    one, two = task(office, "A1", due=FAR), task(office, "B1", due=FAR)
    browser = browser_of("a1.staff")
    both = browser.get("/inbox")
    assert groups(both) == {"Later (2)": [one, two]}
    assert "A → A1" in both
    assert "B → B1" in both
    assert groups(browser.get("/inbox?unit=B1")) == {"Later (1)": [two]}
    browser.get("/inbox?unit=A2", status=404)


def test_a_person_without_such_a_post_is_told_so(office: Office, browser_of: BrowserOf) -> None:
    with office.db.write() as conn:
        conn.execute(
            text("UPDATE appointment SET role = 'auditor' WHERE unit_id = :u"),
            {"u": office.units["A1"]},
        )
    task(office, "A1", due=FAR)
    assert "You have no post" in browser_of("a1.staff").get("/inbox")
    assert "Nothing is owed" in browser_of("b1.staff").get("/inbox")


def crowd(office: Office, size: int) -> None:
    """`size` tasks of A1 in each way a task can stand."""
    for due in (LATE, TODAY, FAR):
        tasks = [(str(no), "A1") for no in range(size)]
        office.letter("A", tasks=tasks, due=due, dated=LATE)
    with office.db.write() as conn:
        conn.execute(text("UPDATE step SET due = NULL WHERE id % 5 = 0"))
        conn.execute(
            text("UPDATE step SET state = 'returned' WHERE id % 7 = 0 AND unit_id = :a1"),
            {"a1": office.units["A1"]},
        )


@pytest.mark.parametrize("query", ["", "only=overdue", "only=later", "only=returned"])
def test_the_pages_hold_each_step_once_and_agree_with_the_counts(
    office: Office, browser_of: BrowserOf, query: str
) -> None:
    crowd(office, 60)
    browser = browser_of("a1.staff")
    url: str | None = f"/inbox?{query}"
    seen: dict[str, list[int]] = {}
    pages = 0
    while url is not None:
        page = browser.get(url)
        pages += 1
        rows = groups(page)
        assert sum(map(len, rows.values())) <= 50
        for heading, steps in rows.items():
            seen.setdefault(heading.replace(", continued", ""), []).extend(steps)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        url = more[1].replace("&amp;", "&") if more else None
    assert pages > (1 if query in ("", "only=later") else 0)
    for heading, steps in seen.items():
        assert heading.endswith(f"({len(steps)})"), heading
        assert len(set(steps)) == len(steps)
    if not query:
        assert sum(map(len, seen.values())) == 180


@pytest.mark.parametrize(
    "after", ["x", "0", "0.2026-01-01.x", "99..1", "0..5", "2.2026-01-01.5", "-1..3", "0.x.1"]
)
def test_a_key_that_is_none_leads_to_the_first_page(
    office: Office, browser_of: BrowserOf, after: str
) -> None:
    one = task(office, "A1", due=LATE, dated=LATE)
    shown = groups(browser_of("a1.staff").get(f"/inbox?after={after}"))
    assert shown == {"Overdue (1)": [one]}


def selects(asked: list[str]) -> int:
    """How many of the statements ask."""
    return len([said for said in asked if said.lstrip().startswith("SELECT")])


@pytest.mark.parametrize("login", ["a1.staff", "a.sec"])
def test_a_fuller_inbox_asks_no_more_statements(
    office: Office, browser_of: BrowserOf, login: str
) -> None:
    browser = browser_of(login)
    asked = statements(office.db)
    needed = []
    for size in (2, 20, 40):
        crowd(office, size)
        asked.clear()
        browser.get("/inbox")
        needed.append(selects(asked))
    # One more where some on the page have no due date: do they await their receipt?
    assert max(needed) <= min(needed) + 1
    assert max(needed) <= 6 + selects(opening(office, login))


def test_a_full_page_stays_light_in_vietnamese(office: Office, browser_of: BrowserOf) -> None:
    crowd(office, 60)
    long = "Kiểm tra, rà soát các hộ dân sinh sống tại khu vực có nguy cơ sạt lở " * 5
    with office.db.write() as conn:
        conn.execute(text("UPDATE point SET text = :long"), {"long": long})
        conn.execute(text("UPDATE letter SET number = '1234' || id, symbol = 'UBND-NNPTNT'"))
        conn.execute(
            text("UPDATE unit_period SET short_name = 'Phòng Nông nghiệp và PTNT huyện ' || name")
        )
    client = browser_of("a1.staff").client
    page = client.get("/inbox?lang=vi").text
    assert page.count('class="c-row"') == inbox.PAGE
    assert len(page.encode()) <= 30 * 1024


def test_from_sign_in_to_done_takes_three_actions(office: Office, stranger: Browser) -> None:
    step = task(office, "A1", due=FAR)
    # One: who came for the inbox signs in and is there.
    entered = stranger.post(
        "/sign-in",
        {"login": "a1.staff", "password": PASSWORD, "next": "/inbox"},
        form="/sign-in?next=/inbox",
    )
    assert entered.headers["Location"] == "/inbox"
    # Two: the row's link.
    found = re.search(r'href="(/steps/\d+/report)">Mark done<', stranger.get("/inbox"))
    assert found
    form = stranger.get(found[1])
    # Three: the one screen.
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    done = stranger.client.post(
        found[1], data={**hidden, "evidence": (BytesIO(b"Done."), "minutes.txt")}
    )
    assert (done.status_code, done.headers["Location"]) == (303, "/inbox")
    assert office.state(step) == "reported"
    assert groups(stranger.get("/inbox")) == {"Waiting for others (1)": [step]}


def test_a_task_with_open_parts_says_so_instead_of_offering_the_impossible(
    office: Office, browser_of: BrowserOf
) -> None:
    letter = office.letter("P", tasks=[("1", "A")], due=FAR)
    whole = office.step(letter, "A", "1")
    office.fire(whole, "split", "a.staff", units=(office.units["A1"], office.units["A2"]))
    page = browser_of("a.staff").get("/inbox")
    assert "2 below still open" in page
    assert "Mark done" not in page
    part = office.row(whole + 1)
    office.fire(part.id, "report", "a1.staff", files=(EVIDENCE,))
    assert groups(browser_of("a.sec").get("/inbox"))["Waiting for us (1)"] == [part.id]
