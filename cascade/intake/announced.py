"""Letters that come as news: no head, but a sentence that says who issued what and when."""

from __future__ import annotations

import re
from dataclasses import replace

from cascade.intake import bodies, reference
from cascade.intake.head import BODY_BEGINS
from cascade.intake.kinds import NAMES, by_folded_name
from cascade.intake.lines import Sheet
from cascade.intake.reading import Found, Reading
from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import UPPER, squeeze
from workflows.phrases.days import DAY, from_match

ISSUES = Rule(
    rf"\s(?:vừa |đã )*(?:có|ban hành|ký(?: ban hành)?|gửi) (?P<kind>{NAMES})\s*(?:số\s*)?:?\s*",
    "news of a document",
    "Thủ tướng Chính phủ vừa có Công điện số 12/CĐ-TTg",
    USAGE,
)
SPEAKS = Rule(
    r"[,;]\s+(?P<who>[^,.;:]{4,70}?)\s+(?:đề nghị|yêu cầu)\s",
    "the body that asks",
    "Nhằm chuẩn bị năm học mới, Sở Giáo dục và Đào tạo yêu cầu các trường",
    USAGE,
)
TO_WHOM = Rule(
    r"\bgửi:?\s+(?P<list>[^:]{4,400}?)(?:\s+với nội dung|\s+về việc|:)",
    "to whom",
    "gửi: Sở Y tế; Công an tỉnh với nội dung",
    USAGE,
)
_DAYS_BEFORE = re.compile(rf"ngay\s*{DAY}[^.]{{0,80}}$")
_DAYS_BEHIND = re.compile(rf"\s*,?\s*ngay\s*{DAY}")
_SUBJECT = re.compile(
    r"\s*,?\s*(?:v/v|ve viec|ve)\s+|[^.\n]{0,250}?\b(?:v/v|ve viec)\s+"
    r"|\s*,?\s*(?:gui|toi|den)\s[^.\n]{3,250}?\sve\s+"
)
_SENTENCE_END = re.compile(rf"\n|\.\s+(?=[{UPPER}])|$")
FIRST_PAGE = 3000
# News says whose letter it tells of at once; what is issued further down is another.
ANNOUNCED_WITHIN = 1200


def read_announced(sheet: Sheet, reading: Reading) -> Reading:
    """Fill the head of a reading from the sentence that announces the letter."""
    head = sheet.folded[:FIRST_PAGE]
    for match in compiled(ISSUES).finditer(head, 0, ANNOUNCED_WITHIN):
        begin = sheet.folded.rfind("\n", 0, match.start()) + 1
        cites = compiled(BODY_BEGINS).match(sheet.folded[begin : begin + 40])
        if reading.number is None and (not cites or head.startswith("ngay", begin)):
            reading = _issued(sheet, match, reading)
    if reading.issuer is None and (asks := compiled(SPEAKS).search(head)):
        start, end = asks.span("who")
        if bodies.starts_body(sheet.text[start:end]):
            issuer = Found(squeeze(sheet.text[start:end]), start, end, 0.7)
            reading = replace(reading, issuer=issuer)
    if reading.subject is None:
        reading = replace(reading, subject=_title(sheet))
    if reading.kind is None and sheet.lines:
        line = sheet.lines[0]
        reading = replace(reading, kind=Found("công văn", line.start, line.end, 0.5))
    return reading


def _issued(sheet: Sheet, match: re.Match[str], reading: Reading) -> Reading:
    kind = by_folded_name(match["kind"])
    ref = reference.ANYWHERE.match(sheet.text, match.end())
    read = reference.read(ref, kind) if ref else None
    if not ref or not read or not kind:
        return reading
    who = _who(sheet, match.start())
    day = _DAYS_BEHIND.match(sheet.folded, read.end)
    earlier = _DAYS_BEFORE.search(sheet.folded[max(0, match.start() - 140) : match.start()])
    told = day or earlier
    when = from_match(told) if told else None
    subject = _SUBJECT.match(sheet.folded, day.end() if day else read.end)
    about = None
    if subject:
        stop = _SENTENCE_END.search(sheet.text, subject.end())
        about = _found(sheet, subject.end(), stop.start() if stop else subject.end(), 0.85)
    symbol_at = read.end - len(read.symbol)
    return replace(
        reading,
        kind=Found(kind.name, *match.span("kind"), 0.9),
        number=Found(read.number, ref.start(), ref.start() + len(read.number), 0.9),
        symbol=Found(read.symbol, symbol_at, read.end, 0.9),
        dated=Found(when.isoformat(), match.start(), read.end, 0.8) if when else None,
        issuer=who,
        subject=about or reading.subject,
        addressees=reading.addressees or _addressees(sheet, read.end),
    )


def _who(sheet: Sheet, end: int) -> Found | None:
    line = sheet.text.rfind("\n", 0, end) + 1
    window = sheet.text[line:end]
    starts = [
        m.start() for m in re.finditer(r"\S+", window) if bodies.starts_body(window[m.start() :])
    ]
    for start in starts:
        if window[start].isupper():
            return _found(sheet, line + start, end, 0.8)
    return None


def _addressees(sheet: Sheet, at: int) -> tuple[Found, ...]:
    match = compiled(TO_WHOM).search(sheet.folded, at, at + 500)
    if not match:
        return ()
    found: list[Found] = []
    start = match.start("list")
    for part in sheet.text[start : match.end("list")].split(";"):
        one = _found(sheet, start, start + len(part), 0.75)
        found += [one] if one else []
        start += len(part) + 1
    return tuple(found)


def is_title(sheet: Sheet) -> bool:
    """Whether the first line stands alone and is no sentence: a page's title."""
    if len(sheet.lines) < 2:
        return False
    line, behind = sheet.lines[:2]
    ended = line.text.endswith((":", ";", "."))
    cites = compiled(ISSUES).search(line.folded)
    return len(line.text) <= 400 and not ended and not cites and behind.start > line.end


def _title(sheet: Sheet) -> Found | None:
    """A page's first line is its title; what names kind and issuer in it is not the subject."""
    if not sheet.lines:
        return None
    line = sheet.lines[0]
    start = 0
    of = re.match(rf"(?:{NAMES})\s+(?:so\s\S+\s+)?cua\s+", line.folded)
    if of:
        name = bodies.name_end(line.text[of.end() :])
        asks = re.search(r"\b(?:de nghi|yeu cau|ve viec|ve)\s", line.folded[of.end() :])
        start = of.end() + (asks.start() if asks else name)
    if not 12 <= len(line.text) - start <= 400 or line.text.endswith((":", ";")):
        return None
    return _found(sheet, line.start + start, line.end, 0.6)


def _found(sheet: Sheet, start: int, end: int, sure: float) -> Found | None:
    value = squeeze(sheet.text[start:end]).rstrip(" .;:,")
    return Found(value, start, end, sure) if value else None
