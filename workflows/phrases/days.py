"""Days as letters write them."""

from __future__ import annotations

import re
from datetime import date

from workflows.calendar import last_of_month

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

# Folded text. Numbers are taken loosely, so that an illegible one is seen and refused.
NUMERIC = r"(?P<{0}d>\d{{1,2}})\s?[/.-]\s?(?P<{0}m>\d{{1,2}})\s?[/.-]\s?(?P<{0}y>(?:19|20)\d\d)"
WORDED = r"(?P<{0}wd>\d{{1,2}})\s*thang\s*(?P<{0}wm>\d{{1,2}})(?:\s*,?\s*nam\s*(?P<{0}wy>\d{{4}}))?"
DAY = rf"(?:{NUMERIC.format('')}|{WORDED.format('')})(?!\d)"

_DAY = re.compile(DAY)


def to_date(day: int | str, month: int | str, year: int | str) -> date | None:
    """The day, or None when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def from_match(match: re.Match[str], letter: date | None = None) -> date | None:
    """The day a DAY match names; a year left out is the letter's, or the one after."""
    parts = match.groupdict()
    day, month = parts.get("d") or parts.get("wd"), parts.get("m") or parts.get("wm")
    year = parts.get("y") or parts.get("wy")
    if not day or not month:
        return None
    return to_date(day, month, year) if year else with_year(int(day), int(month), letter)


def with_year(day: int, month: int, letter: date | None) -> date | None:
    """A day without year: that of the letter, unless it lies well before the letter."""
    if letter is None:
        return None
    found = to_date(day, month, letter.year)
    if found and (letter - found).days > 60:
        return to_date(day, month, letter.year + 1)
    return found


def month_end(year: int, month: int) -> date | None:
    """The last day of a month."""
    if not (1 <= month <= 12 and 1900 <= year <= 2199):
        return None
    return last_of_month(year, month)


def find_day(folded: str) -> date | None:
    """The first whole day written in a piece of folded text."""
    match = _DAY.search(folded)
    return from_match(match) if match else None
