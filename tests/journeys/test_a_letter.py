"""A letter's whole way: imported, issued, done by its units, accepted, closed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import ALL_WAYS, Desk
from tests.journeys.hands import Mouse
from tests.journeys.office import push, report, row, say, write

LETTER = Path(__file__).parent / "letters" / "vaccination.txt"
NAME = "công văn 3391/UBND-VX"
SUBJECT = "tiêm chủng bổ sung cho trẻ em, học sinh trong năm học 2024 - 2025"
HEALTH, SCHOOLS = "lập kế hoạch tiêm chủng bổ sung", "rà soát tiền sử tiêm chủng"


@ALL_WAYS
def test_a_secretariat_follows_a_letter_from_its_import_to_its_close(desk: Desk) -> None:
    registrar = desk("man.vt")
    letter = imported_and_issued(registrar)
    stands_in_the_register_and_in_its_cascade(registrar, letter)
    for login, duty in (("thoa.pb", HEALTH), ("binh.tm", SCHOOLS)):
        clerk = desk(login)
        clerk.page.goto("/inbox")
        clerk.press(row(clerk, duty).get_by_role("link", name="Mark done"))
        report(clerk, "Đã xong theo yêu cầu.")
        expect(row(clerk, duty)).to_contain_text("reported")
    secretary = desk("hang.nt")
    for duty in (HEALTH, SCHOOLS):
        secretary.page.goto("/inbox")
        secretary.press(row(secretary, duty).get_by_role("link", name="Accept"))
        say(secretary, "Đã xong theo yêu cầu.")
        push(secretary, "Accept")
        say(secretary, "accepted")
    secretary.page.goto(letter)
    say(secretary, "fulfilled")
    push(secretary, "Close this letter")
    push(secretary, "Close this letter")
    secretary.page.wait_for_url(f"**{letter}")
    expect(secretary.page.locator(".c-standing").first).to_have_text("closed")


def imported_and_issued(hand: Mouse) -> str:
    """Import the letter, set its subject right, register and issue it; its address."""
    page = hand.page
    page.goto("/letters")
    push(hand, "Import a letter")
    content = LETTER.read_bytes()
    file = page.get_by_label("The letter's file")
    hand.attach(file, {"name": LETTER.name, "mimeType": "text/plain", "buffer": content})
    push(hand, "Read the letter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(page.get_by_label("Unit of duty 1")).to_have_value("LG-SYT")
    expect(page.locator(".c-original")).to_contain_text("Nơi nhận")
    write(hand, "Subject", SUBJECT)
    push(hand, "Register")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdigit())
    say(hand, SUBJECT)
    push(hand, "Issue this letter")
    say(hand, "2 duties on 2 units")
    push(hand, "Issue this letter")
    say(hand, "Recorded")
    expect(page.locator(".c-standing").first).to_have_text("issued")
    return "/letters/" + page.url.rsplit("/", 1)[1]


def stands_in_the_register_and_in_its_cascade(hand: Mouse, letter: str) -> None:
    """It is found where people look for it."""
    hand.page.goto("/letters")
    line = hand.page.get_by_role("row").filter(has_text=SUBJECT)
    expect(line).to_contain_text("issued")
    hand.press(line.get_by_role("link"))
    hand.page.wait_for_url(f"**{letter}")
    push(hand, "Its cascade")
    tree = hand.page.get_by_role("list", name="Tree")
    for unit in ("Sở Y tế", "Sở Giáo dục và Đào tạo"):
        expect(tree.get_by_role("listitem").filter(has_text=unit).last).to_contain_text("open")
