"""Where I am signed in, and what ends it: a copied cookie is then worth nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from cascade import clock, resets
from cascade.administration import By
from tests.web.conftest import PASSWORD, Browser
from tests.web.test_admin import id_of, make_administrator
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
PAGE = "/account/sessions"


def ids(page: str) -> list[str]:
    """The numbers of the sessions on the page, the newest first."""
    return re.findall(r'action="/account/sessions/(\d+)/end"', page)


def is_in(browser: Browser) -> bool:
    """Whether the browser's session opens a page."""
    return browser.client.get("/units").status_code == 200


def test_my_sessions_are_listed_by_device_and_this_one_is_marked(
    site: Flask, browser_of: BrowserOf
) -> None:
    first = Browser(site.test_client())
    first.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    first.post("/sign-in", {"login": "a.staff", "password": PASSWORD}, form="/sign-in")
    second = browser_of("a.staff")
    browser_of("b.staff")
    page = second.get(PAGE)
    assert len(ids(page)) == 2
    (row,) = re.findall(r'<th scope="row">Firefox, Windows[^\n]*', page)
    assert "this one" not in row
    assert page.count("this one") == 1
    assert "127.0.0.1" not in page
    assert "130" not in page
    (row,) = re.findall(r'<th scope="row">Firefox, Windows[^\n]*', first.get(PAGE))
    assert "this one" in row


def test_one_of_mine_is_ended_and_the_others_stay(browser_of: BrowserOf) -> None:
    first, second, third = (browser_of("a.staff") for _ in range(3))
    oldest = ids(third.get(PAGE))[-1]
    assert third.post(f"{PAGE}/{oldest}/end").status_code == 303
    assert [is_in(each) for each in (first, second, third)] == [False, True, True]
    assert third.post(f"{PAGE}/{oldest}/end").status_code == 404  # it is ended already


def test_ending_this_one_signs_out(browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    (this,) = ids(browser.get(PAGE))
    assert browser.post(f"{PAGE}/{this}/end").headers["Location"] == "/sign-in"
    assert not is_in(browser)


def test_anothers_session_is_not_there_for_me(browser_of: BrowserOf) -> None:
    mine, other = browser_of("a.staff"), browser_of("b.staff")
    (theirs,) = ids(other.get(PAGE))
    assert theirs not in ids(mine.get(PAGE))
    assert mine.post(f"{PAGE}/{theirs}/end").status_code == 404
    assert is_in(other)


def test_signing_out_everywhere_ends_mine_and_nobody_elses(browser_of: BrowserOf) -> None:
    first, second, other = browser_of("a.staff"), browser_of("a.staff"), browser_of("b.staff")
    assert second.post(f"{PAGE}/end").headers["Location"] == "/sign-in"
    assert [is_in(each) for each in (first, second, other)] == [False, False, True]


def test_a_session_that_was_left_is_not_listed(office: Office, browser_of: BrowserOf) -> None:
    browser_of("a.staff")
    with office.db.write() as conn:
        conn.exec_driver_sql("UPDATE web_session SET seen_at = '2020-01-01 00:00:00+00:00'")
    assert len(ids(browser_of("a.staff").get(PAGE))) == 1


# -- a copied cookie -----------------------------------------------------------------------------


def _sign_out(browser: Browser, _admin: Browser, _office: Office) -> None:
    browser.post("/sign-out")


def _sign_out_everywhere(browser: Browser, _admin: Browser, _office: Office) -> None:
    browser.post(f"{PAGE}/end")


def _sign_in_again(browser: Browser, _admin: Browser, _office: Office) -> None:
    data = {"login": "a.staff", "password": PASSWORD}
    assert browser.post("/sign-in", data).status_code == 303


def _another_password(browser: Browser, _admin: Browser, _office: Office) -> None:
    data = {"present": PASSWORD, "new": "four quite other words"}
    assert browser.post("/me/password", data).status_code == 303


def _close(_browser: Browser, admin: Browser, office: Office) -> None:
    user = id_of(office, "a.staff")
    assert admin.post(f"/admin/users/{user}/deactivate").status_code == 303
    assert admin.post(f"/admin/users/{user}/activate").status_code == 303


def _signed_out_by_administrator(_browser: Browser, admin: Browser, office: Office) -> None:
    assert admin.post(f"/admin/users/{id_of(office, 'a.staff')}/sign-out").status_code == 303


def _reset(_browser: Browser, _admin: Browser, office: Office) -> None:
    token = resets.make(office.db, id_of(office, "a.staff"), By(None, clock.now()))
    resets.use(office.db, token, "four quite other words", "elsewhere", clock.now())


def _factor_removed(_browser: Browser, admin: Browser, office: Office) -> None:
    assert admin.post(f"/admin/users/{id_of(office, 'a.staff')}/second-factor").status_code == 303


@pytest.mark.parametrize(
    "end",
    [
        _sign_out,
        _sign_out_everywhere,
        _sign_in_again,
        _another_password,
        _close,
        _signed_out_by_administrator,
        _reset,
        _factor_removed,
    ],
    ids=lambda end: end.__name__.strip("_"),
)
def test_a_cookie_copied_before_is_dead_after(
    office: Office,
    site: Flask,
    browser_of: BrowserOf,
    end: Callable[[Browser, Browser, Office], None],
) -> None:
    make_administrator(office, "p.admin")
    browser, admin = browser_of("a.staff"), browser_of("p.admin")
    cookie = browser.client.get_cookie("cascade")
    assert cookie is not None
    thief = Browser(site.test_client())
    thief.client.set_cookie("cascade", cookie.value)
    assert is_in(thief)
    end(browser, admin, office)
    thief.client.set_cookie("cascade", cookie.value)
    assert not is_in(thief)


def test_the_session_changes_at_sign_in(site: Flask, browser_of: BrowserOf) -> None:
    # A cookie planted before signing in must not be the session afterwards.
    planted = browser_of("b.staff").client.get_cookie("cascade")
    assert planted is not None
    victim = Browser(site.test_client())
    victim.client.set_cookie("cascade", planted.value)
    data = {"login": "a.staff", "password": PASSWORD}
    assert victim.post("/sign-in", data).status_code == 303
    after = victim.client.get_cookie("cascade")
    assert after is not None
    assert after.value != planted.value
    assert "a.staff" in victim.get("/me/password")
    thief = Browser(site.test_client())
    thief.client.set_cookie("cascade", planted.value)
    assert not is_in(thief)


def test_the_cookies_are_kept_from_scripts_and_other_sites(site: Flask) -> None:
    site.config["SESSION_COOKIE_SECURE"] = True
    client = site.test_client()
    client.get("/sign-in", base_url="https://localhost")
    browser = Browser(client)
    token = re.search(
        r'csrf_token" value="([^"]+)', client.get("/sign-in", base_url="https://localhost").text
    )
    assert token
    answer = client.post(
        "/sign-in",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
        data={"csrf_token": token.group(1), "login": "a.staff", "password": PASSWORD},
    )
    set_cookies = answer.headers.getlist("Set-Cookie")
    assert len(set_cookies) == 2
    for cookie in set_cookies:
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie
    assert browser
