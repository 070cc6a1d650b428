"""Every kind of job there is, and what does its pieces."""

from __future__ import annotations

from cascade.clock import Moment
from cascade.jobs import checkpoint, exporting, issuing, sweep
from cascade.jobs.port import Piece, Place
from models.queries import jobs

KINDS: dict[str, Piece] = {
    issuing.NAME: issuing.piece,
    sweep.NAME: sweep.piece,
    exporting.NAME: exporting.piece,
    checkpoint.NAME: checkpoint.piece,
}


def work(place: Place, key: str, moment: Moment) -> bool:
    """Do the next piece of a job; whether there is more to do."""
    with place.db.read() as conn:
        row = jobs.find(conn, key)
    if row is None or not row.is_open:
        return False
    return KINDS[row.name](place, key, moment)
