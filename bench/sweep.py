"""The daily sweep over all open steps, beside the one query that finds what is to be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from bench.figures import Figure, timed
from bench.sizes import TODAY
from bench.worlds import Worlds
from cascade import calendar, reminding
from cascade.clock import OFFICE, on
from models.database import Database
from models.queries import reminding as query
from workflows.reminding import IN_TIME, Audience, Kind, Policy, latest_anchor

GOAL = 3.0


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Seconds of a first sweep, of the next day's, and of one that finds nothing new."""
    with worlds.nation():
        pass
    size = worlds.size
    steps = size.steps * size.provinces
    with worlds.place.copy("nation") as db:
        _go_on(db)
        days = {"the first day": TODAY, "the next day": TODAY + timedelta(days=1)}
        for what, day in days.items():
            found = timed(lambda day=day: _one_query(db, day))  # type: ignore[misc]
            before = _count(db)
            ours = timed(lambda day=day: _sweep(db, day))  # type: ignore[misc]
            made = _count(db) - before
            note = f"{made / ours:,.0f} reminders a second" if made else ""
            yield _figure(worlds, f"sweep, {what}: {made:,} reminders", steps, (ours, found), note)
        rounds = [
            (timed(lambda: _sweep(db, day)), timed(lambda: _one_query(db, day)))
            for _ in range(min(repeats, 3))
        ]
        pair = tuple(map(median, zip(*rounds, strict=True)))
        yield _figure(worlds, "sweep, nothing new", steps, (pair[0], pair[1]), goal=GOAL)


def _figure(
    worlds: Worlds,
    what: str,
    steps: int,
    pair: tuple[float, float],
    note: str = "",
    goal: float | None = None,
) -> Figure:
    return Figure(
        name="sweep",
        what=what,
        database=worlds.place.name,
        steps=steps,
        seconds=pair[0],
        other=pair[1],
        against="the one query that finds them",
        goal=goal,
        note=note,
    )


def _go_on(db: Database) -> None:
    """On PostgreSQL the next person comes after those whose ids the world was given."""
    if not db.is_sqlite:
        with db.write() as conn:
            last = "pg_get_serial_sequence('user_account', 'id')"
            conn.exec_driver_sql(f"SELECT setval({last}, max(id)) FROM user_account")


def _sweep(db: Database, day: date) -> None:
    reminding.sweep(db, on(day), lang="vi")


def _count(db: Database) -> int:
    with db.read() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM reminder").scalar_one())


def _one_query(db: Database, day: date) -> int:
    """Every step some rule applies to, by the national calendar, said to the bare driver."""
    with db.read() as conn:
        office = calendar.of_unit(conn, None, day)
        rules = [
            Policy(row.id, Kind(row.kind), row.days, Audience(row.audience))
            for row in query.policies(conn)
        ]
    parts: list[str] = []
    values: list[Any] = []
    mark = "?" if db.is_sqlite else "%s"
    for rule in rules:
        last = latest_anchor(rule, office, day)
        first = day if rule.kind in IN_TIME else date.min
        sql, given = _part(rule, first, last, day)
        parts.append(sql.replace("?", mark))
        values += given
    with closing(db.engine.raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        plain = [str(one) if db.is_sqlite and isinstance(one, date) else one for one in values]
        cursor.execute(" UNION ALL ".join(parts), plain)
        found = len(cursor.fetchall())
        pooled.rollback()
    return found


_DUE = """SELECT step.id FROM step WHERE turn IN ('lead', 'issuer') AND turn = 'lead'
    AND due >= ? AND due <= ? AND NOT EXISTS (SELECT 1 FROM reminder AS r
    WHERE r.step_id = step.id AND r.policy_id = ? AND r.anchor = step.due)"""
_SENT = """SELECT step.id FROM step WHERE kind = 'obligation' AND state = 'sent'
    AND laid_on >= ? AND laid_on <= ? AND NOT EXISTS (SELECT 1 FROM reminder AS r
    WHERE r.step_id = step.id AND r.policy_id = ? AND r.anchor = step.laid_on)"""
_IDLE = """SELECT step.id FROM step WHERE turn IN ('lead', 'issuer') AND turn = 'lead'
    AND laid_on <= ? AND (kind <> 'obligation' OR state <> 'sent') AND (due IS NULL OR due > ?)
    AND NOT EXISTS (SELECT 1 FROM reminder AS r WHERE r.step_id = step.id AND r.policy_id = ?)
    AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.step_id = step.id AND e.at >= ?
    AND e.trigger NOT IN ('remind', 'extend', 'grant_extension', 'refuse_extension'))"""


def _part(rule: Policy, first: date, last: date, day: date) -> tuple[str, list[Any]]:
    if rule.kind is Kind.IDLE:
        moved_by = datetime.combine(last + timedelta(days=1), time(), OFFICE)
        return _IDLE, [last, day, rule.id, moved_by]
    return (_SENT if rule.kind is Kind.UNACKNOWLEDGED else _DUE), [first, last, rule.id]
