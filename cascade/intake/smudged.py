"""A date whose day or month a scanner smudged, deduced from the dates the letter calls past."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import NamedTuple

from cascade.intake.lines import Sheet
from cascade.intake.rules import USAGE, Rule, compiled
from workflows.phrases.days import DAY, to_date

# What a scanner prints for a figure. A sign that is not here stands for any figure, or for a speck.
CONFUSED = {
    "1": "lIiíìJj|!]",
    "17": "/",
    "27": "Zz?",
    "0": "OoQDÔôƠơ",
    "06": "óòÓÒö",
    "5": "Ss",
    "58": "$§",
    "6": "bG",
    "7": "T",
    "8": "B&",
    "9": "gq",
}
UNTIL = Rule(
    rf"\btính đến(?: hết)?(?: thời điểm)? ngày {DAY}",
    "the day up to which the letter has counted",
    "tính đến hết ngày 15/12/2021",
    USAGE,
)
# What a form leaves for the day to be written in: a blank is no smudge.
_BLANK = re.compile(r"[\s._…\-–—]*")
DEDUCED = 0.4  # how sure such a day is: low enough to be looked at
LONGEST = 5  # signs in a smudged day
SEARCHED = 60_000
_FIGURES = {sign: figures for figures, signs in CONFUSED.items() for sign in signs}


class Smudged(NamedTuple):
    """A date as printed, its year legible, and where it stands."""

    day: str
    month: str
    year: int
    start: int
    end: int


def deduce(smudged: Smudged, past: Iterable[date]) -> date | None:
    """The one day the print may mean that is not before the past ones; None when two are left."""
    last = max(past, default=date.min)
    # A "past" day behind the stated year contradicts it: one of the two is misread.
    if last.year > smudged.year or (smudged.day + smudged.month).isdigit():
        return None
    if not (_legible(smudged.day) or _legible(smudged.month)):
        return None
    pairs = product(readings(smudged.month, 12), readings(smudged.day, 31))
    days = [day for m, d in pairs if (day := to_date(d, m, smudged.year)) and day >= last]
    return days[0] if len(days) == 1 else None


def readings(printed: str, last: int) -> set[int]:
    """The numbers from 1 to `last` that a smudged figure may stand for."""
    signs = "".join(printed.split())
    if _BLANK.fullmatch(signs):
        return set()
    if not _legible(signs):
        return set(range(1, last + 1))
    choices = [
        (sign,) if sign.isdigit() else tuple(_FIGURES.get(sign, ("", *"0123456789")))
        for sign in signs[:LONGEST]
    ]
    written = {"".join(one) for one in product(*choices)}
    numbers = {int(one) for one in written if 1 <= len(one) <= 2 and one.isdecimal()}
    return {number for number in numbers if 1 <= number <= last} if len(signs) <= LONGEST else set()


def days_until(sheet: Sheet, year: int) -> list[date]:
    """The days up to which the letter has counted something; without a year, the letter's."""
    matches = compiled(UNTIL).finditer(sheet.folded, 0, SEARCHED)
    days = (
        to_date(m["d"] or m["wd"], m["m"] or m["wm"], m["y"] or m["wy"] or year) for m in matches
    )
    return [day for day in days if day]


def _legible(printed: str) -> bool:
    return any(sign.isdigit() or sign in _FIGURES for sign in printed)
