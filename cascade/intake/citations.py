"""The documents a letter cites, each once, with what the letter says of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from cascade.intake import bodies, citing, reference
from cascade.intake.dates import DAY, from_match
from cascade.intake.kinds import NAME_BEFORE, Kind, by_folded_name, of_symbol
from cascade.intake.lines import Sheet
from cascade.intake.reading import CitationFound, Found
from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import fold, squeeze, strip_marks

LOOK_BACK = 700
LOOK_AHEAD = 500
NOT_CITED = Rule(
    r"(?:mẫu(?: biểu)?|biểu(?: mẫu)?|phụ lục)\s*(?:số|so)?\s*$",
    "a form, not a document",
    "theo mẫu số ",
    USAGE,
)
LAW_BEFORE = Rule(
    r"^.*\b(bộ luật|luật|pháp lệnh)\s([^.;:]{2,120}?)\s*số\s*$",
    "a law is named before its number",
    "Luật Phòng, chống thiên tai số ",
    USAGE,
)
NUMBER_WORD = Rule(r"\b(?:số|s6|s0)\s*[:.]?\s*$", "the word for number", "Công văn số ", USAGE)
DATED = re.compile(rf"\s*\)?,?\s*(?:ky\s+|ban hanh\s+)?ngay\s*{DAY}")
ISSUED_BY = Rule(r"\s*,?\s*của\s*", "who issued it", " của UBND tỉnh", USAGE)
ABOUT = Rule(
    r"\s*,?\s*(?:(?:v/v|về việc|về|quy định)\s+)", "what it is about", " về việc tiêm chủng", USAGE
)
ISSUING = Rule(
    rf"(?:ngày\s*(?P<when>{DAY})\s*,?\s+)?(?P<who>[^\W\d_][^,.;:]{{2,70}}?)\s+(?:vừa\s+)?(?:đã\s+)?(?:có|ban hành|ký)\s+$",
    "somebody issued it",
    "Ngày 10/01/2026, Sở Y tế đã ban hành ",
    USAGE,
)
_LISTED = re.compile(r"[\s,;]*(?:va\s+)?$")
_SENTENCE = re.compile(
    r"[.:]\s+(?=[A-ZĐÀ-Ỹ“\"(])|[.:;]\s*\n|\n\s*\n|\n\s*(?:[-+•]|\d{1,2}[./)]|[a-zđ]\))\s"
)
_SUBJECT_END = re.compile(r"[.;:\n(]|,\s+(?=[A-ZĐ])")


class _Raw(NamedTuple):
    found: CitationFound
    law: str
    at: int  # where number and symbol stand
    end: int


def read_citations(
    sheet: Sheet, subject: Found | None, points_from: int, own: tuple[str, ...], issuer: str
) -> tuple[CitationFound, ...]:
    """Every document cited in subject and body; `own` are references that are the letter's own."""
    starts = [0, *(m.end() for m in _SENTENCE.finditer(sheet.text))]
    raws: list[_Raw] = []
    for match in reference.ANYWHERE.finditer(sheet.text):
        raw = _read(sheet, match, starts, subject, points_from, raws)
        if raw and raw.found.number_symbol not in own:
            raws.append(raw)
    raws = _share_issuers(raws, sheet)
    merged = _merge(raws)
    return tuple(_own_work(c, issuer) for c in merged)


