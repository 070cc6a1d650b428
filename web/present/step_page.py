"""Everything on a step's page, in a fixed number of statements."""

from __future__ import annotations

from typing import Any

from flask import g
from sqlalchemy import Connection

from cascade import act, graph
from cascade.acts import Ref
from cascade.errors import NotFoundError
from models.queries import moving, showing, steps, units
from models.queries.acting import ActorRow
from web.present import comes_again, step_times
from web.present import moving as moves
from web.present import steps as present


def gather(
    conn: Connection, step_id: int, actor: ActorRow, *, before: int | None, part: int
) -> dict[str, Any]:
    """A step for its page; history before a seq, parts after an id."""
    row = steps.step(conn, step_id, g.today)
    if row is None:
        raise NotFoundError
    known = moving.history(conn, step_id, before=before or moving.NEWEST, limit=moving.PAGE + 1)
    events, older = present.next_page(known, step_id, "before", "seq")
    told = present.units_told(events)
    found_parts = steps.parts(conn, step_id, g.today, after=part)
    shown_parts, more_parts = present.next_page(found_parts, step_id, "part", "id")
    return {
        **present.head(row),
        "moves": moves.choices(row, act.options_of(g.db, Ref("step", step_id), actor, g.moment)),
        "coordinating": steps.coordinating(conn, step_id, g.today),
        "extensions": present.extensions(steps.extensions(conn, step_id)),
        "clocks": step_times.shown_clocks(conn, row),
        "awaits_receipt": step_times.awaits_receipt(conn, row),
        "dues": step_times.due_history(conn, row),
        "series": comes_again.of_step(conn, row.series_id, step_id),
        "evidence": present.evidence(row, showing.evidence(conn, step_id)),
        "parts": present.parts(shown_parts),
        "more_parts": more_parts,
        "next": present.parts(steps.taken_over(conn, step_id, row.letter_id, told, g.today)),
        "answers": present.answers(showing.answers(conn, step_id)),
        "tree": present.tree(graph.up(conn, Ref("step", step_id), g.today), step_id),
        "history": present.history(events, units.names(conn, told, g.today)),
        "older": older,
    }
