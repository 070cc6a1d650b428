"""What a person typed about a letter: filters of the register, keys of its lists, a move."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade.acts import Act
from cascade.laying_out import find_unit
from cascade.naming import Directory
from models.queries import register, series
from models.queries.letters import EventRow, HeadRow
from models.queries.listing import Wanted
from web.forms import Form
from web.present import comes_again
from workflows.facts import Fate
from workflows.letter import LetterState

_KEY = re.compile(r"(?:(\d{4}-\d\d-\d\d)\.)?(\d{1,15})")
_REFERENCE = re.compile(r"(\d{1,9})\s*[/-]\s*(\S.*)")
_ID = re.compile(r"[0-9]{1,15}")
FILTERS = ("state", "kind", "issuer", "from", "to")
_LISTS = ("series", "points", "duties", "cites", "cited_by", "point")
# No letter has it: a filter that names nobody finds nothing.
_NOBODY = 0


def wanted_of(conn: Connection, form: Form, today: date) -> Wanted:
    """The filters as typed; what is wrong with them is told at their fields."""
    state = form.text("state")
    issuer, unit_id = form.text("issuer"), None
    if issuer:
        unit_id = find_unit(Directory(conn, today), issuer)
        if unit_id is None:
            form.problems["issuer"] = _("No unit has this code or name.")
            unit_id = _NOBODY
    return Wanted(
        state if state in list(LetterState) else None,
        form.text("kind") or None,
        unit_id,
        form.day("from"),
        form.day("to"),
    )


def key_of(typed: str) -> tuple[date, int] | None:
    """Where the register goes on: a day and a letter, as the link behind a page has it."""
    found = _KEY.fullmatch(typed)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1]) if found[1] else date.max
    except ValueError:
        return None
    return day, int(found[2])


def keys(args: Mapping[str, str]) -> dict[str, int | None]:
    """Where each list of a letter's page goes on."""
    typed = {name: args.get(name, "") for name in _LISTS}
    return {
        name: int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
        for name, text in typed.items()
    }


def act_of(conn: Connection, form: Form, trigger: str, row: HeadRow) -> Act:
    """A move on a letter as typed; what is missing is left to the rules to tell."""
    fate = form.text("fate")
    return Act(
        trigger=trigger,
        note=form.text("note"),
        until=form.day("until"),
        fate=Fate(fate) if fate in list(Fate) else None,
        replacement=_replacement(conn, form, row) if trigger == "supersede" else None,
        series=_series(conn, form, row),
        seen_version=form.number("seen_version"),
    )


def same_again(history: Sequence[EventRow], asked: Act, actor_id: int, version: int) -> bool:
    """Whether this very move was just made by the same person: a button pressed twice."""
    if asked.seen_version is None or version <= asked.seen_version:
        return False
    made = [one for one in history if one.role != "itself"][:1]
    return any(
        (one.actor_id, one.trigger, one.note) == (actor_id, asked.trigger, asked.note)
        for one in made
    )


def _series(conn: Connection, form: Form, row: HeadRow) -> tuple[int, ...]:
    """The recurring duties that were ticked: some, or all that go on."""
    ticked = form.typed.getlist("series")
    if comes_again.ALL in ticked:
        return tuple(series.running(conn, row.id))
    return tuple(int(one) for one in ticked if _ID.fullmatch(one))


def _replacement(conn: Connection, form: Form, row: HeadRow) -> int | None:
    """The replacing letter: chosen from the list, or typed as L12 or by number and symbol."""
    typed = form.text("replacement_typed")
    if not typed:
        return form.number("replacement")
    bare = typed.lstrip("Ll#")
    if bare.isascii() and bare.isdigit():
        return int(bare)
    found = _REFERENCE.fullmatch(typed)
    rows = register.like(conn, found[1], found[2]) if found else []
    fits = [one for one in rows if one.id != row.id and one.state == LetterState.ISSUED]
    if len(fits) == 1:
        return fits[0].id
    form.problems["replacement_typed"] = (
        _("Several letters have this number: choose from the list, or type L and its number.")
        if fits
        else _("No issued letter has the number %(typed)s.", typed=typed)
    )
    return None
