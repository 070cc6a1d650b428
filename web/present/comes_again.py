"""Duties that come again, as pages show them: how often, which times there were, what is next."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection

from cascade import again
from cascade.plan import Plan
from cascade.recurring import rule_of
from models.queries import series
from models.queries.series import PAGE, SeriesRow
from web.language import day
from web.present.standing import Standing, standing
from workflows.series import Rhythm

Row = dict[str, Any]
ALL = "all"
RHYTHMS = {
    Rhythm.DAILY: _l("every day"),
    Rhythm.WEEKLY: _l("every week"),
    Rhythm.MONTHLY: _l("every month"),
    Rhythm.QUARTERLY: _l("every quarter"),
    Rhythm.HALF_YEARLY: _l("every half-year"),
    Rhythm.YEARLY: _l("every year"),
    Rhythm.OTHER: _l("again and again"),
    Rhythm.AD_HOC: _l("whenever it is called for"),
}


def of_letter(conn: Connection, letter_id: int, after: int | None) -> Row:
    """The series of a letter, a page of them, and where the next page begins."""
    rows = series.of_letter(conn, letter_id, g.today, after=after or 0)
    return {
        "rows": [_shown(row) for row in rows[:PAGE]],
        "more": rows[PAGE - 1].id if len(rows) > PAGE else None,
    }


def choices(conn: Connection, letter_id: int) -> list[tuple[str, str]]:
    """The series of a letter that go on, for the form of a move about them; first all at once."""
    running = series.running(conn, letter_id)
    rows = series.of_letter(conn, letter_id, g.today, after=(running or [0])[0] - 1)[:PAGE]
    each = [
        (str(row.id), " – ".join(filter(None, (row.unit, row.point, row.phrase or often(row)))))
        for row in rows
        if row.id in running
    ]
    every = (ALL, str(_("All of them: %(n)s", n=len(running))))
    return [every, *each] if len(running) > 1 else each


def of_step(conn: Connection, series_id: int | None, step_id: int) -> Row | None:
    """The series a step is one time of, and the other times."""
    row = None if series_id is None else series.one(conn, series_id, g.today)
    if row is None or series_id is None:
        return None
    return {
        **_shown(row),
        "times": [
            {
                "named": one.occurrence,
                "due": one.due,
                "href": url_for("steps.show", step_id=one.id),
                "is_here": one.id == step_id,
                "standing": standing(
                    one.state, one.turn, one.due, one.reported_on, g.today, g.lang
                ),
            }
            for one in series.occurrences(conn, series_id)
        ],
    }


def confirmable(plan: Plan, chosen: Collection[int]) -> list[Row]:
    """The points of a letter being registered that say they come again."""
    return [
        {
            "at": at,
            "no": plan.points[at].found.no,
            "phrase": plan.points[at].found.recurring,
            "often": RHYTHMS[rule.rhythm],
            "units": [
                plan.names[unit]
                for unit in (
                    [one.unit_id for one in plan.series if one.position == at]
                    if at in chosen
                    else again.units_of(plan, at)
                )
            ],
            "checked": at in chosen,
        }
        for at in again.candidates(plan)
        if (rule := again.rule_of(plan, at)) is not None
    ]


def often(row: SeriesRow) -> str:
    """How often, in words."""
    return str(RHYTHMS[rule_of(row.rule).rhythm])


def _shown(row: SeriesRow) -> Row:
    return {"row": row, "often": often(row), "standing": _standing(row)}


def _standing(row: SeriesRow) -> Standing:
    if row.ended_on is not None:
        return Standing("ended", str(_("ended on %(day)s", day=day(row.ended_on))))
    if row.begun_on is None:
        return Standing("open", str(_("begins when the letter is issued")))
    if row.until is not None and row.until < g.today:
        return Standing("done", str(_("over since %(day)s", day=day(row.until))))
    return Standing("working", str(_("goes on")))