def _read(
    sheet: Sheet,
    match: re.Match[str],
    starts: list[int],
    subject: Found | None,
    points_from: int,
    earlier: list[_Raw],
) -> _Raw | None:
    at = match.start()
    before = sheet.folded[max(0, at - LOOK_BACK) : at]
    near = " ".join(before[-200:].split()) + " "
    if compiled(NOT_CITED).search(near):
        return None
    named = NAME_BEFORE.search(before)
    kind = by_folded_name(named[1]) if named else None
    law = compiled(LAW_BEFORE).search(near)
    if law:
        kind = by_folded_name(law[1])
    ref = reference.read(match, kind)
    if ref is None or not _is_cited(near, ref.symbol, kind):
        return None
    end = ref.end
    ahead = sheet.folded[end : end + LOOK_AHEAD]
    dated = DATED.match(ahead)
    when = from_match(dated) if dated else None
    cursor = dated.end() if dated else 0
    issuer, cursor = _issuer(sheet, end, ahead, cursor)
    if not dated and (late := DATED.match(ahead, cursor)):
        when, cursor = from_match(late), late.end()
    who, said = _issuing(sheet, at, near, earlier)
    begin = max(starts[bisect_right(starts, at) - 1], at - LOOK_BACK)
    in_subject = subject is not None and subject.start <= at < subject.end
    if in_subject and subject:
        begin = subject.start
    verb, role = citing.governing(
        " ".join(sheet.text[begin:at].split()) + " ",
        ahead,
        in_point=not in_subject and at >= points_from,
        subject=in_subject,
    )
    about = _about(sheet, end + cursor)
    start = at - (len(before) - named.start(1) if named else 0)
    found = CitationFound(
        text=squeeze(sheet.text[start : end + cursor]),
        number=ref.number,
        symbol=ref.symbol,
        kind=(kind or of_symbol(ref.symbol) or _LETTER).name,
        dated=when or said,
        issuer=_plainer(issuer, who),
        subject=about,
        verb=squeeze(verb) or None,
        role=role,
        start=start,
        end=end + cursor,
        confidence=0.95 if named else 0.8,
    )
    return _Raw(found, " ".join(law[2].split()) if law else "", at, end)


_LETTER = Kind("CV", "công văn")


def _is_cited(near: str, symbol: str, kind: Kind | None) -> bool:
    if kind or compiled(NUMBER_WORD).search(near):
        return True
    return (of_symbol(symbol) is not None and "-" in symbol) or "/" in symbol


def _issuer(sheet: Sheet, end: int, ahead: str, cursor: int) -> tuple[str | None, int]:
    """The body behind `của`, straight after the date or at the subject's end."""
    straight = compiled(ISSUED_BY).match(ahead, cursor)
    if straight:
        reach = bodies.name_end(sheet.text[end + straight.end() : end + LOOK_AHEAD])
        if reach:
            name = sheet.text[end + straight.end() : end + straight.end() + reach]
            return squeeze(name), straight.end() + reach
    clause = _SUBJECT_CLAUSE.match(sheet.text, end + cursor, end + LOOK_AHEAD)
    if clause and compiled(ABOUT).match(ahead, cursor):
        of = list(re.finditer(r"\bcủa\s+", clause[0]))
        if of and _names_office(name := clause[0][of[-1].end() :]):
            reach = bodies.name_end(name)
            rest = name[reach:].strip(" ,.;")
            if reach and (not rest or rest.startswith("(")):
                return squeeze(name[:reach]), cursor
    return None, cursor


_SUBJECT_CLAUSE = re.compile(r"[^.;:,]*")
_OFFICES = re.compile(
    strip_marks(
        r"(?:bộ|sở|ủy ban|uỷ ban|ubnd|thủ tướng|chính phủ|cục|tổng cục|ban|phòng|văn phòng|tỉnh ủy|đảng ủy)\b"
    )
)


def _names_office(text: str) -> bool:
    return text[:1].isupper() and bool(_OFFICES.match(fold(text[:20])))


def _issuing(
    sheet: Sheet, at: int, near: str, earlier: list[_Raw]
) -> tuple[str | None, date | None]:
    """Who issued it and when, where the sentence tells that before naming it."""
    lead = NAME_BEFORE.sub("", near) if NAME_BEFORE.search(near) else ""
    match = compiled(ISSUING).search(lead)
    if match:
        who = _as_printed(sheet, at, match["who"])
        when = None
        if match["when"]:
            when = from_match(match)
        elif day := re.search(rf"ngay\s*{DAY}[^.;]{{0,80}}$", lead[match.start() :]):
            when = from_match(day)
        if who:
            return who, when
    if earlier:
        # "… ban hành Quyết định số 4/…; Quyết định số 5/…": the second is theirs as well.
        last, last_at = earlier[-1].found, earlier[-1].at
        gap = sheet.folded[earlier[-1].end : at]
        told = re.search(r"\bda\s+(?:ban hanh|ky)\b", sheet.folded[max(0, last_at - 120) : last_at])
        if (
            told
            and len(gap) < 300
            and not re.search(r"\.\s", gap)
            and not re.search(r"\bcua\b", gap[:40])
        ):
            return last.issuer, None if re.search(r"ngay", gap[:20]) else last.dated
    return None, None


