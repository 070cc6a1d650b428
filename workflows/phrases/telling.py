"""What a matched phrase says: a day, the end of a period, so long from something."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from workflows.calendar import Unit
from workflows.phrases.days import DAY, ROMAN, from_match, month_end, to_date
from workflows.phrases.reasons import Reason
from workflows.phrases.said import Anchor, Said

_DAY = timedelta(days=1)
_WRITTEN = re.compile(DAY)
_RECEIVED = re.compile(r"\b(?:nhan|tiep nhan)\b")
_SIGNED = re.compile(r"\b(?:ky|ban hanh)\b")
# "from signing" is that of this letter, not of some contract.
_OTHER = re.compile(r"\b(?:hop dong|bien ban|quyet dinh phe duyet)\b")
_UNITS = {
    "ngay": Unit.DAY,
    "tuan": Unit.WEEK,
    "thang": Unit.MONTH,
    "nam": Unit.YEAR,
    "gio": Unit.HOUR,
    "h": Unit.HOUR,
}
# The longer first, as the pattern tries them in order.
NUMBERS = {
    "muoi lam": 15,
    "hai muoi": 20,
    "ba muoi": 30,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}
_AFTER_NOON = ("chieu", "toi")
_WORKED = {Unit.DAY: Unit.WORKING_DAY, Unit.HOUR: Unit.WORKING_HOUR}
_OLDER = 60  # days before the letter from which a day or month without year is the next year's


def day(match: re.Match[str], signed: date | None) -> Said:
    """By or on a day: “trước” leaves it out, unless an hour of it is named."""
    parts = match.groupdict()
    named = from_match(match, signed)
    has_year = parts.get("y") or parts.get("wy")
    if named is None:
        unknown = Reason.NO_SUCH_DAY if has_year or signed else Reason.NO_YEAR
        return _said(match, None, unknown)
    reasons = [Reason.NAMED] if has_year else [Reason.NAMED, Reason.YEAR_COMPLETED]
    hour, minute = parts.get("hour"), int(parts.get("minute") or 0)
    if hour is None:
        return _said(match, named, *reasons, inclusive=not parts.get("out"))
    late = 12 if parts.get("noon") in _AFTER_NOON and int(hour) < 12 else 0
    at = _time(int(hour) + late, minute)
    if int(hour) == minute == 0:
        return _said(match, named, *reasons, Reason.AT_MIDNIGHT, inclusive=False)
    return _said(match, named, *reasons, *([Reason.UNTIL_HOUR] if at else []), hour=at)


def month(match: re.Match[str], signed: date | None) -> Said:
    """Within a month; without a year that of the letter, or the next."""
    return _period(match, _month_end(match, signed), Reason.LAST_OF_PERIOD)


def first_of_month(match: re.Match[str], signed: date | None) -> Said:
    """At the beginning of a month."""
    end = _month_end(match, signed)
    return _period(match, end and end.replace(day=1), Reason.FIRST_OF_PERIOD)


def middle_of_month(match: re.Match[str], signed: date | None) -> Said:
    """In the middle of a month."""
    end = _month_end(match, signed)
    return _period(match, end and end.replace(day=15), Reason.MIDDLE_OF_PERIOD)


def before_month(match: re.Match[str], signed: date | None) -> Said:
    """Before a month: its first day is out."""
    end = _month_end(match, signed)
    return _period(match, end and end.replace(day=1), Reason.BEFORE_PERIOD, inclusive=False)


def quarter(match: re.Match[str], signed: date | None) -> Said:
    """Within a quarter."""
    last = _quarter(match, signed, months=3)
    end = month_end(last.year, last.month) if last else None
    return _period(match, end, Reason.LAST_OF_PERIOD)


def before_quarter(match: re.Match[str], signed: date | None) -> Said:
    """Before a quarter: its first day is out."""
    first = _quarter(match, signed, months=1)
    return _period(match, first, Reason.BEFORE_PERIOD, inclusive=False)


def half(match: re.Match[str], signed: date | None) -> Said:
    """Within the first or last six months of a year."""
    year = _year(match, signed)
    last = 6 if match["half"] == "dau" else 12
    return _period(match, month_end(year, last) if year else None, Reason.LAST_OF_PERIOD)


def year(match: re.Match[str], _signed: date | None) -> Said:
    """Within a year."""
    return _period(match, to_date(31, 12, match["year"]), Reason.LAST_OF_PERIOD)


def before_year(match: re.Match[str], _signed: date | None) -> Said:
    """Before a year: its first day is out."""
    first = to_date(1, 1, match["year"])
    return _period(match, first, Reason.BEFORE_PERIOD, inclusive=False)


def so_long(match: re.Match[str], signed: date | None) -> Said:
    """So many days, weeks, months or hours from something."""
    unit = _UNITS[match["unit"]]
    if match["worked"]:
        unit = _WORKED.get(unit, unit)
    since = match.groupdict().get("since")
    anchor, counted_from = (Anchor.UNSAID, None) if since is None else _anchor(since, signed)
    return Said(
        match.start(),
        match.end(),
        "",
        count=_number(match["count"]),
        unit=unit,
        anchor=anchor,
        counted_from=counted_from,
    )


def at_once(match: re.Match[str], signed: date | None) -> Said:
    """As soon as something happens."""
    anchor, day = _anchor(match["since"], signed)
    return Said(
        match.start(),
        match.end(),
        "",
        count=0,
        unit=Unit.WORKING_DAY,
        anchor=anchor,
        counted_from=day,
        reasons=(Reason.AT_ONCE,),
    )


def _anchor(since: str, signed: date | None) -> tuple[Anchor, date | None]:
    if _RECEIVED.search(since):
        return Anchor.RECEIPT, None
    if _SIGNED.search(since) and not _OTHER.search(since):
        return Anchor.SIGNING, None
    written = _WRITTEN.search(since)
    found = from_match(written, signed) if written else None
    return (Anchor.DAY, found) if found else (Anchor.EVENT, None)


def _said(
    match: re.Match[str],
    named: date | None,
    *reasons: Reason,
    inclusive: bool = True,
    hour: time | None = None,
    is_day: bool = True,
) -> Said:
    return Said(
        match.start(),
        match.end(),
        "",
        named=named,
        inclusive=inclusive,
        hour=hour,
        is_day=is_day,
        reasons=reasons,
    )


def _period(
    match: re.Match[str], named: date | None, why: Reason, *, inclusive: bool = True
) -> Said:
    if named is None:
        return _said(match, None, Reason.NO_YEAR, is_day=False)
    reasons = (why,) if match.groupdict().get("year") else (Reason.YEAR_COMPLETED, why)
    return _said(match, named, *reasons, inclusive=inclusive, is_day=False)


def _month_end(match: re.Match[str], signed: date | None) -> date | None:
    month = int(match["month"])
    if match["year"]:
        return month_end(int(match["year"]), month)
    end = month_end(signed.year, month) if signed else None
    if signed and end and (signed - end).days > _OLDER:
        return month_end(signed.year + 1, month)
    return end


def _quarter(match: re.Match[str], signed: date | None, months: int) -> date | None:
    number = ROMAN.get(match["quarter"]) or int(match["quarter"])
    year = _year(match, signed)
    return to_date(1, 3 * number - 3 + months, year) if year else None


def _year(match: re.Match[str], signed: date | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    return signed.year if signed else None


def _number(written: str) -> int:
    return int(written) if written.isdigit() else NUMBERS[" ".join(written.split())]


def _time(hour: int, minute: int) -> time | None:
    """The hour of the day; 24 giờ is its end, and an hour there is not is none."""
    return time(hour, minute) if hour < 24 and minute < 60 else None
