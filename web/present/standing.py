"""How a step stands, as every list and page shows it: a tone for shape and colour, and words."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cascade.words import late_by
from workflows.labels import LATENESS, STATES, Lang
from workflows.lateness import Lateness, days_late, lateness
from workflows.roles import Turn

_DROPPED = frozenset({"cancelled", "waived", "transferred", "superseded", "withdrawn"})
_NOT_BEGUN = frozenset({"open", "sent"})


class Standing(NamedTuple):
    """A tone of web/styles/_standing.scss, and the words that say the same."""

    tone: str
    words: str


def standing(
    state: str, turn: str, due: date | None, reported_on: date | None, today: date, lang: Lang
) -> Standing:
    """The one thing to see first about a step: late before returned before the rest."""
    said = STATES[state].say(lang)
    if state in _DROPPED:
        return Standing("ended", said)
    late = lateness(due=due, turn=turn, today=today, reported_on=reported_on)
    if late is Lateness.OVERDUE and due is not None:
        return Standing("late", f"{late_by(days_late(due, today), lang)}, {said}")
    if state == "returned":
        return Standing("returned", said)
    if late is Lateness.DUE_SOON:
        return Standing("soon", f"{LATENESS[late].say(lang)}, {said}")
    if late is Lateness.DONE_LATE:
        return Standing("done", f"{said}, {LATENESS[late].say(lang)}")
    return Standing(_tone(state, turn), said)


def letter_standing(state: str, lang: Lang) -> Standing:
    """How a letter stands."""
    tones = {"cited": "missing", "draft": "open", "issued": "working"}
    tone = "ended" if state in _DROPPED else tones.get(state, "done")
    return Standing(tone, STATES[state].say(lang))


def _tone(state: str, turn: str) -> str:
    if state in _NOT_BEGUN:
        return "open"
    return {
        Turn.LEAD: "working",
        Turn.ISSUER: "waiting",
        Turn.ACCEPTER: "waiting",
        Turn.PAUSED: "paused",
        Turn.NOBODY: "done",
    }[Turn(turn)]
