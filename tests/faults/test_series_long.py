"""Many makers of occurrences at once, on both databases: each time is laid once, none is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from cascade import recurring
from cascade.clock import on
from cascade.verify import verify
from models import occurrences
from models.database import Database
from tests.worlds import Office
from workflows.phrases import Every
from workflows.series import Rule

pytestmark = pytest.mark.slow
MANY = 1200  # more than two batches
RULES = (Rule(Every(days=7, weekday=4)), Rule(Every(months=1, day=31)), Rule(Every(months=3)))


def test_four_makers_over_a_year_lay_each_time_once(office: Office) -> None:
    letter = office.draft("P")
    rows = [
        {
            "unit_id": office.units["S"],
            "phrase": "",
            "until": None,
            **recurring.kept(RULES[at % len(RULES)])._asdict(),
        }
        for at in range(MANY)
    ]
    with office.db.write() as conn:
        occurrences.file(conn, letter, rows)
    office.issue(letter)
    # Days on which it stood still, on which a clock ran wild, and the 29th of February.
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 9, 1), date(2028, 2, 29)]

    def make(day: date) -> int:
        db = Database(office.db.url.render_as_string(hide_password=False))
        try:
            return recurring.make_ahead(db, on(day)).steps
        finally:
            db.dispose()

    for day in days:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(make, [day, day, day + timedelta(days=1), day - timedelta(days=1)]))
    with office.db.read() as conn:
        assert verify(conn) == []
        twice = text("SELECT 1 FROM step GROUP BY series_id, occurrence HAVING count(*) > 1")
        assert conn.execute(twice).all() == []
        counts = conn.execute(
            text(
                "SELECT months, days, count(*), max(wanted_on) FROM series JOIN step "
                "ON step.series_id = series.id GROUP BY months, days ORDER BY months"
            )
        ).all()
    each = {(row[0], row[1]): row[2] / (MANY / len(RULES)) for row in counts}
    # Fridays, month and quarter ends from September 2026 to the first after February 2028.
    assert each == {(0, 7): 77, (1, 0): 19, (3, 0): 7}
    assert {str(row[3]) > "2028-02-29" for row in counts} == {True}
