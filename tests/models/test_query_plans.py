"""Each index is used by the reader it names, however many rows are of no interest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from models.database import Database
from models.queries import acting, answering, board, home, inbox, lists, tracing
from models.queries.board import Asked, Order
from tests.worlds import TODAY, Office

ROWS = 20_000
# Nineteen in twenty have ended; of the others a part is overdue. Set-based, so that it is quick.
NOISE = """
INSERT INTO step (letter_id, kind, unit_id, issuer_id, state, turn, version, open_children,
                  laid_on, due, acting_id)
SELECT {letter} + n % 20, 'task', {unit}, {issuer},
       CASE WHEN n % 20 = 0 THEN 'open' ELSE 'accepted' END,
       CASE WHEN n % 20 = 0 THEN 'lead' ELSE 'nobody' END,
       1, 0, '2026-01-01', {due}, CASE WHEN n % 20 = 0 THEN 1 + n / 20 % 10 END
FROM ({numbers}) AS numbers
"""
SQLITE = (
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
    f"WHERE n < {ROWS}) SELECT n FROM numbers"
)
POSTGRESQL = f"SELECT n FROM generate_series(1, {ROWS}) AS n"


@pytest.fixture
def crowded(office: Office) -> Office:
    """The office with many steps of another province, most of them ended."""
    for _ in range(21):
        office.draft("Q")
    sqlite = office.db.is_sqlite
    with office.db.write() as conn:
        noise = NOISE.format(
            letter=1,
            unit=office.units["QA1"],
            issuer=office.units["QA"],
            numbers=SQLITE if sqlite else POSTGRESQL,
            due="date('2026-01-01', '+' || (n % 500) || ' days')"
            if sqlite
            else "DATE '2026-01-01' + n % 500",
        )
        conn.execute(text(noise))
        conn.execute(text("ANALYZE"))
    return office


def plan_of(db: Database, ask: Any) -> str:
    """How the database finds what `ask` asks for, in its own words."""
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    explain = "EXPLAIN QUERY PLAN " if db.is_sqlite else "EXPLAIN "
    with db.read() as conn:
        event.listen(conn, "before_cursor_execute", listen)
        ask(conn)
        event.remove(conn, "before_cursor_execute", listen)
        ((statement, parameters),) = asked
        rows = conn.exec_driver_sql(explain + statement, parameters)
        return "\n".join(str(row[-1]) for row in rows)


def page(conn: Connection) -> object:
    """A page in the middle of the list."""
    return lists.overdue(conn, TODAY, after=(TODAY.replace(month=3), 7))


def asked(order: Order, **given: Any) -> Asked:
    """The board of a few units, or of more than are read unit by unit."""
    units = given.pop("units", range(1, 1000))
    return Asked(units, TODAY - timedelta(days=1), order=order, **given)


# A page of the board, then its count, in each order and with each kind of filter.
BOARDS: dict[str, tuple[Asked, str, str]] = {
    "few units": (asked("unit", units=[3, 4]), "ix_step_acting", "ix_step_acting"),
    "the longest of few units": (
        asked("longest", units=[3, 4]),
        "ix_step_acting",
        "ix_step_acting",
    ),
    "by unit": (asked("unit"), "ix_step_acting", "ix_step_overdue"),
    "longest first": (asked("longest"), "ix_step_overdue", "ix_step_overdue"),
    "in a state": (asked("longest", state="returned"), "ix_step_acting", "ix_step_acting"),
    "below a letter": (asked("unit", directive_id=3), "ix_step_below", "ix_step_below"),
}


def test_the_board_finds_its_index_among_many_rows(crowded: Office) -> None:
    for name, (board_asked, of_page, of_count) in BOARDS.items():
        pages = plan_of(crowded.db, lambda conn, a=board_asked: board.rows(conn, a, TODAY))
        counts = plan_of(crowded.db, lambda conn, a=board_asked: board.count(conn, a))
        for plan, index in ((pages, of_page), (counts, of_count)):
            assert not list(_scans(plan)), (name, plan)
            # So few rows are past their day that PostgreSQL takes any of the partial indexes.
            if crowded.db.is_sqlite:
                assert index in plan, (name, plan)


def test_the_board_by_unit_stops_when_its_page_is_full(crowded: Office) -> None:
    plan = plan_of(crowded.db, lambda conn: board.rows(conn, asked("unit"), TODAY))
    if crowded.db.is_sqlite:
        keys = plan[plan.index("MATERIALIZE") : plan.index("SCAN page")]
        assert "TEMP B-TREE" not in keys


READERS: dict[str, tuple[Any, str]] = {
    "what is overdue below directives": (
        lambda conn: home.overdue_below(conn, [1, 2], TODAY),
        "ix_step_below",
    ),
    "what is missing below directives": (
        lambda conn: home.missing_below(conn, [1, 2]),
        "ix_step_unanswered",
    ),
    "the overdue page": (page, "ix_step_overdue"),
    "the first overdue page": (lambda conn: lists.overdue(conn, TODAY), "ix_step_overdue"),
    "the overdue count": (lambda conn: lists.count_overdue(conn, TODAY), "ix_step_overdue"),
    "a letter's open steps": (lambda conn: acting.open_steps_of(conn, 3), "ix_step_letter"),
    "the steps below a letter": (
        lambda conn: tracing.steps_below(conn, 3, TODAY),
        "ix_step_letter",
    ),
    "the parts of a step": (lambda conn: acting.open_parts_of(conn, 3), "ix_step_parts"),
    "the letters above one": (lambda conn: tracing.letters_above(conn, 3), "letter"),
}


def test_every_reader_finds_its_index_among_many_rows(crowded: Office) -> None:
    for reader, (ask, index) in READERS.items():
        plan = plan_of(crowded.db, ask)
        assert index in plan, (reader, plan)
        assert not list(_scans(plan)), (reader, plan)


def test_each_group_of_an_inbox_comes_from_an_index_of_its_own(crowded: Office) -> None:
    ours: dict[str, Any] = {"works_in": [crowded.units["A1"]], "follows_for": [crowded.units["A"]]}
    plans = [
        plan_of(crowded.db, lambda conn: inbox.page(conn, TODAY, **ours)),
        plan_of(crowded.db, lambda conn: inbox.counts(conn, TODAY, **ours)),
    ]
    for plan in plans:
        assert not list(_scans(plan)), plan
        for index in ("ix_step_inbox", "ix_step_awaited", "ix_step_acting", "ix_extension_asked"):
            # An empty table of extensions and few acting units: PostgreSQL reads them as it likes.
            if crowded.db.is_sqlite:
                assert index in plan, (index, plan)


def test_a_later_page_of_an_inbox_begins_at_its_key(crowded: Office) -> None:
    key = inbox.Key(0, TODAY.replace(month=3), 7)
    units = [crowded.units["QA1"]]
    plan = plan_of(
        crowded.db,
        lambda conn: inbox.page(conn, TODAY, works_in=units, follows_for=[], after=key),
    )
    if crowded.db.is_sqlite:
        assert "ix_step_inbox (unit_id=? AND due>? AND due<?)" in plan


def _scans(plan: str) -> Iterator[str]:
    """Lines that read the whole table of steps."""
    for line in plan.splitlines():
        if "Seq Scan on step" in line or line.strip() in ("SCAN step", "SCAN TABLE step"):
            yield line


def test_a_later_page_begins_at_its_key_and_sorts_only_what_it_shows(crowded: Office) -> None:
    plan = plan_of(crowded.db, page)
    if crowded.db.is_sqlite:
        assert "ix_step_overdue (due>? AND due<?)" in plan
        keys = plan[plan.index("MATERIALIZE") : plan.index("SCAN page")]
        assert "TEMP B-TREE" not in keys
    else:
        keys = plan[plan.index("ix_step_overdue") :]
        condition = next(line for line in keys.splitlines() if "Index Cond" in line)
        assert "due >=" in condition
        assert "due <" in condition


def test_issuing_does_not_begin_at_every_letter_that_was_issued(crowded: Office) -> None:
    plan = plan_of(crowded.db, lambda conn: answering.waiting_answers(conn, [3, 4]))
    assert "ix_letter_state_dated" not in plan
    if crowded.db.is_sqlite:
        assert "ix_citation_cited_id" in plan
