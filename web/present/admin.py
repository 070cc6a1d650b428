"""Administration as it is shown: the words of its acts, roles to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cascade.administration import AdminAct
from models.base import FOREVER
from models.queries.administration import AdminEventRow
from web.language import day, moment
from workflows.labels import ROLES
from workflows.reminding import Audience, Kind
from workflows.roles import Role, Span

PAGE = 50
_ACTS = {
    AdminAct.SET_UP: _l("made the first administrator"),
    AdminAct.ADD_USER: _l("added the person"),
    AdminAct.RENAME_USER: _l("changed the name"),
    AdminAct.DEACTIVATE_USER: _l("closed the account"),
    AdminAct.ACTIVATE_USER: _l("opened the account again"),
    AdminAct.GIVE_PASSWORD: _l("gave a new password"),
    AdminAct.MAKE_RESET_LINK: _l("made a link for a new password"),
    AdminAct.USE_RESET_LINK: _l("set a password by the link"),
    AdminAct.REMOVE_SECOND_FACTOR: _l("removed the second factor"),
    AdminAct.SIGN_OUT_USER: _l("signed the person out everywhere"),
    AdminAct.MAKE_TOKEN: _l("made a token for a program"),
    AdminAct.END_TOKEN: _l("ended a token of a program"),
    AdminAct.LINK_IDENTITY: _l("linked an account elsewhere, to sign in with"),
    AdminAct.UNLINK_IDENTITY: _l("removed the link to an account elsewhere"),
    AdminAct.APPOINT: _l("gave a post"),
    AdminAct.END_POST: _l("ended a post"),
    AdminAct.DELEGATE: _l("named a deputy"),
    AdminAct.END_DELEGATION: _l("dismissed a deputy"),
    AdminAct.OPEN_GLASS: _l("opened the content of a unit for reading"),
    AdminAct.END_GLASS: _l("closed the content of a unit again"),
    AdminAct.REMOVE_POST: _l("took back a post"),
    AdminAct.ADD_DAY: _l("added a day to the calendar"),
    AdminAct.CHANGE_DAY: _l("changed a day of the calendar"),
    AdminAct.REMOVE_DAY: _l("removed a day from the calendar"),
    AdminAct.CHANGE_REMINDER: _l("changed a rule of reminding"),
    AdminAct.CHANGE_MAIL: _l("changed where reminders go"),
    AdminAct.MAKE_FEED: _l("made a calendar feed"),
    AdminAct.END_FEED: _l("ended a calendar feed"),
    AdminAct.IMPORT_SHEETS: _l("imported sheets"),
    AdminAct.ERASE_EVENT: _l("erased what was said with a move"),
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


def spans() -> list[tuple[str, str]]:
    """(code, words) of how far a post may see."""
    return [
        ("", _("As is usual for the post")),
        (Span.UNIT, span(Span.UNIT)),
        (Span.SUBTREE, span(Span.SUBTREE)),
    ]


def span(scope: str) -> str:
    """How far a post sees, in words."""
    return str(_("the unit and all below it") if scope == Span.SUBTREE else _("the unit alone"))


def reminder_kinds() -> list[tuple[str, str]]:
    """(code, words) of what a rule of reminding waits for."""
    return [
        (Kind.BEFORE, _("working days before the due date")),
        (Kind.ON, _("on the due date")),
        (Kind.AFTER, _("working days after the due date")),
        (Kind.UNACKNOWLEDGED, _("working days in which nobody acknowledged it")),
        (Kind.IDLE, _("weeks in which nobody made a move")),
    ]


def audiences() -> list[tuple[str, str]]:
    """(code, words) of who can be told."""
    return [
        (Audience.UNIT, _("the staff and the head of the unit")),
        (Audience.HEAD, _("the head of the unit")),
        (Audience.ABOVE, _("the secretariats of the superior unit and of the issuer")),
    ]


def _detail(row: AdminEventRow) -> str:
    data = row.data
    if data is None:  # nothing to add, or erased
        return ""
    match AdminAct(row.act):
        case AdminAct.RENAME_USER:
            return f"{data['before']} → {data['name']}"
        case AdminAct.APPOINT | AdminAct.END_POST | AdminAct.REMOVE_POST:
            sees = f"; {span(data['scope'])}" if "scope" in data else ""
            return _post(data) + sees
        case AdminAct.DELEGATE:
            return f"{_post(data)}: {data['reason']}"
        case AdminAct.END_DELEGATION:
            return str(ROLES[data["role"]].say(g.lang))
        case AdminAct.OPEN_GLASS:
            until = moment(datetime.fromisoformat(data["until"]))
            return str(_("until %(day)s", day=until)) + f": {data['reason']}"
        case AdminAct.ADD_DAY | AdminAct.CHANGE_DAY | AdminAct.REMOVE_DAY:
            kind = _("day off") if data["is_off"] else _("working day")
            return f"{kind}: {data['reason']}"
        case AdminAct.CHANGE_REMINDER:
            said = f"{data['days']} {dict(reminder_kinds())[data['kind']]}"
            used = _("in use") if data["is_on"] else _("not in use")
            return f"{said.removeprefix('0 ')}: {dict(audiences())[data['audience']]}; {used}"
        case AdminAct.IMPORT_SHEETS:
            rows = sum(data["rows"].values())
            return str(_("%(files)s: %(rows)s rows", files=", ".join(data["files"]), rows=rows))
        case AdminAct.ERASE_EVENT:
            return str(data["reason"])
        case _:
            return ""


def _post(data: dict[str, Any]) -> str:
    """A role and how long, as the record has it."""
    last, role = date.fromisoformat(data["last"]), ROLES[data["role"]].say(g.lang)
    return role if last == FOREVER else str(_("%(role)s, to %(day)s", role=role, day=day(last)))
