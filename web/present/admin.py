"""Administration as it is shown: the words of its acts, roles to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cascade.administration import AdminAct
from models.base import FOREVER
from models.queries.administration import AdminEventRow
from web.language import day
from workflows.labels import ROLES
from workflows.roles import Role

PAGE = 50
_ACTS = {
    AdminAct.SET_UP: _l("made the first administrator"),
    AdminAct.ADD_USER: _l("added the person"),
    AdminAct.RENAME_USER: _l("changed the name"),
    AdminAct.DEACTIVATE_USER: _l("closed the account"),
    AdminAct.ACTIVATE_USER: _l("opened the account again"),
    AdminAct.GIVE_PASSWORD: _l("gave a new password"),
    AdminAct.SIGN_OUT_USER: _l("signed the person out everywhere"),
    AdminAct.APPOINT: _l("gave a post"),
    AdminAct.END_POST: _l("ended a post"),
    AdminAct.REMOVE_POST: _l("took back a post"),
    AdminAct.ADD_DAY: _l("added a day to the calendar"),
    AdminAct.CHANGE_DAY: _l("changed a day of the calendar"),
    AdminAct.REMOVE_DAY: _l("removed a day from the calendar"),
    AdminAct.IMPORT_SHEETS: _l("imported sheets"),
}


def record(rows: Sequence[AdminEventRow]) -> list[dict[str, Any]]:
    """Lines of the record: when, who, what, about whom or which unit, and the particulars."""
    return [
        {
            "at": row.at,
            "actor": row.actor or _("the server's console"),
            "act": _ACTS[AdminAct(row.act)],
            "user_id": row.user_id,
            "user": row.user,
            "unit": row.unit_code,
            "day": row.day,
            "detail": _detail(row),
        }
        for row in rows
    ]


def roles() -> list[tuple[str, str]]:
    """(code, words) of every role one can be given."""
    return [("", _("Choose")), *((role, ROLES[role].say(g.lang)) for role in Role)]


def _detail(row: AdminEventRow) -> str:
    data = row.data or {}
    match AdminAct(row.act):
        case AdminAct.RENAME_USER:
            return f"{data['before']} → {data['name']}"
        case AdminAct.APPOINT | AdminAct.END_POST | AdminAct.REMOVE_POST:
            last = date.fromisoformat(data["last"])
            role = ROLES[data["role"]].say(g.lang)
            return (
                role
                if last == FOREVER
                else str(_("%(role)s, to %(day)s", role=role, day=day(last)))
            )
        case AdminAct.ADD_DAY | AdminAct.CHANGE_DAY | AdminAct.REMOVE_DAY:
            kind = _("day off") if data["is_off"] else _("working day")
            return f"{kind}: {data['reason']}"
        case AdminAct.IMPORT_SHEETS:
            rows = sum(data["rows"].values())
            return str(_("%(files)s: %(rows)s rows", files=", ".join(data["files"]), rows=rows))
        case _:
            return ""
