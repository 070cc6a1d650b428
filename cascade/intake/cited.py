"""One cited document as its sentence names it, and what is done with it."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from cascade.intake import citing, reference
from cascade.intake.bodies import name_end, starts_body
from cascade.intake.kinds import NAME_BEFORE, NAMES, Kind, by_folded_name, of_symbol
from cascade.intake.lines import Sheet
from cascade.intake.mending import mend
from cascade.intake.reading import CitationFound
from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import UPPER, fold, squeeze
from workflows.phrases.days import DAY, from_match

LOOK_BACK = 700
LOOK_AHEAD = 500
NOT_CITED = Rule(
    r"(?:mẫu(?: biểu)?|biểu(?: mẫu)?|phụ lục)\s*(?:số|so)?\s*$",
    "a form, not a document",
    "theo mẫu số ",
    USAGE,
)
LAW_BEFORE = Rule(
    r"^.*\b(bộ luật|luật|pháp lệnh)\s([^.;:\d]{2,120}?)\s*số\s*$",
    "a law is named before its number",
    "Luật Phòng, chống thiên tai số ",
    USAGE,
)
NUMBER_WORD = Rule(r"\b(?:số|s6|s0)\s*[:.]?\s*$", "the word for number", "Công văn số ", USAGE)
ISSUED_BY = Rule(r"\s*,?\s*của\s*", "who issued it", " của UBND tỉnh", USAGE)
ABOUT = Rule(
    r"\s*,?\s*(?:(?:v/v|về việc|về|quy định)\s+)", "its subject", " về việc tiêm chủng", USAGE
)
ISSUING = Rule(
    rf"(?:ngày\s*(?P<when>{DAY})\s*,?\s+)?(?P<who>[^\W\d_][^,.;:]{{2,70}}?)\s+"
    r"(?:vừa\s+)?(?:đã\s+)?(?:có|ban hành|ký)\s+$",
    "somebody issued it",
    "Ngày 10/01/2026, Sở Y tế đã ban hành ",
    USAGE,
)
SAID_IN = Rule(
    r"^.*\b(?:của|nghe) (?P<who>[^,;.:]{3,80}?)(?: báo cáo| trình| đề xuất)? tại\s+$",
    "somebody said so in it",
    "theo đề nghị của Sở Y tế tại ",
    USAGE,
)
OFFICES = Rule(
    r"(?:bộ|sở|ủy ban|ubnd|thủ tướng|chính phủ|cục|tổng cục|ban|phòng|văn phòng|tỉnh ủy"
    r"|huyện ủy|thành ủy|đảng ủy)\b",
    "offices that issue documents, at the end of a subject",
    "Bộ trưởng Bộ Y tế",
    USAGE,
)
LETTER = Kind("CV", "công văn")
DATED = re.compile(rf"\s*\)?,?\s*(?:ky\s+|ban hanh\s+)?ngay\s*{DAY}")
_TOLD = re.compile(r"\bda\s+(?:ban hanh|ky)\b")
_CLAUSE = re.compile(r"[^.;:,]*")
_NEXT_CITED = re.compile(rf",?\s+va\s+(?:{NAMES})\s+so\b")
_SUBJECT_END = re.compile(rf"[.;:(]|,\s+(?=[{UPPER}])")


class Cited(NamedTuple):
    """A citation, the law's name where it is one, and where number and symbol stand."""

    found: CitationFound
    law: str
    at: int
    end: int


class Place(NamedTuple):
    """Where a citation stands: from where its sentence runs, in the subject or in a point."""

    begin: int
    in_subject: bool
    in_point: bool


def read_cited(
    sheet: Sheet, match: re.Match[str], place: Place, before: Cited | None
) -> Cited | None:
    """Read the document a reference names; None when it is a form or no document."""
    at = match.start()
    behind = sheet.folded[max(0, at - LOOK_BACK) : at]
    near = " ".join(behind[-200:].split()) + " "
    law = compiled(LAW_BEFORE).search(near)
    named = NAME_BEFORE.search(behind)
    word = law[1] if law else named[1] if named else ""
    kind = by_folded_name(word) if word else None
    ref = reference.read(match, kind)
    if ref is None or compiled(NOT_CITED).search(near) or not _is_cited(near, ref.symbol, kind):
        return None
    when, issuer, reach = _behind(sheet, ref.end)
    who, said = _told_before(sheet, at, near, before)
    begin = max(place.begin, at - LOOK_BACK)
    verb, role = citing.governing(
        " ".join(sheet.text[begin:at].split()) + " ",
        sheet.folded[ref.end : ref.end + LOOK_AHEAD],
        in_point=place.in_point,
        subject=place.in_subject,
    )
    start = at - (len(behind) - named.start(1) if named else 0)
    found = CitationFound(
        text=squeeze(sheet.text[start:reach]),
        number=ref.number,
        symbol=ref.symbol,
        kind=(kind or of_symbol(ref.symbol) or LETTER).name,
        dated=when or said,
        issuer=_mended(plainer(issuer, who)),
        subject=_about(sheet, reach),
        verb=squeeze(verb) or None,
        role=role,
        start=start,
        end=reach,
        confidence=0.95 if named else 0.8,
    )
    return Cited(found, " ".join(law[2].split()) if law else "", at, ref.end)


