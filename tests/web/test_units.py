"""The directory of units: the tree as of a day, folded; one unit with all about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import organisation
from models.base import FOREVER
from models.queries import unit_sheet
from tests.web.conftest import Browser, opening, statements
from tests.worlds import SINCE, TODAY, Office

BrowserOf = Callable[[str], Browser]


def put_units(office: Office, parent: str, count: int, level: str = "section") -> None:
    """Many units directly under one."""
    with office.db.session() as session:
        for number in range(count):
            code = f"{parent}-{number:03}"
            office.units[code] = organisation.unit_id(session, code)
            values = {
                "valid_to": FOREVER,
                "name": f"Section {code}",
                "short_name": code,
                "name_en": f"Section {code}",
                "parent_id": office.units[parent],
                "level": level,
            }
            organisation.put_period(session, office.units[code], SINCE, values)


def end_unit(office: Office, code: str, last: date, parent: str, level: str) -> None:
    """A unit's last day."""
    values = {
        "valid_to": last,
        "name": f"Body {code}",
        "short_name": code,
        "name_en": f"Body {code}",
        "parent_id": office.units[parent],
        "level": level,
    }
    with office.db.session() as session:
        organisation.put_period(session, office.units[code], SINCE, values)


def shown(page: str) -> list[str]:
    """The codes of the units a page links to, in order."""
    return re.findall(r'href="/units/([^"?]+)', page[page.index("<main") :])


def test_the_tree_shows_two_levels_and_folds_the_rest(browser_of: BrowserOf) -> None:
    page = browser_of("a.staff").get("/units")
    assert shown(page) == ["P", "A", "B", "C", "S", "S2", "Q", "QA"]
    assert "3 below" in page  # of A
    assert "/units?open=A" in page
    assert "/units?open=P" not in page  # open already


def test_a_branch_opens_beneath_what_stands_above_it(browser_of: BrowserOf) -> None:
    page = browser_of("a.staff").get("/units?open=AW")
    assert shown(page) == ["P", "A", "AW", "AW1"]
    assert "/units?open=A&" not in page
    assert 'href="/units?open=P"' in page


def test_the_tree_is_that_of_the_day_asked_about(office: Office, browser_of: BrowserOf) -> None:
    end_unit(office, "C", TODAY - timedelta(10), "P", "district")
    browser = browser_of("a.staff")
    assert "C" not in shown(browser.get("/units"))
    page = browser.get("/units?day=1/9/2026")
    assert "C" in shown(page)
    assert "Units as of 01/09/2026" in page
    assert "/units?day=1/9/2026&amp;open=A" in page or "day=1/9/2026" in page
    before = browser.get("/units?day=1/1/1990")
    assert "No unit is on file for that day." in before


def test_a_day_that_is_none_is_told_and_today_shown(browser_of: BrowserOf) -> None:
    page = browser_of("a.staff").get("/units?day=31/2/2026", status=400)
    assert page.count("“31/2/2026” is not a day.") == 2
    assert "Units as of 15/09/2026" in page


def test_a_branch_of_many_is_paged_by_key_and_shows_each_once(
    office: Office, browser_of: BrowserOf
) -> None:
    put_units(office, "B", 120)
    browser = browser_of("a.staff")
    url: str | None = "/units?open=B"
    codes: list[str] = []
    pages = 0
    while url:
        assert pages < 10, url
        page = browser.get(url)
        codes += [code for code in shown(page) if code.startswith("B") and code != "B"]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = found.group(1).replace("&amp;", "&") if found else None
        pages += 1
    assert pages == 3
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes)) == 121


@pytest.mark.parametrize("url", ["/units/NOWHERE", "/units?open=NOWHERE", "/units/P/x"])
def test_a_unit_that_is_none_is_not_found(browser_of: BrowserOf, url: str) -> None:
    browser_of("a.staff").get(url, status=404)


