"""The secretariat's board: who sees what, filters in the address, reminders, the same as a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from io import BytesIO, StringIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from models.queries import board
from tests.web.conftest import Browser, opening, statements
from tests.worlds import TODAY, Office
from web.pages import board as pages

Enter = Callable[[str], Browser]
LONG_AGO = TODAY - timedelta(days=60)


def late(days: int) -> dict[str, date]:
    """A letter whose duties are so many days late."""
    return {"due": TODAY - timedelta(days=days), "dated": LONG_AGO}


@pytest.fixture
def steps(office: Office) -> dict[str, int]:
    """Late steps below P and in Q, by a word for each."""
    p = office.letter("P", owe=["A"], tasks=[("1", "S")], **late(40))
    a = office.letter("A", tasks=[("2", "A1"), ("3", "A2")], **late(9))
    b = office.letter("B", tasks=[("4", "B1")], **late(2))
    q = office.letter("Q", tasks=[("5", "QA")], **late(5))
    soon = office.letter("A", tasks=[("6", "A1")], due=TODAY + timedelta(days=3), dated=LONG_AGO)
    found = {
        "A answers P": office.step(p, "A"),
        "S for P": office.step(p, "S", "1"),
        "A1 for A": office.step(a, "A1", "2"),
        "A2 for A": office.step(a, "A2", "3"),
        "B1 for B": office.step(b, "B1", "4"),
        "QA for Q": office.step(q, "QA", "5"),
        "A1 soon": office.step(soon, "A1", "6"),
    }
    office.fire(found["A2 for A"], "decline", "a2.staff", note="Not ours.")
    return found | {"letter of A": a, "letter of P": p}


def listed(page: str) -> list[int]:
    """The steps of a page, in its order."""
    return [int(found) for found in re.findall(r'id="s(\d+)"', page)]


def total(page: str) -> int:
    """How many steps the page says there are."""
    found = re.search(r"<strong>(\d+) steps?</strong>", page)
    return int(found.group(1)) if found else 0


def names(steps: dict[str, int], page: str) -> set[str]:
    """The steps of a page by their word, after seeing that the count agrees."""
    assert total(page) == len(listed(page))
    return {name for name, step in steps.items() if step in listed(page) and "letter" not in name}


ALL = "A answers P, S for P, A1 for A, A2 for A, B1 for B"
SCOPES = {"p.sec": ALL, "p.head": ALL, "a.sec": "A answers P, A1 for A, A2 for A", "c.sec": ""}


def test_each_sees_what_is_overdue_in_the_units_followed(
    steps: dict[str, int], browser_of: Enter
) -> None:
    for login, wanted in SCOPES.items():
        page = browser_of(login).get("/board")
        assert names(steps, page) == set(filter(None, wanted.split(", "))), login
        assert ("Nothing is overdue in the units you follow." in page) == (not wanted)


def test_who_follows_for_nobody_is_told_so(browser_of: Enter) -> None:
    page = browser_of("a1.staff").get("/board?unit=A&after=x")
    assert "You hold no such post today." in page
    assert '<a class="govuk-link" href="/inbox">' in page
    assert "<table" not in page


def test_steps_stand_under_the_unit_that_must_act(steps: dict[str, int], browser_of: Enter) -> None:
    page = browser_of("p.sec").get("/board")
    groups = re.findall(r'rowgroup".*?>(\w+)</a> <span class="c-quiet">([^<]+)<', page)
    # A answers for its own obligation and decides on what A2 declined.
    assert groups == [
        ("A", "2 overdue"),
        ("A1", "1 overdue"),
        ("B1", "1 overdue"),
        ("S", "1 overdue"),
    ]
    assert listed(page)[:2] == [steps["A answers P"], steps["A2 for A"]]
    assert "owed by A2" in page
    longest = browser_of("p.sec").get("/board?order=longest")
    assert listed(longest)[:2] == [steps["A answers P"], steps["S for P"]]
    assert listed(longest)[-1] == steps["B1 for B"]
    assert "rowgroup" not in longest


FILTERS = {
    "level=section": "A1 for A, B1 for B",
    "unit=A": "A answers P, A1 for A, A2 for A",
    "unit=A1&level=section": "A1 for A",
    "window=late7": "A answers P, S for P, A1 for A, A2 for A",
    "window=late30": "A answers P, S for P",
    "window=soon": "A1 soon",
    "window=between": f"{ALL}, A1 soon",
    "from=6/9/2026&to=2026-09-13": "A1 for A, A2 for A, B1 for B",
    "from=14/9/2026": "A1 soon",
    "to=6/8/2026&window=soon": "A answers P, S for P",
    "kind=obligation": "A answers P",
    "state=declined": "A2 for A",
    "state=open&kind=task&unit=B": "B1 for B",
}


def test_each_filter_of_the_address_narrows_the_list_down_and_can_be_taken_away(
    steps: dict[str, int], browser_of: Enter
) -> None:
    browser = browser_of("p.sec")
    for asked, wanted in FILTERS.items():
        for order in ("", "&order=longest"):
            page = browser.get(f"/board?{asked}{order}")
            assert names(steps, page) == set(wanted.split(", ")), asked
            chips = re.findall(r'<li><a href="([^"]+)">.*?remove this filter', page)
            # Each leads to the list without one filter, and with all the others.
            used = set(asked.split("&"))
            hrefs = [set(unquote(unescape(chip)).partition("?")[2].split("&")) for chip in chips]
            gone = [used - kept for kept in hrefs]
            shown = {one for one in used if not ("to=" in asked and "window" in one)}
            assert sorted(map(str, gone)) == sorted(str({one}) for one in shown), asked
    page = browser.get(f"/board?directive={steps['letter of A']}")
    assert names(steps, page) == {"A1 for A", "A2 for A"}
    assert "công văn 102/UBND-A" in page


WRONG = {
    "from=32/1/2026": ("from", "is not a day"),
    "from=2/9/2026&to=1/9/2026": ("to", "lies before the first"),
    "unit=nowhere": ("unit", "No unit has this code or name."),
    "unit=QA": ("unit", "not among those you follow"),
    "level=empire": ("level", "no such level"),
    "kind=poem": ("kind", "Choose one"),
    "state=accepted": ("state", "Choose one"),
    "directive=99": ("directive", "no such letter"),
    "directive=99999999999": ("directive", "no such letter"),
}


@pytest.mark.usefixtures("steps")
def test_a_filter_that_cannot_be_used_is_told_at_its_field_and_kept(browser_of: Enter) -> None:
    browser = browser_of("p.sec")
    for asked, (field, said) in WRONG.items():
        page = browser.get(f"/board?{asked}")
        assert f'href="#{field}"' in page, asked
        assert said in page, asked
        assert listed(page) == [], asked
        assert browser.client.get(f"/board.csv?{asked}").status_code == 400, asked
    assert 'value="32/1/2026"' in browser.get("/board?from=32/1/2026")


@pytest.mark.parametrize("order", ["unit", "longest"])
def test_the_pages_show_every_step_once(office: Office, browser_of: Enter, order: str) -> None:
    many = [(str(no), ("A1", "A2")[no % 2]) for no in range(110)]
    office.letter("A", tasks=many, **late(4))
    browser, url = browser_of("a.sec"), f"/board?order={order}"
    seen: list[list[int]] = []
    while url:
        page = browser.get(url)
        assert total(page) == 110
        seen.append(listed(page))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = unescape(found.group(1)) if found and len(seen) < 9 else ""
    assert [len(page) for page in seen] == [50, 50, 10]
    assert len({step for page in seen for step in page}) == 110
    assert ("continued" in page) is (order == "unit")
    assert browser.get("/board?after=nonsense").count('class="c-check"') == 50


def reminders(office: Office, step: int) -> list[str]:
    """The notes of a step's reminders."""
    asked = text("SELECT note FROM event WHERE step_id = :step AND trigger = 'remind'")
    with office.db.read() as conn:
        return list(conn.execute(asked, {"step": step}).scalars())


