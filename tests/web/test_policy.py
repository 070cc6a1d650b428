"""Every page says who may open it, and keeps to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Browser
from web import policy
from web.policy import Policy, UndeclaredRouteError

BrowserOf = Callable[[str], Browser]
# The whole list: whoever adds a page that anybody may open, adds it here, and says why it may.
PUBLIC = {
    "account.enter",
    "account.sign_in",
    "feed.read",  # its address is the key, and it sees what its owner sees
    "api_document",
    "health.healthz",  # for a load balancer, which has no account
    "health.metrics",  # asks for a token of its own
    "help.guide",
    "help.image",
    "help.show",
    "oidc.back",  # it proves who comes back, or shows the form to sign in
    "oidc.begin",
    "reset.open_link",
    "reset.show",
    "reset.use",
    "second_factor.answer",
    "second_factor.ask",
    "setup.make",
    "setup.sample",
    "setup.show",
    "static",
}


def test_a_page_that_says_nothing_keeps_the_pages_from_starting(site: Flask) -> None:
    site.add_url_rule("/forgotten", "forgotten", lambda: "everything")
    with pytest.raises(UndeclaredRouteError, match=r"forgotten.*web/policy"):
        policy.check(site)


def test_only_these_pages_are_open_to_anybody(site: Flask) -> None:
    found = {name for name in site.view_functions if policy.of(site, name) is Policy.PUBLIC}
    assert found == PUBLIC


def urls(site: Flask, wanted: Policy) -> list[tuple[str, str]]:
    """(method, address) of every page with a policy; numbers are 1, words are x."""
    found = []
    for rule in site.url_map.iter_rules():
        if policy.of(site, rule.endpoint) is wanted:
            given = {
                name: 1 if type(converter).__name__ == "RowNumber" else "csv"
                for name, converter in rule._converters.items()
            }
            address = rule.build(given, append_unknown=False)
            assert address is not None
            found += [(method, address[1]) for method in (rule.methods or set()) & {"GET", "POST"}]
    return sorted(found)


@pytest.mark.parametrize("wanted", [one for one in Policy if one is not Policy.PUBLIC])
def test_who_is_not_signed_in_is_sent_to_sign_in(
    site: Flask, stranger: Browser, wanted: Policy
) -> None:
    addresses = urls(site, wanted)
    assert addresses
    for method, address in addresses:
        if method == "GET":
            answer = stranger.client.get(address)
        else:
            answer = stranger.post(address, form="/sign-in")
        if address.startswith("/api/"):  # a program is told so, and sent nowhere
            assert answer.status_code == 401, (method, address)
            continue
        assert (answer.status_code, "/sign-in" in answer.headers.get("Location", "")) == (
            302,
            True,
        ), (method, address)


@pytest.mark.parametrize(
    ("wanted", "login"),
    [
        (Policy.ADMINISTERS, "p.sec"),
        (Policy.ADMINISTERS, "a1.staff"),
        (Policy.REGISTERS, "a1.staff"),
    ],
)
def test_who_has_not_the_post_is_told_so(
    site: Flask, browser_of: BrowserOf, wanted: Policy, login: str
) -> None:
    browser = browser_of(login)
    for method, address in urls(site, wanted):
        answer = browser.client.get(address) if method == "GET" else browser.post(address)
        # A session is nothing to the interface for programs: tests/web/api has its own tokens.
        wants = 401 if address.startswith("/api/") else 403
        assert answer.status_code == wants, (method, address)
