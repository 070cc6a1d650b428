"""The hourly checkpoint: the history signed into a folder outside the database, by itself."""

from __future__ import annotations

from cascade import history, history_keys
from cascade.clock import Moment
from cascade.config import from_environment
from cascade.jobs.port import Place, enqueue
from models import jobs as written
from models.database import Database
from models.queries import history as sealed
from models.queries import jobs

NAME = "checkpoint"


def ask(db: Database, moment: Moment) -> int:
    """Ask for this hour's checkpoint unless somebody has; returns how many were asked for."""
    key = f"{NAME}-{moment.at:%Y-%m-%dT%H}"
    with db.read() as conn:
        if jobs.find(conn, key) is not None:
            return 0
    return int(db.run(lambda conn: enqueue(conn, NAME, {}, key, moment.at)))


def piece(place: Place, key: str, moment: Moment) -> bool:
    """Sign what the history is now, unless nothing was added; never more than one piece.

    Raises ContradictedError where the history is not the one signed before: the job fails, and
    the doctor tells.
    """
    folder = from_environment(place.home).checkpoints
    with place.db.read() as conn:
        size = sealed.size(conn)
    code = history.newest_code(folder)
    if size and code.partition(" ")[0] != str(size):
        signing = history_keys.load_or_make(place.home)
        with place.db.read() as conn:
            note = history.take(conn, signing, history.kept([folder]))
        # By its name one of the same history is the same file, whoever writes it again.
        code = history.newest_code(history.keep(note, folder, signing).parent)
    place.db.run(lambda conn: written.end(conn, key, moment.at, {"code": code}))
    return False
