"""How a letter is named: number and symbol together, as offices write them."""

from __future__ import annotations

from datetime import date


def reference(number: str | None, symbol: str | None) -> str:
    """`1234/UBND-NN` (State) or `297-CV/TU` (Party, whose symbol begins with the kind)."""
    if not symbol:
        return number or "?"
    kind, slash, _ = symbol.partition("/")
    joint = "-" if slash and not kind.isdigit() else "/"
    return f"{number or '?'}{joint}{symbol}"


def identity(kind: str, number: str | None, symbol: str | None, dated: date | None) -> str:
    """A letter as people name it: kind, reference and day; a question mark for what is unknown."""
    day = dated.strftime("%d/%m/%Y") if dated else "?"
    return f"{kind} {reference(number, symbol)} ({day})"
