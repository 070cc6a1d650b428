"""From the text of a letter to a Reading."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

from cascade.intake.addressees import read_addressees
from cascade.intake.announced import is_title, read_announced
from cascade.intake.citations import read_citations, too_many
from cascade.intake.foot import read_foot
from cascade.intake.head import Head, read_head
from cascade.intake.issuer import read_issuer
from cascade.intake.lines import Sheet, lay_out
from cascade.intake.marks import read_urgency, refuse_secret
from cascade.intake.placing import place
from cascade.intake.points import points_begin, read_annex, read_points
from cascade.intake.profiles import oddities, profile_of
from cascade.intake.reading import Found, Reading
from cascade.intake.requests import Setting
from cascade.intake.smudged import DEDUCED, Smudged, days_until, deduce
from cascade.intake.subject import read_kind, read_subject
from cascade.intake.text import load_text, without_piles
from workflows.reference import reference

# What a letter ought to have; a parent body, an urgency mark or copies may rightly be absent.
EXPECTED = ("kind", "number", "symbol", "dated", "place", "issuer", "subject", "signer")


def read_text(text: str) -> Reading:
    """Read a letter; only a secrecy mark (SecrecyMarkError) stops it, oddities leave gaps."""
    sheet = lay_out(unicodedata.normalize("NFC", without_piles(text)))
    head = read_head(sheet)
    refuse_secret(sheet, head.greeting)
    issuer, parent = read_issuer(sheet, head)
    addressees, body = read_addressees(sheet, head.greeting)
    reading = Reading(
        form=head.form,
        kind=read_kind(sheet, head),
        number=head.number,
        symbol=head.symbol,
        dated=head.dated,
        place=head.place,
        issuer=issuer,
        parent_body=parent,
        subject=read_subject(head),
        urgency=read_urgency(cell for _, cell in head.cells),
        addressees=addressees,
    )
    if head.greeting < 0 and head.number_line < 0:
        reading = read_announced(sheet, reading)
    reading = _with_body(sheet, reading, head.smudged, body or _behind(sheet, reading))
    return _judged(place(reading, sheet), sheet, head)


def read_file(path: Path) -> Reading:
    """Read a letter's file; UnreadableLetterError when it is no readable text."""
    return read_text(load_text(path))


def _behind(sheet: Sheet, reading: Reading) -> int:
    """The first line behind number, date and subject, for letters without a greeting."""
    ends = [found.end for found in (reading.symbol, reading.dated, reading.subject) if found]
    if reading.form == "unknown":
        # News: only a title of its own line is no part of the body.
        ends = [sheet.lines[0].end] if is_title(sheet) else []
    last = max(ends, default=0)
    return next((i for i, line in enumerate(sheet.lines) if line.start >= last), 0)


def _with_body(sheet: Sheet, reading: Reading, smudged: Smudged | None, body: int) -> Reading:
    foot = read_foot(sheet, body)
    issuer = reading.issuer.value if reading.issuer else ""
    begin = points_begin(sheet, body, foot.line)
    own = ""
    if reading.number and reading.symbol:
        own = reference(reading.number.value, reading.symbol.value)
    dated = date.fromisoformat(reading.dated.value) if reading.dated else None
    citations = read_citations(sheet, reading.subject, begin, own, issuer, dated)
    reading = replace(reading, citations=citations)
    if smudged and reading.dated is None:
        reading = _deduced(sheet, reading, smudged)
    setting = Setting(
        issuer,
        tuple(found.value for found in reading.addressees),
        date.fromisoformat(reading.dated.value) if reading.dated else None,
    )
    reading = replace(
        reading,
        distribution=foot.distribution,
        signer=foot.signer,
        signer_capacity=foot.capacity,
        points=(
            *read_points(sheet, body, foot.line, setting),
            *read_annex(sheet, foot.annex, setting),
        ),
    )
    missing = [name for name in EXPECTED if getattr(reading, name) is None]
    missing += ["rest of the text"] if sheet.cut else []
    missing += ["rest of the citations"] if too_many(sheet) else []
    return replace(reading, missing=tuple(missing))


def _deduced(sheet: Sheet, reading: Reading, smudged: Smudged) -> Reading:
    """The reading with a smudged date, when one day alone fits what the letter calls past."""
    past = [cited.dated for cited in reading.citations if cited.dated]
    day = deduce(smudged, [*past, *days_until(sheet, smudged.year)])
    if day is None:
        return reading
    dated = Found(day.isoformat(), smudged.start, smudged.end, DEDUCED)
    printed = " ".join(sheet.text[smudged.start : smudged.end].split())
    odd = f"the date is deduced: printed “{printed}”, it can only be {day.isoformat()}"
    return replace(reading, dated=dated, oddities=(*reading.oddities, odd))


def _judged(reading: Reading, sheet: Sheet, head: Head) -> Reading:
    """The reading with the rules of form of its day, and what departs from them."""
    dated = date.fromisoformat(reading.dated.value) if reading.dated else None
    profile = profile_of(reading.form, dated)
    if profile is None:
        return reading
    odd = (*reading.oddities, *oddities(profile, reading, sheet, head))
    return replace(reading, profile=profile.name, oddities=odd)
