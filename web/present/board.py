"""The board as it is shown and exported: groups by who must act, filters, the way to more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from cascade.clock import OFFICE
from cascade.exports import Cell
from models.queries.board import MOST_OF_ONE, PAGE
from models.queries.board_rows import BoardRow
from models.queries.home import DirectiveRow
from models.queries.lists import MOST
from web.board_typed import BETWEEN, STATES, Wanted, written
from web.forms import Form
from web.present.standing import standing
from workflows.kinds import StepKind
from workflows.labels import KINDS, TURNS
from workflows.labels import STATES as SAID
from workflows.lateness import days_late
from workflows.reference import identity, reference
from workflows.roles import Turn

Row = dict[str, Any]
Choices = list[tuple[str, str]]
Level = tuple[str, str, str]  # code, Vietnamese, English

FILTERS = ("level", "unit", "directive", "window", "from", "to", "kind", "state", "order")


def page(
    rows: Sequence[BoardRow],
    total: int,
    counts: Mapping[int, int],
    follows: Sequence[int],
    asked: Mapping[str, str],
) -> Row:
    """What the list shows; one row more than a page says that there is a next one."""
    shown = list(rows[:PAGE])
    by_unit = asked.get("order") != "longest"
    groups = groupby(shown, lambda row: row.acting_id if by_unit else 0)
    made = [
        _group(list(found), counts, follows, asked, is_first=not at, by_unit=by_unit)
        for at, (_unit, found) in enumerate(groups)
    ]
    return {
        "groups": made,
        "by_unit": by_unit,
        "total": many(total, MOST),
        "is_one": total == 1,
        "may_chase": any(row["may_remind"] for group in made for row in group["rows"]),
        "next": link(asked, after=written(shown[-1].key)) if rows[PAGE:] else "",
        "first": link(asked) if asked.get("after") else "",
    }


def filters(
    asked: Mapping[str, str], form: Form, levels: Sequence[Level], directives: Choices
) -> Row:
    """The choices of the filter form."""
    return {
        "form": form,
        "levels": [("", _("all levels")), *((row[0], _said(row)) for row in levels)],
        "directives": [("", _("all letters")), *directives],
        "windows": list(_windows().items()),
        "kinds": [("", _("both")), *((str(kind), KINDS[kind].say(g.lang)) for kind in StepKind)],
        "states": [("", _("all states")), *((state, SAID[state].say(g.lang)) for state in STATES)],
        "orders": [("unit", _("by who must act")), ("longest", _("longest overdue first"))],
        "asked": {name: asked.get(name, "") for name in FILTERS},
    }


def active(
    wanted: Wanted, form: Form, levels: Sequence[Level], unit: str, asked: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Each filter that narrows the list, in words, with the address of the list without it."""
    said = {
        "level": next((_said(row) for row in levels if row[0] == wanted.level), ""),
        "unit": unit,
        "directive": _letter(wanted.directive) if wanted.directive else "",
        "window": "" if wanted.window in ("overdue", BETWEEN) else _windows()[wanted.window],
        "from": _("due from %(day)s", day=form.text("from")) if form.text("from") else "",
        "to": _("due until %(day)s", day=form.text("to")) if form.text("to") else "",
        "kind": KINDS[form.text("kind")].say(g.lang) if form.text("kind") else "",
        "state": SAID[form.text("state")].say(g.lang) if form.text("state") else "",
    }
    if wanted.window == BETWEEN and not (said["from"] or said["to"]):
        said["window"] = _windows()[BETWEEN]
    return [(words, link(asked, without=name)) for name, words in said.items() if words]


def directive_choices(rows: Sequence[DirectiveRow], wanted: Wanted) -> Choices:
    """The newest directives to choose from, and the one that is chosen."""
    found = {row.id: f"{_letter(row)} – {row.issuer_name}" for row in rows}
    if wanted.directive is not None:
        found.setdefault(wanted.directive.id, _letter(wanted.directive))
    return [(str(letter_id), words) for letter_id, words in found.items()]


def link(
    asked: Mapping[str, str], endpoint: str = "board.show", *, without: str = "", **other: str
) -> str:
    """The board with the same filters but one or with others; it begins at the first page."""
    kept: dict[str, Any] = {name: asked[name] for name in FILTERS if asked.get(name)}
    kept.pop(without, None)
    return url_for(endpoint, **{**kept, **other})


