"""The page that confirms a letter: values with their places, and the questions that are open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from cascade import provenance
from cascade.duties import phrase_of
from cascade.intake.kinds import BY_NAME
from cascade.intake.reading import Found
from cascade.laying_out import ROWS, DutyTyped, as_line, mark
from cascade.matching import PlannedCitation, key, named
from cascade.plan import Plan, PlannedDuty
from cascade.proposing import LEFT, NEEDED, NONE, Proposal, Typed
from cascade.uploads import Upload
from web.present import comes_again
from web.present.letter_words import CITES, FAIR, FIELDS, sure
from web.present.original import SHOWN, Place, marked
from web.present.reader import noted
from workflows.kinds import CitationRole
from workflows.reference import identity

Row = dict[str, Any]
_UNITS_OFFERED = 300
_EXPECTED = (*NEEDED, "place", "signer")


def page(
    found: Proposal,
    typed: Typed,
    upload: Upload,
    said: Mapping[str, str],
    still_open: Mapping[str, str],
    *,
    rows: int,
) -> Row:
    """All that the page shows; `rows` is how many empty rows for duties it offers.

    `said` are problems to be told as errors, `still_open` what is only to be looked at.
    """
    duties = _duties(found, typed, rows)
    moved = {one["was_at"]: one["at"] for one in duties if one["was_at"]}
    told = {_moved(name, moved): words for name, words in said.items()}
    problems = {**{_moved(name, moved): words for name, words in still_open.items()}, **told}
    fields = [_field(name, found, typed, problems) for name in FIELDS]
    questions = {
        "names": [_name(place, found, typed) for place in range(len(found.names))],
        "citations": [_citation(place, one, typed) for place, one in enumerate(found.citations)],
        "stubs": [_stub(one, typed) for one in found.doubtful],
    }
    return {
        "upload": upload,
        "look": [one for one in fields if one["flag"] or one["name"] in problems],
        "read": [one for one in fields if not one["flag"] and one["name"] not in problems],
        "addressees": _addressees(found.plan),
        "duties": duties,
        "problems": told,
        "open": problems,
        "lines": _lines(found, typed),
        "again": comes_again.confirmable(found.plan, typed.again),
        "points": [("", _("the letter as a whole")), *_points(found.plan)],
        "same": found.same,
        "same_name": found.same and _letter_name(found.same.letter),
        "waiting": found.waiting,
        "on_file": found.on_file,
        "offered": _offered(found),
        "kinds": sorted(BY_NAME),
        "notes": noted((*upload.notes, *upload.missing)),
        "original": marked(upload.text, _places(found)),
        "is_cut": len(upload.text) > SHOWN,
        "title": _title(found),
        **questions,
    }


def _moved(name: str, moved: Mapping[str, str]) -> str:
    """A row's field under the number the row has now."""
    kind, number, *rest = [*name.split("-"), "", ""]
    here = moved.get(f"{kind}-{number}")
    return f"{here}-{rest[0]}" if here and kind == "duty" else name


def _title(found: Proposal) -> str:
    """What the letter is called, as far as it is known."""
    plan, guessed = found.plan, found.guessed
    kind, number, symbol = (
        None if name in guessed else getattr(plan, name) for name in ("kind", "number", "symbol")
    )
    dated = None if "date" in guessed else plan.dated
    return identity(kind or "văn bản", number, symbol, dated)


def _field(name: str, found: Proposal, typed: Typed, problems: Mapping[str, str]) -> Row:
    read: Found | None = getattr(found.reading, provenance.HEAD[name])
    value = typed.fields.get(name)
    if value is None:
        value = "" if name in found.guessed else _value(name, found.plan)
    flag = ""
    if read is None and name in _EXPECTED and not value:
        flag = _("not found in the letter")
    elif read is not None and read.confidence < FAIR and name not in found.plan.fixed:
        flag = _("compare it with the letter")
    hint = ""
    if name == "issuer" and "issuer" not in found.guessed:
        hint = found.directory.units[found.plan.issuer_id].name
    return {
        "name": name,
        "label": FIELDS[name],
        "value": value,
        "flag": flag or (name in problems and _("to be settled")),
        "hint": hint,
        "place": f"at-{name}" if read else "",
        "sure": sure(read.confidence) if read else "",
        "is_fixed": name in found.plan.fixed,
    }


def _value(name: str, plan: Plan) -> str:
    if name == "issuer":
        return plan.codes[plan.issuer_id]
    if name == "date":
        return f"{plan.dated:%d/%m/%Y}"
    return " ".join((provenance.head(plan)[name] or "").split())


def _name(place: int, found: Proposal, typed: Typed) -> Row:
    """A printed name that is no unit on file, with those it may be."""
    name = found.names[place]
    said = typed.units.get(name.printed, "")
    offered = [(one.code, f"{one.code} – {one.name} ({one.score}%)") for one in name.candidates]
    codes = [code for code, _label in offered]
    printed = [one.printed for _role, one in found.plan.units]
    return {
        "place": f"at-to-{printed.index(name.printed)}" if name.printed in printed else "",
        "at": f"unit-{place}",
        "printed": name.printed,
        "choices": [("", _("choose")), *offered, (LEFT, _("nobody on file: it gets no duty"))],
        "value": said if said in (*codes, LEFT) else "",
        "typed": said if said and said not in (*codes, LEFT) else "",
        "is_ambiguous": name.is_ambiguous,
    }


