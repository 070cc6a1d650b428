"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cascade import accounts, clock
from tests.web.conftest import PASSWORD, Browser
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]


@pytest.mark.parametrize("url", ["/", "/inbox", "/letters", "/letters/1", "/steps/1", "/units"])
def test_nobody_sees_a_page_without_signing_in(stranger: Browser, url: str) -> None:
    answer = stranger.client.get(url)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_who_signs_in_comes_to_the_page_asked_for(stranger: Browser) -> None:
    answer = stranger.post(
        "/sign-in",
        {"login": "a.staff", "password": PASSWORD, "next": "/units?day=1"},
        form="/sign-in",
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/units?day=1")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:x",
        "/\t/e",
    ],
)
def test_signing_in_leads_nowhere_else(stranger: Browser, elsewhere: str) -> None:
    answer = stranger.post(
        "/sign-in",
        {"login": "a.sec", "password": PASSWORD, "next": elsewhere},
        form="/sign-in",
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("login", "place"),
    [
        ("a.staff", "/inbox"),
        ("a.head", "/"),
        ("a.sec", "/"),
        ("a1.staff", "/inbox"),
        ("a.reg", "/"),  # there it is told what is to be entered and issued
    ],
)
def test_whoever_only_does_a_units_work_begins_with_it(
    stranger: Browser, login: str, place: str
) -> None:
    answer = stranger.post("/sign-in", {"login": login, "password": PASSWORD}, form="/sign-in")
    assert answer.headers["Location"] == place


@pytest.mark.parametrize(
    ("login", "password"), [("a.staff", "wrong words here"), ("nobody", PASSWORD), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    stranger: Browser, login: str, password: str
) -> None:
    answer = stranger.post("/sign-in", {"login": login, "password": password}, form="/sign-in")
    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.text


def test_a_cookie_kept_from_before_signing_out_opens_nothing(browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    cookie = browser.client.get_cookie("cascade")
    assert cookie is not None
    assert browser.post("/sign-out").status_code == 303
    browser.client.set_cookie("cascade", cookie.value)
    assert browser.client.get("/").status_code == 302


def test_guessing_gets_slow_and_only_for_the_guesser(
    stranger: Browser, browser_of: BrowserOf
) -> None:
    tries = [
        stranger.post(
            "/sign-in", {"login": "a.staff", "password": f"guess {number}"}, form="/sign-in"
        ).status_code
        for number in range(6)
    ]
    assert tries == [401] * 5 + [429]
    other = stranger.client.post(
        "/sign-in", data={"login": "a.staff"}, environ_base={"REMOTE_ADDR": "127.0.0.9"}
    )
    assert other.status_code == 400  # no token: but it is not throttled
    assert browser_of("b.staff")


def test_another_password_ends_every_session(office: Office, browser_of: BrowserOf) -> None:
    first, second = browser_of("a.staff"), browser_of("a.staff")
    new = "other plain words"
    answer = first.post("/me/password", {"present": PASSWORD, "new": new}, form="/me/password")
    assert answer.status_code == 303
    assert first.client.get("/").status_code == 200
    assert second.client.get("/").status_code == 302
    assert accounts.sign_in(office.db, "a.staff", new, "elsewhere", clock.now())


def test_a_form_without_its_token_does_nothing(browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    assert browser.client.post("/sign-out").status_code == 400
    assert browser.client.get("/").status_code == 200
