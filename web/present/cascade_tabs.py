"""The tabs beside the tree: who covers which point, what happened, what is on file."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import url_for

from cascade import words
from cascade.coverage import Coverage, Covered
from models.queries import gaps, happened
from models.queries.covering import CoverRow
from models.queries.happened import EvidenceRow, HappenedRow, LetterFileRow
from web.present.standing import Standing, letter_standing, standing
from web.present.steps import shown_by
from workflows.labels import KINDS, Lang
from workflows.reference import identity

PAGE = 50
Table = dict[str, Any]


class Cell(NamedTuple):
    """One step that covers a point."""

    unit: str
    href: str
    kind: str
    standing: Standing
    due: date | None
    is_whole: bool  # laid by the whole letter, not by the point


def coverage(found: Coverage, today: date, lang: Lang) -> Table:
    """The table of points and units, and the gaps."""
    return {
        "columns": list(found.units.values()),
        "rows": [_covered(row, list(found.units), today, lang) for row in found.rows],
        "empty_points": [row.point for row in found.empty],
        "unanswered": [
            (
                row.unit,
                url_for("steps.show", step_id=row.step_id),
                standing(row.state, row.turn, row.due, None, today, lang),
                row.due,
            )
            for row in found.unanswered[: gaps.MOST]
        ],
        "bare": found.bare[: gaps.MOST],
        "unled": found.unled[: gaps.MOST],
        "idle": [
            (
                _letter_link(row.id),
                identity(row.kind, row.number, row.symbol, row.dated),
                row.issuer_name,
            )
            for row in found.idle[: gaps.MOST]
        ],
        "is_more": {
            name: len(rows) > gaps.MOST
            for name, rows in (
                ("unanswered", found.unanswered),
                ("bare", found.bare),
                ("unled", found.unled),
                ("idle", found.idle),
            )
        },
    }


def _covered(row: Covered, columns: list[int], today: date, lang: Lang) -> Table:
    cells = [(step.unit_id, _cell(step, today, lang)) for step in row.steps]
    return {
        "point": row.point,
        "counts": row.counts,
        "cells": [cell for _, cell in cells],
        "columns": [[cell for unit, cell in cells if unit == column] for column in columns],
        "unnamed": row.unnamed,
        "helpers": row.helpers,
        "is_gap": row.is_gap,
        "is_heading": row.is_heading and not row.counts.kept,
    }


def _cell(step: CoverRow, today: date, lang: Lang) -> Cell:
    stands = standing(step.state, step.turn, step.due, step.reported_on, today, lang)
    href = url_for("steps.show", step_id=step.step_id)
    is_whole = step.point_id is not None and step.by_point_id is None
    return Cell(step.unit, href, KINDS[step.kind].say(lang), stands, step.due, is_whole)


def history(rows: list[HappenedRow], is_later: bool, lang: Lang) -> Table:
    """A page of events, and the address of the next."""
    page = rows[:PAGE]
    return {
        "events": [
            {
                "row": row,
                "what": identity(row.letter_kind, row.number, row.symbol, row.dated),
                "href": url_for("steps.show", step_id=row.step_id)
                if row.step_id
                else _letter_link(row.letter_id),
                "state": words.state_of_letter(row.target, lang) if not row.step_id else row.target,
            }
            for row in page
        ],
        "next": f"?tab=history&before={page[-1].seq}" if len(rows) > PAGE else "",
        "is_later": is_later,
    }


def documents(
    letters: list[LetterFileRow],
    shown: list[EvidenceRow],
    before: int,
    shown_before: int,
    lang: Lang,
) -> Table:
    """A page of letters and a page of evidence, each with the address of its next."""
    letter_keys = before, letters[PAGE - 1].id if len(letters) > PAGE else None
    shown_keys = shown_before, shown[PAGE - 1].id if len(shown) > PAGE else None
    return {
        "letters": [
            {
                "row": row,
                "name": identity(row.kind, row.number, row.symbol, row.dated),
                "href": _letter_link(row.id),
                "file": url_for("letters.file", letter_id=row.id) if row.file_name else "",
                "standing": letter_standing(row.state, lang)._replace(
                    words=words.state_of_letter(row.state, lang)
                ),
            }
            for row in letters[:PAGE]
        ],
        "evidence": [_evidence(row) for row in shown[:PAGE]],
        "next_letters": _documents(letter_keys[1], shown_keys[0]) if letter_keys[1] else "",
        "next_evidence": _documents(letter_keys[0], shown_keys[1]) if shown_keys[1] else "",
        "is_later": before != happened.NEWEST or shown_before != happened.NEWEST,
    }


def _documents(before: int, evidence: int) -> str:
    keys = [("before", before), ("evidence", evidence)]
    said = "".join(f"&{name}={key}" for name, key in keys if key != happened.NEWEST)
    return f"?tab=documents{said}"


def _evidence(row: EvidenceRow) -> Table:
    step = url_for("steps.show", step_id=row.step_id)
    return {"row": row, "step": step, **shown_by(row, row.step_id)}


def _letter_link(letter_id: int) -> str:
    return url_for("letters.show", letter_id=letter_id)
