"""The keyboard alone: a way past what stands on every page, a focus that is always seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site, enter, watched, window
from tests.journeys.hands import JUDGE, REMEMBER

# What a person without a mouse must come to; of a group of choices the browser stops at one.
_STOPS = """() => {
  const names = new Set();
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, "
      + "[tabindex='0']")].filter(one => {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0) return false;
    if (!one.checkVisibility()) return false;
    if (one.type !== "radio") return true;
    return !names.has(one.name) && names.add(one.name);
  }).length;
}"""
_PAGES = [
    ("hang.nt", "/"),
    ("hang.nt", "/inbox"),
    ("hang.nt", "/board"),
    ("hang.nt", "/steps/6/cancel"),
    ("thoa.pb", "/steps/9"),
    ("thoa.pb", "/steps/9/report"),
    ("truc.lq", "/letters/4/cascade"),
    ("truc.lq", "/letters/4/cascade?tab=picture"),
    ("man.vt", "/letters/4"),
    ("man.vt", "/letters/import"),
    ("tiep.hm", "/admin/users/3"),
    ("tiep.hm", "/units?open=LG-VL"),
]


@pytest.mark.parametrize(("login", "url"), _PAGES)
def test_the_keyboard_comes_to_everything_and_out_again(
    browser: Browser, reading: Site, login: str, url: str
) -> None:
    with watched(window(browser, reading)) as context:
        enter(context, login)
        page = context.new_page()
        page.goto(url)
        wanted = page.evaluate(_STOPS)
        page.evaluate(REMEMBER)
        met, faults = 0, set()
        page.keyboard.press("Tab")
        while page.evaluate("() => document.activeElement !== document.body") and met <= wanted:
            faults.add(page.evaluate(JUDGE))
            met += 1
            page.keyboard.press("Tab")
        assert faults == {""}
        assert met == wanted


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_the_first_stop_of_a_page_leads_past_its_head(
    browser: Browser, reading: Site, has_script: bool
) -> None:
    with watched(window(browser, reading, has_script=has_script)) as context:
        enter(context, "hang.nt")
        page = context.new_page()
        page.goto("/inbox")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the main content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert _focus_is_in_main(page)


def test_a_branch_opened_by_the_keyboard_keeps_the_focus_there(
    browser: Browser, reading: Site
) -> None:
    with watched(window(browser, reading)) as context:
        enter(context, "truc.lq")
        page = context.new_page()
        page.goto("/letters/1/cascade?depth=1")
        fold = page.locator(".c-tree__more").first
        fold.focus()
        page.keyboard.press("Enter")
        expect(page.locator("main .c-tree a:focus:not(.c-tree__more)")).to_have_count(1)
        assert page.url.endswith("?depth=1")  # the page itself stayed


def _focus_is_in_main(page: Page) -> bool:
    return bool(page.evaluate("() => !!document.activeElement.closest('main')"))
