"""A process that sweeps a day's reminders, again and again, until somebody kills it.

    python -m tests.faults.reminding_worker URL DAY WHAT

WHAT is `work` (the pages of a sweep by themselves) or `ask` (as a scheduler of another kind would:
the whole sweep, from its beginning).
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date

from sqlalchemy.exc import DBAPIError

from cascade import reminding, telling
from cascade.clock import on
from models.database import Database


def main(url: str, day: str, what: str) -> None:
    """Sweep until killed; small pages, so that a kill falls between many of them."""
    db, moment = Database(url), on(date.fromisoformat(day))
    reminding.BATCH, telling.PEOPLE = 20, 5
    place = ""
    while True:
        try:
            if what == "ask":
                reminding.sweep(db, moment, lang="en")
                continue
            page = db.run(lambda conn, at=place: reminding.page(conn, moment, at, lang="en"))  # type: ignore[misc]
            place = page.next or ""
        except DBAPIError as error:
            if "locked" not in str(error):
                raise
        time.sleep(random.uniform(0, 0.01))


if __name__ == "__main__":
    main(*sys.argv[1:])
