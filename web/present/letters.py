"""The register and a letter's page: rows turned into words and links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from cascade.errors import NotFoundError
from cascade.intake.kinds import BY_NAME
from models.queries import letter_duties, letters, listing
from models.queries.letter_duties import DutyRow, LaidRow, PointRow, StepRow
from models.queries.letters import TEXT_SHOWN, CitationRow, HeadRow
from models.queries.listing import PAGE, RegisterRow, Wanted
from web.present import comes_again
from web.present.letter_words import CITED_BY, CITES, FIELDS, sure
from web.present.standing import letter_standing, standing
from workflows.labels import Lang
from workflows.letter import LetterState
from workflows.reference import identity, reference

Row = dict[str, Any]
_COLUMNS = {"date": "dated", "issuer": "issuer_name"}


def listed(rows: list[RegisterRow], lang: Lang) -> list[Row]:
    """Rows of the register."""
    return [
        {
            "row": row,
            "href": url_for("letters.show", letter_id=row.id),
            "reference": f"{row.kind} {reference(row.number, row.symbol)}",
            "standing": letter_standing(row.state, lang),
        }
        for row in rows
    ]


def more(rows: Sequence[RegisterRow], args: MultiDict[str, str]) -> str | None:
    """The address at which the register goes on, with the same filters."""
    if len(rows) <= PAGE:
        return None
    last = rows[PAGE - 1]
    key = f"{last.dated.isoformat()}.{last.id}" if last.dated else str(last.id)
    asked: dict[str, Any] = {**args.to_dict(), "after": key}
    return url_for("letters.listed", **asked)


def kinds() -> list[tuple[str, str]]:
    """The kinds to narrow the register down to."""
    return [("", _("all kinds")), *((name, name) for name in sorted(BY_NAME))]


def replacements(conn: Connection, row: HeadRow) -> list[tuple[str, str]]:
    """The letters most likely to take a letter's place: its issuer's newest that are issued."""
    wanted = Wanted(state=LetterState.ISSUED, issuer_id=row.issuer_id)
    found = [one for one in listing.newest(conn, wanted) if one.id != row.id]
    named = [(str(one.id), f"{name_of(one)}: {shortened(one.subject)}") for one in found]
    return [("", _("choose")), *named]


def lays(conn: Connection, row: HeadRow) -> Row:
    """What issuing a draft will do."""
    duties, units = letter_duties.count_duties(conn, row.id)
    return {"duties": duties, "units": units}


def shortened(text: str, most: int = 80) -> str:
    """A text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def states(lang: Lang) -> list[tuple[str, str]]:
    """The states to narrow the register down to."""
    words = [(str(state), letter_standing(state, lang).words) for state in LetterState]
    return [("", _("all on file")), *words]


def head(conn: Connection, letter_id: int) -> HeadRow:
    """A letter's own columns; NotFoundError when there is none."""
    row = letters.head(conn, letter_id)
    if row is None:
        raise NotFoundError("there is no such letter", where=f"letter {letter_id}")
    return row


def name_of(row: HeadRow | RegisterRow) -> str:
    """A letter by kind, reference and day."""
    return identity(row.kind, row.number, row.symbol, row.dated)


def sheet(
    conn: Connection, row: HeadRow, today: date, lang: Lang, after: dict[str, int | None]
) -> Row:
    """Everything on a letter's page but its moves; `after` says where each list goes on."""
    points = letter_duties.points(conn, row.id, after=_key(after, "points", -1))
    laid = {one.point_id: one for one in letter_duties.laid(conn, row.id, today)}
    units = letters.named_units(conn, row.id)
    cites = letters.cites(conn, row.id, after=_key(after, "cites", 0))
    cited_by = letters.cited_by(conn, row.id, after=_key(after, "cited_by", 0))
    replaced_by = letters.head(conn, row.superseded_by_id) if row.superseded_by_id else None
    return {
        "letter": row,
        "name": name_of(row),
        "standing": letter_standing(row.state, lang),
        "fields": _fields(conn, row),
        "units": {role: [unit for unit in units if unit.role == role] for role in ("act", "know")},
        "points": _points(conn, points[:PAGE], laid),
        "points_more": points[PAGE - 1].position if len(points) > PAGE else None,
        "whole": _count(laid.get(None)) if points else None,
        "duties": _duties(conn, row, today, lang, after),
        "series": comes_again.of_letter(conn, row.id, after.get("series")),
        "cites": [_citation(one, CITES) for one in cites[:PAGE]],
        "cites_more": cites[PAGE - 1].key if len(cites) > PAGE else None,
        "cited_by": [_citation(one, CITED_BY) for one in cited_by[:PAGE]],
        "cited_by_more": cited_by[PAGE - 1].key if len(cited_by) > PAGE else None,
        "answered": letters.answered(conn, row.id),
        "history": letters.history(conn, row.id),
        "replaced_by": replaced_by and {"id": replaced_by.id, "name": name_of(replaced_by)},
        "is_cut": (row.length or 0) > TEXT_SHOWN,
    }


