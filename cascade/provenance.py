"""Where each value of a letter was found and how sure, and what a person kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cascade.intake.reading import CitationFound, Found, PointFound
from cascade.plan import Plan, PlannedDuty

# Field as people name it → its name in a Reading.
HEAD = {
    "kind": "kind",
    "number": "number",
    "symbol": "symbol",
    "date": "dated",
    "subject": "subject",
    "issuer": "issuer",
    "place": "place",
    "urgency": "urgency",
    "signer": "signer",
    "signer_capacity": "signer_capacity",
}
# The form of a letter that came from a spreadsheet: nothing was recognised in it.
SHEET = "spreadsheet"
_AROUND = 24  # characters shown on either side of a value
_LONG = 48


class Value(NamedTuple):
    """One value to confirm: what it is, where it stands, how sure the reader is (0-1)."""

    field: str
    value: str
    line: int | None
    words: str
    confidence: float | None


def values(plan: Plan, text: str) -> list[Value]:
    """Every value of a planned letter with its place in the text it was read from."""
    shown = []
    for name, kept in head(plan).items():
        found: Found | None = getattr(plan.reading, HEAD[name])
        if kept is not None or found is not None:
            shown.append(_shown(name, kept or "", found if _is_read(found, kept) else None, text))
    for each in plan.reading.addressees:
        shown.append(_shown("addressee", each.value, each, text))
    for citation in plan.citations:
        name = f"{citation.role}"
        shown.append(_shown(name, citation.found.number_symbol, citation.found, text))
    for duty in plan.duties:
        point = None if duty.position is None else plan.points[duty.position].found
        shown.append(_shown("duty", in_words(plan, duty), point, text))
    return shown


def missing(plan: Plan) -> list[str]:
    """The values a letter ought to have that neither the reader nor a person gave."""
    return [n for n, value in head(plan).items() if value is None and n in _EXPECTED] + [
        name for name in plan.reading.missing if name not in HEAD.values()
    ]


def rows(plan: Plan) -> list[dict[str, Any]]:
    """What to keep of the reading: each value as read and as kept; none where nothing was read."""
    reading = plan.reading
    if reading.form == SHEET or not any(getattr(reading, name) for name in HEAD.values()):
        return []
    return [row for row in _rows(plan) if row["read"] is not None or row["kept"] is not None]


def in_words(plan: Plan, duty: PlannedDuty) -> str:
    """A duty as corrections name it: CODE@POINT=DATE."""
    no = "" if duty.position is None else f"@{plan.points[duty.position].found.no}"
    due = f"={duty.due.isoformat()}" if duty.due else ""
    return f"{plan.codes.get(duty.unit_id, duty.unit_id)}{no}{due}"


def where(text: str, start: int, end: int) -> tuple[int, str]:
    """The line a value stands on, counted from 1, and the words around it, shortened."""
    line = text.count("\n", 0, start) + 1
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + _AROUND)
    inner = " ".join(text[start:end].split())
    if len(inner) > _LONG:
        inner = inner[: _LONG - 1] + "…"
    before = ("…" if first and text[first - 1] != "\n" else "") + text[first:start].lstrip()
    after = text[end:last].rstrip() + ("…" if last < len(text) and text[last] != "\n" else "")
    return line, f"{before}[{inner}]{after}"


_EXPECTED = ("kind", "number", "symbol", "date", "place", "issuer", "subject", "signer")


def head(plan: Plan) -> dict[str, str | None]:
    """The head as it would be kept, by the names that corrections use."""
    issuer = plan.codes.get(plan.issuer_id) if "issuer" in plan.fixed else plan.issuer_name
    return {
        "kind": plan.kind,
        "number": plan.number,
        "symbol": plan.symbol,
        "date": plan.dated.isoformat(),
        "subject": plan.subject,
        "issuer": issuer,
        **{name: plan.beside(name) for name in ("place", "urgency", "signer", "signer_capacity")},
    }


def _is_read(found: Found | None, kept: str | None) -> bool:
    return found is not None and found.value == kept


def _shown(
    field: str, value: str, found: Found | CitationFound | PointFound | None, text: str
) -> Value:
    if found is None:
        return Value(field, value, None, "", None)
    line, words = where(text, found.start, found.end)
    return Value(field, value, line, words, found.confidence)


def _rows(plan: Plan) -> Iterator[dict[str, Any]]:
    kept = head(plan)
    for name, attribute in HEAD.items():
        found: Found | None = getattr(plan.reading, attribute)
        yield _row(name, 0, found.value if found else None, kept[name], found)
    picked = {named.printed: named for _, named in plan.units if named.is_picked}
    for position, each in enumerate(plan.reading.addressees):
        chosen = picked.get(each.value.strip(" .;:-"))
        name = plan.names.get(chosen.unit_ids[0], each.value) if chosen else each.value
        yield _row("addressee", position, each.value, name, each)
    for position, citation in enumerate(plan.citations):
        reference = citation.found.number_symbol
        yield _row("citation", position, reference, reference, citation.found)
    yield from _duties(plan)


def _duties(plan: Plan) -> Iterator[dict[str, Any]]:
    """A duty is told as three values: who owes it, by which point, until when."""
    place = {(duty.unit_id, duty.position): duty for duty in plan.proposed}
    kept = {(duty.unit_id, duty.position): duty for duty in plan.duties}
    for position, at in enumerate(dict.fromkeys((*place, *kept))):
        before, after = _parts(plan, place.get(at)), _parts(plan, kept.get(at))
        point = None if at[1] is None else plan.points[at[1]].found
        for field, read, now in zip(("unit", "point", "due"), before, after, strict=True):
            yield _row(f"duty {field}", position, read, now, point if read else None)


def _parts(plan: Plan, duty: PlannedDuty | None) -> Sequence[str | None]:
    if duty is None:
        return (None, None, None)
    no = None if duty.position is None else plan.points[duty.position].found.no or None
    due = duty.due.isoformat() if duty.due else None
    return plan.codes.get(duty.unit_id, str(duty.unit_id)), no, due


def _row(
    field: str,
    position: int,
    read: str | None,
    kept: str | None,
    found: Found | CitationFound | PointFound | None,
) -> dict[str, Any]:
    return {
        "field": field,
        "position": position,
        "read": read,
        "kept": kept,
        "span_start": found.start if found else None,
        "span_end": found.end if found else None,
        "confidence": found.confidence if found else None,
    }
