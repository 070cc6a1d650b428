"""Emergency reading: who may open, what is told to whom, for how long."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from cascade import authority
from cascade.administration import By
from cascade.clock import Moment
from tests.web.conftest import Browser, statements
from tests.web.test_admin import make_administrator
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
PAGE = "/admin/break-glass"
FORM = {"unit": "A", "hours": "2", "reason": "The head cannot be reached"}


@pytest.fixture
def admin(office: Office, browser_of: BrowserOf) -> Browser:
    """The browser of the one administrator, in P."""
    make_administrator(office, "p.admin")
    return browser_of("p.admin")


def test_an_administrator_opens_a_unit_and_closes_it(admin: Browser) -> None:
    assert "None so far." in admin.get(PAGE)
    answer = admin.post(PAGE, FORM, form=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = admin.get(PAGE)
    row = '15/09/2026 09:00</td><th scope="row">The p.admin</th>'
    assert row in page
    assert "15/09/2026 11:00" in page
    again = admin.post(PAGE, FORM, form=PAGE)
    assert (again.status_code, again.text.count("until 15/09/2026 11:00")) == (400, 2)
    number = re.search(rf"{PAGE}/(\d+)/end", page)
    assert number
    assert admin.post(f"{PAGE}/{number.group(1)}/end", form=PAGE).status_code == 303
    assert "End it now" not in admin.get(PAGE)
    told = admin.get("/admin/record")
    assert "opened the content of a unit for reading" in told
    assert "until 15/09/2026 11:00: The head cannot be reached" in told
    assert "closed the content of a unit again" in told


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("unit", "", "Type the code or the name of a unit."),
        ("unit", "ZZ", "No unit has this code or name."),
        ("hours", "", "Choose for how long."),
        ("hours", "5", "Choose for how long."),
        ("hours", "0", "Choose for how long."),
        ("reason", " ", "Say why. The unit is told in these words."),
    ],
)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    office: Office, admin: Browser, field: str, value: str, told: str
) -> None:
    answer = admin.post(PAGE, {**FORM, field: value}, form=PAGE)
    assert (answer.status_code, answer.text.count(told)) == (400, 2)
    assert field == "reason" or FORM["reason"] in answer.text
    assert office.count("glass") == 0


@pytest.mark.parametrize("login", ["a.head", "p.sec", "a.staff"])
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_nobody_else_may(office: Office, browser_of: BrowserOf, login: str) -> None:
    make_administrator(office, "p.admin")
    browser = browser_of(login)
    browser.get(PAGE, status=403)
    assert browser.post(PAGE, FORM).status_code == 403
    assert browser.post(f"{PAGE}/1/end").status_code == 403
    assert office.count("glass") == 0


def test_heads_and_secretariats_are_told_for_fourteen_days(
    office: Office, browser_of: BrowserOf
) -> None:
    admin = make_administrator(office, "p.admin")
    for days, unit in ((13, "A"), (15, "B")):
        moment = Moment(office.moment.at - timedelta(days=days), office.today)
        authority.open_glass(office.db, office.units[unit], "Lost", 2, By(admin, moment))
    notice = "An administrator opened content of Body A for reading."
    when = "The p.admin, from 02/09/2026 09:00 to 02/09/2026 11:00."
    for login in ("a.head", "a.sec", "a1.head"):
        page = browser_of(login).get("/")
        assert (notice in page, when in page, "Lost" in page) == (True, True, True), login
    for login in ("a.staff", "a.reg", "b.head", "p.head"):
        assert "opened content of" not in browser_of(login).get("/"), login
    assert notice in browser_of("a.head").get("/units/A")
    assert notice not in browser_of("a.head").get("/units/A1")
    assert notice not in browser_of("b.head").get("/units/A")


@pytest.mark.parametrize(
    ("login", "url"), [("p.admin", PAGE), ("a.head", "/"), ("a.head", "/units/A")]
)
def test_more_openings_ask_no_more_statements(
    office: Office, browser_of: BrowserOf, login: str, url: str
) -> None:
    admin = make_administrator(office, "p.admin")
    browser = browser_of(login)
    asked = statements(office.db)
    needed = []
    for more in (1, 9):
        for number in range(more):
            since = office.moment.at - timedelta(days=more) + timedelta(hours=2 * number)
            who = By(admin, Moment(since, office.today))
            authority.open_glass(office.db, office.units["A"], "Why", 1, who)
        asked.clear()
        browser.get(url)
        needed.append(len(asked))
    assert needed[0] == needed[1] <= 30
