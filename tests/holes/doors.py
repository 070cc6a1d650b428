"""Signing in and out: where it leads, what it tells, what it leaves behind."""

from __future__ import annotations

import re

from argon2 import PasswordHasher

from cascade import clock, passwords, resets
from cascade.administration import By
from tests.holes.hall import Hall, look, send
from tests.holes.table import row
from tests.web.conftest import PASSWORD, Browser, token_of
from tests.web.test_account_holes import ELSEWHERE, EVIL, _told, lands_on
from tests.web.test_admin import id_of, post_of
from tests.web.test_second_factor_pages import password_step, set_up
from web.app import create_app

HOLES = "tests/web/test_account_holes.py::"
SESSIONS = "tests/web/test_own_sessions.py::"
NEW = "four quite other words"
# Under these names programs say where to go afterwards.
_AFTER = ("next", "url", "return", "redirect", "continue", "back")


def _is_in(browser: Browser) -> bool:
    return look(browser, "/units").status_code == 200


def _copy_of(hall: Hall, browser: Browser) -> Browser:
    """Another browser with the same cookies, as a thief has it."""
    stolen = hall.stranger()
    cookie = browser.client.get_cookie("cascade")
    assert cookie is not None
    stolen.client.set_cookie("cascade", cookie.value)
    return stolen


@row(
    "a link to sign in leads elsewhere afterwards",
    peer="Flask-User CVE-2021-23401, Flask-Security-Too CVE-2023-49438",
    fired="75 ways out at `next` of the sign-in page",
    expected="the first page, whatever was asked",
    goes_on=f"{HOLES}test_signing_in_leads_nowhere_else {HOLES}test_the_form_carries_no_way_out_on",
)
def a_way_out_at_signing_in(hall: Hall) -> None:
    browser = hall.enter("a.sec")
    for place in ELSEWHERE:
        answer = browser.client.get("/sign-in", query_string={"next": place})
        assert lands_on(answer.headers["Location"]) == "localhost", place


