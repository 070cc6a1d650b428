"""The first page: what each role does next, and the directives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import g, url_for

from models.queries.home import MOST_BELOW, PAGE, DirectiveRow
from models.queries.inbox import GROUPS
from models.queries.lists import MOST
from web.present.board import many
from web.present.inbox import group_names
from web.present.standing import letter_standing
from workflows.reference import identity

Row = dict[str, Any]
DRAFTS = 5


def work(counts: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """(count, words, address) of each group of the inbox that holds something."""
    names = group_names()
    return [
        (many(counts[group], MOST), names[group], url_for("inbox.show", only=group))
        for group in GROUPS
        if counts[group]
    ]


def directives(
    rows: Sequence[DirectiveRow],
    overdue: Mapping[int, int],
    missing: Mapping[int, int],
    *,
    is_followed: bool,
) -> list[Row]:
    """The directives with what is overdue and missing below each."""
    return [
        {
            "href": url_for("cascades.show", letter_id=row.id),
            "name": _name(row),
            "issuer": row.issuer_name,
            "subject": row.subject,
            "standing": letter_standing(row.state, g.lang),
            "open": row.open_steps,
            "overdue": many(overdue.get(row.id, 0), MOST_BELOW) if overdue.get(row.id) else "",
            "overdue_href": url_for("board.show", directive=row.id) if is_followed else "",
            "missing": many(missing.get(row.id, 0), MOST_BELOW) if missing.get(row.id) else "",
        }
        for row in rows[:PAGE]
    ]


def drafts(rows: Sequence[DirectiveRow]) -> Row:
    """The newest letters that are entered and not issued, and where the others are."""
    return {
        "rows": [
            (_name(row), row.subject, url_for("letters.show", letter_id=row.id))
            for row in rows[:DRAFTS]
        ],
        "all": url_for("letters.listed", state="draft") if rows[DRAFTS:] else "",
    }


def more(rows: Sequence[DirectiveRow]) -> str:
    """The address of the next page of directives."""
    last = rows[PAGE - 1] if rows[PAGE:] else None
    if last is None or last.dated is None:
        return ""
    return url_for("home.show", after=f"{last.dated.isoformat()}.{last.id}")


def key_of(written: str) -> tuple[date, int] | None:
    """The key an address holds; None, which is the first page, for anything else."""
    try:
        day, letter_id = written.split(".")
        key = date.fromisoformat(day), int(letter_id)
    except ValueError:
        return None
    return key if 0 <= key[1] < 2**31 else None


def _name(row: DirectiveRow) -> str:
    return identity(row.kind, row.number, row.symbol, row.dated)
