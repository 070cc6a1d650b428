"""A reading as plain data, in the shape that letters are labelled in."""

from __future__ import annotations

from typing import Any

from cascade.intake.placing import FIRST_WORDS
from cascade.intake.reading import CitationFound, Found, PointFound, Reading

FIELDS = {
    "kind": "kind",
    "number": "number",
    "symbol": "symbol",
    "date": "dated",
    "place": "place",
    "issuer": "issuer",
    "parent_body": "parent_body",
    "subject": "subject",
    "signer": "signer",
    "signer_capacity": "signer_capacity",
    "urgency": "urgency",
}
CITED = ("number_symbol", "date", "issuer", "verb")
TOLD = ("no", "text_start", "due", "due_text", "recurring")


def as_labels(reading: Reading) -> dict[str, Any]:
    """JSON-able data: the label fields, `spans` (field to start, end, confidence), `missing`.

    The spans of the values inside a citation or a task are in `citation_values`, `task_values`;
    null where the text does not show the value as read.
    """
    labels: dict[str, Any] = {}
    spans: dict[str, Any] = {}
    for label, name in FIELDS.items():
        found: Found | None = getattr(reading, name)
        labels[label] = found.value if found else None
        if found:
            spans[label] = _span(found)
    for label in ("addressees", "distribution"):
        entries: tuple[Found, ...] = getattr(reading, label)
        labels[label] = [entry.value for entry in entries]
        spans[label] = [_span(entry) for entry in entries]
    duties = [point for point in reading.points if point.is_duty]
    labels["citations"] = [_citation(citation) for citation in reading.citations]
    spans["citations"] = [_span(citation) for citation in reading.citations]
    labels["tasks"] = [_task(point) for point in duties]
    spans["citation_values"] = [_values(citation, CITED) for citation in reading.citations]
    spans["tasks"] = [_span(point) for point in duties]
    spans["task_values"] = [_values(duty, TOLD) | _units(duty) for duty in duties]
    return {**labels, "spans": spans, "missing": list(reading.missing), **_form(reading)}


def _form(reading: Reading) -> dict[str, Any]:
    return {"profile": reading.profile, "oddities": list(reading.oddities)}


def _span(found: Found | CitationFound | PointFound) -> list[float]:
    return [found.start, found.end, found.confidence]


def _values(item: CitationFound | PointFound, names: tuple[str, ...]) -> dict[str, Any]:
    places = {name: _span(found) for name, found in item.parts}
    return {name: places.get(name) for name in names}


def _units(duty: PointFound) -> dict[str, Any]:
    """One span a unit, in the order of the values."""
    places = {(name, found.value): _span(found) for name, found in duty.parts}
    return {
        name: [places.get((name, unit)) for unit in units]
        for name, units in (("lead", duty.lead), ("coordinating", duty.coordinating))
    }


def _citation(citation: CitationFound) -> dict[str, Any]:
    return {
        "number_symbol": citation.number_symbol,
        "date": citation.dated.isoformat() if citation.dated else None,
        "issuer": citation.issuer,
        "verb": citation.verb,
        "role": citation.role,
    }


def _task(point: PointFound) -> dict[str, Any]:
    return {
        "no": point.no,
        "text_start": " ".join(point.text.split()[:FIRST_WORDS]),
        "lead": list(point.lead),
        "coordinating": list(point.coordinating),
        "due": point.due.isoformat() if point.due else None,
        "due_inclusive": point.said.inclusive if point.due and point.said else None,
        "due_text": point.due_text,
        "recurring": point.recurring,
    }
