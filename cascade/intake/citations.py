"""The documents a letter cites, each once, with what the letter says of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date
from itertools import islice

from cascade.intake import citing, reference
from cascade.intake.audience import same_body
from cascade.intake.cited import Cited, Place, plainer, read_cited
from cascade.intake.lines import Sheet
from cascade.intake.reading import CitationFound, Found
from cascade.intake.recalled import recall
from cascade.intake.text import UPPER

# More references than any letter has; what stands behind them is not read.
MOST = 1_500
# Sentences part here; a semicolon inside a paragraph does not end what a verb governs.
_SENTENCE = re.compile(
    rf"[.:]\s+(?=[{UPPER}“\"(])|[.:;][ \t]*\n|\n[ \t]*\n"
    r"|\n(?=[ \t]*(?:Căn cứ|Thực hiện|Tiếp theo|Trên cơ sở)\s)"
    rf"|\n(?=[ \t]*\d{{1,2}}[ \t]+(?!Điều|Thông|Nghị|Luật|Chương|Mục|Khoản)[{UPPER}])"
    r"|\n[ \t]*(?:[-+•]|\d{1,2}[./)]|[a-zđ]\))\s"
)


def read_citations(
    sheet: Sheet,
    subject: Found | None,
    points_from: int,
    own: str,
    issuer: str,
    dated: date | None = None,
) -> tuple[CitationFound, ...]:
    """Every document cited in subject and body; `own` is the letter's own reference and day."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(sheet.text))]
    cited: list[Cited] = []
    for match in islice(reference.ANYWHERE.finditer(sheet.text), MOST):
        at = match.start()
        in_subject = subject is not None and subject.start <= at < subject.end
        begin = starts[bisect_right(starts, at) - 1]
        if in_subject and subject:
            begin = subject.start
        place = Place(begin, in_subject, not in_subject and at >= points_from)
        one = read_cited(sheet, match, place, cited[-1] if cited else None)
        if one and not _is_itself(one.found, own, issuer, dated):
            cited.append(one)
    told = recall(sheet, cited, starts, points_from)
    merged = _merge(_share_issuers(told))
    return tuple(_own_work(citation, issuer) for citation in merged)


def _is_itself(found: CitationFound, own: str, issuer: str, dated: date | None) -> bool:
    """Whether a letter names itself: another body's, or another year's, may bear its number."""
    if found.number_symbol != own:
        return False
    is_others = found.issuer is not None and bool(issuer) and not same_body(found.issuer, issuer)
    is_of_another_day = None not in (found.dated, dated) and found.dated != dated
    return not (is_others or is_of_another_day)


def too_many(sheet: Sheet) -> bool:
    """Whether the text holds more references than are read."""
    return next(islice(reference.ANYWHERE.finditer(sheet.text), MOST, None), None) is not None


def _share_issuers(cited: list[Cited]) -> list[Cited]:
    """In a list of documents with one symbol, the body named at its end issued them all."""
    shared = list(cited)
    for i in range(len(shared) - 2, -1, -1):
        one, two = shared[i].found, shared[i + 1].found
        near = shared[i + 1].at - shared[i].end < 60
        if one.issuer is None and two.issuer and one.symbol == two.symbol and near:
            shared[i] = shared[i]._replace(found=replace(one, issuer=two.issuer))
    return shared


def _merge(cited: list[Cited]) -> list[CitationFound]:
    """One citation for each document; later, shorter mentions add what the first left out."""
    kept: dict[str, Cited] = {}
    laws: dict[str, str] = {}
    for one in cited:
        key = one.found.number_symbol
        known = laws.get(one.law) if one.law else None
        if known and _same_law(kept[known].found, one.found):
            key = known
        if one.law:
            laws.setdefault(one.law, key)
        first = kept.get(key)
        kept[key] = one._replace(found=_joined(first.found, one.found)) if first else one
    clean: dict[str, CitationFound] = {}
    for one in kept.values():
        # A number mended on the way may now be that of another mention.
        key = one.found.number_symbol
        clean[key] = _joined(clean[key], one.found) if key in clean else one.found
    return list(clean.values())


def _same_law(one: CitationFound, two: CitationFound) -> bool:
    """One law has one number: where OCR lost its first figures, the longer is right."""
    shorter, longer = sorted((one.number, two.number), key=len)
    part, whole = sorted((one.symbol, two.symbol), key=len)
    return whole.startswith(part) and longer.endswith(shorter)


def _joined(first: CitationFound, later: CitationFound) -> CitationFound:
    leads = citing.stronger(later.role, first.role)
    return replace(
        first,
        number=max(first.number, later.number, key=len),
        symbol=max(first.symbol, later.symbol, key=len),
        dated=first.dated or later.dated,
        issuer=plainer(first.issuer, later.issuer),
        subject=first.subject or later.subject,
        verb=later.verb if leads else first.verb,
        role=later.role if leads else first.role,
    )


def _own_work(citation: CitationFound, issuer: str) -> CitationFound:
    """Carrying out one's own document implements nothing from above."""
    same = citation.issuer is not None and same_body(citation.issuer, issuer)
    if citation.role == citing.IMPLEMENTS and same:
        return replace(citation, role=citing.MENTIONS)
    return citation
