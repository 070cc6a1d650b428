"""Tokens on one's own account page: made after the password, shown once, ended at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.api.conftest import ROOT, Program
from tests.web.conftest import PASSWORD, Browser
from tests.web.test_admin import make_administrator
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
PAGE = "/account/tokens"
FORM = {"name": "Sheet robot", "days": "30", "present": PASSWORD}
pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def made(browser: Browser, **typed: object) -> str:
    """A token made on the page."""
    answer = browser.post(PAGE, {**FORM, **typed}, form=PAGE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'<code id="token">(csc_[\w-]{43})</code>', answer.text)
    assert found is not None
    return found[1]


def test_a_token_made_here_opens_the_interface_and_is_not_shown_again(
    site: Flask, browser_of: BrowserOf
) -> None:
    browser = browser_of("a.staff")
    assert "You have none." in browser.get(PAGE)
    assert PAGE in browser.get("/me/password")
    token = made(browser, scopes=["act", "nonsense"])
    page = browser.get(PAGE)
    assert token not in page
    assert f"{token[:8]}…" in page
    assert "make moves on letters and steps; read" in page
    program = Program(site.test_client(), token)
    assert program.get("/letters").status_code == 200
    assert program.post("/letters", {}).status_code == 403
    assert "Sheet robot" not in browser_of("b.staff").get(PAGE)


def test_it_is_ended_here_by_its_owner_alone(site: Flask, browser_of: BrowserOf) -> None:
    browser, other = browser_of("a.staff"), browser_of("b.staff")
    program = Program(site.test_client(), made(browser))
    there = re.search(rf"{PAGE}/\d+/end", browser.get(PAGE))
    assert there is not None
    assert other.post(there[0]).status_code == 404
    assert program.get("/units").status_code == 200
    assert browser.post(there[0], form=PAGE).status_code == 303
    assert program.get("/units").status_code == 401
    assert browser.post(there[0], form=PAGE).status_code == 404


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"present": "another password"}, "The present password is not right."),
    ({"name": " "}, "Say which program it is for."),
    ({"name": "x" * 81}, "at most 80 characters"),
    ({"days": "366"}, "Choose for how long it is good."),
    ({"days": ""}, "Choose for how long it is good."),
)


def test_what_is_wrong_is_told_and_nothing_is_made(browser_of: BrowserOf, office: Office) -> None:
    browser = browser_of("a.staff")
    for typed, told in WRONG:
        answer = browser.post(PAGE, {**FORM, **typed}, form=PAGE)
        assert (answer.status_code, told in answer.text) == (400, True), typed
    assert office.count("api_token") == 0


def test_an_administrator_owes_the_second_factor_also_to_programs(
    site: Flask, office: Office, browser_of: BrowserOf
) -> None:
    make_administrator(office, "p.head")
    token = made(browser_of("p.head"))
    program = Program(site.test_client(), token)
    assert program.get("/units").status_code == 200
    site.config["REQUIRE_TOTP"] = True
    answer = browser_of("p.head").client.get(PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/second-factor")
    answer = program.get("/units")
    assert (answer.status_code, "second factor" in answer.json["detail"]) == (403, True)  # type: ignore[index]
    assert browser_of("a.staff").client.get(PAGE).status_code == 200


def test_a_cookie_opens_nothing_of_the_interface(browser_of: BrowserOf) -> None:
    client = browser_of("a.sec").client
    assert client.get(f"{ROOT}/letters").status_code == 401
    assert client.post(f"{ROOT}/letters", json={}).status_code == 401