def plainer(one: str | None, other: str | None) -> str | None:
    """Of two namings of one issuer the body, rather than the body's head."""
    if one and other and fold(other) in fold(one):
        # "Cục A - Bộ B" is one body and the one above it, not its head.
        return one if fold(one).startswith(f"{fold(other)} -") else other
    return one or other


def _mended(name: str | None) -> str | None:
    return mend(name) if name else None


def _is_cited(near: str, symbol: str, kind: Kind | None) -> bool:
    if kind or compiled(NUMBER_WORD).search(near):
        return True
    return "/" in symbol or ("-" in symbol and of_symbol(symbol) is not None)


def _behind(sheet: Sheet, end: int) -> tuple[date | None, str | None, int]:
    """Day and issuer behind the symbol, in either order, and where they end."""
    ahead = sheet.folded[end : end + LOOK_AHEAD]
    dated = DATED.match(ahead)
    cursor = dated.end() if dated else 0
    issuer, cursor = _issuer(sheet, end, ahead, cursor)
    if not dated and (dated := DATED.match(ahead, cursor)):
        cursor = dated.end()
    return from_match(dated) if dated else None, issuer, end + cursor


def _issuer(sheet: Sheet, end: int, ahead: str, cursor: int) -> tuple[str | None, int]:
    """The body behind `của`, straight after the date or at the subject's end."""
    straight = compiled(ISSUED_BY).match(ahead, cursor)
    if straight:
        text = sheet.text[end + straight.end() : end + LOOK_AHEAD]
        reach = name_end(text)
        if reach:
            name = squeeze(text[:reach])
            # "(Kèm theo Công văn số … của Sở Y tế)": that bracket is the sentence's.
            name = name.removesuffix(")") if name.count(")") > name.count("(") else name
            return name, straight.end() + reach
    clause = _CLAUSE.match(sheet.text, end + cursor, end + LOOK_AHEAD)
    if not clause or not compiled(ABOUT).match(ahead, cursor):
        return None, cursor
    of = list(re.finditer(r"\bcủa\s+", clause[0]))
    name = clause[0][of[-1].end() :] if of else ""
    if not (name[:1].isupper() and compiled(OFFICES).match(fold(name[:20]))):
        return None, cursor
    reach = name_end(name)
    rest = name[reach:].strip(" ,.;")
    closes = reach and (not rest or rest.startswith("("))
    return (squeeze(name[:reach]) if closes else None), cursor


def _told_before(
    sheet: Sheet, at: int, near: str, before: Cited | None
) -> tuple[str | None, date | None]:
    """Who issued it and when, where the sentence tells that before naming it."""
    lead = NAME_BEFORE.sub("", near) if NAME_BEFORE.search(near) else ""
    said = compiled(SAID_IN).search(lead)
    if said and (who := _as_printed(sheet, at, said["who"])):
        return who, None
    match = compiled(ISSUING).search(lead)
    if match:
        when = from_match(match) if match["when"] else None
        who = _as_printed(sheet, at, match["who"])
        late = re.search(rf"ngay\s*{DAY}[^.;]{{0,80}}$", lead[match.start() :])
        if who:
            return who, when or (from_match(late) if late else None)
    if before:
        # "… đã ban hành Quyết định số 4/…; Quyết định số 5/…": the second is theirs as well.
        gap = sheet.folded[before.end : at]
        told = _TOLD.search(sheet.folded[max(0, before.at - 120) : before.at])
        same = len(gap) < 300 and not re.search(r"\.\s", gap) and " cua " not in gap[:40]
        if told and same:
            own = re.search(rf"ngay\s*{DAY}[^,.;]{{0,60}}$", NAME_BEFORE.sub("", gap))
            if own:
                return before.found.issuer, from_match(own)
            return before.found.issuer, None if "ngay" in gap[:20] else before.found.dated
    return None, None


def _as_printed(sheet: Sheet, at: int, folded: str) -> str | None:
    """The body whose folded name ends a clause before `at`."""
    flat = " ".join(sheet.text[max(0, at - 200) : at].split())
    place = fold(flat).rfind(folded)
    name = flat[place : place + len(folded)] if place >= 0 else ""
    for start in (m.start() for m in re.finditer(r"\S+", name)):
        if name[start].isupper() and starts_body(name[start:]):
            return name[start:].strip()
    return None


def _about(sheet: Sheet, at: int) -> str | None:
    lead = compiled(ABOUT).match(sheet.folded, at)
    if not lead:
        return None
    window = " ".join(sheet.text[lead.end() : lead.end() + 300].split())
    stops = (_SUBJECT_END.search(window), _NEXT_CITED.search(fold(window)))
    end = min((stop.start() for stop in stops if stop), default=len(window))
    return squeeze(window[:end]) or None
