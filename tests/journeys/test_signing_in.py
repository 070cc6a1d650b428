"""Signing in and out in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import WITH_AND_WITHOUT_SCRIPT, sign_in, sign_out


@WITH_AND_WITHOUT_SCRIPT
def test_after_signing_out_the_back_button_shows_nothing_private(page: Page) -> None:
    sign_in(page, "toan.nm")
    expect(page.get_by_text("Nghiêm Minh Toán")).to_be_visible()
    sign_out(page)
    page.go_back()
    expect(page.get_by_label("User name")).to_be_visible()
    expect(page.get_by_text("Nghiêm Minh Toán")).to_have_count(0)
