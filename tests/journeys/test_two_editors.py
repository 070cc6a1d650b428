"""Two people at one step: the second is told what moved, keeps what was typed, decides again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import ALL_WAYS, Desk, Site
from tests.journeys.office import MINUTES, moves, push, report, say, write

TASK = 12  # the department of the environment's, open
NOTE = "Đã rà soát xong 14 điểm; danh sách kèm theo."


@ALL_WAYS
def test_the_second_of_two_editors_is_told_what_moved_and_can_go_on(desk: Desk, site: Site) -> None:
    clerk, head = desk("thang.kd"), desk("nhung.pb")
    clerk.page.goto(f"/steps/{TASK}/report")
    head.page.goto(f"/steps/{TASK}/start")
    push(head, "Start work")
    say(head, "in progress")
    report(clerk, NOTE)
    say(clerk, "It changed while you were looking at it")
    say(clerk, "Phạm Bích Nhung")
    say(clerk, "in progress")
    expect(clerk.page.get_by_label("Note (optional)")).to_have_value(NOTE)
    assert moves(site.db, TASK, "report") == 0
    clerk.attach(clerk.page.get_by_label("Files that show it"), MINUTES)
    push(clerk, "Mark done")
    clerk.page.wait_for_url("**/inbox")
    assert moves(site.db, TASK, "report") == 1


@ALL_WAYS
def test_an_acceptance_that_came_too_late_loses_no_word(desk: Desk, site: Site) -> None:
    clerk = desk("thang.kd")
    clerk.page.goto(f"/steps/{TASK}/report")
    report(clerk, NOTE)
    one, two = desk("hang.nt"), desk("luong.td")
    one.page.goto(f"/steps/{TASK}/return")
    two.page.goto(f"/steps/{TASK}/accept")
    push(two, "Accept")
    say(two, "accepted")
    reason = "Thiếu danh sách các hộ phải di dời."
    write(one, "Reason", reason)
    push(one, "Return for rework")
    say(one, "Trần Đình Lương")
    say(one, "This cannot be done now")
    say(one, reason)
    assert moves(site.db, TASK, "return") == 0
