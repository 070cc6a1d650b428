"""Readings written by hand, as the letter reader would give them, for tests of what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cascade.intake.reading import CitationFound, Found, PointFound, Reading

DUE = date(2026, 9, 30)


def found(value: str) -> Found:
    """A value somewhere in the text."""
    return Found(value, 0, len(value), 1.0)


def point(
    no: str,
    *lead: str,
    helping: Sequence[str] = (),
    due: date | None = None,
    is_duty: bool = True,
) -> PointFound:
    """A numbered point with who leads it."""
    words = "within the month" if due else None
    return PointFound(no, f"Point {no}", 0, 1, lead, tuple(helping), due, words, None, is_duty, 1.0)


def cites(
    number: str,
    symbol: str,
    *,
    dated: date | None = None,
    issuer: str | None = None,
    role: str = "implements",
    kind: str | None = "công văn",
) -> CitationFound:
    """Another letter named in the text."""
    return CitationFound(
        f"{number}/{symbol}", number, symbol, kind, dated, issuer, None, None, role, 0, 1, 1.0
    )


def reading(issuer: str | None = "Body P", *, to: Sequence[str] = (), **given: Any) -> Reading:
    """A letter of the test office, with all that a letter must show."""
    values: dict[str, Any] = {
        "form": "state",
        "kind": found("công văn"),
        "number": found("12"),
        "symbol": found("UBND-P"),
        "dated": found("2026-09-14"),
        "subject": found("Storms"),
        "issuer": found(issuer) if issuer else None,
        "addressees": tuple(found(name) for name in to),
    }
    return Reading(**{**values, **given})
