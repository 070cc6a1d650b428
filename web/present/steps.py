"""A step as its page shows it: what is owed, its dates, evidence, parts, sources and history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from cascade import words
from cascade.graph import Cascade
from models.queries import happened
from models.queries.moving import PAGE, StepEventRow
from models.queries.showing import AnswerRow, EvidenceRow
from models.queries.steps import ExtensionRow, PartRow, StepPageRow
from web.present.standing import letter_standing, standing
from workflows.labels import KINDS
from workflows.reference import identity, reference
from workflows.roles import Turn

Row = dict[str, Any]


def head(row: StepPageRow) -> Row:
    """What stands at the head of a step's page and of each of its forms."""
    tone, said = standing(row.state, row.turn, row.due, row.reported_on, g.today, g.lang)
    return {
        "step": row,
        "href": url_for("steps.show", step_id=row.id),
        "what": what(row.text or row.subject),
        "kind": KINDS[row.kind].say(g.lang),
        "letter": identity(row.letter_kind, row.number, row.symbol, row.dated),
        "reference": reference(row.number, row.symbol),
        "letter_href": url_for("letters.show", letter_id=row.letter_id),
        "tone": tone,
        "words": said,
        "whose": _whose(row),
    }


def what(text: str) -> str:
    """What is owed, as a sentence begins: subjects of letters are written small."""
    return text[:1].upper() + text[1:]


def extensions(rows: Iterable[ExtensionRow]) -> list[Row]:
    """Every later date asked for, with what became of it."""
    states = {
        "asked": ("waiting", _("waits for a decision")),
        "granted": ("done", _("granted")),
        "refused": ("ended", _("refused")),
    }
    return [{**row._asdict(), "standing": states[row.state]} for row in rows]


def evidence(step: StepPageRow, rows: Sequence[EvidenceRow]) -> list[Row]:
    """Files and letters shown by reports, and which of them have been judged already."""
    return [
        {
            **shown_by(row, step.id),
            "is_file": row.letter_id is None,
            "size": size(row.size or 0),
            "at": row.at,
            "by": row.by,
            "before": row.event_seq < step.judged,
        }
        for row in rows
    ]


def shown_by(row: EvidenceRow | happened.EvidenceRow, step_id: int) -> dict[str, str]:
    """The name and address of what was shown; of a letter that the reader does not see neither."""
    if row.letter_id is None:
        href = url_for("steps.evidence", step_id=step_id, evidence_id=row.id)
        return {"name": row.file_name or "", "href": href}
    if row.letter_kind is None:
        return {"name": _("a letter that you may not see"), "href": ""}
    name = identity(row.letter_kind, row.number, row.symbol, row.dated)
    return {"name": name, "href": url_for("letters.show", letter_id=row.letter_id)}


def size(many: int) -> str:
    """A number of bytes as people say it."""
    if many < 1024:
        return f"{many} B"
    if many < 1024 * 1024:
        return f"{round(many / 1024)} KB"
    return f"{many / 1024 / 1024:.1f} MB"


def parts(rows: Iterable[PartRow]) -> list[Row]:
    """Sub-steps, or the step that took this one over."""
    return [
        {
            "href": url_for("steps.show", step_id=row.id),
            "unit": row.unit,
            "due": row.due,
            "standing": standing(row.state, row.turn, row.due, row.reported_on, g.today, g.lang),
        }
        for row in rows
    ]


def answers(rows: Iterable[AnswerRow]) -> list[Row]:
    """The letters that answer an obligation."""
    return [
        {
            "href": url_for("letters.show", letter_id=row.id),
            "name": identity(row.kind, row.number, row.symbol, row.dated),
            "subject": row.subject,
            "open": row.open_steps,
            "standing": letter_standing(row.state, g.lang),
        }
        for row in rows
    ]


def history(rows: Sequence[StepEventRow], names: dict[int, str]) -> list[Row]:
    """The events of a step, the newest first; `names` of the units they tell of."""
    return [
        {
            **row._asdict(),
            "done_on": date.fromisoformat(told["done_on"]) if "done_on" in told else None,
            "to": ", ".join(names.get(unit, "?") for unit in told.get("units", ())),
            "answer": told.get("answer"),
        }
        for row in rows
        for told in (row.data or {},)
    ]


def units_told(rows: Iterable[StepEventRow]) -> list[int]:
    """The units a history tells of, as receivers of parts and transfers."""
    return sorted({unit for row in rows for unit in (row.data or {}).get("units", ())})


def next_page(rows: Sequence[Any], step_id: int, name: str, key: str) -> tuple[list[Any], str]:
    """The rows of a page, and the address of the next one if there is one row too many."""
    shown = list(rows[:PAGE])
    if len(rows) <= PAGE:
        return shown, ""
    after = {name: getattr(shown[-1], key)}
    return shown, url_for("steps.show", step_id=step_id, **after)


def tree(found: Cascade, step_id: int) -> list[Row]:
    """The way up as nested rows, from the sources down to the step."""
    roots: list[Row] = []
    path: list[list[Row]] = [roots]
    for depth, node, _again in found.walk():
        row = _letter(found, node[1]) if node[0] == "letter" else _step(found, node[1])
        row |= {"children": [], "is_here": node == ("step", step_id)}
        del path[depth + 1 :]
        path[depth].append(row)
        path.append(row["children"])
    return roots


def _letter(found: Cascade, letter_id: int) -> Row:
    at = found.letters[letter_id]
    return {
        "href": url_for("letters.show", letter_id=letter_id),
        "name": words.letter_name(at),
        "who": at.issuer_name,
        "is_letter": True,
        "standing": letter_standing(at.state, g.lang),
    }


def _step(found: Cascade, step_id: int) -> Row:
    at = found.steps[step_id]
    return {
        "href": url_for("steps.show", step_id=step_id),
        "name": words.step_name(at, g.lang),
        "who": "",
        "is_letter": False,
        "standing": standing(at.state, at.turn, at.due, at.reported_on, g.today, g.lang),
    }


def _whose(row: StepPageRow) -> str:
    """Whose move it is, in words."""
    if row.turn == Turn.LEAD:
        return str(_("%(unit)s acts", unit=row.unit))
    if row.turn == Turn.ISSUER:
        return str(_("%(unit)s decides", unit=row.issuer))
    if row.turn == Turn.ACCEPTER:
        return str(_("%(unit)s accepts or returns", unit=row.issuer))
    return ""
