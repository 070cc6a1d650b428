"""A NUL in what is typed or in an address is no fault: PostgreSQL keeps no text with one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cascade import accounts, clock
from models import organisation
from models.base import FOREVER
from tests.web.conftest import PASSWORD, Browser
from tests.worlds import SINCE, Office
from workflows.roles import Role

BrowserOf = Callable[[str], Browser]
FORMS = {  # address → a field that goes to the database
    "/admin/users/1/name": "name",
    "/admin/users/1/posts": "unit",
    "/admin/calendar": "unit",
    "/admin/break-glass": "unit",
    "/account/deputies": "deputy",
    "/sign-in": "login",
}
ADDRESSES = {  # address → its status
    "/admin?after=a%00b": 200,
    "/admin?q=a%00b": 200,
    "/board?unit=a%00b": 200,
    "/letters?kind=a%00b": 200,
    "/letters?issuer=a%00b": 200,
    "/search?q=a%00b": 200,
    "/units?open=a%00b": 404,
    "/units/a%00b": 404,
}


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_no_text_with_a_nul_reaches_the_database(office: Office, browser_of: BrowserOf) -> None:
    with office.db.session() as session:
        me = organisation.user_id(session, "all", "All")
        for role in (Role.ADMINISTRATOR, Role.HEAD):
            organisation.put_appointment(session, me, office.units["P"], role, SINCE, FOREVER)
    accounts.give_all(office.db, PASSWORD, clock.now())
    browser = browser_of("all")
    for url, name in FORMS.items():
        assert browser.post(url, {name: "a\0b"}).status_code < 500, url
    found = {url: browser.client.get(url).status_code for url in ADDRESSES}
    assert found == ADDRESSES


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_nul_that_came_along_is_left_out(office: Office, browser_of: BrowserOf) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    browser = browser_of("a1.staff")
    form = f"/steps/{step}/decline"
    page = browser.get(form)
    version = page.partition('name="seen_version" value="')[2].partition('"')[0]
    given = {"note": "No\0 pump there", "seen_version": version}
    assert browser.post(form, given, form=form).status_code == 303
    assert "No pump there" in browser.get(f"/steps/{step}")
