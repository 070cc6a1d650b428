"""The duties in one paragraph, sentence by sentence, and the points they become."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cascade.intake import audience
from cascade.intake.bodies import list_end
from cascade.intake.dues import find_due
from cascade.intake.lines import Sheet
from cascade.intake.mending import mend
from cascade.intake.parties import Parties, read_parties
from cascade.intake.pointrules import CONDITION, INTRODUCES, NARRATED, OBLIGES
from cascade.intake.reading import PointFound
from cascade.intake.recurring import find_recurring, names_day
from cascade.intake.rules import Rule, compiled
from cascade.intake.text import UPPER, fold

# A deadline that stands further down than this is not looked for.
SEARCHED = 6_000
_SENTENCE = re.compile(rf"(?<=[.;])(?<!\bTP\.)(?<!\bTX\.)(?<!\bTT\.)\s+(?=[{UPPER}])")


@dataclass(frozen=True)
class Setting:
    """What every point is read against: who issues, to whom, and on what day."""

    issuer: str
    addressees: tuple[str, ...]
    dated: date | None


@dataclass(frozen=True)
class Span:
    """A stretch of the letter that belongs to one item."""

    no: str
    start: int
    end: int


def read_requests(
    sheet: Sheet,
    span: Span,
    setting: Setting,
    sure: float,
    *,
    skip: Rule | None = None,
    guidance: bool = False,
) -> list[PointFound]:
    """The duties in a paragraph, each as far as it charges somebody else than the one before.

    Sentences that fit the `skip` rule lay none; in a letter of `guidance` those do that ask or
    oblige somebody, or tell what the bodies addressed do.
    """
    text = sheet.text[span.start : span.end]
    cuts = [0, *(m.end() for m in _SENTENCE.finditer(text)), len(text)]
    found: list[tuple[int, Parties]] = []
    known: set[str] = set()
    for start, end in pairwise(cuts):
        sentence = text[start:end]
        if sentence.startswith(('"', "“")):
            break
        if compiled(NARRATED).search(fold(sentence[:300])):
            continue
        if skip and compiled(skip).match(" ".join(fold(sentence[:1500]).split())):
            continue
        parties = read_parties(sentence, setting.issuer)
        lead = {fold(unit) for unit in named(parties.lead, setting)}
        if guidance and not obliges(sentence, parties, setting):
            continue
        if not parties.explicit or (found and lead <= known):
            continue
        known |= lead
        found.append((start + _clause_start(sentence, parties), parties))
    ends = [*(begin for begin, _ in found[1:]), len(text)]
    return [
        make_point(sheet, Span(span.no, span.start + begin, span.start + end), setting, who, sure)
        for (begin, who), end in zip(found, ends, strict=False)
    ]


def obliges(sentence: str, parties: Parties, setting: Setting) -> bool:
    """Whether a sentence of a guidance letter charges somebody, and does not just explain."""
    folded = fold(sentence[:1500])
    if parties.asked or parties.labelled:
        return True
    if compiled(CONDITION).match(folded):
        return False
    return bool(compiled(OBLIGES).search(folded)) or any(
        audience.is_addressed(unit, setting.addressees) for unit in parties.lead
    )


def make_point(
    sheet: Sheet, span: Span, setting: Setting, parties: Parties | None, sure: float
) -> PointFound:
    """A point with its deadline; without parties (None) it lays no duty."""
    raw = sheet.text[span.start : span.end]
    text = " ".join(raw.split())
    searched = text[:SEARCHED] if parties else ""
    due, recurring = find_due(searched, setting.dated), find_recurring(searched)
    # A day that comes again is when it is due, though it names no date.
    again = recurring if names_day(recurring) else None
    return PointFound(
        no=span.no,
        text=text,
        start=span.start,
        end=span.start + len(raw.rstrip()),
        lead=tuple(map(mend, named(parties.lead, setting))) if parties else (),
        coordinating=tuple(map(mend, parties.coordinating)) if parties else (),
        due=due.day if due else None,
        due_text=due.text if due else again,
        recurring=recurring,
        is_duty=parties is not None,
        confidence=sure,
        said=due.said if due else None,
    )


def named(lead: tuple[str, ...], setting: Setting) -> tuple[str, ...]:
    """The units a duty names; none when they are simply everybody the letter addresses."""
    return () if audience.is_everybody(lead, setting.addressees) else lead


def _clause_start(sentence: str, parties: Parties) -> int:
    """A request behind a purpose begins where the issuer speaks, or with its verb."""
    if not parties.asked or not parties.at:
        return 0
    before = sentence[: parties.at].rstrip()
    if before.endswith(" và"):
        return parties.at
    if not compiled(INTRODUCES).match(fold(sentence[:40])):
        return 0
    comma = before.rfind(", ")
    speaks = comma >= 0 and list_end(before[comma + 2 :])
    return comma + 2 if speaks else parties.at
