"""Steps: a list, one with its moves, and a move made."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from sqlalchemy import Connection

from cascade import act as door_to_state
from cascade.acts import Ref
from cascade.errors import NotFoundError
from models.queries import api_steps, api_units, moving, showing, steps
from models.queries.api_steps import Wanted
from web import visitor
from web.api import door, paging, step_moves
from web.api.asking import StepMove, StepsQuery
from web.api.letter_shapes import StepShown
from web.api.routes import VERSION, Noun
from web.api.shapes import Moved, Moves, Steps
from web.api.showing import letter_ref, moves, step_line
from web.policy import acts, reads
from web.present.moving import TITLES

noun = Noun("api_steps", "Duties laid on units")


@noun.reads("/steps")
@reads
@noun.takes(StepsQuery)
@noun.gives_pages(Steps)
def listed(given: dict[str, Any]) -> Any:
    """Steps

    Those that may be seen, the first laid first.
    """
    after, limit = paging.number_key(given), given["limit"]
    with visitor.reading() as conn:
        wanted = _wanted(conn, given)
        rows = api_steps.page(conn, wanted, g.today, after=after, limit=limit + 1)
    return paging.page(rows, limit, step_line, lambda row: paging.written(row.id))


@noun.reads("/steps/<int:step_id>")
@reads
@noun.gives(StepShown, VERSION)
def show(step_id: int) -> Any:
    """One step

    With its moves for whoever asks, and its latest fifty events.
    """
    with visitor.reading() as conn:
        row = steps.step(conn, step_id, g.today)
        if row is None:
            raise NotFoundError
        shown = {
            **step_line(row),
            "reporter": row.reporter,
            "coordinating": [one.code for one in steps.coordinating(conn, step_id, g.today)],
            "extensions": [one._asdict() for one in steps.extensions(conn, step_id)],
            "evidence": [_shown(one) for one in showing.evidence(conn, step_id)],
            "answers": [letter_ref(one) for one in showing.answers(conn, step_id)],
            "parts": [one.id for one in steps.parts(conn, step_id, g.today)],
            "history": [one._asdict() for one in moving.history(conn, step_id)],
        }
    return {**shown, "moves": _moves(step_id, row.kind, row.state)}, 200, door.etag(row.version)


@noun.reads("/steps/<int:step_id>/moves")
@reads
@noun.gives(Moves, VERSION)
def choices(step_id: int) -> Any:
    """The moves of a step

    For whoever asks, now: what each wants to be sent, and what stands against it.
    """
    with visitor.reading() as conn:
        row = steps.step(conn, step_id, g.today)
    if row is None:
        raise NotFoundError
    items = _moves(step_id, row.kind, row.state)
    return {"version": row.version, "items": items}, 200, door.etag(row.version)


@noun.writes("/steps/<int:step_id>/moves")
@acts
@door.act("step", has_files=True)
@noun.asks_once(with_version=True, as_form=step_moves.AS_FORM)
@noun.takes(StepMove, "json_or_form")
@noun.gives(Moved, VERSION, method="POST")
def make(given: dict[str, Any], step_id: int) -> Response:
    """Make a move on a step

    As JSON, or as a form with files in `evidence`. Refused, everything that stands against it is
    told at once; nothing is kept of it.
    """
    return step_moves.make(step_id, given)


def _shown(row: showing.EvidenceRow) -> dict[str, Any]:
    """A file or a letter that was shown; no number of a letter that whoever asks may not see."""
    is_seen = row.letter_kind is not None
    return {**row._asdict(), "letter_id": row.letter_id if is_seen else None}


def _moves(step_id: int, kind: str, state: str) -> list[dict[str, Any]]:
    ref = Ref("step", step_id)
    options = door_to_state.options_of(g.db, ref, visitor.asking().actor, g.moment)
    return moves(kind, state, options, TITLES)


def _wanted(conn: Connection, given: dict[str, Any]) -> Wanted:
    unit_id = None
    if "unit" in given:
        unit_id = api_units.coded(conn, [given["unit"]]).get(given["unit"])
        if unit_id is None:
            raise paging.unknown("unit")
    return Wanted(
        given.get("letter"), unit_id, given.get("kind"), given.get("state"), given.get("is_open")
    )
