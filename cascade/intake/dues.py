"""When a duty is due: the phrase as printed, and the day it names when it names one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cascade.intake.duerules import DUES
from cascade.intake.rules import compiled
from cascade.intake.text import fold, squeeze


@dataclass(frozen=True)
class Due:
    """A deadline phrase; `day` is None where the text names no date."""

    text: str
    day: date | None
    start: int
    end: int


def find_due(text: str, letter: date | None) -> Due | None:
    """The deadline a duty's text names: the first with a day, else the first phrase.

    A day before the letter's own is no deadline; it tells of something past.
    """
    found = [due for due in _all(text, letter) if not (due.day and letter and due.day < letter)]
    dated = [due for due in found if due.day]
    return min(dated or found, key=lambda due: (due.start, -due.end), default=None)


def _all(text: str, letter: date | None) -> list[Due]:
    folded = fold(text)
    return [
        Due(
            squeeze(text[match.start() : match.end()]).rstrip("."),
            due.day(match, letter),
            match.start(),
            match.end(),
        )
        for due in DUES
        for match in compiled(due.rule).finditer(folded)
    ]
