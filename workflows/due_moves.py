"""The moves about due dates, the same for obligations and tasks; none of them changes a state."""

from __future__ import annotations

from enum import StrEnum

from workflows import guards as g
from workflows.facts import StepFacts
from workflows.machine import Move
from workflows.roles import DOER, ISSUER, ITSELF


def due_moves(
    *, owed: tuple[StrEnum, ...], open_states: tuple[StrEnum, ...]
) -> list[Move[StepFacts]]:
    """Ask, grant and refuse an extension, be extended with the letter, be reminded."""
    asked = (g.reason_stated, g.later_date_named, g.no_extension_asked)
    return [
        Move("ask_extension", owed, None, DOER, asked),
        Move("grant_extension", owed, None, ISSUER, (g.extension_asked, g.later_date_named)),
        Move("refuse_extension", owed, None, ISSUER, (g.extension_asked, g.reason_stated)),
        Move("extend", open_states, None, ITSELF),
        Move("remind", owed, None, ISSUER),
    ]
