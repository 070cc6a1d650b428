"""A reading as plain data, in the shape that letters are labelled in."""

from __future__ import annotations

from typing import Any

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
FIRST_WORDS = 12


def as_labels(reading: Reading) -> dict[str, Any]:
    """JSON-able data: the label fields, `spans` (field to start, end, confidence), `missing`."""
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
    spans["tasks"] = [_span(point) for point in duties]
    return {**labels, "spans": spans, "missing": list(reading.missing), **_form(reading)}


def _form(reading: Reading) -> dict[str, Any]:
    return {"profile": reading.profile, "oddities": list(reading.oddities)}


def _span(found: Found | CitationFound | PointFound) -> list[float]:
    return [found.start, found.end, found.confidence]


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
        "due_text": point.due_text,
        "recurring": point.recurring,
    }
