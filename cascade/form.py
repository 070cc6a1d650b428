"""A letter's head and duties as a small text to edit, and what such a text sets right."""

from __future__ import annotations

from dataclasses import replace

from cascade import corrections
from cascade.corrections import Corrections, NamedDuty
from cascade.errors import BadInputError
from cascade.plan import CORRECTABLE, Plan
from cascade.provenance import head, in_words

_TOLD = """\
# Correct what is wrong, then save and close. Lines that begin with # do not count.
# Dates are 2026-09-30 or 30/9/2026; the issuer and the units are named by code.
"""
_DUTIES = """\
# One duty a line: unit's code, @point (none: the letter as a whole), = its due date.
# Take a line away to drop the duty, add one to lay it.
"""
_NEEDED = ("kind", "number", "symbol", "date", "subject", "issuer")


def write(plan: Plan) -> str:
    """The form of a planned letter."""
    shown = _shown(plan)
    lines = [_TOLD, *(f"{name}: {shown[name]}\n" for name in CORRECTABLE), "\n", _DUTIES]
    lines += [f"duty: {in_words(plan, duty)}\n" for duty in plan.duties]
    return "".join(lines) + "".join(
        f"#   {plan.codes[u]} is {plan.names[u]}\n" for u in _named(plan)
    )


def read(text: str, plan: Plan, before: Corrections) -> Corrections:
    """What an edited form sets right; BadInputError tells every fault in it at once, by line."""
    values, duties, faults = _parsed(text)
    for name in _NEEDED:
        if not values.get(name):
            faults.append(f"{name} is needed")
    day = corrections.read_day(values.get("date", ""))
    if values.get("date") and day is None:
        faults.append(f"{values['date']!r} is not a date")
    if values.get("issuer") and values["issuer"] not in plan.codes.values():
        faults.append(f"no unit has the code {values['issuer']} on the letter's date")
    faults += corrections.faults(plan, duties)
    if faults:
        raise BadInputError(
            "the form cannot be taken so:\n  - " + "\n  - ".join(faults),
            remedy="Correct these lines, or close without saving to leave all as it was.",
        )
    shown = _shown(plan)
    if day is not None:
        values["date"] = day.isoformat()
    changed = {n: values.get(n, "") for n in CORRECTABLE if values.get(n, "") != shown[n]}
    return replace(before, fields={**before.fields, **changed}, duties=tuple(duties))


def _shown(plan: Plan) -> dict[str, str]:
    return {
        **{name: " ".join((value or "").split()) for name, value in head(plan).items()},
        "issuer": plan.codes[plan.issuer_id],
    }


def _named(plan: Plan) -> list[int]:
    return list(dict.fromkeys([plan.issuer_id, *(duty.unit_id for duty in plan.duties)]))


def _parsed(text: str) -> tuple[dict[str, str], list[NamedDuty], list[str]]:
    values: dict[str, str] = {}
    duties: list[NamedDuty] = []
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if name == "duty" and colon:
            duty = corrections.read_duty(value)
            if duty is None:
                faults.append(f"line {number}: {value!r} is no CODE@POINT=DATE")
            else:
                duties.append(duty)
        elif not colon or name not in CORRECTABLE:
            faults.append(f"line {number}: there is no field {name!r}")
        elif name in values:
            faults.append(f"line {number}: {name} stands there twice")
        else:
            values[name] = value
    return values, duties, faults
