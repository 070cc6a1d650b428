"""Why somebody sees something, in sentences: the way it comes to be seen, the post it is by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade.errors import NotFoundError
from models.queries import letters, scopes, steps, units
from models.queries import why as query
from models.queries.why import Cause, Ground, Way
from web.language import day, moment
from web.present.letters import name_of
from workflows.labels import ROLES


class Reason(NamedTuple):
    """A sentence, perhaps with a letter it speaks of, and the posts that it holds by."""

    sentence: str
    more: str
    letter: tuple[str, str] | None  # its name and address
    posts: list[str]


def of_letter(conn: Connection, letter_id: int, user_id: int) -> dict[str, Any]:
    """What the page says of a letter; raises NotFoundError where it is not seen."""
    row = letters.head(conn, letter_id)
    if row is None:
        raise NotFoundError
    grounds = _grounds(conn, user_id)
    causes = query.of_letter(conn, letter_id, [one.unit_id for one in grounds])
    said = {
        Way.ISSUED: _("It is a draft of %(unit)s.")
        if row.state == "draft"
        else _("%(unit)s issued it."),
        Way.OWES: _("It lays duties on %(unit)s."),
        Way.RECEIVED: _("It was sent to %(unit)s."),
        Way.HELPS: _("%(unit)s coordinates on a duty that it lays."),
        Way.BELOW: _("It carries out a letter of %(unit)s:"),
        Way.SHOWN: _("It is shown as evidence on a duty that you see."),
        Way.CITED: _("It is not on file itself; this letter, which you may read, cites it:"),
    }
    return {
        "what": name_of(row),
        "back": url_for("letters.show", letter_id=letter_id),
        "reasons": _reasons(conn, causes, said, grounds),
    }


def of_step(conn: Connection, step_id: int, user_id: int) -> dict[str, Any]:
    """What the page says of a step; raises NotFoundError where it is not seen."""
    row = steps.step(conn, step_id, g.today)
    if row is None:
        raise NotFoundError
    grounds = _grounds(conn, user_id)
    causes = query.of_step(conn, step_id, [one.unit_id for one in grounds])
    said = {
        Way.OWES: _("%(unit)s leads it."),
        Way.ISSUED: _("%(unit)s laid it."),
        Way.BELOW: _("It carries out a letter of %(unit)s:"),
        Way.HELPS: _("%(unit)s coordinates on it."),
    }
    is_whole = any(one.way is not Way.HELPS for one in causes)
    return {
        "what": _("Step %(number)s", number=f"S{step_id}"),
        "back": url_for("steps.show", step_id=step_id),
        "reasons": _reasons(conn, causes, said, grounds),
        "limit": ""
        if is_whole
        else _(
            "Who coordinates sees the duty, who leads it and how it stands; not what was "
            "reported, nor its history."
        ),
    }


def ground(one: Ground) -> str:
    """A post, own or stood in for, or an opened glass, as a phrase."""
    if one.role is None:
        return _opened(one)
    post = f"{ROLES[one.role].say(g.lang)}, {one.unit}"
    reach = _("with all below it") if one.sees_below else _("this unit alone")
    if one.last_day is None:
        return str(_("%(post)s (%(reach)s).", post=post, reach=reach))
    said = _(
        "%(post)s (%(reach)s), in place of %(name)s until %(day)s.",
        post=post,
        reach=reach,
        name=one.on_behalf_of,
        day=day(one.last_day),
    )
    return str(said)


def _opened(one: Ground) -> str:
    said = _(
        "As administrator: you opened the content of %(unit)s and all below it, until "
        "%(moment)s, with a reason that is on record.",
        unit=one.unit,
        moment=moment(one.closes_at) if one.closes_at else "",
    )
    return str(said)


def _grounds(conn: Connection, user_id: int) -> list[Ground]:
    return query.grounds(conn, user_id, g.today, g.moment.at)


def _reasons(
    conn: Connection, causes: Sequence[Cause], said: dict[Way, str], grounds: Sequence[Ground]
) -> list[Reason]:
    names = units.names(conn, [one.unit_id for one in causes if one.unit_id], g.today)
    found = []
    for cause in causes:
        unit = names.get(cause.unit_id, "") if cause.unit_id else ""
        found.append(
            Reason(
                said[cause.way] % {"unit": unit} if unit else said[cause.way],
                _more(cause.others),
                _letter(conn, cause.letter_id),
                [ground(one) for one in grounds if _covers(conn, one, cause.unit_id)],
            )
        )
    return found


def _covers(conn: Connection, one: Ground, unit_id: int | None) -> bool:
    if unit_id is None:
        return False
    return one.unit_id == unit_id or (
        one.sees_below and one.unit_id in scopes.above(conn, unit_id, g.today)
    )


def _more(others: int) -> str:
    if not others:
        return ""
    return str(_("The same holds for %(count)s more that you read for.", count=others))


def _letter(conn: Connection, letter_id: int | None) -> tuple[str, str] | None:
    row = None if letter_id is None else letters.head(conn, letter_id)
    if row is None:
        return None
    return name_of(row), url_for("letters.show", letter_id=row.id)