def _citation(place: int, one: PlannedCitation, typed: Typed) -> Row:
    at = key(one.found.number_symbol)
    choices = [(str(fit.letter.id), named(fit).partition(" ")[2]) for fit in one.candidates]
    value = typed.cites.get(at, "")
    if one.on_file is not None:
        choices = [(str(one.on_file.id), _letter_name(one.on_file))]
        value = value or str(one.on_file.id)
    if choices:
        choices = [*([("", _("choose"))] if one.candidates else []), *choices]
        choices.append((NONE, _("none of these: it is not on file")))
    return {
        "at": f"cite-{place}",
        "ref": at,
        "role": CITES[CitationRole(one.role)],
        "reference": one.found.number_symbol,
        "dated": one.found.dated,
        "issuer": one.found.issuer,
        "choices": choices,
        "value": value,
        "on_file": one.on_file,
        "is_open": bool(one.candidates),
        "sure": sure(one.found.confidence),
        "is_low": one.found.confidence < FAIR,
    }


def _stub(one: Any, typed: Typed) -> Row:
    said = typed.stubs.get(one.id)
    return {
        "at": f"stub-{one.id}",
        "id": one.id,
        "name": f"{_letter_name(one)} {one.issuer_name}".strip(),
        "value": "" if said is None else "yes" if said else "no",
    }


def _addressees(plan: Plan) -> list[Row]:
    return [
        {
            "role": role,
            "printed": name.printed,
            "units": [plan.names.get(unit_id, "") for unit_id in name.unit_ids],
            "place": f"at-to-{place}",
            "is_guess": name.is_picked,
        }
        for place, (role, name) in enumerate(plan.units)
    ]


def _duties(found: Proposal, typed: Typed, empty: int) -> list[Row]:
    """The duties as read with what was typed over them, those added, and room for more."""
    plan = found.plan
    if len(plan.proposed) > ROWS:
        return []
    said = {row.was: (place, row) for place, row in enumerate(typed.duties) if row.was}
    shown: list[tuple[int | None, DutyTyped, PlannedDuty | None]] = []
    for duty in plan.proposed:
        place, row = said.pop(mark(duty), (None, None))
        shown.append((place, row or _as_typed(plan, duty), duty))
    added = [(place, row) for place, row in enumerate(typed.duties) if not row.was]
    shown += [(place, row, None) for place, row in added if row.unit or row.due]
    # A row that stood for a duty the letter lays no more is shown as added if it says otherwise.
    shown += [(None, DutyTyped("", "", "", ""), None)] * empty
    return [
        _duty(number, place, row, duty, plan) for number, (place, row, duty) in enumerate(shown)
    ]


def _duty(
    number: int, place: int | None, row: DutyTyped, duty: PlannedDuty | None, plan: Plan
) -> Row:
    point = plan.points[duty.position].found if duty and duty.position is not None else None
    return {
        "at": f"duty-{number}",
        "number": number + 1,
        "was_at": None if place is None else f"duty-{place}",
        "row": row,
        "name": plan.names[duty.unit_id] if duty else "",
        "kind": duty.kind if duty else "",
        "point": point,
        "place": f"at-point-{duty.position}" if duty and point else "",
        "due_text": phrase_of(plan.points, duty) if duty else "",
        "sure": sure(point.confidence) if point else "",
        "is_low": bool(point and point.confidence < FAIR),
    }


def _as_typed(plan: Plan, duty: PlannedDuty) -> DutyTyped:
    return DutyTyped(
        mark(duty),
        plan.codes[duty.unit_id],
        "" if duty.position is None else str(duty.position),
        f"{duty.due:%d/%m/%Y}" if duty.due else "",
    )


def _lines(found: Proposal, typed: Typed) -> str | None:
    """The duties as lines, where there are too many for rows."""
    if len(found.plan.proposed) <= ROWS:
        return None
    if typed.lines is not None:
        return typed.lines
    return "\n".join(as_line(found.plan, duty) for duty in found.plan.proposed)


def _points(plan: Plan) -> Iterator[tuple[str, str]]:
    for position, point in enumerate(plan.points):
        words = " ".join(point.found.text.split())[:50]
        yield str(position), f"{point.found.no or '–'}: {words}"


def _offered(found: Proposal) -> list[tuple[str, str]]:
    """The units most likely to be typed: those of the letter, then those around its issuer."""
    plan, units = found.plan, found.directory.units
    near = [one for one in units.values() if plan.issuer_id in (one.id, one.parent_id)]
    ids = dict.fromkeys(
        [
            plan.issuer_id,
            *(duty.unit_id for duty in plan.proposed),
            *(one.id for one in near),
            *units,
        ]
    )
    return [(units[i].code, units[i].name) for i in list(ids)[:_UNITS_OFFERED] if i in units]


def _places(found: Proposal) -> Iterator[Place]:
    for name, attribute in provenance.HEAD.items():
        read: Found | None = getattr(found.reading, attribute)
        if read is not None:
            yield Place(f"at-{name}", read.start, read.end)
    by_name = {one.value.strip(" .;:-"): one for one in _addressed(found)}
    for place, (_role, name_) in enumerate(found.plan.units):
        if (at := by_name.pop(name_.printed, None)) is not None:
            yield Place(f"at-to-{place}", at.start, at.end)
    for place, citation in enumerate(found.citations):
        yield Place(f"at-cite-{place}", citation.found.start, citation.found.end)
    for place, point in enumerate(found.plan.points):
        parts = dict(point.found.parts)
        no = parts.get("no") or Found("", point.found.start, point.found.start + 30, 1)
        yield Place(f"at-point-{place}", no.start, min(no.end, point.found.end))
        if (due := parts.get("due_text") or parts.get("due")) is not None:
            yield Place(f"at-due-{place}", due.start, due.end)


def _addressed(found: Proposal) -> list[Found]:
    return [*found.reading.distribution, *found.reading.addressees]


def _letter_name(row: Any) -> str:
    return identity(row.kind, row.number, row.symbol, row.dated)
