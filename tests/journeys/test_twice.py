"""What is sent twice is done once, and whoever sent it is told kindly."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import ALL_WAYS, Desk, Site
from tests.journeys.office import MINUTES, moves, report, say, write
from tests.journeys.test_a_letter import SUBJECT, imported_and_issued

TASK = 44  # of a health station, in progress
NOT_TWICE = "It was not done twice."


@ALL_WAYS
def test_a_button_pressed_twice_quickly_reports_once(desk: Desk, site: Site) -> None:
    clerk = desk("doan.dm")
    clerk.page.goto(f"/steps/{TASK}/report")
    clerk.attach(clerk.page.get_by_label("Files that show it"), MINUTES)
    write(clerk, "Note (optional)", "Xong.")
    clerk.press_twice(clerk.page.get_by_role("button", name="Mark done"))
    clerk.page.wait_for_url(lambda url: not url.endswith("/report"))
    expect(clerk.page.get_by_role("status").first).to_be_visible()
    clerk.page.goto(f"/steps/{TASK}")
    say(clerk, "reported")
    assert moves(site.db, TASK, "report") == 1


@ALL_WAYS
def test_the_same_form_sent_from_two_tabs_reports_once(desk: Desk, site: Site) -> None:
    clerk = desk("doan.dm")
    other = type(clerk)(clerk.page.context.new_page())
    for tab in (clerk, other):
        tab.page.goto(f"/steps/{TASK}/report")
    for tab in (clerk, other):
        report(tab, "Xong.")
    say(other, NOT_TWICE)
    assert moves(site.db, TASK, "report") == 1


@ALL_WAYS
def test_going_back_after_a_report_and_sending_it_again_reports_once(
    desk: Desk, site: Site
) -> None:
    clerk = desk("doan.dm")
    page = clerk.page
    page.goto(f"/steps/{TASK}/report")
    form = page.locator("main form")
    sent = {
        name: form.locator(f"[name={name}]").input_value()
        for name in ("csrf_token", "seen_version", "done_on", "letters")
    }
    report(clerk, "Xong.")
    page.wait_for_url("**/inbox")
    page.go_back()
    say(clerk, "This cannot be done now")
    url = f"/steps/{TASK}/report"
    again = page.request.post(url, multipart={**sent, "note": "Xong.", "evidence": MINUTES})
    assert again.ok
    assert NOT_TWICE in again.text()
    assert moves(site.db, TASK, "report") == 1


@ALL_WAYS
def test_going_back_after_an_import_leads_to_the_letter(desk: Desk) -> None:
    registrar = desk("man.vt")
    letter = imported_and_issued(registrar)
    page = registrar.page
    # The form that issues, the draft, the form that confirms the import.
    for _ in range(3):
        page.go_back()
        say(registrar, "3391/UBND-VX")
    page.wait_for_url(f"**{letter}")
    say(registrar, SUBJECT)
    page.goto("/letters")
    expect(page.get_by_role("row").filter(has_text=SUBJECT)).to_have_count(1)
