"""What a reader makes of a letter: values with their places and confidence, nothing decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflows.phrases import Said
from workflows.reference import reference


@dataclass(frozen=True, slots=True)
class Found:
    """One value, where it stands in the text (offsets in characters) and how sure it is (0-1)."""

    value: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class CitationFound:
    """Another document this letter names, and what the letter does with it.

    `parts` holds the places of its values by name (number_symbol, date, issuer, verb).
    """

    text: str
    number: str
    symbol: str
    kind: str | None
    dated: date | None
    issuer: str | None
    subject: str | None
    verb: str | None
    role: str
    start: int
    end: int
    confidence: float
    parts: tuple[tuple[str, Found], ...] = ()

    @property
    def number_symbol(self) -> str:
        """The reference as it is written in a letter: `1234/UBND-NN`, `297-CV/HU`."""
        return reference(self.number, self.symbol)


@dataclass(frozen=True, slots=True)
class PointFound:
    """One numbered item or addressed paragraph; a duty when it asks somebody to act.

    An empty `lead` in a duty means that everybody the letter is addressed to owes it. `parts` holds
    the places of a duty's values by name (no, text_start, lead, coordinating, due, …). `due` is the
    day the text names, `said` what it says of it: whether that day is in time is reckoned later.
    """

    no: str
    text: str
    start: int
    end: int
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    due: date | None
    due_text: str | None
    recurring: str | None
    is_duty: bool
    confidence: float
    parts: tuple[tuple[str, Found], ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole letter as read; `missing` names the expected fields that could not be read.

    `profile` names the rules of form in force ("" when unknown), `oddities` what departs from them.
    """

    form: str = "unknown"
    kind: Found | None = None
    number: Found | None = None
    symbol: Found | None = None
    dated: Found | None = None
    place: Found | None = None
    issuer: Found | None = None
    parent_body: Found | None = None
    subject: Found | None = None
    urgency: Found | None = None
    signer: Found | None = None
    signer_capacity: Found | None = None
    addressees: tuple[Found, ...] = ()
    distribution: tuple[Found, ...] = ()
    citations: tuple[CitationFound, ...] = ()
    points: tuple[PointFound, ...] = ()
    missing: tuple[str, ...] = field(default=())
    profile: str = ""
    oddities: tuple[str, ...] = ()
