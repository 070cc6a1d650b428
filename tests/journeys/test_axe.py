"""Every page in every state, in both languages: whoever cannot see, aim or zoom as others do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys import checks
from tests.journeys.conftest import Site, enter, watched, window
from tests.journeys.states import GROUPS, go, name_of

DAILY = ("stranger", "city")
# All groups in both languages take minutes: ./run faults has those that are not for every day.
CASES = [
    pytest.param(group, lang, marks=() if group in DAILY and lang == "vi" else pytest.mark.slow)
    for group in GROUPS
    for lang in ("vi", "en")
]


@pytest.mark.parametrize(("group", "lang"), CASES)
def test_every_page_can_be_used_by_everybody(
    browser: Browser, reading: Site, empty: Site, group: str, lang: str
) -> None:
    login, states = GROUPS[group]
    site = empty if group == "first start" else reading
    faults: list[str] = []
    with watched(window(browser, site, lang=lang)) as context:
        if login:
            enter(context, login)
        page = context.new_page()
        for state in states:
            go(page, state)
            # Colours are the same in both languages.
            found = checks.violations(page, with_colours=lang == "vi")
            if page.locator("html").get_attribute("lang") != lang:
                found.append(f"not in {lang}")
            found += checks.small(page) + checks.narrow(page) + checks.large(page)
            faults += [f"{name_of(state)}: {one}" for one in found]
    assert not faults, "\n".join(faults)
