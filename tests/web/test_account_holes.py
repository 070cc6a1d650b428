"""The doors of an account: where they lead, what they tell, what they take unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from flask import Flask
from markupsafe import escape
from sqlalchemy import Table

from cascade import accounts, clock, passwords, resets
from cascade.administration import By
from models.tables import Password, User, WebSession, table
from tests.web.conftest import PASSWORD, Browser, token_of
from tests.web.test_admin import id_of, make_administrator
from tests.web.test_second_factor_pages import password_step, set_up
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
EVIL = "evil.example"

# -- where signing in leads ----------------------------------------------------------------------

ELSEWHERE = [
    # another place, plainly
    f"https://{EVIL}",
    f"http://{EVIL}/",
    f"HTTPS://{EVIL}",
    f"ftp://{EVIL}/x",
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"https:///{EVIL}",
    f"https:\\\\{EVIL}",
    f"{EVIL}",
    f"www.{EVIL}/inbox",
    f"localhost.{EVIL}",
    f"localhost@{EVIL}",
    f"localhost:80@{EVIL}/",
    f"https://localhost@{EVIL}/",
    f"https://localhost:pass@{EVIL}",
    f"https://{EVIL}#/units",
    f"https://{EVIL}?/units",
    f"https://{EVIL}\\@localhost",
    "https://localhost/units",  # even our own: only a path is one of ours
    "http://[::1]/",
    # without a scheme
    f"//{EVIL}",
    f"//{EVIL}/%2e%2e",
    f"///{EVIL}",
    f"////{EVIL}",
    f"//{EVIL}:80/units",
    f"//localhost@{EVIL}",
    f"//{EVIL}\\@localhost",
    "//0x7f000001/",
    "//①②⑦.0.0.1",
    f"//{EVIL}%2f..",
    # a browser reads a backslash as a slash
    f"/\\{EVIL}",
    f"\\/{EVIL}",
    f"\\\\{EVIL}",
    f"/\\/{EVIL}",
    f"/\\\\{EVIL}",
    f"\\{EVIL}",
    f"/units\\..\\..\\\\{EVIL}",
    # a browser drops what is not printed
    f"/\t/{EVIL}",
    f"/\n/{EVIL}",
    f"/\r/{EVIL}",
    f"/\r\n/{EVIL}",
    f"\t//{EVIL}",
    f" //{EVIL}",
    f" https://{EVIL}",
    f"\x00//{EVIL}",
    f"/\x00/{EVIL}",
    f"/\x0b/{EVIL}",
    f"/\x7f/{EVIL}",
    f"/\u200b/{EVIL}",
    f"/\u2028/{EVIL}",
    f"\ufeff//{EVIL}",
    f"//\u3002{EVIL}",
    # a header of one's own
    f"/units\r\nLocation: https://{EVIL}",
    "/units\r\nSet-Cookie: cascade=planted",
    "/units\n\n<script>alert(1)</script>",
    # no place at all
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    "mailto:x@evil.example",
    "?next=//evil.example",
    "#//evil.example",
    ".",
    "..//evil.example",
    "units",
    "",
]
OURS = ["/units", "/units?day=1", "/board?unit=A&late=1", "/letters/1#point-2", "/?q=//x", "/.//x"]


def lands_on(location: str) -> str:
    """The host a browser goes to: it reads backslashes as slashes and drops tabs and breaks."""
    read = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    return urlsplit(urljoin("https://localhost/sign-in", read)).netloc


def test_the_table_has_sixty_ways_out() -> None:
    assert len(set(ELSEWHERE)) == len(ELSEWHERE) >= 60


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_signing_in_leads_nowhere_else(site: Flask, browser_of: BrowserOf) -> None:
    signed_in = browser_of("a.sec")
    for place in ELSEWHERE:
        browser = Browser(site.test_client())
        data = {"login": "a.sec", "password": PASSWORD, "next": place}
        for answer in (
            browser.post("/sign-in", data, form="/sign-in"),
            signed_in.client.get("/sign-in", query_string={"next": place}),
        ):
            assert answer.headers["Location"] == "/", place
            assert "planted" not in str(answer.headers)


def _main(page: str) -> str:
    """What a page says itself; the link to the other language repeats the address."""
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_form_carries_no_way_out_on(stranger: Browser) -> None:
    for place in ELSEWHERE:
        page = _main(stranger.client.get("/sign-in", query_string={"next": place}).text)
        assert EVIL not in page, place
        assert 'name="next" value="/"' in page


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_second_step_leads_nowhere_else_either(site: Flask, browser_of: BrowserOf) -> None:
    _, codes = set_up(browser_of("a.sec"))
    for place, code in zip(["//evil.example", "/\\evil.example", "/units"], codes, strict=False):
        browser = Browser(site.test_client())
        password_step(browser, "a.sec", "/")
        asked = browser.client.get("/sign-in/code", query_string={"next": place})
        assert EVIL not in _main(asked.text)
        answer = browser.post("/sign-in/code", {"code": code, "next": place}, form="/sign-in/code")
        assert answer.headers["Location"] == (place if place == "/units" else "/")


@pytest.mark.parametrize("place", OURS)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_page_of_ours_is_kept(stranger: Browser, place: str) -> None:
    data = {"login": "a.sec", "password": PASSWORD, "next": place}
    answer = stranger.post("/sign-in", data, form="/sign-in")
    assert answer.headers["Location"] == place
    assert lands_on(place) == "localhost"


# -- what is told about who is there ---------------------------------------------------------------


class Counting(PasswordHasher):
    """A hasher that counts how often it has worked a hash out."""

    asked = 0

    def verify(self, *given: Any, **named: Any) -> Any:
        """The same, counted; what is no hash costs nothing and does not count."""
        try:
            return super().verify(*given, **named)
        except InvalidHashError:
            self.asked -= 1
            raise
        finally:
            self.asked += 1


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_an_unknown_login_costs_and_tells_what_a_known_one_does(
    office: Office, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    with office.db.write() as conn:
        conn.exec_driver_sql("UPDATE user_account SET is_active = false WHERE login = 'b.staff'")
        who = "(SELECT id FROM user_account WHERE login = 'c.staff')"
        conn.exec_driver_sql(f"DELETE FROM password WHERE user_id = {who}")
    unknown = ("nobody", "b.staff", "c.staff", "x" * 300, "a.staff'--", "")
    told = set()
    for at in range(200):
        costs = []
        for login in ("a.staff", unknown[at % len(unknown)]):
            client = site.test_client()
            token = token_of(client.get("/sign-in").text)
            before = hasher.asked
            answer = client.post(
                "/sign-in",
                data={"csrf_token": token, "login": login, "password": f"wrong words {at}"},
                environ_base={"REMOTE_ADDR": f"203.0.113.{at}"},
            )
            costs.append(hasher.asked - before)
            assert answer.status_code == 401
            told.add(_told(answer.text, login))
        assert costs == [1, 1], at
    assert len(told) == 1


def _told(page: str, login: str) -> str:
    """The page without what differs in every answer, and without the name typed."""
    page = re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page)
    assert not login or str(escape(login)) in page  # what was typed is kept
    return re.sub(r'(<input[^>]*id="login"[^>]*) value="[^"]*"', r"\1", page)


@pytest.mark.parametrize("login", ["a.staff", "nobody"])
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_waiting_is_told_alike_too(stranger: Browser, login: str) -> None:
    data = {"login": login, "password": "wrong words"}
    seen = [stranger.post("/sign-in", data, form="/sign-in").status_code for _ in range(7)]
    assert seen == [401] * 5 + [429] * 2


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_second_factor_is_told_only_after_the_password(
    site: Flask, browser_of: BrowserOf
) -> None:
    set_up(browser_of("a.staff"))
    told = set()
    for login in ("a.staff", "b.staff", "nobody"):
        browser = Browser(site.test_client())
        data = {"login": login, "password": "wrong words"}
        answer = browser.post("/sign-in", data, form="/sign-in")
        assert answer.status_code == 401
        told.add(_told(answer.text, login))
    assert len(told) == 1


# -- what is taken that nobody asked for ---------------------------------------------------------

TABLES: list[Table] = [table(User), table(Password), table(WebSession)]
PLANTED = {
    **{column.name: "1" for one in TABLES for column in one.columns},
    **{f"{one.name}.{column.name}": "1" for one in TABLES for column in one.columns},
    "role": "administrator",
    "has_factor": "1",
    "confirmed_at": "2020-01-01",
    "admin": "1",
}


def _rows(office: Office, *, but: str = "") -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables of accounts, without one person's rows."""
    with office.db.read() as conn:
        found = {}
        for name in ("user_account", "appointment", "second_factor", "reset_link", "admin_event"):
            found[name] = [tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {name}")]
        for name in ("password", "web_session"):
            query = (
                f"SELECT {name}.* FROM {name} JOIN user_account u ON u.id = {name}.user_id "
                f"WHERE u.login <> '{but}'"
            )
            rows = conn.exec_driver_sql(query).all()
            found[name] = [tuple(row) for row in rows]
        return found


# path → what makes the form good; an empty one is refused as it stands.
FORMS: dict[str, dict[str, str]] = {
    "/sign-in": {"login": "a.staff", "password": PASSWORD},
    "/me/password": {"present": PASSWORD, "new": "four quite other words"},
    "/account/sessions/end": {},
    "/reset": {"password": "four quite other words"},
    "/sign-out": {},
}


@pytest.mark.parametrize("path", list(FORMS))
def test_a_form_takes_only_what_it_asks_for(
    office: Office, site: Flask, browser_of: BrowserOf, path: str
) -> None:
    browser = browser_of("a.staff")
    if path == "/reset":
        user = id_of(office, "a.staff")
        token = resets.make(office.db, user, By(None, clock.now()))
        browser.client.get(f"/reset/{token}")
    before = _rows(office, but="a.staff")
    planted = {name: text for name, text in PLANTED.items() if name not in FORMS[path]}
    answer = browser.post(path, {**planted, **FORMS[path]}, form="/me/password")
    assert answer.status_code == 303, answer.text
    after = _rows(office, but="a.staff")
    if path == "/reset":
        before.pop("reset_link"), after.pop("reset_link")
        assert [row[3] for row in after.pop("admin_event")][-1:] == ["use_reset_link"]
        before.pop("admin_event")
    assert after == before
    with office.db.read() as conn:
        for name in ("set_at", "began_at", "seen_at"):
            where = "password" if name == "set_at" else "web_session"
            for (at,) in conn.exec_driver_sql(f"SELECT {name} FROM {where}"):
                assert "2020" not in str(at)
    assert site


def test_the_forms_of_an_administrator_take_only_what_they_ask_for(
    office: Office, browser_of: BrowserOf
) -> None:
    make_administrator(office, "p.admin")
    admin, user = browser_of("p.admin"), id_of(office, "a.staff")
    planted = {name: text for name, text in PLANTED.items() if name not in ("login", "name")}
    add = {**planted, "login": "new.one", "name": "New One"}
    assert admin.post("/admin/users/new", add).status_code == 303
    rename = {**planted, "login": "taken.over", "name": "Another Name"}
    assert admin.post(f"/admin/users/{user}/name", rename).status_code == 303
    link = admin.post(f"/admin/users/{user}/reset", {**planted, "login": "p.admin"})
    assert link.status_code == 200
    made = id_of(office, "new.one")
    with office.db.read() as conn:
        people: dict[str, str] = dict(
            conn.exec_driver_sql("SELECT login, name FROM user_account").all()
        )
        assert people["new.one"] == "New One"
        assert people["a.staff"] == "Another Name"
        assert "taken.over" not in people
        (count,) = conn.exec_driver_sql(
            f"SELECT count(*) FROM appointment WHERE user_id = {made}"
        ).one()
        (hashes,) = conn.exec_driver_sql(
            f"SELECT count(*) FROM password WHERE user_id = {made}"
        ).one()
        (whose,) = conn.exec_driver_sql("SELECT user_id FROM reset_link").one()
    assert (count, hashes, whose) == (0, 0, user)


# -- forged forms --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nobody", "half", "a.staff"])
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_no_form_of_an_account_does_anything_without_its_token(
    office: Office, site: Flask, browser_of: BrowserOf, who: str
) -> None:
    browser = browser_of("a.staff") if who != "nobody" else Browser(site.test_client())
    if who == "half":
        set_up(browser)
        browser = Browser(site.test_client())
        password_step(browser)
    before = _rows(office)
    unsafe = [
        (method, re.sub("<[^>]+>", "1", rule.rule))
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
        if rule.endpoint.split(".")[0]
        in ("account", "own_sessions", "reset", "second_factor", "tokens")
        or "users" in rule.endpoint
    ]
    assert len(unsafe) >= 15
    for method, url in unsafe:
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
            data = {"login": "a.staff", "password": PASSWORD, "present": PASSWORD, **token}
            answer = browser.client.open(url, method=method, data=data)
            assert answer.status_code == 400, (method, url)
    assert _rows(office) == before


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_no_password_is_given_back_by_a_refused_form(browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    typed = {
        "present": "the old words typed",
        "new": "the new words typed",
        "code": "k7k7k7k7k7k7k7",
    }
    for url in ("/me/password", "/account/second-factor", "/account/second-factor/confirm"):
        answer = browser.client.post(url, data={**typed, "password": "other words typed"})
        assert answer.status_code == 400
        assert [one for one in (*typed.values(), "other words typed") if one in answer.text] == []


def test_a_changed_password_is_the_only_one(office: Office, browser_of: BrowserOf) -> None:
    browser = browser_of("a.staff")
    new = "four quite other words"
    changed = browser.post("/me/password", {"present": PASSWORD, "new": new}, form="/me/password")
    assert changed.status_code == 303
    assert browser.client.get("/units").status_code == 200
    with pytest.raises(accounts.WrongPasswordError):
        accounts.sign_in(office.db, "a.staff", PASSWORD, "elsewhere", clock.now())


@pytest.mark.parametrize(
    ("present", "new", "told"),
    [
        ("not the present one", "four quite other words", "The present password is not right."),
        (PASSWORD, "short", "A password has at least 12 characters"),
        (PASSWORD, "w7 " * 90, "A password has at most 256 characters."),
        (PASSWORD, "password1234", "This password is easy to guess"),
        (PASSWORD, "a.staff 2026", "This password is easy to guess"),
        (PASSWORD, "Body A Body A", "This password is easy to guess"),
        (PASSWORD, "a.staff-body-a", "This password is easy to guess"),
    ],
)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_password_that_is_not_changed_is_told_why(
    office: Office, browser_of: BrowserOf, present: str, new: str, told: str
) -> None:
    browser = browser_of("a.staff")
    before = _rows(office)["password"]
    answer = browser.post("/me/password", {"present": present, "new": new}, form="/me/password")
    assert answer.status_code == 400
    assert answer.text.count(told) == 2
    assert new not in answer.text
    assert _rows(office)["password"] == before


@pytest.mark.parametrize("login", ["a\x00b", "\ud800", "x" * 100_000, "%", "a.staff\n", "\u202ea"])
def test_a_strange_login_is_only_a_wrong_one(stranger: Browser, login: str) -> None:
    typed = login.encode("utf-8", "surrogatepass")
    answer = stranger.post(
        "/sign-in", {"login": typed, "password": PASSWORD + "x"}, form="/sign-in"
    )
    assert answer.status_code == 401