def test_a_unit_tells_its_place_people_duties_and_letters(
    office: Office, browser_of: BrowserOf
) -> None:
    office.letter("P", owe=["A"], due=TODAY - timedelta(1), dated=TODAY - timedelta(9))
    top = office.letter("P", owe=["A"], due=TODAY + timedelta(5))
    office.letter("A", tasks=[("1", "A1")], implements=[top])
    office.letter("Q", owe=["A"], due=TODAY - timedelta(1), dated=TODAY - timedelta(9))
    page = browser_of("p.staff").get("/units/A")
    main = page[page.index("<main") :]
    assert "Body P" in page[: page.index("<main")]  # the way up
    assert re.search(r"c-late\">1</span> <a[^>]+/board\?unit=A\">overdue today", main)
    assert re.search(r">2</span> not ended", main)  # not this person's: no link to an inbox
    assert "Letter 103" in main
    assert "a.sec" in main
    assert {"A1", "A2", "AW"} <= set(shown(page))
    assert "/admin/" not in page
    # Who is not concerned sees place and people, and of duties and letters nothing.
    page = browser_of("b.staff").get("/units/A")
    main = page[page.index("<main") :]
    assert "a.sec" in main
    assert {"A1", "A2", "AW"} <= set(shown(page))
    assert re.search(r"c-figures__number\">0</span> <a[^>]+>overdue today", main)
    assert re.search(r">0</span> not ended", main)
    assert "Letter 10" not in main


def test_those_who_work_there_are_led_to_their_inbox(browser_of: BrowserOf) -> None:
    assert "/inbox?unit=A" in browser_of("a.staff").get("/units/A")


def test_those_who_hold_a_post_come_first_heads_before_others(
    office: Office, browser_of: BrowserOf
) -> None:
    with office.db.session() as session:
        deputy = organisation.user_id(session, "deputy", "The deputy")
        former = organisation.user_id(session, "former", "The former one")
        unit = office.units["A"]
        organisation.put_appointment(session, deputy, unit, "head", TODAY, FOREVER)
        organisation.put_appointment(session, former, unit, "head", SINCE, TODAY - timedelta(1))
    page = browser_of("a.staff").get("/units/A")
    now, earlier = page.split("Earlier and later")
    assert now.index("The deputy") < now.index("a.staff</th>")
    assert "The former one" in earlier
    assert "14/09/2026" in earlier
    then = browser_of("a.staff").get("/units/A?day=1/1/2025")
    assert then.index("The former one") < then.index("Earlier and later") < then.index("The deputy")


def test_those_of_the_past_never_crowd_out_who_holds_a_post_now(office: Office) -> None:
    with office.db.session() as session:
        for number in range(5):
            former = organisation.user_id(session, f"former{number}", "A former head")
            unit, last = office.units["A"], TODAY - timedelta(1)
            organisation.put_appointment(session, former, unit, "head", SINCE, last)
    with office.db.read() as conn:
        rows = unit_sheet.people(conn, office.units["A"], TODAY, limit=4)
    assert [row.login for row in rows] == ["a.head", "a.reg", "a.sec", "a.staff"]


def test_names_changes_and_their_legal_basis_are_told(
    office: Office, browser_of: BrowserOf
) -> None:
    end_unit(office, "B", TODAY - timedelta(1), "P", "district")
    with office.db.session() as session:
        parts = {"predecessor": [office.units["B"]], "successor": [office.units["A"]]}
        organisation.put_change(session, "merge", TODAY, "Resolution 12", parts)
    browser = browser_of("a.staff")
    page = browser.get("/units/B")
    assert "This unit ended on 14/09/2026." in page
    assert "merged into" in page
    assert "Resolution 12" in page
    assert "made by merging" in browser.get("/units/A")
    vietnamese = browser.get("/units/B?lang=vi")
    assert "Resolution 12" in vietnamese
    assert "merged into" not in vietnamese


def test_a_unit_of_the_future_says_so(office: Office, browser_of: BrowserOf) -> None:
    with office.db.session() as session:
        unit = organisation.unit_id(session, "NEW")
        values = {
            "valid_to": FOREVER,
            "name": "Body to come",
            "short_name": "NEW",
            "name_en": "Body to come",
            "parent_id": office.units["P"],
            "level": "district",
        }
        organisation.put_period(session, unit, TODAY + timedelta(30), values)
    page = browser_of("a.staff").get("/units/NEW")
    assert "did not exist on 15/09/2026 yet" in page
    assert "Body to come" in page


@pytest.mark.parametrize("url", ["/units", "/units?open=B", "/units/B"])
def test_more_units_letters_and_people_ask_no_more_statements(
    office: Office, browser_of: BrowserOf, url: str
) -> None:
    browser = browser_of("a.staff")
    asked = statements(office.db)
    needed = []
    for more in (0, 60):
        put_units(office, "B", more)
        for _ in range(more // 20):
            office.letter("P", owe=["B"])
            office.letter("B", tasks=[("1", "B1")])
        asked.clear()
        browser.get(url)
        needed.append(len(asked))
    assert needed[0] == needed[1] <= 14 + len(opening(office, "a.staff"))
