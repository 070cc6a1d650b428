"""What came of reminders, told for every step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cascade.chasing import Chased, NotReminded
from cascade.errors import MovedOnError, MoveRefusedError
from models.queries.board_rows import NamedStep
from web.refusals import said
from workflows.reference import reference


def summary(done: Chased) -> str:
    """How many were reminded and how many were not."""
    sent, refused = len(done.reminded), len(done.refused)
    told = _("1 reminder sent.") if sent == 1 else _("%(count)s reminders sent.", count=sent)
    if refused:
        told += " " + _("Not sent: %(count)s.", count=refused)
    return str(told)


def told(done: Chased, rows: Sequence[NamedStep]) -> dict[str, Any]:
    """The page on reminders of which some were not sent; `rows` are of those that are seen."""
    names = {row.id: row for row in rows}
    return {
        "summary": summary(done),
        "refused": [
            {
                "href": url_for("steps.show", step_id=step_id) if step_id in names else "",
                "name": _name(names[step_id]) if step_id in names else f"{step_id}",
                "why": _why(error if step_id in names else None),
            }
            for step_id, error in done.refused
        ],
    }


def _name(row: NamedStep) -> str:
    point = f"{_('Point %(no)s', no=row.point)}, " if row.point else ""
    return f"{row.unit}: {point}{reference(row.number, row.symbol)}"


def _why(error: NotReminded | None) -> str:
    if isinstance(error, MoveRefusedError):
        return " ".join(said(refusal) for refusal in error.refused.refusals)
    if isinstance(error, MovedOnError):
        return str(_("It has changed since you saw it. Look at it again before you remind."))
    return str(_("There is no such step."))
