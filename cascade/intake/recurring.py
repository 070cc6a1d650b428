"""Duties that come again: the phrase that says how often, as printed."""

from __future__ import annotations

from cascade.intake.text import fold, squeeze
from workflows.phrases import find_again
from workflows.phrases.recurring import says_day


def find_recurring(text: str) -> str | None:
    """The phrase that makes a duty come again, as printed."""
    said = find_again(fold(text))
    return None if said is None else squeeze(text[said.start : said.end])


def names_day(recurring: str | None) -> bool:
    """Whether a recurring phrase tells the day of each period."""
    return bool(recurring and says_day(fold(recurring)))
