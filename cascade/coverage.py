"""Coverage of a letter: which unit answers for which point, and what falls through.

Letters cite letters, never points of letters: which point of this letter a point of an answering
letter takes up is nowhere on file, so it is not told here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from models.queries import covering, gaps
from models.queries.covering import CountRow, CoverRow, PointRow
from models.queries.gaps import IdleRow, NamedRow, UnansweredRow, UnitGapRow
from workflows.rollup import ANSWERING

# A step that ended so covers its point no more.
DROPPED = frozenset({"cancelled", "waived", "transferred", "superseded"})
COLUMNS = 8  # units, up to which each has a column of its own
_SHOWN = 12  # steps named in a row
_HELPERS = 6  # units that coordinate, named in a row


@dataclass(frozen=True)
class Covered:
    """One point (None: the letter as a whole) with the steps that cover it."""

    point: PointRow | None
    counts: CountRow
    steps: list[CoverRow]
    helpers: list[str]
    is_heading: bool = False  # its sub-points lay the duties

    @property
    def is_gap(self) -> bool:
        """Whether the point lays a duty on nobody, or on nobody any more."""
        return self.point is not None and not self.is_heading and not self.counts.kept

    @property
    def unnamed(self) -> int:
        """How many steps the row does not name."""
        return self.counts.kept + self.counts.dropped - len(self.steps)


@dataclass(frozen=True)
class Coverage:
    """Points × units of one letter, and its gaps."""

    rows: list[Covered]
    units: dict[int, str]  # each a column; empty where there are too many
    unanswered: list[UnansweredRow]
    bare: list[UnitGapRow]
    unled: list[NamedRow]
    idle: list[IdleRow]

    @property
    def empty(self) -> list[Covered]:
        """The points that lay a duty on nobody."""
        return [row for row in self.rows if row.is_gap]


def coverage(conn: Connection, letter_id: int, today: date) -> Coverage:
    """Who covers which point of a letter; eight statements whatever its size."""
    points = covering.points(conn, letter_id)
    counts = {row.point_id: row for row in covering.counts(conn, letter_id, today, DROPPED)}
    steps = covering.covers(conn, letter_id, today, _SHOWN)
    helpers = covering.helpers(conn, letter_id, today, _HELPERS + 1)
    laying = {point.no for point in points if point.id in counts}
    rows = [
        Covered(
            point,
            counts.get(point.id, CountRow(point.id, 0, 0, 0, 0, 0)),
            [step for step in steps if step.point_id == point.id],
            [name for at, name in helpers if at == point.id],
            is_heading=any(no.startswith(f"{point.no}.") for no in laying if point.no),
        )
        for point in points
    ]
    if None in counts:
        whole = [step for step in steps if step.point_id is None]
        rows.insert(0, Covered(None, counts[None], whole, []))
    units = {step.unit_id: step.unit for step in steps}
    is_small = len(units) <= COLUMNS and not any(row.unnamed for row in rows)
    return Coverage(
        rows,
        units if is_small else {},
        gaps.unanswered(conn, letter_id, today, ANSWERING),
        gaps.bare_addressees(conn, letter_id, today),
        gaps.unled(conn, letter_id, today),
        gaps.idle_answers(conn, letter_id, today, ANSWERING),
    )
