"""What a person sets right at confirmation: values, duties, and which letter a citation means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from cascade.errors import BadInputError
from cascade.intake.text import fold
from cascade.matching import key
from cascade.plan import CORRECTABLE, Choices, Plan, PlannedDuty
from workflows.kinds import StepKind
from workflows.phrases.days import DAY, from_match

_DAY = re.compile(rf"(?:ngay\s*)?{DAY}")


class NamedDuty(NamedTuple):
    """A duty as a person names it: a unit's code, the point's number, the due date."""

    code: str
    point: str | None = None
    due: date | None = None

    def __str__(self) -> str:
        return self.code + (f"@{self.point}" if self.point else "")


@dataclass(frozen=True)
class Corrections:
    """Everything a person set right in one letter."""

    fields: Mapping[str, str] = field(default_factory=dict)
    add: tuple[NamedDuty, ...] = ()
    drop: tuple[NamedDuty, ...] = ()
    duties: tuple[NamedDuty, ...] | None = None  # all of them, as edited; else add and drop
    cites: Mapping[str, int | None] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    stubs: frozenset[int] | None = None  # cited letters that this one is

    @property
    def choices(self) -> Choices:
        """The part that says which unit or letter is meant."""
        return Choices(self.units, self.cites, self.stubs)


def parse(
    sets: Iterable[str] = (),
    duties: Iterable[str] = (),
    no_duties: Iterable[str] = (),
    cites: Iterable[str] = (),
    replaces: Iterable[str] = (),
) -> Corrections:
    """Corrections as options give them; BadInputError tells every one that corrects nothing."""
    faults: list[BadInputError] = []
    fields, meant = {}, {}
    for one in sets:
        name, equals, value = one.partition("=")
        if equals and name in CORRECTABLE:
            fields[name] = value.strip()
        else:
            use = f"Write FIELD=VALUE with one of: {', '.join(CORRECTABLE)}."
            faults.append(_fault(one, "--set", use))
    for one in cites:
        reference, equals, value = one.rpartition("=")
        number = value.strip().lstrip("Ll")
        if equals and reference and (value.strip() == "none" or number.isdigit()):
            meant[key(reference)] = None if value.strip() == "none" else int(number)
        else:
            faults.append(_fault(one, "--cites", "Write it as in the letter: 12/KH-UBND=L5."))
    stubs: set[int] | None = None
    for one in replaces:
        number = one.strip().lstrip("Ll")
        if one.strip() == "none" or number.isdigit():
            stubs = {*(stubs or ()), *([int(number)] if number.isdigit() else [])}
        else:
            faults.append(_fault(one, "--replaces", "Write the letter it is, L5, or none."))
    add = [_duty(one, "--duty", faults) for one in duties]
    drop = [_duty(one, "--no-duty", faults) for one in no_duties]
    tell(faults)
    replaced = None if stubs is None else frozenset(stubs)
    kept = tuple(filter(None, add)), tuple(filter(None, drop))
    return Corrections(fields, *kept, cites=meant, stubs=replaced)


def apply(plan: Plan, wanted: Corrections, where: str = "") -> Plan:
    """The plan with its duties as corrected; BadInputError tells all that fits no unit or point."""
    wrong: list[str] = []
    if wanted.duties is not None:
        kept = [_planned(plan, one, wrong) for one in wanted.duties]
    else:
        kept = [duty for duty in plan.duties if not _dropped(plan, duty, wanted.drop)]
        owed = {(duty.unit_id, duty.position) for duty in plan.duties}
        for one in wanted.drop:
            duty = _planned(plan, one, wrong)
            if duty is not None and (duty.unit_id, duty.position) not in owed:
                wrong.append(f"{one}: the letter lays no such duty")
        for one in wanted.add:
            duty = _planned(plan, one, wrong)
            same = [old for old in kept if old and duty and _at(old) == _at(duty)]
            if same and duty and duty.due is None:
                wrong.append(f"{one}: the letter lays this duty already")
            kept = [old for old in kept if old not in same] + [duty]
    if wrong:
        raise BadInputError(
            "duties cannot be set so:\n  - " + "\n  - ".join(wrong),
            where=where,
            remedy="Name units by code (cascade units list) and points as the letter numbers them.",
        )
    unique = {_at(duty): duty for duty in kept if duty is not None}
    return replace(plan, duties=tuple(unique.values()))


def faults(plan: Plan, duties: Iterable[NamedDuty]) -> list[str]:
    """What stands against duties as named: every unknown unit and point."""
    found: list[str] = []
    for one in duties:
        _planned(plan, one, found)
    return found


def read_duty(text: str) -> NamedDuty | None:
    """`LG-SYT@5.a=2024-09-20` as a duty; point and date may be left out. None when it is none."""
    named, equals, day = text.partition("=")
    code, at, point = (part.strip() for part in named.partition("@"))
    due = read_day(day)
    if not code or (at and not point) or (equals and due is None):
        return None
    return NamedDuty(code, point or None, due)


def read_day(text: str) -> date | None:
    """A day as people write it: 2024-09-20, 20/9/2024, ngày 20 tháng 9 năm 2024."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        match = _DAY.fullmatch(fold(text).strip())
        return from_match(match) if match else None


def tell(faults: Sequence[BadInputError]) -> None:
    """Raise one fault as it is, several as one."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        told = "".join(f"\n  - {fault.where}: {fault.what}. {fault.remedy}" for fault in faults)
        raise BadInputError("these correct nothing:" + told, remedy="Correct them all at once.")


def _fault(given: str, option: str, remedy: str) -> BadInputError:
    return BadInputError(f"{given!r} corrects nothing", where=option, remedy=remedy)


def _duty(given: str, option: str, faults: list[BadInputError]) -> NamedDuty | None:
    found = read_duty(given)
    if found is None:
        remedy = "Write CODE, CODE@POINT or CODE@POINT=DATE, such as LG-SYT@5.a=2026-09-30."
        faults.append(_fault(given, option, remedy))
    return found


def _planned(plan: Plan, named: NamedDuty, faults: list[str]) -> PlannedDuty | None:
    unit = next((u for u, code in plan.codes.items() if code == named.code), None)
    numbers = [point.found.no for point in plan.points]
    if unit is None:
        faults.append(f"{named}: no unit has the code {named.code} on the letter's date")
    if named.point is not None and named.point not in numbers:
        known = ", ".join(numbers) or "none"
        faults.append(f"{named}: no point {named.point}; the letter has {known}")
        return None
    if unit is None:
        return None
    position = None if named.point is None else numbers.index(named.point)
    return PlannedDuty(unit, StepKind(plan.levels[unit]), position, named.due)


def _dropped(plan: Plan, duty: PlannedDuty, drop: Sequence[NamedDuty]) -> bool:
    no = None if duty.position is None else plan.points[duty.position].found.no
    return any((plan.codes.get(duty.unit_id), no) == (one.code, one.point) for one in drop)


def _at(duty: PlannedDuty) -> tuple[int, int | None]:
    return duty.unit_id, duty.position
