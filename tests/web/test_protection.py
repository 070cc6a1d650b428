"""What guards every answer: headers, forms, sizes, hosts; errors as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from tests.web.conftest import Browser, token_of

BrowserOf = Callable[[str], Browser]


@pytest.mark.parametrize("url", ["/", "/sign-in", "/steps/9999", "/nowhere", "/static/icon.svg"])
def test_every_answer_carries_the_headers(stranger: Browser, url: str) -> None:
    with stranger.client.get(url) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'nonce-[\w-]{20,}';", policy)
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it(stranger: Browser) -> None:
    answers = [stranger.client.get("/sign-in") for _ in range(2)]
    found = [
        re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        for answer in answers
    ]
    nonces = [match.group(1) for match in found if match]
    assert len(set(nonces)) == 2
    for answer, nonce in zip(answers, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert [tag for tag in scripts if f'nonce="{nonce}"' not in tag] == []


def test_assets_are_kept_only_under_the_name_of_their_content(stranger: Browser) -> None:
    page = stranger.get("/sign-in")
    found = re.search(r'href="(/static/cascade\.css\?v=\w+)"', page)
    assert found
    with stranger.client.get(found.group(1)) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_every_address_that_changes_something_refuses_a_forged_form(
    site: Flask, browser_of: BrowserOf
) -> None:
    client = browser_of("p.sec").client
    places = [
        (rule, method)
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]
    assert len(places) >= 4
    for rule, method in places:
        url = re.sub(r"<[^>]*int:[^>]+>", "1", rule.rule)
        url = re.sub(r"<[^>]+>", "x", url)
        answer = client.open(url, method=method)
        if url.startswith("/api/"):  # no browser's session opens it, so there is nothing to forge
            assert answer.status_code == 401, (rule.rule, method)
            continue
        assert answer.status_code == 400, (rule.rule, method)
        assert "open the page anew" in answer.text or "mở lại trang" in answer.text


def test_an_upload_that_is_too_large_is_told_kindly(browser_of: BrowserOf) -> None:
    browser = browser_of("p.reg")
    browser.client.application.config["MAX_CONTENT_LENGTH"] = 1000
    token = token_of(browser.get("/"))
    answer = browser.client.post(
        "/me/password",
        data={"csrf_token": token, "file": (BytesIO(b"x" * 5000), "big.pdf")},
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 413
    assert "That is too large" in answer.text


def test_a_refused_form_gives_back_what_was_typed_but_never_a_password(
    browser_of: BrowserOf,
) -> None:
    browser = browser_of("a.staff")
    answer = browser.client.post(
        "/sign-out",
        data={"note": "A long report <b>nobody</b> wants to type twice", "password": "p" * 20},
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 400
    assert "A long report &lt;b&gt;nobody&lt;/b&gt; wants to type twice" in answer.text
    assert "p" * 20 not in answer.text


def test_a_strange_host_name_reaches_nothing(stranger: Browser) -> None:
    answer = stranger.client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "<" not in answer.text


def test_a_fault_of_ours_is_a_page_with_a_code_to_report(
    site: Flask, monkeypatch: pytest.MonkeyPatch, browser_of: BrowserOf
) -> None:
    browser = browser_of("a.staff")
    site.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(site.view_functions, "account.password", fail)
    page = browser.get("/me/password", status=500)
    assert re.search(r"give this code: <strong>[0-9a-f]{32}</strong>", page)
    assert "ZeroDivision" not in page


def test_the_language_is_kept_once_chosen(stranger: Browser) -> None:
    stranger.client.get("/sign-in?lang=vi")
    assert '<html lang="vi"' in stranger.client.get("/sign-in").text
    assert "Đăng nhập" in stranger.client.get("/sign-in").text
    stranger.client.get("/sign-in?lang=en")
    assert "Sign in" in stranger.client.get("/sign-in").text