def boxes(page: str) -> dict[int, str]:
    """The steps of a page that may be chosen, with the value of their box."""
    found = re.findall(r'name="step" value="((\d+)\.\d+)"', page)
    return {int(step): value for value, step in found}


CHASERS = {  # login → (what may be reminded of, how many of the others are not even seen)
    "p.sec": ({"A answers P", "S for P"}, 1),
    "p.head": ({"A answers P", "S for P"}, 1),
    "a.sec": ({"A1 for A"}, 3),
    "b.head": ({"B1 for B"}, 5),
}


def test_only_what_ones_own_body_laid_and_another_owes_may_be_chosen_and_is_reminded(
    office: Office, steps: dict[str, int], browser_of: Enter
) -> None:
    late_ones = {name: step for name, step in steps.items() if " for " in name or "answers" in name}
    versions = {step: office.row(step).version for step in late_ones.values()}
    for login, (wanted, unseen) in CHASERS.items():
        browser = browser_of(login)
        offered = boxes(browser.get("/board"))
        assert set(offered) == {steps[name] for name in wanted}, login
        before = {name: len(reminders(office, step)) for name, step in late_ones.items()}
        # Also what is not offered is sent: the door decides.
        sent = [f"{step}.{office.row(step).version}" for step in versions]
        answer = browser.post("/board/chase", {"step": sent, "note": login}, form="/board")
        for name, step in late_ones.items():
            assert len(reminders(office, step)) - before[name] == (name in wanted), (login, name)
        assert answer.status_code == 200
        sent_words = "1 reminder sent." if len(wanted) == 1 else f"{len(wanted)} reminders sent."
        assert f"{sent_words} Not sent: {len(sent) - len(wanted)}." in answer.text
        assert answer.text.count("There is no such step.") == unseen, login
        may_not = answer.text.count("Only head, secretariat of the issuing unit may do this.")
        # What was declined is with its issuer: there nobody can be reminded at all.
        declined = login != "b.head"
        assert may_not == len(sent) - len(wanted) - unseen - declined, login


