"""What a reading rule is: a pattern, its meaning, an example it must match, and its source."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cascade.intake.text import fold, lower, strip_marks

DECREE = "Decree 30/2020, Annex I"
PARTY = "36-HD/VPTW"
USAGE = "seen in letters"


class Rule(NamedTuple):
    """One thing a reader knows; `exact` rules heed the marks, others read folded text."""

    pattern: str
    meaning: str
    example: str
    source: str
    exact: bool = False


def search(rule: Rule, text: str) -> re.Match[str] | None:
    """Find a rule in raw text (for tests and short pieces)."""
    return compiled(rule).search(lower(text) if rule.exact else fold(text))


@lru_cache(maxsize=1024)
def compiled(rule: Rule) -> re.Pattern[str]:
    """A rule's regular expression; folded rules lose their marks as the text does."""
    return re.compile(_expression(rule), re.MULTILINE)


@lru_cache(maxsize=64)
def any_of(rules: tuple[Rule, ...]) -> re.Pattern[str]:
    """One expression for a table of folded rules, the first that fits winning."""
    return re.compile("|".join(f"(?:{_expression(rule)})" for rule in rules), re.MULTILINE)


def _expression(rule: Rule) -> str:
    # A space in a rule stands for any white space: lines break between any two words.
    pattern = rule.pattern.replace(" ", r"\s+")
    return pattern if rule.exact else strip_marks(pattern)
