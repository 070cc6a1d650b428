"""Deadline phrases as letters write them, read into dates: pure, and the one grammar for it.

`read` takes folded text (lower case, no marks), `reckon` what was read and a calendar.
"""

from __future__ import annotations

from datetime import date

from workflows.phrases.reckon import Customs, Due, reckon
from workflows.phrases.recurring import find_again
from workflows.phrases.rules import find
from workflows.phrases.said import Anchor, Every, Said

__all__ = ["Anchor", "Customs", "Due", "Every", "Said", "find", "find_again", "read", "reckon"]


def read(folded: str, signed: date | None) -> Said | None:
    """What a phrase given by itself says; None when it is no deadline.

    A day it names goes before a period that comes again, and that before so long from something.
    """
    found = find(folded, signed, alone=True)
    dated = [said for said in found if said.is_dated]
    again = None if dated else find_again(folded)
    if again is not None:
        return again
    return min(dated or found, key=lambda said: (said.start, -said.end), default=None)
