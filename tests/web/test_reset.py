"""Setting a password by a link: the page anybody may open, and what it does not tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from cascade import accounts, clock, resets
from cascade.administration import By
from tests.web.conftest import PASSWORD, Browser
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
NEW = "four quite other words"


def link(office: Office, login: str = "a.staff") -> str:
    """A new link for a person."""
    return resets.make(office.db, office.who(login).id, By(None, clock.now()))


def test_a_link_sets_a_password_with_which_one_signs_in(office: Office, stranger: Browser) -> None:
    token = link(office)
    opened = stranger.client.get(f"/reset/{token}")
    assert (opened.status_code, opened.headers["Location"]) == (303, "/reset")
    assert "a.staff" in stranger.get("/reset")
    done = stranger.post("/reset", {"password": NEW}, form="/reset")
    assert (done.status_code, done.headers["Location"]) == (303, "/sign-in")
    assert "The password is set." in stranger.get("/sign-in")
    assert stranger.client.get("/").status_code == 302  # it signs nobody in by itself
    again = stranger.post("/sign-in", {"login": "a.staff", "password": NEW}, form="/sign-in")
    assert again.status_code == 303


def test_the_token_stays_in_no_address_and_on_no_page(office: Office, stranger: Browser) -> None:
    token = link(office)
    opened = stranger.client.get(f"/reset/{token}")
    assert opened.headers["Referrer-Policy"] == "same-origin"  # never to another site
    assert opened.headers["Cache-Control"] == "no-store"
    assert token not in stranger.get("/reset")
    assert "token" not in stranger.get("/reset").replace("csrf_token", "")


@pytest.mark.parametrize("password", ["short", "password1234", "a.staff a.staff", "w7 " * 90])
def test_a_bad_password_is_told_and_the_link_stays_good(
    office: Office, stranger: Browser, password: str
) -> None:
    stranger.client.get(f"/reset/{link(office)}")
    refused = stranger.post("/reset", {"password": password}, form="/reset")
    assert refused.status_code == 400
    assert "govuk-error-summary" in refused.text
    assert password not in refused.text
    assert stranger.post("/reset", {"password": NEW}, form="/reset").status_code == 303


def gone(office: Office, how: str) -> str:
    """A token that is not good, in one of the ways there are."""
    token = link(office)
    late = clock.now()._replace(at=clock.now().at + timedelta(hours=25))
    if how == "used":
        resets.use(office.db, token, NEW, "elsewhere", clock.now())
    if how == "expired":
        with office.db.write() as conn:
            conn.exec_driver_sql("UPDATE reset_link SET expires_at = '2020-01-01 00:00:00+00:00'")
    if how == "newer":
        link(office)
    if how == "closed":
        with office.db.write() as conn:
            conn.exec_driver_sql("UPDATE user_account SET is_active = false WHERE login='a.staff'")
    assert late
    return {"unknown": "x" * 43, "nonsense": "é<b>"}.get(how, token)


def test_an_expired_a_used_and_an_unknown_link_are_answered_alike(
    office: Office, site: Flask
) -> None:
    pages = set()
    for how in ("used", "expired", "newer", "unknown", "nonsense", "closed"):
        browser = Browser(site.test_client())
        opened = browser.client.get(f"/reset/{gone(office, how)}")
        assert (opened.status_code, opened.headers["Location"]) == (303, "/reset"), how
        pages.add(_plain(browser.get("/reset", status=404)))
        refused = browser.post("/reset", {"password": NEW}, form="/sign-in")
        assert refused.status_code == 404, how
        pages.add(_plain(refused.text))
    assert len(pages) == 1
    assert "This link is not good any more" in pages.pop()


def _plain(page: str) -> str:
    """A page without what differs in every answer or by the method."""
    return page[page.index('<main class="govuk-main-wrapper"') : page.index("</main>")]


def test_without_a_link_there_is_nothing(stranger: Browser) -> None:
    assert "not good any more" in stranger.get("/reset", status=404)


def test_trying_links_gets_slow_but_a_right_one_opens(office: Office, stranger: Browser) -> None:
    seen = []
    for _ in range(22):
        stranger.client.get("/reset/made-up")
        seen.append(stranger.client.get("/reset").status_code)
    assert seen == [404] * 20 + [429] * 2
    stranger.client.get(f"/reset/{link(office)}")
    assert stranger.client.get("/reset").status_code == 200


def test_a_link_used_in_anothers_browser_signs_that_one_out(
    office: Office, browser_of: BrowserOf
) -> None:
    browser = browser_of("b.staff")
    browser.client.get(f"/reset/{link(office)}")
    assert browser.post("/reset", {"password": NEW}, form="/reset").status_code == 303
    assert browser.client.get("/units").status_code == 302
    assert accounts.sign_in(office.db, "b.staff", PASSWORD, "elsewhere", clock.now())
