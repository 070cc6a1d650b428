"""A page of the register is read from an index at its key, however many letters there are."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, text

from models.queries import listing
from models.queries.listing import Wanted
from tests.models.test_query_plans import plan_of
from tests.worlds import Office

LETTERS = """
INSERT INTO letter (issuer_id, issuer_name, kind, number, symbol, dated, subject, form, text, state,
                    version, open_steps)
SELECT 1 + n % 7, 'X', 'kế hoạch', CAST(n AS VARCHAR), 'Z', {day}, 'S', 'state', '',
       CASE WHEN n % 500 = 0 THEN 'draft' ELSE 'issued' END, 1, 0
FROM ({numbers}) AS numbers
"""


@pytest.fixture
def full(office: Office) -> Office:
    """The office with twenty thousand letters, few of them drafts."""
    sqlite = office.db.is_sqlite
    numbers = (
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
        "WHERE n < 20000) SELECT n FROM numbers"
        if sqlite
        else "SELECT n FROM generate_series(1, 20000) AS n"
    )
    day = (
        "date('2010-01-01', '+' || (n % 5000) || ' days')"
        if sqlite
        else ("DATE '2010-01-01' + n % 5000")
    )
    with office.db.write() as conn:
        conn.execute(text(LETTERS.format(day=day, numbers=numbers)))
        conn.execute(text("ANALYZE"))
    return office


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "ix_letter_dated"),
        (Wanted(since=date(2015, 1, 1), until=date(2015, 12, 31)), "ix_letter_dated"),
        (Wanted(issuer_id=3), "ix_letter_issuer_dated"),
        (Wanted(state="draft"), "ix_letter_state_dated"),
    ],
)
def test_each_filter_has_its_index_and_sorts_nothing(
    full: Office, wanted: Wanted, index: str
) -> None:
    def page(conn: Connection) -> object:
        return listing.page(conn, wanted, (date(2020, 5, 5), 900))

    plan = plan_of(full.db, page)
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