def _key(after: dict[str, int | None], name: str, first: int) -> int:
    found = after.get(name)
    return first if found is None else found


def _fields(conn: Connection, row: HeadRow) -> list[Row]:
    """The head of the letter, each value with how it was read where that is on record."""
    read = letters.recognised(conn, row.id, list(FIELDS))
    shown: list[Row] = []
    for name, label in FIELDS.items():
        value = getattr(row, _COLUMNS.get(name, name))
        before, kept, confidence = read.get(name, (None, None, None))
        if not value and not before:
            continue
        said = ""
        if name in read and before is None:
            said = _("given by hand")
        elif name in read and before != kept:
            said = _("set right; read as “%(read)s”", read=before)
        elif confidence is not None:
            said = sure(confidence)
        shown.append({"name": name, "label": label, "value": value, "said": said})
    return shown


def _points(conn: Connection, points: list[PointRow], laid: dict[int | None, LaidRow]) -> list[Row]:
    named = letter_duties.point_units(conn, [point.id for point in points])
    return [
        {
            "point": point,
            "lead": [name for at, name, role in named if (at, role) == (point.id, "lead")],
            "with": [name for at, name, role in named if (at, role) == (point.id, "coordinate")],
            "laid": _count(laid.get(point.id)),
        }
        for point in points
    ]


def _count(row: LaidRow | None) -> Row | None:
    """What came of a point: how many steps, and how they stand."""
    if row is None:
        return None
    words = _("steps: %(n)s", n=row.steps)
    if row.open == 0:
        return {"row": row, "words": words, "tone": "done", "said": _("all ended")}
    if row.overdue:
        said = _("overdue: %(n)s", n=row.overdue)
        return {"row": row, "words": words, "tone": "late", "said": said}
    said = _("open: %(n)s", n=row.open)
    return {"row": row, "words": words, "tone": "working", "said": said}


def _duties(
    conn: Connection, row: HeadRow, today: date, lang: Lang, after: dict[str, int | None]
) -> Row:
    """The steps laid, or those a draft would lay, a page of them."""
    at = _key(after, "duties", 0)
    if row.state == LetterState.DRAFT:
        drafted = letter_duties.duties(conn, row.id, today, after=at)
        rows = [_duty(one) for one in drafted[:PAGE]]
        return {"rows": rows, "more": drafted[PAGE - 1].id if len(drafted) > PAGE else None}
    point = after.get("point")
    laid = letter_duties.steps(conn, row.id, today, point_id=point, after=at)
    steps = [_step(one, today, lang) for one in laid[:PAGE]]
    return {
        "rows": steps,
        "point": point,
        "more": laid[PAGE - 1].id if len(laid) > PAGE else None,
    }


def _duty(row: DutyRow) -> Row:
    return {"row": row, "href": None, "standing": None}


def _step(row: StepRow, today: date, lang: Lang) -> Row:
    return {
        "row": row,
        "href": url_for("steps.show", step_id=row.id),
        "standing": standing(row.state, row.turn, row.due, row.reported_on, today, lang),
    }


def _citation(row: CitationRow, words: dict[Any, Any]) -> Row:
    return {
        "row": row,
        "href": url_for("letters.show", letter_id=row.id),
        "name": identity(row.kind, row.number, row.symbol, row.dated),
        "role": words.get(row.role, row.role),
    }
