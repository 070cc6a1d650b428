"""Pieces of several journeys: evidence, rows of an inbox, what the register holds of a step."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Locator, expect
from sqlalchemy import text

from models.database import Database
from tests.journeys.hands import Mouse

MINUTES: FilePayload = {
    "name": "biên bản nghiệm thu.txt",
    "mimeType": "text/plain",
    "buffer": "Đã kiểm tra, đạt yêu cầu.".encode(),
}


def row(hand: Mouse, words: str) -> Locator:
    """The row of a list that has these words."""
    return hand.page.locator("li.c-row", has_text=words)


def say(hand: Mouse, words: str) -> None:
    """The page says so, in its head or its main part."""
    expect(hand.page.get_by_role("main")).to_contain_text(words)


def write(hand: Mouse, label: str, words: str) -> None:
    """Type into the field of this name."""
    hand.type(hand.page.get_by_label(label), words)


def push(hand: Mouse, name: str) -> None:
    """Press the main part's button or link of this name."""
    main = hand.page.get_by_role("main")
    found = main.get_by_role("button", name=name, exact=True)
    hand.press(found.or_(main.get_by_role("link", name=name, exact=True)).first)


def report(hand: Mouse, note: str) -> None:
    """Fill in the one screen of “Mark done” and send it."""
    hand.attach(hand.page.get_by_label("Files that show it"), MINUTES)
    write(hand, "Note (optional)", note)
    push(hand, "Mark done")


def moves(db: Database, step_id: int, trigger: str) -> int:
    """How often a move was made with a step."""
    with db.read() as conn:
        asked = text("SELECT count(*) FROM event WHERE step_id = :step AND trigger = :trigger")
        return int(conn.execute(asked, {"step": step_id, "trigger": trigger}).scalar_one())
