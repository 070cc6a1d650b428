"""The person's exports as their page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade.jobs.exporting import Export
from models.queries import units
from models.queries.listing import Wanted
from web.language import day
from workflows.labels import STATES

Row = dict[str, Any]


def rows(conn: Connection, found: Sequence[Export], today: date) -> list[Row]:
    """Each with what was asked for, how it stands, and where the file is."""
    issuers = sorted({one.wanted.issuer_id for one in found if one.wanted.issuer_id})
    names = units.names(conn, issuers, today)
    return [
        {
            "asked_at": one.asked_at,
            "what": _what(one.wanted, names),
            "standing": _standing(one),
            "letters": one.done,
            "href": url_for("exports.file", key=one.key) if _is_ready(one) else "",
        }
        for one in found
    ]


def _is_ready(one: Export) -> bool:
    return one.state == "done" and one.is_still_theirs


def _standing(one: Export) -> tuple[str, str]:
    if one.is_open:
        return "working", _("%(done)s of %(total)s letters", done=one.done, total=one.total)
    if one.state != "done":
        return "late", _("it failed; ask again, or tell the administrator")
    if not one.is_still_theirs:
        return "returned", _("your posts have changed since; ask again")
    return "done", _("ready")


def _what(wanted: Wanted, names: Mapping[int, str]) -> str:
    said = [
        STATES[wanted.state].say(g.lang) if wanted.state else "",
        wanted.kind or "",
        names.get(wanted.issuer_id, _("a unit that is no more")) if wanted.issuer_id else "",
        _("from %(day)s", day=day(wanted.since)) if wanted.since else "",
        _("to %(day)s", day=day(wanted.until)) if wanted.until else "",
    ]
    return ", ".join(part for part in said if part) or _("all letters")
