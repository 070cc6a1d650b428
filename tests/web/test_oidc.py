"""Signing in at a provider elsewhere: a real one in its own process, and forged answers of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from cascade import accounts, clock, config, identities, oidc, resets, second_factor
from cascade.accounts import TooManyTriesError, WrongPasswordError
from cascade.administration import By
from cascade.clock import Moment
from cascade.config import ProviderSettings
from cascade.devices import Device
from cascade.errors import BadInputError
from cascade.identities import UnknownIdentityError, Verified
from cascade.oidc import Begun, NotSignedInError, Provider, ProviderDownError
from models import organisation
from models.base import FOREVER
from models.queries import identities as links
from tests.oidc_provider import BACK, DESCRIBED, FORGED, NEW_KEY, RunningProvider
from tests.web.conftest import PASSWORD, Browser
from tests.worlds import SINCE, Office
from workflows.roles import Role

BrowserOf = Callable[[str], Browser]
NAME = "Office sign-in"
# What this is about does not lie in the database.
once = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def there() -> Iterator[RunningProvider]:
    """The provider's process."""
    running = RunningProvider()
    yield running
    running.stop()


@pytest.fixture
def provider(there: RunningProvider) -> Provider:
    """The provider as Cascade knows it; it does nothing wrong yet."""
    there.fault("")
    return Provider(settings(there))


@pytest.fixture
def linked(site: Flask, provider: Provider, office: Office) -> Flask:
    """The pages with the provider; it knows a.staff as anna."""
    site.extensions["provider"] = provider
    link(office, provider, "a.staff", "anna")
    return site


def settings(there: RunningProvider) -> ProviderSettings:
    return ProviderSettings(there.issuer, there.client.id, there.client.secret, NAME)


def link(office: Office, provider: Provider, login: str, subject: str) -> None:
    who = Verified(provider.issuer, subject, f"{subject}@office")
    identities.link(office.db, office.who(login).id, who, clock.now())


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def path_of(url: str) -> str:
    assert url.startswith(BACK), url
    return url.removeprefix("http://localhost")


def away(browser: Browser, wanted: str = "/") -> str:
    """Where the button leads."""
    answer = browser.client.get("/sign-in/elsewhere", query_string={"next": wanted})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def is_in(browser: Browser) -> bool:
    return browser.client.get("/inbox").status_code == 200


def redeem(there: RunningProvider, provider: Provider, **changed: str) -> Verified:
    """The whole way but for the pages."""
    url, begun = provider.begin(BACK)
    answer = query_of(there.consent(url, "anna"))
    return provider.finish({**answer, **changed}, begun, BACK, clock.now())


def why_not(ask: Callable[[], object]) -> str:
    """What the log says of a sign-in that does not work."""
    with pytest.raises(NotSignedInError) as refused:
        ask()
    return refused.value.why


# What each forged token is refused for, so that none is refused for something else.
WHY = {
    "wrong nonce": "nonce",
    "no nonce": "nonce",
    "wrong audience": "aud",
    "no audience": "aud",
    "one audience more": "azp",
    "made for another party": "azp",
    "expired": "expired",
    "never expires": "exp",
    "of tomorrow": "future",
    "wrong issuer": "iss",
    "the issuer but for a slash": "iss",
    "no subject": "sub",
    "an empty subject": "names nobody",
    "a subject that is a list": "sub",
    "a subject with a NUL": "written down",
    "a subject too long": "names nobody",
    "no signature": "'none' is not allowed",
    "a signature by the public key": "'HS256' is not allowed",
    "a signature by another key": "bad_signature",
    "a signature by a key nobody knows": "No key for kid",
    "another algorithm": "'RS512' is not allowed",
    "no token": "decode_error",
    "words": "decode_error",
}


def test_a_true_token_is_believed_and_no_forged_one(
    there: RunningProvider, provider: Provider
) -> None:
    assert redeem(there, provider) == Verified(there.issuer, "anna", "anna")
    assert list(FORGED) == list(WHY)
    for name, why in WHY.items():
        there.fault(name)
        assert why in why_not(lambda: redeem(there, provider)), name
    there.fault("")
    assert redeem(there, provider).subject == "anna"


