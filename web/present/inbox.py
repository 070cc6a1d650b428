"""The inbox as it is shown: groups with their counts, a row a step, the way to the next page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from flask import g, url_for
from flask_babel import gettext as _

from models.queries.accounts import HeldPost
from models.queries.inbox import BRANCHES, EXTENSIONS, GROUPS, PAGE, InboxRow, Key, key_of
from models.queries.lists import MOST
from web.present.board import reminded as ago
from web.present.standing import standing
from web.present.steps import what
from workflows.kinds import StepKind
from workflows.reference import reference
from workflows.roles import Turn

# step → when it was last reminded of, and with which words
Reminded = Mapping[int, tuple[datetime, str]]
_OWED = frozenset({"overdue", "returned", "soon", "later"})


class Units(NamedTuple):
    """Whose inbox is shown; `all` are the person's units by code, `one` the chosen one's code."""

    all: dict[str, HeldPost]
    one: str
    asked: dict[str, list[int]]

    @classmethod
    def of(
        cls, works_in: Sequence[HeldPost], follows_for: Sequence[HeldPost], one: str
    ) -> Units | None:
        """The units a person has posts in, or one of them; None if that one is not among them."""
        known = {post.unit_code: post for post in (*works_in, *follows_for)}
        if one and one not in known:
            return None
        asked = {"works_in": works_in, "follows_for": follows_for}
        return cls(
            known,
            one,
            {
                name: [post.unit_id for post in posts if one in ("", post.unit_code)]
                for name, posts in asked.items()
            },
        )


def page(
    rows: list[InboxRow],
    counts: dict[str, int],
    units: Units,
    only: str,
    after: Key | None,
    reminded: Reminded,
    awaited: Collection[int] = (),
) -> dict[str, Any]:
    """What the template shows; one row more than a page says that there is a next one.

    `awaited` are steps that have no due date before their unit takes them in hand.
    """
    shown = rows[:PAGE]
    here = {"unit": units.one or None, "only": only if only in GROUPS else None}
    names = group_names()
    return {
        "figures": [
            (names[group], _many(counts[group]), _link(here | {"only": group}), group == only)
            for group in GROUPS
            if counts[group] or group == only
        ],
        "everything": _link(here | {"only": None}) if here["only"] else "",
        "groups": [
            (
                names[group],
                _many(counts[group]),
                after is not None and at == 0 and group == BRANCHES[after.branch].group,
                [
                    _row(row, units, reminded) | {"awaits_receipt": row.id in awaited}
                    for row in found
                ],
            )
            for at, (group, found) in enumerate(groupby(shown, lambda r: BRANCHES[r.branch].group))
        ],
        "units": [
            (post.unit, _link(here | {"unit": code}), code == units.one)
            for code, post in units.all.items()
        ],
        "all_units": _link(here | {"unit": None}),
        "unit": units.one,
        "first": _link(here) if after else "",
        "next": _link(here | {"after": write_key(key_of(shown[-1]))}) if rows[PAGE:] else "",
    }


def write_key(key: Key) -> str:
    """A key as it stands in an address."""
    return f"{key.branch}.{key.due or ''}.{key.id}"


def read_key(written: str) -> Key | None:
    """The key an address holds; None, which is the first page, for anything else."""
    try:
        branch, due, step_id = written.split(".")
        key = Key(int(branch), date.fromisoformat(due) if due else None, int(step_id))
    except ValueError:
        return None
    fits = 0 <= key.branch < len(BRANCHES) and 0 <= key.id < 2**31
    return key if fits and BRANCHES[key.branch].dated == bool(due) else None


def group_names() -> dict[str, str]:
    """What each group is called, here and on the first page."""
    return {
        "overdue": _("Overdue"),
        "returned": _("Returned to us"),
        "soon": _("Due soon"),
        "decide": _("Waiting for us"),
        "later": _("Later"),
        "away": _("Waiting for others"),
    }


def _many(count: int) -> str:
    return _("more than %(most)s", most=MOST) if count > MOST else str(count)


def _link(args: dict[str, Any]) -> str:
    return url_for("inbox.show", **args)  # what is None is left out


def _row(row: InboxRow, units: Units, reminded: Reminded) -> dict[str, Any]:
    group = BRANCHES[row.branch].group
    is_ours = group in _OWED or group == "away"
    if row.branch in EXTENSIONS:
        tone, words = "waiting", _("extension asked for")
    else:
        tone, words = standing(row.state, row.turn, row.due, row.reported_on, g.today, g.lang)
    trigger, do = _main(row, group)
    return {
        "href": url_for("steps.show", step_id=row.id),
        "what": what(row.text or row.subject),
        "point": row.point,
        "letter": reference(row.number, row.symbol),
        "other": row.issuer if is_ours else row.unit,
        "mine": (row.unit if is_ours else row.issuer) if len(units.all) > 1 else "",
        "due": row.due,
        "tone": tone,
        "words": words,
        "open": row.open_children if is_ours else 0,
        "reminded": _reminded(reminded.get(row.id)) if group in _OWED else "",
        "do": do,
        "do_href": url_for("steps.ask", step_id=row.id, trigger=trigger) if trigger else "",
    }


def _reminded(last: tuple[datetime, str] | None) -> str:
    """When what is owed was last reminded of, and why or with which words."""
    if last is None:
        return ""
    at, note = last
    said = ago(at, g.today)
    return f"{said}: {note}" if note else said


def _main(row: InboxRow, group: str) -> tuple[str, str]:
    """The move most rows wait for, and its words; none where the step must be looked at first."""
    if row.branch in EXTENSIONS:
        return "grant_extension", _("Grant")
    if group == "decide" and row.turn == Turn.ACCEPTER:
        return "accept", _("Accept")
    if group in _OWED and row.kind == StepKind.OBLIGATION:
        return "answer", _("Answer")
    # With parts still open nothing can be reported.
    if group in _OWED and not row.open_children:
        return "report", _("Mark done")
    return "", ""
