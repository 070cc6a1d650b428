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
from cascade.intake.points import points_begin, read_annex, read_points
from cascade.intake.profiles import oddities, profile_of
from cascade.intake.reading import Reading
from cascade.intake.requests import Setting
from cascade.intake.subject import read_kind, read_subject
from cascade.intake.text import load_text
from workflows.reference import reference

# What a letter ought to have; a parent body, an urgency mark or copies may rightly be absent.
EXPECTED = ("kind", "number", "symbol", "dated", "place", "issuer", "subject", "signer")


def read_text(text: str) -> Reading:
    """Read a letter; only a secrecy mark (SecrecyMarkError) stops it, oddities leave gaps."""
    sheet = lay_out(unicodedata.normalize("NFC", text))
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
    return _judged(_with_body(sheet, reading, body or _behind(sheet, reading)), sheet, head)


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


def _with_body(sheet: Sheet, reading: Reading, body: int) -> Reading:
    foot = read_foot(sheet, body)
    issuer = reading.issuer.value if reading.issuer else ""
    setting = Setting(
        issuer,
        tuple(found.value for found in reading.addressees),
        date.fromisoformat(reading.dated.value) if reading.dated else None,
    )
    own = ""
    if reading.number and reading.symbol:
        own = reference(reading.number.value, reading.symbol.value)
    begin = points_begin(sheet, body, foot.line)
    reading = replace(
        reading,
        distribution=foot.distribution,
        signer=foot.signer,
        signer_capacity=foot.capacity,
        citations=read_citations(sheet, reading.subject, begin, own, issuer),
        points=(
            *read_points(sheet, body, foot.line, setting),
            *read_annex(sheet, foot.annex, setting),
        ),
    )
    missing = [name for name in EXPECTED if getattr(reading, name) is None]
    missing += ["rest of the text"] if sheet.cut else []
    missing += ["rest of the citations"] if too_many(sheet) else []
    return replace(reading, missing=tuple(missing))


def _judged(reading: Reading, sheet: Sheet, head: Head) -> Reading:
    """The reading with the rules of form of its day, and what departs from them."""
    dated = date.fromisoformat(reading.dated.value) if reading.dated else None
    profile = profile_of(reading.form, dated)
    if profile is None:
        return reading
    return replace(reading, profile=profile.name, oddities=oddities(profile, reading, sheet, head))
