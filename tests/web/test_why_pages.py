"""Why can I see this: linked from every page, told by rule and post, and only of what is seen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.lending import lend
from tests.web.conftest import Browser
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
LINK = re.compile(r'<a class="govuk-link" href="([^"]+)">Why can I see this\?</a>')


def told(page: str) -> str:
    """What a page says, without its frame and tags."""
    main = page[page.index('id="main"') : page.index("<footer")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def chain(office: Office) -> dict[str, int]:
    """P directs A; A lays a task on A1, helped by S2."""
    top = office.letter("P", owe=["A"], number="77")
    below = office.letter(
        "A", implements=[top], tasks=[("1", "A1")], with_units={"1": ["S2"]}, number="78"
    )
    return {"top": top, "below": below, "step": office.step(below, "A1", "1")}


@pytest.mark.parametrize(
    "page", ["/inbox", "/letters", "/units/A", "/search?q=a", "/account/deputies"]
)
def test_every_page_leads_to_the_reasons(browser_of: BrowserOf, page: str) -> None:
    browser = browser_of("a.head")
    found = LINK.search(browser.get(page))
    assert found
    said = told(browser.get(found.group(1)))
    assert "head, A (with all below it)." in said
    assert "Everything below the letters the unit issued" in said


def test_a_step_and_a_cascade_lead_to_their_own_reasons(
    chain: dict[str, int], browser_of: BrowserOf
) -> None:
    browser = browser_of("a.head")
    links = {
        f"/letters/{chain['top']}/cascade": f"/letters/{chain['top']}/why",
        f"/letters/{chain['below']}": f"/letters/{chain['below']}/why",
        f"/steps/{chain['step']}": f"/steps/{chain['step']}/why",
    }
    for page, why in links.items():
        assert LINK.findall(browser.get(page)) == [why]


# who → the reasons for a letter of A that implements one of P, and lays a task
SAID = {
    "p.sec": "It carries out a letter of P: công văn 77/UBND-P",
    "a.staff": "A issued it. You read for that unit as: staff, A (this unit alone).",
    "a1.staff": "It lays duties on A1. You read for that unit as: staff, A1 (this unit alone).",
    "s2.staff": "S2 coordinates on a duty that it lays. You read for that unit as: staff, S2",
}


@pytest.mark.parametrize("who", SAID)
def test_the_rule_and_the_post_are_named(
    chain: dict[str, int], browser_of: BrowserOf, who: str
) -> None:
    assert SAID[who] in told(browser_of(who).get(f"/letters/{chain['below']}/why"))


def test_a_deputy_is_told_for_whom_and_until_when(
    office: Office, chain: dict[str, int], browser_of: BrowserOf
) -> None:
    browser_of("c.staff").get(f"/steps/{chain['step']}/why", status=404)
    lend(office, "a1.head", "c.staff", ("A1", "head"))
    said = told(browser_of("c.staff").get(f"/steps/{chain['step']}/why"))
    assert re.search(r"A1 leads it\. .*head, A1 .*, in place of a1\.head until", said), said


def test_who_coordinates_is_told_what_is_left_out(
    chain: dict[str, int], browser_of: BrowserOf
) -> None:
    page = f"/steps/{chain['step']}/why"
    assert "not what was reported" in told(browser_of("s2.staff").get(page))
    assert "not what was reported" not in told(browser_of("p.sec").get(page))


def test_what_is_not_seen_has_no_reason(chain: dict[str, int], browser_of: BrowserOf) -> None:
    for who in ("b.head", "q.sec"):
        for page in (f"/letters/{chain['below']}/why", f"/steps/{chain['step']}/why"):
            lost = browser_of(who).get(page, status=404)
            assert not LINK.search(lost)
