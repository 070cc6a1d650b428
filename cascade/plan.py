"""What registering a letter would do, worked out from its reading and shown before it is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from cascade import stubs
from cascade.calendar import Calendars
from cascade.calendar import customs as house_customs
from cascade.duties import DueFor, PlannedDuty, PlannedPoint, PlannedSeries, due_of, owed
from cascade.errors import BadInputError, UnknownUnitError
from cascade.intake.reading import Found, PointFound, Reading
from cascade.matching import PlannedCitation, match
from cascade.naming import Directory, Named, unknown
from cascade.stubs import Stubs
from models.queries import register
from models.queries.register import OnFile
from workflows.letter import LetterState
from workflows.phrases import Due

__all__ = [
    "CORRECTABLE",
    "Choices",
    "MissingFieldsError",
    "Plan",
    "PlannedCitation",
    "PlannedDuty",
    "PlannedPoint",
    "UnknownIssuerError",
    "plan",
]

_TO_CARRY_OUT = re.compile(r"\((để |đ/)?(t/h|th|thực hiện)\)", re.IGNORECASE)
# What can be corrected at confirmation, as `--set number=123`.
_IDENTITY = ("kind", "number", "symbol", "date", "subject", "issuer")
_BESIDE = ("place", "urgency", "signer", "signer_capacity")
CORRECTABLE = (*_IDENTITY, *_BESIDE)


class MissingFieldsError(BadInputError):
    """The letter does not show all that makes it this letter."""

    def __init__(self, fields: Sequence[str], where: str, remedy: str = "") -> None:
        self.fields = tuple(fields)
        given = " ".join(f"--set {name}=…" for name in fields)
        super().__init__(
            "the letter shows no " + ", no ".join(fields),
            where=where,
            remedy=remedy or f"Look at the letter and give it: {given}",
        )


class UnknownIssuerError(UnknownUnitError):
    """The issuing body is no unit on file, or may be several."""

    def __init__(self, named: Named, where: str) -> None:
        self.named = named
        super().__init__(
            "the issuing body is no unit on file:" + unknown([named]),
            where=where,
            remedy="Give its code with --set issuer=CODE, or add the unit or an alias: "
            "cascade units import FILE.csv",
        )


@dataclass(frozen=True)
class Choices:
    """What a person chose where several units or letters may be meant."""

    units: Mapping[str, int] = field(default_factory=dict)  # printed name → unit
    cites: Mapping[str, int | None] = field(default_factory=dict)  # matching.key → letter or none
    stubs: frozenset[int] | None = None  # doubtful stubs it is; None: not asked


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
    series: tuple[PlannedSeries, ...] = ()  # points confirmed to come again
    unknown: tuple[Named, ...] = ()  # addressees and leads that are no unit we know
    names: Mapping[int, str] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)
    levels: Mapping[int, str] = field(default_factory=dict)  # unit → what its level owes
    proposed: tuple[PlannedDuty, ...] = ()  # the duties as read, before a person changed any
    fixed: Mapping[str, str] = field(default_factory=dict)  # what a person set right
    doubtful: tuple[OnFile, ...] = ()  # stubs that may be this letter and wait for a choice
    replaces: frozenset[int] = frozenset()  # of those the ones a person says it is

    @property
    def ambiguous(self) -> tuple[PlannedCitation, ...]:
        """Citations that fit several letters and wait for somebody to choose."""
        return tuple(citation for citation in self.citations if citation.candidates)

    def beside(self, name: str) -> str | None:
        """Place, urgency, signer or capacity as corrected, else as read."""
        found: Found | None = getattr(self.reading, name)
        return (self.fixed.get(name, found.value if found else "")) or None


def plan(
    conn: Connection,
    reading: Reading,
    corrections: Mapping[str, str],
    where: str,
    choices: Choices | None = None,
    directory_on: Callable[[Connection, date], Directory] | None = None,
) -> Plan:
    """Match a reading to the register; raises BadInputError naming all that is missing at once."""
    choices = choices or Choices()
    values = _identity(reading, corrections, where)
    dated = date.fromisoformat(values["date"])
    directory = directory_on(conn, dated) if directory_on else Directory(conn, dated, choices.units)
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
        codes={row.id: row.code for row in directory.units.values()},
        levels={row.id: row.duty for row in directory.units.values()},
        fixed=dict(corrections),
    )
    to_act, to_know = _addressed(reading)
    act = [("act", directory.find_all(_name(f), issuer)) for f in to_act]
    know = [("know", directory.find_all(_name(f), issuer)) for f in to_know]
    calendars = Calendars(conn, {row.id: row.parent_id for row in directory.units.values()})
    customs = house_customs()

    def due_for(found: PointFound, unit_id: int) -> Due:
        return due_of(found, calendars.of(unit_id), dated, customs)

    points, lost = _points(directory, reading, issuer, due_for)
    addressed = [name for _, name in act]
    duties = owed(directory.units, _ids(addressed), points, due_for)
    made = replace(made, replaces=choices.stubs or frozenset())
    doubtful = stubs_of(conn, made, register.like(conn, made.number, made.symbol)).doubtful
    return replace(
        made,
        doubtful=doubtful if choices.stubs is None else (),
        units=(*act, *know),
        points=points,
        citations=tuple(
            match(conn, directory, cited, issuer, dated, choices.cites)
            for cited in reading.citations
        ),
        duties=duties,
        proposed=duties,
        unknown=(*(name for name in addressed if not name.unit_ids), *lost),
    )


def stubs_of(conn: Connection, made: Plan, rows: Sequence[OnFile]) -> Stubs:
    """The stubs among letters of its number and symbol that a planned letter is or may be."""
    undated = [row.id for row in rows if row.dated is None and row.state == LetterState.CITED]
    cited = register.first_cited(conn, undated) if undated else {}
    return stubs.of_letter(
        rows, made.issuer_id, made.kind, made.dated, cited=cited, chosen=made.replaces
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
        raise MissingFieldsError(absent, where)
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
        if (found := directory.coded(code)) is not None:
            return found
        raise UnknownUnitError(
            f"no unit has the code {code} on the letter's date",
            where=where,
            remedy="List units with: cascade units list",
        )
    if reading.issuer is None:
        raise MissingFieldsError(["issuer"], where, "Give its code: --set issuer=CODE")
    near = None
    if reading.parent_body is not None:
        parent = directory.find(reading.parent_body.value)
        near = parent.unit_ids[0] if parent.unit_ids else None
    named = directory.find(reading.issuer.value, near)
    if not named.unit_ids:
        raise UnknownIssuerError(named, where)
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
    directory: Directory, reading: Reading, issuer: int, due_for: DueFor
) -> tuple[tuple[PlannedPoint, ...], list[Named]]:
    points: list[PlannedPoint] = []
    lost: list[Named] = []
    for found in reading.points:
        leads = [directory.find_all(name, issuer) for name in found.lead]
        helpers = [directory.find_all(name, issuer) for name in found.coordinating]
        lost += [name for name in leads if not name.unit_ids]
        due = due_for(found, issuer)
        points.append(PlannedPoint(found, _ids(leads), _ids(helpers), due))
    return tuple(points), lost


def _ids(names: list[Named]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(unit_id for name in names for unit_id in name.unit_ids))
