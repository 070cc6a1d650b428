"""The second factor on the pages: setting it up, the step after the password, being required."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask

from cascade import clock, second_factor
from models import organisation
from models.base import FOREVER
from models.queries import administration
from tests.web.conftest import PASSWORD, Browser, statements, token_of
from tests.web.test_admin import id_of, make_administrator
from tests.worlds import SINCE, Office

BrowserOf = Callable[[str], Browser]
PAGE = "/account/second-factor"


def code(secret: str, steps: int = 0) -> str:
    """The code a telephone shows, or will show in some steps."""
    return pyotp.TOTP(secret).generate_otp(int(clock.now().at.timestamp()) // 30 + steps)


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time-step must not end between a code's being made and its being typed."""
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)


def places(site: Flask, *marks: str) -> list[tuple[str, str]]:
    """(method, address) of every view that carries none of these marks."""
    found = []
    for rule in site.url_map.iter_rules():
        view = site.view_functions[rule.endpoint]
        is_free = any(getattr(view, mark, False) for mark in marks)
        if rule.endpoint == "static" or is_free or getattr(view, "policy", "") == "public":
            continue
        if rule.rule.startswith("/api/"):  # cookies open nothing there: tests/web/api
            continue
        url = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        url = re.sub("<[^>]+>", "1", url)
        found += [(method, url) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    assert len(found) > 40
    return found


def secret_on(page: str) -> str:
    """The secret as the page tells it for typing."""
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert found, page
    return found.group(1).replace(" ", "")


def set_up(browser: Browser) -> tuple[str, list[str]]:
    """A second factor set up on the pages: its secret and the recovery codes.

    The code used is that of the step before, so that a test can sign in at once.
    """
    begun = browser.post(PAGE, {"present": PASSWORD}, form=PAGE)
    assert begun.status_code == 303
    secret = secret_on(browser.get(PAGE))
    done = browser.post(f"{PAGE}/confirm", {"code": code(secret, -1)}, form=PAGE)
    if done.status_code != 200:  # the step ended between making the code and typing it
        done = browser.post(f"{PAGE}/confirm", {"code": code(secret, -1)}, form=PAGE)
    assert done.status_code == 200
    return secret, re.findall(r"<li><code>([\w-]{29})</code></li>", done.text)


def password_step(browser: Browser, login: str = "a.staff", came_for: str = "/units") -> str:
    """The first step of signing in; where it leads."""
    data = {"login": login, "password": PASSWORD, "next": came_for}
    answer = browser.post("/sign-in", data, form="/sign-in")
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_it_is_set_up_and_then_asked_for(site: Flask, browser_of: BrowserOf) -> None:
    mine = browser_of("a.staff")
    assert "a stolen password alone opens nothing" in mine.get(PAGE)
    secret, codes = set_up(mine)
    assert len(codes) == 10
    page = mine.get(PAGE)
    assert "It is on" in page
    assert secret not in page.replace(" ", "")
    assert [one for one in codes if one in page] == []
    other = Browser(site.test_client())
    assert password_step(other) == "/sign-in/code?next=/units"
    assert "Six digits" in other.get("/sign-in/code?next=/units")
    wrong = other.post("/sign-in/code", {"code": "000000"}, form="/sign-in/code")
    assert wrong.status_code == 401
    assert "This code is not right" in wrong.text
    done = other.post(
        "/sign-in/code", {"code": code(secret), "next": "/units"}, form="/sign-in/code"
    )
    assert (done.status_code, done.headers["Location"]) == (303, "/units")
    assert other.client.get("/units").status_code == 200


def test_a_half_session_opens_nothing_but_the_question(site: Flask, browser_of: BrowserOf) -> None:
    set_up(browser_of("a.staff"))
    half = Browser(site.test_client())
    password_step(half)
    token = token_of(half.get("/sign-in/code"))
    for method, url in places(site, "is_public"):
        data = {"csrf_token": token} if method == "POST" else None
        answer = half.client.open(url, method=method, data=data)
        assert answer.status_code == 302, (method, url)
        assert answer.headers["Location"].startswith("/sign-in"), url
    assert half.client.get("/sign-in/code").status_code == 200


def test_without_the_password_there_is_no_question(stranger: Browser) -> None:
    for answer in (
        stranger.client.get("/sign-in/code"),
        stranger.post("/sign-in/code", {"code": "000000"}, form="/sign-in"),
    ):
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")
    assert "The time for the code has run out" in stranger.get("/sign-in")


def test_a_recovery_code_signs_in_once(site: Flask, browser_of: BrowserOf) -> None:
    _, codes = set_up(browser_of("a.staff"))
    for comes in (303, 401):
        other = Browser(site.test_client())
        password_step(other)
        answer = other.post("/sign-in/code", {"code": codes[0]}, form="/sign-in/code")
        assert answer.status_code == comes


def test_guessing_codes_gets_slow_but_not_on_the_owners_device(
    site: Flask, browser_of: BrowserOf
) -> None:
    owner = browser_of("a.staff")
    secret, _ = set_up(owner)
    thief = Browser(site.test_client())
    password_step(thief)
    wrong: dict[str, object] = {"code": "000000"}
    seen = [thief.post("/sign-in/code", wrong, form="/sign-in/code").status_code for _ in range(11)]
    assert seen == [401] * 10 + [429]
    assert owner.post("/sign-out").status_code == 303
    password_step(owner)
    right = owner.post("/sign-in/code", {"code": code(secret)}, form="/sign-in/code")
    assert right.status_code == 303


@pytest.mark.parametrize("url", [PAGE, f"{PAGE}/remove"])
def test_setting_it_up_and_removing_it_want_the_password(
    office: Office, browser_of: BrowserOf, url: str
) -> None:
    browser = browser_of("a.staff")
    if url != PAGE:
        set_up(browser)
    before = office.count("second_factor")
    answer = browser.post(url, {"present": "not the password"}, form=PAGE)
    assert answer.status_code == 400
    assert answer.text.count("The present password is not right.") == 2
    assert office.count("second_factor") == before
    for _ in range(4):
        browser.post(url, {"present": "not the password"}, form=PAGE)
    assert "too many tries" in browser.post(url, {"present": PASSWORD}, form=PAGE).text


def test_a_wrong_first_code_keeps_the_picture(browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    browser.post(PAGE, {"present": PASSWORD}, form=PAGE)
    secret = secret_on(browser.get(PAGE))
    answer = browser.post(f"{PAGE}/confirm", {"code": "000000"}, form=PAGE)
    assert answer.status_code == 400
    assert secret_on(answer.text) == secret


def test_the_picture_says_the_secret_and_needs_no_style(browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    browser.post(PAGE, {"present": PASSWORD}, form=PAGE)
    page = browser.get(PAGE)
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert "style" not in svg
    assert "script" not in svg
    address = second_factor.address(secret_on(page), "a.staff")
    assert address.startswith("otpauth://totp/Cascade:a.staff?secret=")


def test_it_is_removed_with_the_password_and_other_sessions_end(
    site: Flask, browser_of: BrowserOf
) -> None:
    mine = browser_of("a.staff")
    secret, _ = set_up(mine)
    other = Browser(site.test_client())
    password_step(other)
    other.post("/sign-in/code", {"code": code(secret)}, form="/sign-in/code")
    assert other.client.get("/units").status_code == 200
    assert mine.post(f"{PAGE}/remove", {"present": PASSWORD}, form=PAGE).status_code == 303
    assert other.client.get("/units").status_code == 302
    assert mine.client.get("/units").status_code == 200
    assert password_step(Browser(site.test_client())) == "/units"


def test_an_administrator_removes_a_lost_one_on_record(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    make_administrator(office, "p.admin")
    admin, user, mine = browser_of("p.admin"), id_of(office, "a.staff"), browser_of("a.staff")
    assert "Remove the second factor" not in admin.get(f"/admin/users/{user}")
    set_up(mine)
    assert "Remove the second factor" in admin.get(f"/admin/users/{user}")
    assert admin.post(f"/admin/users/{user}/second-factor").status_code == 303
    assert mine.client.get("/units").status_code == 302
    assert password_step(Browser(site.test_client())) == "/units"
    assert "removed the second factor" in admin.get(f"/admin/users/{user}")
    with office.db.read() as conn:
        assert administration.record(conn)[0].act == "remove_second_factor"


# -- required of administrators ----------------------------------------------------------------


def test_an_administrator_who_must_have_it_can_do_nothing_else_before(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    site.config["REQUIRE_TOTP"] = True
    make_administrator(office, "p.admin")
    admin = browser_of("p.admin")
    token = token_of(admin.get(PAGE))
    for method, url in places(site, "is_public", "is_before_factor"):
        data = {"csrf_token": token} if method == "POST" else None
        answer = admin.client.open(url, method=method, data=data)
        assert (answer.status_code, answer.headers.get("Location")) == (302, PAGE), (method, url)
    set_up(admin)
    assert admin.client.get("/admin").status_code == 200
    assert admin.post(f"{PAGE}/remove", {"present": PASSWORD}, form=PAGE).status_code == 303
    assert admin.client.get("/admin").status_code == 302


def test_who_is_no_administrator_need_not_have_it(site: Flask, browser_of: BrowserOf) -> None:
    site.config["REQUIRE_TOTP"] = True
    assert browser_of("a.sec").client.get("/units").status_code == 200


def test_who_becomes_administrator_needs_it_at_the_next_click(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    site.config["REQUIRE_TOTP"] = True
    browser = browser_of("a.sec")
    with office.db.session() as session:
        user = organisation.user_id(session, "a.sec", "a.sec")
        unit = office.units["P"]
        organisation.put_appointment(session, user, unit, "administrator", SINCE, FOREVER)
    assert browser.client.get("/units").headers["Location"] == PAGE
    assert browser.post("/sign-out", form=PAGE).status_code == 303


@pytest.mark.parametrize("url", [PAGE, "/account/sessions", "/me/password"])
def test_a_page_about_the_account_asks_a_fixed_number_of_questions(
    office: Office, browser_of: BrowserOf, url: str
) -> None:
    browser = browser_of("a.staff")
    asked = statements(office.db)
    browser.get(url)
    first = len(asked)
    for _ in range(4):
        browser_of("a.staff")
    asked.clear()
    browser.get(url)
    assert len(asked) == first