def test_a_code_is_worth_something_once_to_who_asked_for_it(
    there: RunningProvider, provider: Provider
) -> None:
    url, begun = provider.begin(BACK)
    assert query_of(url)["code_challenge_method"] == "S256"
    answer = query_of(there.consent(url, "anna"))
    thief = provider.begin(BACK)[1]
    tries: list[tuple[dict[str, str], Begun, str]] = [
        ({**answer, "state": thief.state}, begun, "state"),
        ({"code": answer["code"]}, begun, "state"),
        ({**answer, "iss": "https://another.example"}, begun, "issuer"),
        ({**answer, "error": "server_error"}, begun, "no code"),
        ({"state": begun.state}, begun, "no code"),
        # An injected code: the thief's browser does not have its verifier.
        ({**answer, "state": thief.state}, thief, "refused"),
        ({**answer, "code": "guessed"}, begun, "refused"),
    ]
    for given, kept, why in tries:
        assert why in why_not(partial(provider.finish, given, kept, BACK, clock.now())), given
    answer = query_of(there.consent(url, "anna"))
    assert provider.finish(answer, begun, BACK, clock.now()).subject == "anna"
    assert "refused" in why_not(partial(provider.finish, answer, begun, BACK, clock.now()))


def test_new_keys_of_the_provider_are_asked_for_but_not_at_will(
    there: RunningProvider, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert redeem(there, provider)
    there.fault(NEW_KEY)
    assert "No key" in why_not(lambda: redeem(there, provider))
    monkeypatch.setattr(oidc, "_AGAIN", 0.0)
    assert redeem(there, provider).subject == "anna"


@pytest.mark.parametrize("fault", [*DESCRIBED, "led elsewhere"])
def test_a_provider_that_says_strange_things_of_itself_is_not_used(
    there: RunningProvider, provider: Provider, fault: str
) -> None:
    there.fault(fault)
    with pytest.raises(ProviderDownError):
        provider.begin(BACK)
    there.fault("")
    with pytest.raises(ProviderDownError):  # it is left alone for a while
        provider.begin(BACK)


def test_a_wrong_secret_signs_nobody_in(there: RunningProvider) -> None:
    there.fault("")
    wrong = ProviderSettings(there.issuer, there.client.id, "wrong", NAME)
    assert "invalid_client" in why_not(lambda: redeem(there, Provider(wrong)))


def test_a_person_links_an_account_and_signs_in_with_it(
    office: Office, site: Flask, provider: Provider, there: RunningProvider, browser_of: BrowserOf
) -> None:
    site.extensions["provider"] = provider
    browser = browser_of("a.staff")
    assert "Signing in elsewhere" in browser.get("/me/password")
    wrong = browser.post("/account/elsewhere", {"present": "wrong"}, form="/account/elsewhere")
    assert (wrong.status_code, "Go on to" in wrong.text) == (400, False)
    shown = browser.post("/account/elsewhere", {"present": PASSWORD}, form="/account/elsewhere")
    way = re.search(r'href="(http://127[^"]+)"', shown.text)
    assert way is not None
    back = there.consent(way[1].replace("&amp;", "&"), "anna")
    assert browser.client.get(path_of(back)).headers["Location"] == "/account/elsewhere"
    page = browser.get("/account/elsewhere")
    assert "anna" in page
    assert there.issuer in page

    other = Browser(site.test_client())
    assert f"Sign in with {NAME}" in other.get("/sign-in")
    url = away(other, "/units?day=1")
    before = other.client.get_cookie("cascade")
    answer = other.client.get(path_of(there.consent(url, "anna")))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/units?day=1")
    assert is_in(other)
    after = other.client.get_cookie("cascade")
    assert before is not None
    assert after is not None
    with other.client.session_transaction() as kept:
        assert "elsewhere" not in kept  # nothing of before stays
    with office.db.read() as conn:
        acts = conn.execute(text("SELECT act, actor_id, user_id FROM admin_event")).all()
    me = office.who("a.staff").id
    assert acts == [("link_identity", me, me)]


def test_an_unknown_and_a_closed_account_are_refused_in_the_same_words(
    linked: Flask, office: Office, there: RunningProvider
) -> None:
    told = []
    with office.db.write() as conn:
        conn.execute(text("UPDATE user_account SET is_active = false WHERE login = 'a.staff'"))
    for subject in ("nobody", "anna"):
        browser = Browser(linked.test_client())
        answer = browser.client.get(path_of(there.consent(away(browser), subject)))
        told.append(answer.headers["Location"])
        assert not is_in(browser)
    assert told == ["/sign-in?next=/&trouble=unknown"] * 2
    assert "Nobody here signs in with this account" in browser.get(told[0])
    with office.db.read() as conn:  # nobody is locked out by it
        assert conn.execute(text("SELECT count(*) FROM sign_in_failure")).scalar() == 0


@once
def test_an_answer_that_is_not_this_browsers_signs_nobody_in(
    linked: Flask, there: RunningProvider
) -> None:
    browser, other = Browser(linked.test_client()), Browser(linked.test_client())
    mine = there.consent(away(browser), "anna")
    others = there.consent(away(other), "anna")
    asked = query_of(mine)
    answers: Mapping[str, str] = {
        "another browser's": path_of(others),
        "refused there": path_of(there.refuse(away(browser))),
        "of another issuer": f"{path_of(BACK)}?{urlencode({**asked, 'iss': 'https://a.example'})}",
        "empty": path_of(BACK),
    }
    for name, answer in answers.items():
        url = away(browser)  # each answer meets a sign-in that is under way
        assert url
        said = browser.client.get(answer, headers={"Accept-Language": "en"})
        assert said.headers["Location"].endswith("trouble=failed"), name
        assert not is_in(browser), name
    page = browser.get("/sign-in?trouble=failed")
    assert f"Signing in with {NAME} did not work" in page
    assert 'name="password"' in page
    right = path_of(there.consent(away(browser), "anna"))
    assert browser.client.get(right).headers["Location"] == "/inbox"
    assert browser.post("/sign-out").status_code == 303
    for again in (browser, Browser(linked.test_client())):  # it is worth something once
        assert again.client.get(right).headers["Location"].endswith("trouble=failed")
        assert not is_in(again)


@once
def test_what_takes_too_long_is_begun_anew(
    linked: Flask, there: RunningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(linked.test_client())
    answer = path_of(there.consent(away(browser), "anna"))
    later = clock.now().at + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: Moment(later, later.date()))
    assert browser.client.get(answer).headers["Location"].endswith("trouble=failed")


@once
@pytest.mark.parametrize("wanted", ["//a.example", "https://a.example", "/\\a.example", "/\t/a"])
def test_coming_back_leads_nowhere_else(linked: Flask, there: RunningProvider, wanted: str) -> None:
    browser = Browser(linked.test_client())
    answer = browser.client.get(path_of(there.consent(away(browser, wanted), "anna")))
    assert answer.headers["Location"] == "/inbox"


@once
def test_a_provider_that_is_down_is_told_and_passwords_go_on(
    site: Flask, stranger: Browser
) -> None:
    nobody = ProviderSettings("http://127.0.0.1:9", "id", "secret", NAME)
    site.extensions["provider"] = Provider(nobody)
    told = stranger.client.get("/sign-in/elsewhere?next=/units").headers["Location"]
    assert f"{NAME} does not answer now" in stranger.get(told)
    given = {"login": "a.staff", "password": PASSWORD, "next": "/units"}
    assert stranger.post("/sign-in", given, form=told).headers["Location"] == "/units"
    form = "/account/elsewhere"
    answer = stranger.post(form, {"present": PASSWORD}, form=form)
    assert f"{NAME} does not answer now" in stranger.get(answer.headers["Location"])


@once
def test_without_a_provider_there_is_no_such_way(browser_of: BrowserOf, stranger: Browser) -> None:
    assert "/sign-in/elsewhere" not in stranger.get("/sign-in")
    stranger.get("/sign-in/elsewhere", status=404)
    stranger.get("/sign-in/elsewhere/back", status=404)
    browser = browser_of("a.staff")
    assert "No account elsewhere is linked" in browser.get("/account/elsewhere")
    assert browser.post("/account/elsewhere", {"present": PASSWORD}).status_code == 404


def test_the_second_factor_is_asked_for_all_the_same(
    linked: Flask, office: Office, there: RunningProvider
) -> None:
    with office.db.session() as session:
        admin = organisation.user_id(session, "the.admin", "Admin")
        unit = office.units["P"]
        organisation.put_appointment(session, admin, unit, Role.ADMINISTRATOR, SINCE, FOREVER)
    link(office, linked.extensions["provider"], "the.admin", "ada")
    linked.config["REQUIRE_TOTP"] = True
    key, me = str(linked.config["SECRET_KEY"]), office.who("a.staff").id
    now = clock.now()
    token = accounts.sign_in(office.db, "a.staff", PASSWORD, "here", now, Device())
    row = accounts.signed_in(office.db, token, now)
    assert row is not None
    second_factor.propose(office.db, me, key, now)
    secret = second_factor.state(office.db, me, key, now).secret
    codes = second_factor.confirm(office.db, row, pyotp.TOTP(secret).at(now.at), key, now)

    browser = Browser(linked.test_client())
    answer = browser.client.get(path_of(there.consent(away(browser, "/units"), "anna")))
    assert answer.headers["Location"] == "/sign-in/code?next=/units"
    assert not is_in(browser)
    given = {"code": codes[0], "next": "/units"}
    assert browser.post("/sign-in/code", given, form="/sign-in/code").status_code == 303
    assert is_in(browser)
    # An administrator who must have one is led to it, whatever the provider asked for.
    admin_browser = Browser(linked.test_client())
    admin_browser.client.get(path_of(there.consent(away(admin_browser), "ada")))
    answer = admin_browser.client.get("/admin")
    assert answer.headers["Location"] == "/account/second-factor"


@pytest.mark.usefixtures("linked")
def test_an_account_elsewhere_is_one_persons(
    office: Office, there: RunningProvider, browser_of: BrowserOf
) -> None:
    browser, form = browser_of("b.staff"), "/account/elsewhere"

    def begin() -> str:
        shown = browser.post(form, {"present": PASSWORD}, form=form).text
        way = re.search(r'href="(http://127[^"]+)"', shown)
        assert way is not None
        return way[1].replace("&amp;", "&")

    taken = browser.client.get(path_of(there.consent(begin(), "anna")))
    assert "linked to another person" in browser.get(taken.headers["Location"])
    # What was begun in one session is not finished in another one of the same browser.
    answer = path_of(there.consent(begin(), "bela"))
    with browser.client.session_transaction() as kept:
        other = {**kept["elsewhere"], "session": kept["elsewhere"]["session"] + 1}
        kept["elsewhere"] = other
    assert browser.client.get(answer).headers["Location"].endswith("trouble=failed")
    with office.db.read() as conn:
        assert links.of_person(conn, office.who("b.staff").id) == []
        assert len(links.of_person(conn, office.who("a.staff").id)) == 1


@pytest.mark.usefixtures("linked")
def test_a_link_that_is_removed_signs_nobody_in(
    office: Office, provider: Provider, browser_of: BrowserOf
) -> None:
    with office.db.session() as session:
        admin = organisation.user_id(session, "the.admin", "Admin")
        unit = office.units["P"]
        organisation.put_appointment(session, admin, unit, Role.ADMINISTRATOR, SINCE, FOREVER)
    accounts.give_all(office.db, PASSWORD, clock.now())
    me, anna = office.who("a.staff").id, Verified(provider.issuer, "anna", "")

    def link_id() -> int:
        with office.db.read() as conn:
            return links.of_person(conn, me)[0].id

    own, elsewhere, keeper = browser_of("a.staff"), browser_of("a.staff"), browser_of("the.admin")
    stranger_says = browser_of("b.staff").post(f"/account/elsewhere/{link_id()}/remove")
    assert stranger_says.status_code == 404
    assert identities.find(office.db, anna).login == "a.staff"
    assert own.post(f"/account/elsewhere/{link_id()}/remove").status_code == 303
    assert (is_in(own), is_in(elsewhere)) == (True, False)
    with pytest.raises(UnknownIdentityError):
        identities.find(office.db, anna)

    link(office, provider, "a.staff", "anna")
    page = keeper.get(f"/admin/users/{me}/elsewhere")
    assert "anna@office" in page
    url = f"/admin/users/{me}/elsewhere/{link_id()}/remove"
    assert keeper.post(url).status_code == 303
    assert not is_in(own)
    assert "removed the link to an account elsewhere" in keeper.get(f"/admin/users/{me}")

    # A one-time link takes the account back from whoever had it.
    link(office, provider, "a.staff", "anna")
    token = resets.make(office.db, me, By(None, office.moment))
    resets.use(office.db, token, "quite other plain words", "here", clock.now())
    with pytest.raises(UnknownIdentityError):
        identities.sign_in(office.db, anna, clock.now(), Device())


def test_who_is_locked_out_with_a_password_is_not_here_nor_the_other_way(
    linked: Flask, office: Office, there: RunningProvider
) -> None:
    for _ in range(6):
        with suppress(WrongPasswordError, TooManyTriesError):
            accounts.sign_in(office.db, "a.staff", "wrong", "127.0.0.1", clock.now())
    browser = Browser(linked.test_client())
    assert browser.client.get(path_of(there.consent(away(browser), "anna"))).status_code == 303
    with pytest.raises(TooManyTriesError):
        accounts.sign_in(office.db, "a.staff", PASSWORD, "127.0.0.1", clock.now())


OIDC = {
    "ISSUER": "https://id.example/realm",
    "CLIENT_ID": "cascade",
    "CLIENT_SECRET": "secret",
}
WHOLE = ProviderSettings("https://id.example/realm", "cascade", "secret", "id.example")


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, WHOLE),
        ({"NAME": "Trục"}, replace(WHOLE, name="Trục")),
        ({"CLIENT_SECRET": "", "SECRET_FILE": "{file}"}, WHOLE),
        (dict.fromkeys(OIDC, ""), None),
        ({"ISSUER": ""}, "ISSUER"),
        ({"CLIENT_ID": ""}, "CLIENT_ID"),
        ({"CLIENT_SECRET": ""}, "CLIENT_SECRET"),
        ({"CLIENT_SECRET": "", "SECRET_FILE": "/nowhere/secret"}, "SECRET_FILE"),
        ({"ISSUER": "http://id.example"}, "ISSUER"),
        ({"ISSUER": "http://127.0.0.1.id.example"}, "ISSUER"),
        ({"ISSUER": "http://127.0.0.1@id.example"}, "ISSUER"),
        ({"ISSUER": "https://"}, "ISSUER"),
        ({"ISSUER": "https://[id"}, "ISSUER"),
        ({"ISSUER": "https://id.example/?a=b"}, "ISSUER"),
        ({"ISSUER": "https://id.example/#a"}, "ISSUER"),
        ({"ISSUER": "ftp://id.example"}, "ISSUER"),
    ],
)  # fmt: skip
def test_a_provider_is_set_up_whole_and_safe_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    changed: dict[str, str],
    wanted: ProviderSettings | str | None,
) -> None:
    (tmp_path / "secret").write_text("secret\n")
    for name in (*OIDC, "SECRET_FILE", "NAME"):
        value = {**OIDC, **changed}.get(name, "").format(file=tmp_path / "secret")
        monkeypatch.setenv(f"CASCADE_OIDC_{name}", value)
    if isinstance(wanted, str):
        with pytest.raises(BadInputError) as refused:
            config.from_environment()
        assert refused.value.where == f"CASCADE_OIDC_{wanted}"
    else:
        assert config.from_environment().provider == wanted
        assert "secret'" not in repr(wanted)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://localhost", "http://[::1]:9/a"])
def test_on_this_machine_a_provider_needs_no_https(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    for name, value in {**OIDC, "ISSUER": issuer}.items():
        monkeypatch.setenv(f"CASCADE_OIDC_{name}", value)
    assert config.from_environment().provider is not None