@row(
    "any other page redirects to what its address asks for",
    peer="Flask-Security-Too CVE-2023-49438; cheat sheet Unvalidated Redirects",
    fired="six names of parameters with a foreign address at every page there is",
    expected="no answer leads to another host",
)
def a_way_out_at_any_page(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("p.sec")
    places = (f"//{EVIL}/x", f"https://{EVIL}", f"/\\{EVIL}")
    for url in hall.addresses("GET"):
        asked = {name: places[at % 3] for at, name in enumerate(_AFTER)}
        there = browser.client.get(url, query_string=asked).headers.get("Location", "/")
        assert lands_on(there) == "localhost", url


@row(
    "a page repeats its own address as a link that leaves the site",
    peer="Django CVE-2018-14574 (CommonMiddleware)",
    fired="addresses that begin with two slashes or a backslash",
    expected="every link of the page that is not found stays here",
)
def a_link_made_of_the_address(hall: Hall) -> None:
    browser = hall.enter("a.sec")
    for path in (f"/%5C{EVIL}/x", f"/%5C%5C{EVIL}", f"/%2F{EVIL}", f"//{EVIL}/x", f"/%09/{EVIL}"):
        answer = look(browser, "/", environ_overrides={"PATH_INFO": _decoded(path)})
        for href in re.findall(r'(?:href|action|src)="([^"]*)"', answer.text):
            assert lands_on(href) == "localhost", (path, href)


def _decoded(path: str) -> str:
    return re.sub("%(..)", lambda found: chr(int(found[1], 16)), path)


@row(
    "the answer tells which logins there are",
    peer="Flask-AppBuilder CVE-2021-29621",
    fired="a wrong password for somebody, nobody, and a closed account",
    expected="one status and one page",
    goes_on=f"{HOLES}test_an_unknown_login_costs_and_tells_what_a_known_one_does "
    f"{HOLES}test_the_second_factor_is_told_only_after_the_password",
)
def who_is_there_by_the_answer(hall: Hall) -> None:
    with hall.office.db.write() as conn:
        conn.exec_driver_sql("UPDATE user_account SET is_active = false WHERE login = 'b.staff'")
    told = set()
    for login in ("a.staff", "b.staff", "nobody"):
        data = {"login": login, "password": "wrong words typed"}
        answer = send(hall.stranger(), "/sign-in", data)
        told.add((answer.status_code, _told(answer.text, login)))
    assert len(told) == 1
    assert next(iter(told))[0] == 401


@row(
    "the time taken tells which logins there are",
    peer="Flask-AppBuilder CVE-2022-21659",
    fired="wrong passwords for somebody and for nobody, the hasher counted",
    expected="one hash is worked out for each, known or not",
    goes_on="tests/faults/test_sign_in_timing_long.py::"
    "test_the_time_taken_does_not_tell_who_is_there",
)
def who_is_there_by_the_time(hall: Hall) -> None:
    worked: list[str] = []
    hasher: PasswordHasher = passwords._hasher()
    hash_type = type(hasher)
    kept = hash_type.verify

    def verify(self: PasswordHasher, hashed: str | bytes, password: str | bytes) -> bool:
        assert str(hashed).startswith("$argon2"), "what is no hash costs nothing"
        worked.append(login)
        return bool(kept(self, hashed, password))

    hash_type.verify = verify  # type: ignore[assignment,method-assign]
    try:
        for login in ("a.staff", "nobody"):
            send(hall.stranger(), "/sign-in", {"login": login, "password": "wrong words typed"})
    finally:
        hash_type.verify = kept  # type: ignore[method-assign]
    assert worked == ["a.staff", "nobody"]


@row(
    "passwords are guessed without end",
    peer="ASVS 6.3.1, 15.3.4",
    fired="seven wrong passwords, for somebody and for nobody, each under another X-Forwarded-For",
    expected="five are judged, then 429 alike; a header that anybody can write changes nothing",
    goes_on="tests/cascade/test_lock_out.py::"
    "test_the_guesser_gets_five_of_one_login_and_fifty_of_an_address",
)
def guessing_without_end(hall: Hall) -> None:
    for login in ("a.staff", "nobody"):
        browser, seen = hall.stranger(), []
        token = token_of(look(browser, "/sign-in").text)
        for at in range(7):
            data = {"csrf_token": token, "login": login, "password": f"wrong words {at}"}
            other = {"X-Forwarded-For": f"198.51.100.{at}", "X-Real-IP": f"198.51.100.{at}"}
            seen.append(browser.client.post("/sign-in", data=data, headers=other).status_code)
        assert seen == [401] * 5 + [429] * 2


@row(
    "a session is fixed by whoever gave the cookie",
    peer="session fixation; ASVS 7.2.4",
    fired="a cookie taken before signing in, and one of another person, kept by who planted it",
    expected="signing in gives another token; what was planted opens nothing",
    goes_on="tests/web/test_reset.py::test_a_link_used_in_anothers_browser_signs_that_one_out",
)
def a_cookie_planted_before(hall: Hall) -> None:
    thief, victim = hall.stranger(), hall.stranger()
    look(thief, "/sign-in")
    planted = thief.client.get_cookie("cascade")
    assert planted is not None
    victim.client.set_cookie("cascade", planted.value)
    send(victim, "/sign-in", {"login": "a.staff", "password": PASSWORD})
    assert _is_in(victim)
    assert not _is_in(thief)
    # Somebody else's open session, planted: signing in ends it instead of taking it over.
    mine = hall.enter("b.staff")
    used = _copy_of(hall, mine)
    send(used, "/sign-in", {"login": "a.staff", "password": PASSWORD})
    assert "a.staff" in look(used, "/").text or not _is_in(mine)


@row(
    "a copied cookie lives on after signing out",
    peer="Flask-Login's default: 200 after logout",
    fired="the cookie, copied before signing out",
    expected="it opens nothing",
    goes_on=f"{SESSIONS}test_signing_out_everywhere_ends_mine_and_nobody_elses",
)
def a_cookie_after_signing_out(hall: Hall) -> None:
    browser = hall.enter("a.staff")
    stolen = _copy_of(hall, browser)
    assert _is_in(stolen)
    assert send(browser, "/sign-out").status_code == 303
    assert not _is_in(stolen)


@row(
    "other sessions survive a changed password",
    peer="ASVS 7.4.3",
    fired="a copied cookie and a second browser, then another password",
    expected="neither opens anything; the one that changed it goes on under a new token",
    goes_on=f"{HOLES}test_a_changed_password_is_the_only_one",
)
def a_cookie_after_another_password(hall: Hall) -> None:
    browser, second = hall.enter("a.staff"), hall.enter("a.staff")
    stolen = _copy_of(hall, browser)
    changed = send(browser, "/me/password", {"present": PASSWORD, "new": NEW})
    assert changed.status_code == 303
    assert [_is_in(one) for one in (browser, second, stolen)] == [True, False, False]


@row(
    "a closed account goes on working",
    peer="ASVS 7.4.2",
    fired="an open session, the account closed by an administrator",
    expected="its next click leads to signing in, which is refused",
    goes_on="tests/web/test_admin.py::"
    "test_closing_an_account_ends_the_session_that_is_open_at_its_next_click",
)
def a_cookie_after_closing(hall: Hall) -> None:
    browser, admin = hall.enter("a.staff"), hall.admin()
    user = id_of(hall.office, "a.staff")
    assert send(admin, f"/admin/users/{user}/deactivate").status_code == 303
    assert not _is_in(browser)
    again = send(hall.stranger(), "/sign-in", {"login": "a.staff", "password": PASSWORD})
    assert again.status_code == 401


@row(
    "rights outlive the post they came from",
    peer="Zulip GHSA-478x-rfqr-w4jf, Gitea CVE-2026-20736",
    fired="a letter, its file and its list opened after the post has ended, in the same session",
    expected="404 and not listed at the next click",
    goes_on="tests/web/test_admin.py::test_an_ended_post_works_at_once",
)
def rights_after_the_post(hall: Hall) -> None:
    ids = hall.furnish()
    browser, admin = hall.enter("a1.staff"), hall.admin()
    urls = [
        f"/steps/{ids['reported']}",
        f"/steps/{ids['reported']}/evidence/{ids['evidence_id']}",
        f"/letters/{ids['letter_id']}",
    ]
    assert [look(browser, url).status_code for url in urls] == [200, 200, 200]
    post = post_of(hall.office, "a1.staff")
    ended = send(admin, f"/admin/posts/{post}", {"when": "now"})
    assert ended.status_code == 303, ended.text
    assert [look(browser, url).status_code for url in urls] == [404, 404, 404]


@row(
    "the cookie can be read, sent or set by others",
    peer="ASVS 3.3.1 to 3.3.4, 3.4.1",
    fired="signing in over plain HTTP and over HTTPS",
    expected="HttpOnly, SameSite; over HTTPS Secure, __Host- or __Secure-, and HSTS for a year",
)
def a_cookie_for_others(hall: Hall) -> None:
    site = create_app(hall.site.extensions["world"], secret="another key", is_https=True)
    for app, scheme in ((hall.site, "http"), (site, "https")):
        browser = Browser(app.test_client())
        root = f"{scheme}://localhost"
        page = browser.client.get("/sign-in?lang=en", base_url=root)
        data = {"csrf_token": token_of(page.text), "login": "a.staff", "password": PASSWORD}
        entered = browser.client.post(
            "/sign-in", data=data, base_url=root, headers={"Referer": f"{root}/sign-in"}
        )
        assert entered.status_code == 303, entered.text
        made = [*page.headers.getlist("Set-Cookie"), *entered.headers.getlist("Set-Cookie")]
        assert len(made) >= 3
        for cookie in made:
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Domain" not in cookie
            if scheme == "https":
                assert "Secure" in cookie
                assert cookie.startswith(("__Host-", "__Secure-")), cookie
                assert not cookie.startswith("__Host-") or "Path=/" in cookie
        hsts = entered.headers.get("Strict-Transport-Security", "")
        assert ("max-age=31536000" in hsts) == (scheme == "https")


@row(
    "a half-finished sign-in opens pages",
    peer="ASVS 6.3.4, 6.4.3",
    fired="every page there is, after the password and before the code",
    expected="none opens; a code of another time does not fit",
    goes_on="tests/web/test_second_factor_pages.py::"
    "test_a_half_session_opens_nothing_but_the_question",
)
def half_way_in(hall: Hall) -> None:
    hall.furnish()
    set_up(hall.enter("a.staff"))
    browser = hall.stranger()
    password_step(browser)
    for url in hall.addresses("GET"):
        answer = look(browser, url)
        assert 'action="/sign-out"' not in answer.text, url
        assert "heronmarked" not in answer.text, url
    assert send(browser, "/sign-in/code", {"code": "000000"}).status_code == 401


@row(
    "the link for a new password leaks or is guessed",
    peer="host header poisoning; ASVS 14.2.1",
    fired="a link opened; the same again, changed by a character, used, and under a foreign Host",
    expected="the token stays in no address; what is not good is answered alike",
    goes_on="tests/web/test_reset.py::test_the_token_stays_in_no_address_and_on_no_page "
    "tests/web/test_reset.py::test_an_expired_a_used_and_an_unknown_link_are_answered_alike",
)
def a_link_that_leaks(hall: Hall) -> None:
    user = id_of(hall.office, "a.staff")
    token = resets.make(hall.office.db, user, By(None, clock.now()))
    browser = hall.stranger()
    poisoned = browser.client.get(f"/reset/{token}", headers={"Host": EVIL})
    assert poisoned.status_code == 400
    opened = look(browser, f"/reset/{token}")
    assert token not in opened.headers["Location"]
    assert token not in look(browser, "/reset").text
    assert send(browser, "/reset", {"password": NEW}).status_code == 303
    told = set()
    for bad in (token, token[:-1] + "x", "x" * len(token), "a"):
        stranger = hall.stranger()
        look(stranger, f"/reset/{bad}")
        answer = look(stranger, "/reset")
        told.add((answer.status_code, re.sub(r'(nonce|value)="[^"]*"', "", answer.text)))
    assert len(told) == 1