def test_a_clerk_reminds_nobody(office: Office, steps: dict[str, int], browser_of: Enter) -> None:
    step = steps["A1 for A"]
    sent = {"step": f"{step}.{office.row(step).version}"}
    answer = browser_of("a1.staff").post("/board/chase", sent, form="/")
    assert answer.status_code == 409
    assert reminders(office, step) == []


def test_reminding_leads_back_to_the_same_list_and_is_told_on_it(
    office: Office, steps: dict[str, int], browser_of: Enter
) -> None:
    browser = browser_of("p.sec")
    chosen = list(boxes(browser.get("/board?window=late30")).values())
    url = "/board/chase?window=late30"
    answer = browser.post(url, {"step": chosen, "note": " By Friday. "}, form="/board")
    assert (answer.status_code, answer.location) == (303, "/board?window=late30")
    page = browser.get("/board?window=late30")
    assert "2 reminders sent." in page
    assert page.count("reminded today") == 2
    assert reminders(office, steps["S for P"]) == ["By Friday."]


def test_a_reminder_sent_twice_reminds_once(
    office: Office, steps: dict[str, int], browser_of: Enter
) -> None:
    browser = browser_of("a.sec")
    chosen = list(boxes(browser.get("/board")).values())
    first = browser.post("/board/chase", {"step": chosen * 2}, form="/board")
    again = browser.post("/board/chase", {"step": chosen}, form="/board")
    assert (first.status_code, again.status_code) == (303, 409)
    assert "It has changed since you saw it." in again.text
    assert f'href="/steps/{steps["A1 for A"]}"' in again.text
    assert len(reminders(office, steps["A1 for A"])) == 1


def test_a_step_that_moved_on_is_told_and_the_others_are_reminded(
    office: Office, steps: dict[str, int], browser_of: Enter
) -> None:
    browser = browser_of("p.sec")
    chosen = list(boxes(browser.get("/board")).values())
    office.fire(steps["S for P"], "start", "s.staff")
    answer = browser.post("/board/chase", {"step": [*chosen, "424242.1", "x"]}, form="/board")
    assert answer.status_code == 200
    assert "1 reminder sent. Not sent: 2." in answer.text
    assert "There is no such step." in answer.text
    assert len(reminders(office, steps["A answers P"])) == 1
    assert reminders(office, steps["S for P"]) == []


def test_nothing_chosen_is_told_and_the_note_is_kept(
    steps: dict[str, int], browser_of: Enter
) -> None:
    browser = browser_of("p.sec")
    answer = browser.post("/board/chase?unit=A", {"note": "By Friday"}, form="/board")
    assert answer.status_code == 400
    assert "Choose at least one step" in answer.text
    assert ">By Friday</textarea>" in answer.text
    assert names(steps, answer.text) == {"A answers P", "A1 for A", "A2 for A"}


AGO = {0: "reminded today", 1: "reminded yesterday", 3: "reminded 3 days ago"}


def test_when_a_step_was_last_reminded_of_is_told(office: Office, browser_of: Enter) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")], **late(9)), "A1", "1")
    browser = browser_of("a.sec")
    assert "reminded" not in browser.get("/board").replace("reminders", "")
    for days in sorted(AGO, reverse=True):
        office.today = TODAY - timedelta(days=days)
        office.fire(step, "remind", "a.sec")
        assert AGO[days] in browser.get("/board")


EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture
def evil(office: Office) -> Office:
    """Late tasks whose points and letter begin like formulas, and one with a bell in it."""
    office.letter("A", tasks=[(f"{no}", "A1") for no in range(len(EVIL) + 1)], **late(3))
    with office.db.write() as conn:
        for no, said in enumerate((*EVIL, "ring\x07 it")):
            conn.execute(
                text("UPDATE point SET text = :t WHERE no = :n"), {"t": said, "n": str(no)}
            )
        conn.execute(text("UPDATE letter SET symbol = '=HYPERLINK(1)'"))
    return office


@pytest.mark.usefixtures("evil")
def test_the_csv_is_the_list_and_no_cell_of_it_a_formula(browser_of: Enter) -> None:
    browser = browser_of("a.sec")
    answer = browser.client.get("/board.csv", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Disposition"] == "attachment; filename=overdue-2026-09-15.csv"
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row["What"] for row in rows[: len(EVIL)]] == [f"'{said}" for said in EVIL]
    assert {row["Due"] for row in rows} == {"2026-09-12"}
    assert {row["Days late"] for row in rows} == {"3"}
    assert {row["Who must act"] for row in rows} == {"A1"}
    assert all(cell[:1] not in "=+-@\t\r" or not cell for row in rows for cell in row.values())


def test_the_workbook_is_the_list_with_real_days_and_no_formula(
    evil: Office, browser_of: Enter
) -> None:
    step = evil.step(1, "A1", "0")
    evil.fire(step, "remind", "a.sec")
    answer = browser_of("a.sec").client.get("/board.xlsx?lang=vi")
    assert answer.headers["Content-Disposition"] == "attachment; filename=qua-han-2026-09-15.xlsx"
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    heads, *rows = list(sheet.iter_rows())
    at = {cell.value: place for place, cell in enumerate(heads)}
    texts = [row[at["Nội dung"]] for row in rows]
    said = [str(cell.value) for cell in texts]
    # The format itself keeps no carriage return.
    assert [one.strip() for one in said] == [one.strip() for one in (*EVIL, "ring it")]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert all(texts[n].quotePrefix for n in range(len(EVIL)))
    due = rows[0][at["Thời hạn"]]
    reminder = rows[0][at["Đôn đốc gần nhất"]]
    assert isinstance(due.value, datetime)
    assert isinstance(reminder.value, datetime)
    assert (due.value.date(), due.number_format) == (date(2026, 9, 12), "DD/MM/YYYY")
    assert reminder.value.date() == TODAY
    assert rows[0][at["Số ngày quá hạn"]].value == 3


def test_a_file_has_what_the_list_has_with_the_same_filters(
    steps: dict[str, int], browser_of: Enter
) -> None:
    browser = browser_of("p.sec")
    for asked in ("", "unit=A&order=longest", "window=soon", "state=refused"):
        rows = list(csv.reader(StringIO(browser.get(f"/board.csv?{asked}").lstrip("\ufeff"))))
        assert len(rows) - 1 == len(listed(browser.get(f"/board?{asked}"))), asked
    assert browser.client.get("/board.pdf").status_code == 404
    assert len(browser_of("a1.staff").get("/board.csv").splitlines()) == 1
    assert len(steps) == 9


def test_a_file_that_was_cut_says_so(
    steps: dict[str, int], browser_of: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of("p.sec")
    assert "Cut here" not in browser.get("/board.csv")
    monkeypatch.setattr(pages, "MOST", 3)
    monkeypatch.setattr(board, "MOST", 3)
    cut = list(csv.reader(StringIO(browser.get("/board.csv"))))
    assert len(cut) == 1 + 3 + 1
    assert "Cut here" in cut[-1][1]
    assert len(steps) == 9


PLACES = ["/board", "/board?order=longest", "/board?unit=A&level=section&kind=task", "/board.csv"]


def test_a_bigger_register_asks_no_more_statements(office: Office, browser_of: Enter) -> None:
    browser = browser_of("p.sec")
    asked = statements(office.db)
    needed: list[list[int]] = []
    for size in (2, 40):
        for unit in ("A1", "A2"):
            office.letter("A", tasks=[(str(no), unit) for no in range(size)], **late(4))
        counted = []
        for place in PLACES:
            asked.clear()
            browser.get(place)
            counted.append(len(asked))
        needed.append(counted)
    assert needed[0] == needed[1]
    assert max(needed[0]) <= 16 + len(opening(office, "p.sec")), needed
