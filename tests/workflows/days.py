"""A calendar written out by hand: public holidays and swap days of 2026 in Viet Nam."""

from __future__ import annotations

from datetime import date

from workflows.calendar import WorkingDays

OFF = """
    2026-01-01 2026-01-02
    2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20
    2026-04-27 2026-04-30 2026-05-01
    2026-08-31 2026-09-01 2026-09-02
    2026-11-24
    2027-01-01
"""
WORKED = "2026-01-10 2026-08-22"

CALENDAR = WorkingDays(
    frozenset(map(date.fromisoformat, OFF.split())),
    frozenset(map(date.fromisoformat, WORKED.split())),
    version="by hand",
)


def day(text: str) -> date | None:
    """A day of a table; a dash is none, and the year is 2026 where none stands."""
    if text == "-":
        return None
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def rows(table: str) -> list[tuple[str, ...]]:
    """The cells of a table whose columns are parted by bars; comments and empty lines left out."""
    lines = [line.strip() for line in table.splitlines()]
    return [
        tuple(cell.strip() for cell in line.split("|"))
        for line in lines
        if line and not line.startswith("#")
    ]
