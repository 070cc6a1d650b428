"""What each may do, told a second time: by tests.oracle's sight, the tables below and nothing else.

No line of the product is used here (test_oracle_is_separate sees to it), so that what is wrong
there is not wrong here too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from tests.oracle import Sight, posts, sight, with_all_below

DOES = {"drafter", "registrar", "staff", "head", "secretariat"}
DECIDES = {"head", "secretariat"}
ENTERS = {"registrar", "head", "secretariat"}
# move: who makes it, from which states; a duty is laid by its issuer and owed by its lead
_SHARED = """
report           lead    open in_progress returned
withdraw_report  lead    reported answered nil_returned
acknowledge      lead    sent
draft            lead    acknowledged returned
answer           lead    sent acknowledged drafting returned answered
return_nil       lead    sent acknowledged drafting returned
refuse           lead    sent acknowledged
start            lead    open returned
decline          lead    open in_progress
split            lead    open in_progress returned
ask_extension    lead    open in_progress returned sent acknowledged drafting
accept           issuer  reported answered nil_returned fulfilled
return           issuer  reported answered nil_returned fulfilled
uphold           issuer  declined refused
suspend          issuer  open in_progress
resume           issuer  suspended
cancel           issuer  open in_progress returned reported declined suspended sent acknowledged
cancel           issuer  drafting answered nil_returned refused
waive            issuer  sent acknowledged drafting returned answered nil_returned refused
transfer         issuer  open in_progress returned declined sent acknowledged drafting refused
reopen           issuer  accepted cancelled waived
grant_extension  issuer  open in_progress returned sent acknowledged drafting
refuse_extension issuer  open in_progress returned sent acknowledged drafting
remind           issuer  open in_progress returned sent acknowledged drafting
"""
_TASK = {"start", "report", "decline", "split", "suspend"}
_OBLIGATION = {"acknowledge", "draft", "answer", "refuse", "waive"}
LETTER_MOVES = {
    "issue": (ENTERS, {"draft"}),
    "amend": (ENTERS, {"issued", "fulfilled"}),
    "close": (DECIDES, {"issued", "fulfilled"}),
    "withdraw": (DECIDES, {"draft", "issued", "fulfilled"}),
    "supersede": (DECIDES, {"issued", "fulfilled"}),
    "reopen": (DECIDES, {"closed"}),
    "extend": (DECIDES, {"issued"}),
    # In no world of these does anything come again, so there is nothing to call for or to end.
    "call_up": (DECIDES, set()),
    "end_series": (DECIDES, set()),
}


STEP_MOVES = sorted({line.split()[0] for line in _SHARED.split("\n") if line})


@dataclass
class Person:
    """Somebody with all that the rules say of what is theirs to see and to do."""

    login: str
    user_id: int
    is_in: bool  # signed in, with an open account
    sight: Sight
    posts: list[dict[str, Any]]
    answers_for: set[int]  # units of which a head or secretariat is told what was opened

    def holds(self, roles: set[str]) -> bool:
        """Whether one of these roles is held anywhere."""
        return any(post["role"] in roles for post in self.posts)

    def using(self, unit_id: int, roles: set[str], move: str) -> list[int]:
        """In whose name the move can be made from a post there: one's own, or the givers'."""
        fit = [p for p in self.posts if p["unit_id"] == unit_id and p["role"] in roles]
        own = [self.user_id for post in fit if "giver_id" not in post]
        return own or [p["giver_id"] for p in fit if "giver_id" in p and _is_for(p, move)]


def person(conn: Connection, login: str, day: date, at: datetime) -> Person:
    """Somebody by login; no login is somebody who has not signed in."""
    asked = text("SELECT id, is_active FROM user_account WHERE login = :login")
    row = conn.execute(asked, {"login": login}).first()
    if row is None or not row.is_active:
        return Person(login, 0, False, Sight(set(), set(), set(), set()), [], set())
    held = posts(conn, row.id, day)
    told = {post["unit_id"] for post in held if post["role"] in DECIDES}
    return Person(login, row.id, True, sight(conn, row.id, day, at), held, told)


def opened(conn: Connection, unit_id: int, day: date) -> set[int]:
    """Units whose heads and secretariats are told when an administrator opens this one."""
    return with_all_below(conn, unit_id, day)


def step_move(book: dict[str, dict[int, dict[str, Any]]], who: Person, row: Any, move: str) -> str:
    """may, refused, or unknown where there is no such move."""
    kind, table = row["kind"], _moves(row["kind"])
    if move not in table:
        return "unknown"
    side, states = table[move]
    unit = row["unit_id"] if side == "lead" else row["issuer_id"]
    names = who.using(unit, DOES if side == "lead" else DECIDES, move)
    if not names or row["state"] not in states:
        return "refused"
    reported = {row["reporter_id"], row["reporter_for_id"]} - {None}
    if move == "accept" and (who.user_id in reported or all(one in reported for one in names)):
        return "refused"
    if move in ("accept", "report", "transfer") and row["open_children"]:
        return "refused"
    if (kind, move) == ("task", "return_nil") and row["series_id"] is None:
        return "refused"
    asked = any(
        one["step_id"] == row["id"] and one["state"] == "asked"
        for one in book["extension"].values()
    )
    if move == "ask_extension" and asked:
        return "refused"
    if move in ("grant_extension", "refuse_extension") and not asked:
        return "refused"
    opens_again = move == "reopen" or (kind, move) == ("obligation", "return")
    if opens_again and book["letter"][row["letter_id"]]["state"] not in LIVE:
        return "refused"
    has_below = any(one["parent_id"] == row["unit_id"] for one in book["unit_period"].values())
    return "refused" if move == "split" and not has_below else "may"


LIVE = {"issued", "fulfilled"}


def letter_move(who: Person, row: Any, move: str) -> str:
    """may, refused, or unknown where there is no such move."""
    if move not in LETTER_MOVES:
        return "unknown"
    roles, states = LETTER_MOVES[move]
    names = who.using(row["issuer_id"], roles, move)
    return "may" if names and row["state"] in states else "refused"


def _moves(kind: str) -> dict[str, tuple[str, set[str]]]:
    found: dict[str, tuple[str, set[str]]] = {}
    for line in _SHARED.split("\n"):
        words = line.split()
        if words and words[0] not in (_OBLIGATION if kind == "task" else _TASK):
            side, before = words[1], found.get(words[0], ("", set()))[1]
            found[words[0]] = (side, before | set(words[2:]))
    if kind == "task":
        found["return_nil"] = ("lead", {"open", "in_progress", "returned"})
    if kind == "obligation":
        found.pop("resume")  # there it follows by itself
        found["ask_extension"][1].discard("open")
    return found


def _is_for(post: dict[str, Any], move: str) -> bool:
    only = post["triggers"]
    only = json.loads(only) if isinstance(only, str) else only
    return only is None or move in only
