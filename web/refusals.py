"""Refusals of the rules as a page says them: a sentence, at the field that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import g

from web.language import day
from workflows.asks import MENDED_BY
from workflows.labels import TRIGGERS, explain
from workflows.refusals import Refusal


def sentence(text: str) -> str:
    """A phrase of the rules as a sentence."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "…")) else ".")


_MOVES = ("trigger", "known", "possible")


def said(refusal: Refusal) -> str:
    """A refusal in the reader's language, with dates and moves as pages write them."""
    data = {name: _plain(name, value) for name, value in refusal.data.items()}
    return sentence(explain(Refusal(refusal.code, data), g.lang))


def tellable(refusals: Iterable[Refusal]) -> list[Refusal]:
    """What may be told: whom the posts forbid a move, that alone.

    The rest may count what that person does not see, such as the duties of units beside.
    """
    found = list(refusals)
    return [one for one in found if one.code == "wrong_role"] or found


def at_fields(refusals: Iterable[Refusal]) -> dict[str, str]:
    """Field → what stands against it; under the empty name what no field mends."""
    found: dict[str, str] = {}
    for refusal in tellable(refusals):
        name = str(MENDED_BY.get(refusal.code, ""))
        found[name] = f"{found[name]} {said(refusal)}" if name in found else said(refusal)
    return found


def _plain(name: str, value: object) -> object:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple | list):
        return tuple(_plain(name, item) for item in value)
    # Commands take the codes of moves, pages say their words.
    is_move = name in _MOVES and str(value) in TRIGGERS
    return TRIGGERS[str(value)].say(g.lang) if is_move else value