def many(count: int, most: int) -> str:
    """A count as it is said when it stopped at `most`."""
    return _("more than %(most)s", most=f"{most:,}") if count > most else str(count)


def headings() -> list[str]:
    """The columns of an export."""
    return [
        _("Days late"),
        _("Who must act"),
        _("Code"),
        _("Lead unit"),
        _("Laid by"),
        _("Kind"),
        _("Point"),
        _("What"),
        _("Letter"),
        _("Date of the letter"),
        _("Due"),
        _("State"),
        _("Whose move"),
        _("Last reminder"),
    ]


def exported(row: BoardRow) -> list[Cell]:
    """A row of an export, in the order of `headings`."""
    return [
        days_late(row.due, g.today),
        row.acting,
        row.acting_code,
        row.unit,
        row.issuer,
        KINDS[row.kind].say(g.lang),
        row.point,
        row.text,
        reference(row.number, row.symbol),
        row.dated,
        row.due,
        SAID[row.state].say(g.lang),
        TURNS[row.turn].say(g.lang),
        row.reminded_at.astimezone(OFFICE).date() if row.reminded_at else None,
    ]


def with_end(rows: Iterable[list[Cell]], *, is_cut: bool) -> Iterator[list[Cell]]:
    """The rows of an export; at the end of one that was cut stands that it was."""
    yield from rows
    if is_cut:
        said = _("Cut here after %(most)s rows: narrow the filters for the rest.", most=f"{MOST:,}")
        yield [None, said]


def reminded(at: datetime | None, today: date) -> str:
    """When a step was last reminded of, as people say it; empty if never."""
    if at is None:
        return ""
    days = (today - at.astimezone(OFFICE).date()).days
    if days <= 0:
        return str(_("reminded today"))
    if days == 1:
        return str(_("reminded yesterday"))
    return str(_("reminded %(days)s days ago", days=days))


def row_of(row: BoardRow, follows: Sequence[int] = ()) -> Row:
    """A step that somebody must act on."""
    tone, words = standing(row.state, row.turn, row.due, row.reported_on, g.today, g.lang)
    # The list says in its own column how late; the standing need not say it again.
    is_late = tone == "late"
    return {
        "id": row.id,
        "value": f"{row.id}.{row.version}",
        "href": url_for("steps.show", step_id=row.id),
        "days": days_late(row.due, g.today),
        "due": row.due,
        "what": row.text,
        "point": row.point,
        "letter": reference(row.number, row.symbol),
        "letter_href": url_for("letters.show", letter_id=row.letter_id),
        "acting": row.acting,
        "other": row.issuer if row.turn == Turn.LEAD else row.unit,
        "is_lead": row.turn == Turn.LEAD,
        "tone": "open" if is_late else tone,
        "words": SAID[row.state].say(g.lang) if is_late else words,
        "reminded": reminded(row.reminded_at, g.today),
        "may_remind": row.turn == Turn.LEAD and row.issuer_id in follows,
    }


def _group(
    rows: list[BoardRow],
    counts: Mapping[int, int],
    follows: Sequence[int],
    asked: Mapping[str, str],
    *,
    is_first: bool,
    by_unit: bool,
) -> Row:
    first = rows[0]
    return {
        "name": first.acting if by_unit else "",
        "href": link(asked, unit=first.acting_code),
        "count": _counted(counts.get(first.acting_id, 0), asked),
        "continued": is_first and bool(asked.get("after")),
        "rows": [row_of(row, follows) for row in rows],
    }


def _counted(count: int, asked: Mapping[str, str]) -> str:
    said = many(count, MOST_OF_ONE)
    if asked.get("from") or asked.get("to") or asked.get("window") in ("soon", BETWEEN):
        return str(_("1 step") if count == 1 else _("%(count)s steps", count=said))
    return str(_("%(count)s overdue", count=said))


def _windows() -> dict[str, str]:
    return {
        "overdue": _("overdue"),
        "late7": _("more than 7 days overdue"),
        "late30": _("more than 30 days overdue"),
        "soon": _("due in the next 7 days"),
        BETWEEN: _("due between two days"),
    }


def _said(level: Level) -> str:
    return level[1] if g.lang == "vi" else level[2]


def _letter(row: Any) -> str:
    return identity(row.kind, row.number, row.symbol, row.dated)
