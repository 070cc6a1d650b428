"""Units as they are shown: the tree, open where it was asked for, and one unit's sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection

from models.base import FOREVER
from models.queries import deputies, directory, unit_sheet
from models.queries import units as units_query
from models.queries.directory import BranchRow, Key
from models.queries.unit_sheet import LetterRow, PersonRow
from web.language import day as as_day
from web.present.standing import letter_standing
from workflows.reference import identity

PAGE = 50
Asked = dict[str, Any]  # what the links of the page carry on: the day, if one was asked for


def sheet(conn: Connection, unit_id: int, day: date, after: str, asked: Asked) -> dict[str, Any]:
    """All about one unit as of a day; what it owes is as of today."""
    children = directory.children(conn, unit_id, day, after=read_key(after), limit=PAGE + 1)
    people = unit_sheet.people(conn, unit_id, day)
    more = f"{children[PAGE - 1].rank}:{children[PAGE - 1].code}" if children[PAGE:] else ""
    now, others = posts(people, day)
    return {
        "chain": directory.chain(conn, unit_id, day),
        "periods": unit_sheet.periods(conn, unit_id),
        "changes": units_query.changes_of(conn, unit_id),
        "children": branches(children[:PAGE], {}, asked),
        "more": more,
        "now": now,
        "others": others,
        "deputies": standing_in(conn, unit_id, day),
        "owes": unit_sheet.owes(conn, unit_id, g.today),
        "letters": letters(unit_sheet.issued(conn, unit_id)),
        "level_of": level_of,
        "until": until,
        "change_words": change_words,
    }


@dataclass
class Branch:
    """A row of the tree: what stands open under it, and where the rest is."""

    row: BranchRow
    level: str
    below: int = 0  # units directly under it, shown or not
    children: list[Branch] = field(default_factory=list)
    open_href: str = ""
    more_href: str = ""
    is_here: bool = False


def level_of(row: Any) -> str:
    """A level's name in the reader's language."""
    return str(row.level_vi if g.lang == "vi" else row.level_en)


def branches(rows: Sequence[BranchRow], counts: dict[int, int], asked: Asked) -> list[Branch]:
    """Rows that stand side by side, each with the link that opens it."""
    return [
        Branch(
            row,
            level_of(row),
            counts.get(row.id, 0),
            open_href=_tree(asked, row.code) if counts.get(row.id) else "",
        )
        for row in rows
    ]


def forest(
    tops: Sequence[BranchRow],
    under: Sequence[BranchRow],
    counts: dict[int, int],
    asked: Asked,
) -> list[Branch]:
    """The units at the top with those directly under them, everything below folded."""
    shown = branches(tops, counts, asked)
    for top in shown:
        mine = [row for row in under if row.parent_id == top.row.id]
        top.children = branches(mine[:PAGE], counts, asked)
        top.open_href = ""
        if len(mine) > PAGE:
            top.more_href = _tree(asked, top.row.code, mine[PAGE - 1])
    return shown


def path(
    chain: Sequence[BranchRow],
    children: Sequence[BranchRow],
    counts: dict[int, int],
    asked: Asked,
) -> list[Branch]:
    """One unit opened, beneath those above it."""
    *above, last = branches(chain, {}, asked)
    last.is_here = True
    last.below = counts.get(last.row.id, 0)
    last.children = branches(children[:PAGE], counts, asked)
    if len(children) > PAGE:
        last.more_href = _tree(asked, last.row.code, children[PAGE - 1])
    for higher in reversed(above):
        higher.open_href = _tree(asked, higher.row.code)
        higher.children = [last]
        last = higher
    return [last]


def read_key(text: str) -> Key:
    """Where a page of children begins: `rank:code`, as the link before said; else at the top."""
    rank, _colon, code = text.partition(":")
    return (int(rank), code) if rank.isascii() and rank.isdigit() and len(rank) < 9 else (0, "")


def posts(rows: Sequence[PersonRow], today: date) -> tuple[list[PersonRow], list[PersonRow]]:
    """Those who hold a post today, and the others: to come, ended, or whose account is closed."""
    now: list[PersonRow] = []
    others: list[PersonRow] = []
    for row in rows:
        is_held = row.is_active and row.valid_from <= today <= row.valid_to
        (now if is_held else others).append(row)
    return now, others


def standing_in(conn: Connection, unit_id: int, day: date) -> dict[tuple[int, str], list[str]]:
    """Who stands in for whom in a unit on a day, by person and role."""
    found: dict[tuple[int, str], list[str]] = {}
    for row in deputies.of_unit(conn, unit_id, day):
        words = _("%(name)s, to %(day)s", name=row.deputy, day=as_day(row.until))
        found.setdefault((row.giver_id, row.role), []).append(str(words))
    return found


def letters(rows: Iterable[LetterRow]) -> list[dict[str, Any]]:
    """Letters as a list names them."""
    return [
        {
            "href": url_for("letters.show", letter_id=row.id),
            "name": identity(row.kind, row.number, row.symbol, row.dated),
            "subject": row.subject,
            "standing": letter_standing(row.state, g.lang),
        }
        for row in rows
    ]


def change_words(kind: str, side: str) -> str:
    """A reorganisation as one of its units sees it."""
    words = {
        ("merge", "predecessor"): _("merged into"),
        ("merge", "successor"): _("made by merging"),
        ("split", "predecessor"): _("split into"),
        ("split", "successor"): _("split from"),
    }
    others = {
        "establish": _("established"),
        "rename": _("renamed"),
        "dissolve": _("dissolved"),
        "move": _("moved"),
        "merge": _("merged"),
        "split": _("split"),
    }
    return str(words.get((kind, side)) or others[kind])


def until(day: date) -> date | None:
    """The last day, or none for what has no end."""
    return None if day == FOREVER else day


def _tree(asked: Asked, code: str, after: BranchRow | None = None) -> str:
    key = f"{after.rank}:{after.code}" if after else None
    return url_for("units.show_all", **asked, open=code, after=key)
