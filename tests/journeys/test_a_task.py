"""A clerk's task: found, done, shown, accepted; or returned and done again."""

from __future__ import annotations

from playwright.sync_api import expect

from cascade.sample.world import PASSWORD
from tests.journeys.conftest import ALL_WAYS, EACH_WAY, Desk, Site
from tests.journeys.office import moves, push, report, row, say, write

TASK = 8  # the transport department's, in progress
RETURNED = 27  # of a room of the city Vĩnh Lam, in progress
REASON = "Biên bản chưa có chữ ký của trạm bơm."


@EACH_WAY
def test_a_clerk_has_a_task_done_by_three_actions_and_sees_it_accepted(desk: Desk) -> None:
    clerk, secretary = desk(""), desk("hang.nt")
    page = clerk.page
    page.goto("/")
    write(clerk, "User name", "thuan.ld")
    write(clerk, "Password", PASSWORD)
    push(clerk, "Sign in")
    page.wait_for_url("**/inbox")
    words = page.locator("li.c-row").first.inner_text()
    clerk.press(page.get_by_role("link", name="Mark done").first)
    report(clerk, "Đã kiểm tra đủ các bến.")
    say(clerk, "Waiting for others (1)")
    assert clerk.presses <= 3
    page.goto(f"/steps/{TASK}")
    say(clerk, "reported")
    assert page.get_by_role("blockquote").inner_text()[:20] in words
    secretary.page.goto(f"/steps/{TASK}")
    with secretary.page.expect_download() as got:
        secretary.press(secretary.page.get_by_role("link", name="biên bản nghiệm thu.txt"))
    assert got.value.suggested_filename == "biên bản nghiệm thu.txt"
    push(secretary, "Accept")
    push(secretary, "Accept")
    say(secretary, "accepted")
    page.reload()
    expect(page.locator(".c-standing").first).to_contain_text("accepted")
    say(clerk, "Nguyễn Thu Hằng")


@ALL_WAYS
def test_a_returned_task_comes_back_with_its_reason_and_is_reported_again(
    desk: Desk, site: Site
) -> None:
    clerk, secretary = desk("giang.pv"), desk("khoa.vn")
    clerk.page.goto(f"/steps/{RETURNED}")
    push(clerk, "Mark done")
    report(clerk, "Lần một.")
    clerk.page.wait_for_url("**/inbox")
    secretary.page.goto(f"/steps/{RETURNED}")
    push(secretary, "Return for rework")
    push(secretary, "Return for rework")
    say(secretary, "There is a problem")  # a reason is needed
    write(secretary, "Reason", REASON)
    push(secretary, "Return for rework")
    say(secretary, "returned")
    clerk.page.goto("/inbox")
    expect(clerk.page.get_by_role("heading", name="Returned to us (1)")).to_be_visible()
    clerk.press(row(clerk, "returned").get_by_role("link", name="Mark done"))
    say(clerk, REASON)
    report(clerk, "Lần hai, đã bổ sung chữ ký.")
    expect(row(clerk, "reported")).to_have_count(1)
    clerk.page.goto(f"/steps/{RETURNED}")
    say(clerk, REASON)
    say(clerk, "Lần hai, đã bổ sung chữ ký.")
    assert moves(site.db, RETURNED, "report") == 2
