"""Deputies as they are shown: posts to choose from, moves, and how each delegation stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _

from models.queries.deputies import DelegationRow, OwnPost
from workflows.diagrams import MACHINES
from workflows.labels import ROLES, TRIGGERS
from workflows.roles import WRITING, Role


def posts(own: Sequence[OwnPost]) -> list[tuple[str, str]]:
    """(value, words) of each post one may lend."""
    return [
        (f"{post.unit_id}:{post.role}", f"{ROLES[post.role].say(g.lang)}, {post.unit}")
        for post in own
    ]


def post_of(value: str) -> tuple[int, str] | None:
    """The unit and role a choice stands for."""
    unit, _colon, role = value.partition(":")
    is_number = unit.isascii() and unit.isdigit() and len(unit) < 10
    return (int(unit), role) if is_number and role in WRITING else None


def moves(own: Iterable[OwnPost]) -> list[tuple[str, str]]:
    """(trigger, words) of every move that one of these posts may make."""
    roles = {post.role for post in own}
    found = [trigger for role in roles for trigger in _triggers(role)]
    return [(trigger, TRIGGERS[trigger].say(g.lang)) for trigger in TRIGGERS if trigger in found]


def moves_of(chosen: Sequence[str], role: str) -> list[str]:
    """Those among the chosen moves that a post of this role may make."""
    return [trigger for trigger in _triggers(role) if trigger in chosen]


def lines(rows: Iterable[DelegationRow]) -> list[dict[str, Any]]:
    """Delegations with their words; `is_open` where one may still be ended."""
    return [
        {
            "row": row,
            "moves": ", ".join(TRIGGERS[one].say(g.lang) for one in row.triggers or ()),
            "standing": _standing(row),
            "is_open": row.ended_at is None and row.valid_to >= g.today,
        }
        for row in rows
    ]


def _triggers(role: str) -> list[str]:
    moves = (move for machine in MACHINES for move in machine.moves)
    return list(dict.fromkeys(move.trigger for move in moves if Role(role) in move.by.roles))


def _standing(row: DelegationRow) -> tuple[str, str]:
    if row.ended_at is not None:
        return "ended", _("ended early")
    if row.valid_to < g.today:
        return "ended", _("ended")
    if row.valid_from > g.today:
        return "waiting", _("not begun yet")
    if not row.is_held:
        return "paused", _("without effect: the post is not held, or an account is closed")
    return "working", _("in force")