def _as_printed(sheet: Sheet, at: int, folded: str) -> str | None:
    """The body whose folded name ends a clause before `at`."""
    window = sheet.text[max(0, at - 200) : at]
    flat = " ".join(window.split())
    place = fold(flat).rfind(folded)
    name = flat[place : place + len(folded)] if place >= 0 else ""
    for start in (m.start() for m in re.finditer(r"\S+", name)):
        if bodies.starts_body(name[start:]) and name[start].isupper():
            return name[start:].strip()
    return None


def _about(sheet: Sheet, at: int) -> str | None:
    lead = compiled(ABOUT).match(sheet.folded, at)
    if not lead:
        return None
    window = sheet.text[lead.end() : lead.end() + 300].replace("\n", " ")
    stop = _SUBJECT_END.search(window)
    return squeeze(window[: stop.start()] if stop else window) or None


def _share_issuers(raws: list[_Raw], sheet: Sheet) -> list[_Raw]:
    """In a list of documents with one symbol, the body named at its end issued them all."""
    shared = list(raws)
    for i in range(len(shared) - 2, -1, -1):
        one, two = shared[i].found, shared[i + 1].found
        gap = sheet.folded[shared[i].end : shared[i + 1].at]
        if one.issuer is None and two.issuer and one.symbol == two.symbol and len(gap) < 60:
            shared[i] = shared[i]._replace(found=replace(one, issuer=two.issuer))
    return shared


def _merge(raws: list[_Raw]) -> list[CitationFound]:
    """One citation for each document; later, shorter mentions add what the first left out."""
    kept: dict[str, _Raw] = {}
    for raw in raws:
        key = raw.found.number_symbol
        if raw.law:
            key = next((k for k, r in kept.items() if _same_law(r, raw)), key)
        first = kept.get(key)
        if first is None:
            kept[key] = raw
            continue
        kept[key] = raw._replace(found=_joined(first.found, raw.found))
    clean: dict[str, CitationFound] = {}
    for raw in kept.values():
        # A number mended on the way may now be that of another mention.
        key = raw.found.number_symbol
        clean[key] = _joined(clean[key], raw.found) if key in clean else raw.found
    return list(clean.values())


def _same_law(one: _Raw, two: _Raw) -> bool:
    """One law has one number: where OCR lost its first figures, the longer is right."""
    a, b = one.found, two.found
    shorter, longer = sorted((a.number, b.number), key=len)
    part, whole = sorted((a.symbol, b.symbol), key=len)
    same = bool(one.law) and one.law == two.law
    return same and whole.startswith(part) and longer.endswith(shorter)


def _plainer(one: str | None, other: str | None) -> str | None:
    """Of two namings of one issuer the body, rather than the body's head."""
    if one and other and fold(other) in fold(one):
        return other
    return one or other


def _joined(first: CitationFound, later: CitationFound) -> CitationFound:
    leads = citing.stronger(later.role, first.role)
    issuer = _plainer(first.issuer, later.issuer)
    return replace(
        first,
        number=max(first.number, later.number, key=len),
        symbol=max(first.symbol, later.symbol, key=len),
        dated=first.dated or later.dated,
        issuer=issuer,
        subject=first.subject or later.subject,
        verb=later.verb if leads else first.verb,
        role=later.role if leads else first.role,
    )


def _own_work(citation: CitationFound, issuer: str) -> CitationFound:
    """Carrying out one's own document implements nothing from above."""
    same = citation.issuer is not None and fold(citation.issuer) == fold(issuer)
    if citation.role == citing.IMPLEMENTS and same:
        return replace(citation, role=citing.MENTIONS)
    return citation
