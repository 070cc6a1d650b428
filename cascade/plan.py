"""What registering a letter would do, worked out from its reading and shown before it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from cascade.errors import BadInputError, UnknownUnitError
from cascade.intake.reading import CitationFound, Found, PointFound, Reading
from cascade.naming import Directory, Named, unknown
from models.queries import register
from models.queries.register import OnFile
from workflows.kinds import CitationRole, StepKind

# The reader's words for a citation, where the register has another.
_ROLES = {"replaces": CitationRole.SUPERSEDES}
_TO_CARRY_OUT = re.compile(r"\((để |đ/)?(t/h|th|thực hiện)\)", re.IGNORECASE)
# What can be corrected at confirmation, as `--set number=123`.
CORRECTABLE = ("kind", "number", "symbol", "date", "subject", "issuer")


@dataclass(frozen=True)
class PlannedDuty:
    """A duty to confirm: issuing the letter lays it."""

    unit_id: int
    kind: StepKind
    position: int | None  # of its point; None for the letter as a whole
    due: date | None


@dataclass(frozen=True)
class PlannedPoint:
    """A point of the letter with the units it names."""

    found: PointFound
    lead: tuple[int, ...]
    coordinating: tuple[int, ...]


@dataclass(frozen=True)
class PlannedCitation:
    """A citation with the letter it means: one on file, or a stub to make."""

    found: CitationFound
    role: str
    on_file: OnFile | None
    issuer_id: int | None


@dataclass(frozen=True)
class Plan:
    """A draft letter ready to be confirmed; nothing of it is saved yet."""

    reading: Reading
    issuer_id: int
    issuer_name: str
    number: str
    symbol: str
    dated: date
    kind: str
    subject: str
    units: tuple[tuple[str, Named], ...] = ()  # (act or know, name)
    points: tuple[PlannedPoint, ...] = ()
    citations: tuple[PlannedCitation, ...] = ()
    duties: tuple[PlannedDuty, ...] = ()
    unknown: tuple[Named, ...] = ()  # addressees and leads that are no unit we know
    names: Mapping[int, str] = field(default_factory=dict)


def plan(conn: Connection, reading: Reading, corrections: Mapping[str, str], where: str) -> Plan:
    """Match a reading to the register; raises BadInputError naming all that is missing at once."""
    values = _identity(reading, corrections, where)
    dated = date.fromisoformat(values["date"])
    directory = Directory(conn, dated)
    issuer = _issuer(directory, reading, corrections, where)
    made = Plan(
        reading=reading,
        issuer_id=issuer,
        issuer_name=reading.issuer.value if reading.issuer else directory.units[issuer].name,
        number=values["number"],
        symbol=values["symbol"],
        dated=dated,
        kind=values["kind"],
        subject=values["subject"],
        names={row.id: row.short_name for row in directory.units.values()},
    )
    to_act, to_know = _addressed(reading)
    act = [("act", directory.find_all(_name(f), issuer)) for f in to_act]
    know = [("know", directory.find_all(_name(f), issuer)) for f in to_know]
    points, lost = _points(directory, reading, issuer)
    addressed = [name for _, name in act]
    return replace(
        made,
        units=(*act, *know),
        points=points,
        citations=tuple(_citation(conn, directory, c, issuer) for c in reading.citations),
        duties=_duties(directory, addressed, points),
        unknown=(*(name for name in addressed if not name.unit_ids), *lost),
    )


def _identity(reading: Reading, corrections: Mapping[str, str], where: str) -> dict[str, str]:
    fields: dict[str, Found | None] = {
        "kind": reading.kind,
        "number": reading.number,
        "symbol": reading.symbol,
        "date": reading.dated,
        "subject": reading.subject,
    }
    values = {name: found.value for name, found in fields.items() if found is not None}
    values |= {name: text for name, text in corrections.items() if name in fields}
    absent = [name for name in fields if not values.get(name)]
    if absent:
        raise BadInputError(
            "the letter shows no " + ", no ".join(absent),
            where=where,
            remedy="Look at the letter and give it: "
            + " ".join(f"--set {name}=…" for name in absent),
        )
    try:
        date.fromisoformat(values["date"])
    except ValueError:
        raise BadInputError(
            f"{values['date']!r} is not a date",
            where=where,
            remedy="Give it as year-month-day, such as --set date=2026-09-02",
        ) from None
    return values


def _issuer(
    directory: Directory, reading: Reading, corrections: Mapping[str, str], where: str
) -> int:
    if code := corrections.get("issuer"):
        for row in directory.units.values():
            if row.code == code:
                return row.id
        raise UnknownUnitError(
            f"no unit has the code {code} on the letter's date",
            where=where,
            remedy="List units with: cascade units list",
        )
    if reading.issuer is None:
        raise BadInputError(
            "the letter shows no issuer", where=where, remedy="Give its code: --set issuer=CODE"
        )
    near = None
    if reading.parent_body is not None:
        parent = directory.find(reading.parent_body.value)
        near = parent.unit_ids[0] if parent.unit_ids else None
    named = directory.find(reading.issuer.value, near)
    if not named.unit_ids:
        raise UnknownUnitError(
            "the issuing body is no unit on file:" + unknown([named]),
            where=where,
            remedy="Give its code with --set issuer=CODE, or add the unit or an alias: "
            "cascade units import FILE.csv",
        )
    return named.unit_ids[0]


def _addressed(reading: Reading) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """Who must act and who only knows; a plan has no addressees but copies "to carry out"."""
    if reading.addressees:
        return reading.addressees, reading.distribution
    act = tuple(f for f in reading.distribution if _TO_CARRY_OUT.search(f.value))
    return act, tuple(f for f in reading.distribution if f not in act)


def _name(found: Found) -> str:
    return found.value.strip(" .;:-")


def _points(
    directory: Directory, reading: Reading, issuer: int
) -> tuple[tuple[PlannedPoint, ...], list[Named]]:
    points: list[PlannedPoint] = []
    lost: list[Named] = []
    for found in reading.points:
        leads = [directory.find_all(name, issuer) for name in found.lead]
        helpers = [directory.find_all(name, issuer) for name in found.coordinating]
        lost += [name for name in leads if not name.unit_ids]
        points.append(PlannedPoint(found, _ids(leads), _ids(helpers)))
    return tuple(points), lost


def _ids(names: list[Named]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(unit_id for name in names for unit_id in name.unit_ids))


def _citation(
    conn: Connection, directory: Directory, found: CitationFound, issuer: int
) -> PlannedCitation:
    named = directory.find(found.issuer, issuer) if found.issuer else None
    by = named.unit_ids[0] if named and named.unit_ids else None
    fits = [
        row
        for row in register.like(conn, found.number, found.symbol)
        if (row.dated is None or found.dated is None or row.dated == found.dated)
        and (row.issuer_id is None or by is None or row.issuer_id == by)
    ]
    real = [row for row in fits if row.state != "cited"] or fits
    # Two that fit equally well: linking either would be a guess, so it stays a stub of its own.
    on_file = real[0] if len(real) == 1 else None
    return PlannedCitation(found, str(_ROLES.get(found.role, found.role)), on_file, by)


def _duties(
    directory: Directory, addressed: list[Named], points: tuple[PlannedPoint, ...]
) -> tuple[PlannedDuty, ...]:
    """One obligation a unit that answers with a letter, one task a point for every other lead.

    An addressed unit that leads no point still owes the letter as a whole.
    """
    owed: dict[int, list[date]] = {}
    tasks: list[PlannedDuty] = []
    busy: set[int] = set()
    everybody = _ids(addressed)
    for position, point in enumerate(points):
        if not point.found.is_duty:
            continue
        for unit_id in point.lead or (() if point.found.lead else everybody):
            busy.add(unit_id)
            if directory.units[unit_id].duty == StepKind.OBLIGATION:
                owed.setdefault(unit_id, []).extend([point.found.due] if point.found.due else [])
            else:
                tasks.append(PlannedDuty(unit_id, StepKind.TASK, position, point.found.due))
    for unit_id in everybody:
        if directory.units[unit_id].duty == StepKind.OBLIGATION:
            owed.setdefault(unit_id, [])
        elif unit_id not in busy:
            tasks.append(PlannedDuty(unit_id, StepKind.TASK, None, None))
    # To answer is the first thing asked, so the earliest of its points' dates is the answer's.
    answers = [
        PlannedDuty(unit_id, StepKind.OBLIGATION, None, min(dues, default=None))
        for unit_id, dues in owed.items()
    ]
    return (*answers, *tasks)
