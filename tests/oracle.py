"""Who may see what, told a second time from the rules R1 to R8 and by no line of the product.

Everything is read whole and reasoned about in plain sets; slow, and meant to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, text

ACTING = {"drafter", "registrar", "staff", "head", "secretariat"}


@dataclass
class Sight:
    """What one person may see."""

    letters: set[int]
    cited: set[int]  # number, date and issuer alone
    steps: set[int]
    whole: set[int]  # steps with what was reported, asked and answered
    units: frozenset[int] = frozenset()  # whose things are the person's to see


def sight(conn: Connection, user_id: int, day: date, at: datetime) -> Sight:
    """What a person may see on a day."""
    book = {name: _all(conn, name) for name in _TABLES}
    own, ours = _units(book, user_id, day, at)
    letters = {row["id"]: row for row in book["letter"]}
    above = _ancestors(book)

    whole, steps = set(), set()
    for step in book["step"]:
        issued_above = {letters[up]["issuer_id"] for up in above[step["letter_id"]]}
        if step["unit_id"] in ours or step["issuer_id"] in ours or issued_above & ours:
            whole.add(step["id"])
        helps = {one["unit_id"] for one in book["step_unit"] if one["step_id"] == step["id"]}
        if helps & ours:
            steps.add(step["id"])
    steps |= whole

    readable = set()
    for letter in book["letter"]:
        if letter["state"] == "draft" and letter["issuer_id"] in own:
            readable.add(letter["id"])
        if letter["state"] in ("draft", "cited"):
            continue
        named = {one["unit_id"] for one in book["letter_unit"] if one["letter_id"] == letter["id"]}
        laid = {one["id"] for one in book["step"] if one["letter_id"] == letter["id"]}
        issued_above = {letters[up]["issuer_id"] for up in above[letter["id"]]}
        shown = {one["step_id"] for one in book["evidence"] if one["letter_id"] == letter["id"]}
        issued = (issued_above | {letter["issuer_id"]}) & ours
        if issued or named & ours or laid & steps or shown & whole:
            readable.add(letter["id"])
    cited = {one["cited_id"] for one in book["citation"] if one["citing_id"] in readable}
    stubs = {found for found in cited if letters[found]["state"] == "cited"}
    named = cited - readable - stubs
    return Sight(readable | stubs, named, steps, whole, frozenset(ours))


def posts(conn: Connection, user_id: int, day: date) -> list[dict[str, Any]]:
    """The posts a person has on a day; one that is lent also has `giver_id` and `triggers`."""
    return list(_posts({name: _all(conn, name) for name in _TABLES}, user_id, day))


def with_all_below(conn: Connection, unit_id: int, day: date) -> set[int]:
    """A unit and all that is below it on a day."""
    return _with_all_below({"unit_period": _all(conn, "unit_period")}, {unit_id}, day)


_TABLES = (
    "letter",
    "step",
    "step_unit",
    "evidence",
    "letter_unit",
    "letter_line",
    "citation",
    "appointment",
    "delegation",
    "glass",
    "user_account",
    "unit_period",
)


def _all(conn: Connection, name: str) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in conn.execute(text(f"SELECT * FROM {name}"))]


def _ancestors(book: dict[str, list[dict[str, Any]]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {letter["id"]: {letter["id"]} for letter in book["letter"]}
    for line in book["letter_line"]:
        found[line["below_id"]].add(line["above_id"])
    return found


def _units(
    book: dict[str, list[dict[str, Any]]], user_id: int, day: date, at: datetime
) -> tuple[set[int], set[int]]:
    """(units whose drafts are the person's too, all units whose things are the person's to see)."""
    own: set[int] = set()
    alone: set[int] = set()
    below: set[int] = set()
    for post in _posts(book, user_id, day):
        if post["role"] not in ACTING | {"auditor"}:
            continue
        if post["role"] in ACTING:
            own.add(post["unit_id"])
        (below if post["scope"] == "subtree" else alone).add(post["unit_id"])
    return own, alone | _with_all_below(book, below | _behind_glass(book, user_id, day, at), day)


def _posts(
    book: dict[str, list[dict[str, Any]]], user_id: int, day: date
) -> Iterator[dict[str, Any]]:
    active = {user["id"] for user in book["user_account"] if user["is_active"]}
    held = [
        post
        for post in book["appointment"]
        if post["user_id"] in active and _on(post["valid_from"]) <= day <= _on(post["valid_to"])
    ]
    for post in held:
        if post["user_id"] == user_id:
            yield post
        for given in book["delegation"]:
            if (
                given["deputy_id"] == user_id
                and user_id in active
                and given["ended_at"] is None
                and _on(given["valid_from"]) <= day <= _on(given["valid_to"])
                and (given["giver_id"], given["unit_id"], given["role"])
                == (post["user_id"], post["unit_id"], post["role"])
            ):
                yield post | {"giver_id": given["giver_id"], "triggers": given["triggers"]}


def _behind_glass(
    book: dict[str, list[dict[str, Any]]], user_id: int, day: date, at: datetime
) -> set[int]:
    keeps = any(post["role"] == "administrator" for post in _posts(book, user_id, day))
    return {
        glass["unit_id"]
        for glass in book["glass"]
        if keeps
        and glass["user_id"] == user_id
        and glass["ended_at"] is None
        and _at(glass["opened_at"]) <= at < _at(glass["until"])
    }


def _with_all_below(book: dict[str, list[dict[str, Any]]], tops: set[int], day: date) -> set[int]:
    parents: dict[int, tuple[date, int | None]] = {}
    for period in book["unit_period"]:
        begins = _on(period["valid_from"])
        if begins <= day and parents.get(period["unit_id"], (date.min, None))[0] <= begins:
            parents[period["unit_id"]] = (begins, period["parent_id"])
    found = set(tops)
    while more := {unit for unit, (_, up) in parents.items() if up in found} - found:
        found |= more
    return found


def _on(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _at(value: datetime | str) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
