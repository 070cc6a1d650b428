"""A letter as a program states it: nothing is read in a text, every unit is named by its code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import corrections
from cascade import plan as planning
from cascade.corrections import Corrections, NamedDuty
from cascade.errors import BadInputError
from cascade.intake.reading import CitationFound, Found, PointFound, Reading
from cascade.matching import key
from cascade.naming import Directory, fold
from cascade.plan import Choices, Plan
from cascade.problems import Problem
from workflows.reference import reference

# The form of a letter that a program stated.
STATED = "stated"


class PointStated(NamedTuple):
    """A point as stated; units by code."""

    no: str
    text: str
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    due: date | None = None
    due_text: str | None = None


class CitationStated(NamedTuple):
    """A citation as stated: what it names, and the letter on file it means, where that was said."""

    role: str
    number: str
    symbol: str
    dated: date | None = None
    issuer: str | None = None
    kind: str | None = None
    letter: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A whole letter as stated; `fields` by the names that corrections use."""

    fields: Mapping[str, str]
    dated: date
    to_act: tuple[str, ...] = ()
    to_know: tuple[str, ...] = ()
    points: tuple[PointStated, ...] = ()
    duties: tuple[NamedDuty, ...] | None = None  # all of them; else what points and addressees say
    citations: tuple[CitationStated, ...] = ()
    replaces: frozenset[int] | None = None


class StatedError(BadInputError):
    """What was stated cannot be registered so; each problem is at its place, as a JSON pointer."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.field}: {one.code}" for one in self.problems))


def plan(conn: Connection, said: Stated) -> Plan:
    """What registering it would do; raises StatedError telling all that stands against it."""
    directory = Directory(conn, said.dated)
    codes = {row.code: row.id for row in directory.units.values()}
    problems = [
        Problem(place, "no_unit", {"typed": code})
        for place, code in _named(said)
        if code not in codes
    ]
    known = {one.no for one in said.points}
    problems += [
        Problem(f"/duties/{place}/point", "no_point", {"typed": duty.point})
        for place, duty in enumerate(said.duties or ())
        if duty.point is not None and duty.point not in known
    ]
    if problems:
        raise StatedError(problems)
    used = {code: codes[code] for _place, code in _named(said)}
    names = _names(used, directory)
    chosen = {
        key(reference(one.number, one.symbol)): one.letter
        for one in said.citations
        if one.letter is not None
    }
    picks = {names[code]: unit_id for code, unit_id in used.items()}
    choices = Choices(picks, chosen, said.replaces)
    made = planning.plan(conn, _reading(said, names), said.fields, "", choices)
    problems = [
        Problem(f"/citations/{place}", "ambiguous")
        for place, one in enumerate(made.citations)
        if one.candidates
    ]
    problems += [Problem("/replaces", "doubtful", {"letter": one.id}) for one in made.doubtful]
    if problems:
        raise StatedError(problems)
    if said.duties is None:
        return made
    return corrections.apply(made, Corrections(duties=said.duties))


def _named(said: Stated) -> Iterator[tuple[str, str]]:
    """(place, code) of every unit named."""
    yield "/issuer", said.fields["issuer"]
    for name, codes in (("to_act", said.to_act), ("to_know", said.to_know)):
        yield from ((f"/{name}/{place}", code) for place, code in enumerate(codes))
    for at, point in enumerate(said.points):
        for name, codes in (("lead", point.lead), ("coordinating", point.coordinating)):
            yield from ((f"/points/{at}/{name}/{i}", code) for i, code in enumerate(codes))
    for at, duty in enumerate(said.duties or ()):
        yield f"/duties/{at}/unit", duty.code
    for at, citation in enumerate(said.citations):
        if citation.issuer is not None:
            yield f"/citations/{at}/issuer", citation.issuer


def _names(used: Mapping[str, int], directory: Directory) -> dict[str, str]:
    """How each unit is printed: by its name, by its code where another has the same name."""
    named = {code: directory.units[unit_id].name for code, unit_id in used.items()}
    folded = [fold(name) for name in named.values()]
    return {code: name if folded.count(fold(name)) == 1 else code for code, name in named.items()}


def _reading(said: Stated, names: Mapping[str, str]) -> Reading:
    return Reading(
        form=STATED,
        addressees=tuple(Found(names[code], 0, 0, 1.0) for code in said.to_act),
        distribution=tuple(Found(names[code], 0, 0, 1.0) for code in said.to_know),
        points=tuple(
            PointFound(
                one.no,
                one.text,
                0,
                0,
                tuple(names[code] for code in one.lead),
                tuple(names[code] for code in one.coordinating),
                one.due,
                one.due_text,
                None,
                bool(one.lead or one.due),
                1.0,
            )
            for one in said.points
        ),
        citations=tuple(
            CitationFound(
                text=reference(one.number, one.symbol),
                number=one.number,
                symbol=one.symbol,
                kind=one.kind,
                dated=one.dated,
                issuer=names[one.issuer] if one.issuer else None,
                subject=None,
                verb=None,
                role=one.role,
                start=0,
                end=0,
                confidence=1.0,
            )
            for one in said.citations
        ),
    )
