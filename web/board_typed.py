"""The board's filters as they stand in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args

from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade.chasing import Chosen
from models.queries import acting, scopes
from models.queries.acting import LetterRow
from models.queries.board import Asked, Order
from models.queries.board_rows import Key
from web import typed
from web.forms import Form
from workflows.kinds import MACHINES, StepKind
from workflows.lateness import SOON
from workflows.roles import UNDONE

# Window of due dates → (first, last) in days from today.
WINDOWS: dict[str, tuple[int | None, int]] = {
    "overdue": (None, -1),
    "late7": (None, -8),
    "late30": (None, -31),
    "soon": (0, SOON),
}
BETWEEN = "between"
STATES = tuple(
    dict.fromkeys(
        state
        for machine in MACHINES.values()
        for state, turn in machine.states.items()
        if turn in UNDONE
    )
)
_BIGGEST = 2**31  # of what a database takes for an id


@dataclass(frozen=True)
class Wanted:
    """What was asked for; `asked` is None when something typed cannot be used."""

    window: str
    order: Order
    level: str = ""
    unit_id: int | None = None
    directive: LetterRow | None = None
    asked: Asked | None = None


def wanted(
    conn: Connection, form: Form, follows: Sequence[int], levels: Sequence[str], today: date
) -> Wanted:
    """The filters of a person who follows for these units; problems are told at their fields."""
    first, last, window = _due(form, today)
    order: Order = "longest" if form.text("order") == "longest" else "unit"
    found = Wanted(window, order)
    tops = follows
    if form.text("unit"):
        unit_id = typed.unit(form, conn, today)
        if unit_id is not None and not scopes.is_within(conn, unit_id, follows, today):
            form.problems["unit"] = _("This unit is not among those you follow.")
        elif unit_id is not None:
            found, tops = replace(found, unit_id=unit_id), [unit_id]
    level = form.text("level")
    if level and level not in levels:
        form.problems["level"] = _("There is no such level.")
    if form.text("directive"):
        directive = _letter(conn, form)
        found = replace(found, directive=directive)
    kind = _one_of(form, "kind", [str(kind) for kind in StepKind])
    state = _one_of(form, "state", STATES)
    if form.problems:
        return found
    units = scopes.below(conn, tops, today, level=level or None)
    directive_id = found.directive.id if found.directive else None
    asked = Asked(units, last, first, directive_id, kind, state, order)
    return replace(found, level=level, asked=asked)


def key_of(written: str) -> Key | None:
    """The key an address holds; None, which is the first page, for anything else."""
    try:
        due, step_id, code = written.split(".", 2)
        key = Key(code, date.fromisoformat(due), int(step_id))
    except ValueError:
        return None
    return key if 0 <= key.id < _BIGGEST and "\x00" not in code else None


def written(key: Key) -> str:
    """A key as it stands in an address."""
    return f"{key.due.isoformat()}.{key.id}.{key.code}"


def chosen(values: Sequence[str]) -> list[Chosen]:
    """The rows chosen, each with the version that was seen; what is neither is left out."""
    found = []
    for value in values:
        step_id, dot, version = value.partition(".")
        parts = (step_id, version)
        if dot and all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts):
            found.append(Chosen(int(step_id), int(version)))
    return found


def _due(form: Form, today: date) -> tuple[date, date, str]:
    """(first, last, window): the days typed if any were, else the window chosen."""
    since, until = form.day("from"), form.day("to")
    if since or until or form.text("window") == BETWEEN:
        if since and until and since > until:
            form.problems["to"] = _("The last day lies before the first.")
        return since or date.min, until or date.max, BETWEEN
    window = form.text("window")
    window = window if window in WINDOWS else "overdue"
    begins, ends = WINDOWS[window]
    first = date.min if begins is None else today + timedelta(days=begins)
    return first, today + timedelta(days=ends), window


def _letter(conn: Connection, form: Form) -> LetterRow | None:
    number = form.number("directive")
    rows = acting.letters(conn, [number]) if number is not None and number < _BIGGEST else []
    if not rows:
        form.problems["directive"] = _("There is no such letter.")
    return rows[0] if rows else None


def _one_of(form: Form, name: str, known: Sequence[str]) -> str | None:
    value = form.text(name)
    if value and value not in known:
        form.problems[name] = _("Choose one of the list.")
    return value or None


assert set(get_args(Order)) == {"unit", "longest"}
