"""When a duty is due: the phrase as printed, what it says, and the day it names if it names one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cascade.intake.text import fold, squeeze
from workflows import phrases
from workflows.phrases import Said


@dataclass(frozen=True)
class Due:
    """A deadline phrase; `day` is None where the text names no date.

    “trước ngày X” names X, “trước quý II” the day before the quarter begins.
    """

    text: str
    day: date | None
    said: Said

    @property
    def start(self) -> int:
        """Where the phrase begins."""
        return self.said.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.said.end


def find_due(text: str, letter: date | None) -> Due | None:
    """The deadline a duty's text names: the first with a day, else the first phrase.

    A day before the letter's own is no deadline; it tells of something past.
    """
    found = [
        Due(squeeze(text[said.start : said.end]).rstrip("."), _day(said), said)
        for said in phrases.find(fold(text), letter)
    ]
    found = [due for due in found if not (due.day and letter and due.day < letter)]
    dated = [due for due in found if due.day]
    return min(dated or found, key=lambda due: (due.start, -due.end), default=None)


def _day(said: Said) -> date | None:
    if said.named is None or said.is_day or said.inclusive:
        return said.named
    return said.named - timedelta(days=1)
