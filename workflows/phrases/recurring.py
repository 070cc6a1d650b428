"""Duties that come again: the phrase that says how often, and the day of the first time."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import NamedTuple

from workflows.calendar import last_of_month, min_day
from workflows.phrases.rules import compiled
from workflows.phrases.said import Every, Said, Within


class Again(NamedTuple):
    """A phrase that makes a duty come again: pattern, meaning, an example it must match."""

    pattern: str
    meaning: str
    example: str


_PERIOD = r"(?:ngày|tuần|tháng|quý|năm)"
_EACH = rf"(?:hằng|hàng|từng)\s+{_PERIOD}(?:,\s*(?:hằng\s+|hàng\s+)?{_PERIOD})*"
_OF = r"(?:của\s+)?(?:hằng\s+tháng|hàng\s+tháng|tháng cuối quý|tháng sau|mỗi tháng|tháng)"
_BY_DAY = rf"(?:\s*,?\s*\(?(?:trước|chậm nhất|vào)(?:\s+vào)?\s+ngày\s+\d{{1,2}}(?:\s+{_OF})?\)?)?"

RECURRING = (
    Again(
        rf"\b(?:trước|chậm nhất|vào|định kỳ)(?:\s+vào)?\s+ngày\s+\d{{1,2}}\s+(?:của\s+)?"
        rf"(?:{_EACH}|tháng cuối(?: mỗi)? quý|mỗi tháng)",
        "on a day of each period",
        "vào ngày 25 của tháng cuối quý",
    ),
    Again(
        rf"\b(?:định kỳ\s+)?{_EACH}{_BY_DAY}",
        "each period",
        "Định kỳ hằng tháng (trước ngày 20) báo cáo",
    ),
    Again(
        rf"\bđịnh kỳ\s+(?:\d{{1,2}}\s+(?:tháng|ngày|tuần)|{_PERIOD}(?!\s+\d))"
        r"(?:,\s*(?:\d{1,2}\s+tháng|năm|quý))*(?:\s+và\s+đột xuất)?",
        "each so many months",
        "Định kỳ 6 tháng, năm và đột xuất báo cáo",
    ),
    Again(
        r"\b(?:trước|vào)?\s*\d{1,2}\s*(?:giờ|h)(?:\s*\d\d(?:\s*phút)?)?\s+(?:hằng|hàng) ngày",
        "at an hour of each day",
        "trước 16 giờ 00 hằng ngày",
    ),
    Again(rf"\bthứ\s+\w+\s+{_EACH}", "on a weekday", "thứ Sáu hằng tuần"),
    Again(r"\bsau mỗi\s+[^,;.]{2,40}", "after each event", "Sau mỗi đợt tiêm"),
    Again(
        rf"\b(?:\d{{1,2}}\s+(?:tháng|tuần|ngày)\s+một lần|mỗi {_PERIOD}(?: một lần)?)",
        "once each period",
        "báo cáo mỗi tuần một lần",
    ),
)
_LENGTHS = (("ngay", 0, 1), ("tuan", 0, 7), ("thang", 1, 0), ("quy", 3, 0), ("nam", 12, 0))
_WEEKDAYS = ("hai", "ba", "tu", "nam", "sau", "bay")
_WEEKDAY = re.compile(r"\bthu\s+(hai|ba|tu|nam|sau|bay|[2-7])\b|\b(chu nhat)\b")
_COUNTED = re.compile(r"\b(\d{1,2})\s+(thang|tuan|ngay)\b")
_HOUR = re.compile(r"\b(\d{1,2})\s*(?:gio|h)\s*(\d\d)?\b")
_NAMED_DAY = re.compile(r"\b(truoc|cham nhat|vao|dinh ky)(?:\s+vao)?\s+ngay\s+(\d{1,2})\b")
_NAMES_DAY = re.compile(r"ngay \d")
_NEXT_MONTH = re.compile(r"\bthang sau\b")
# "ngày 25 của tháng cuối quý" says quarterly, though it also says month.
_OF_QUARTER = re.compile(r"\bthang cuoi(?: moi)? quy\b")
_NOT_LENGTHS = re.compile(r"\bngay\s+\d{1,2}\b|\bthang\s+(?:cuoi|sau)\b|\bthu\s+\w+\b")


def find_again(folded: str) -> Said | None:
    """The first phrase in folded text that makes a duty come again."""
    hits = [match for one in RECURRING if (match := compiled(one.pattern).search(folded))]
    if not hits:
        return None
    first = min(hits, key=lambda match: (match.start(), -match.end()))
    # The day may stand in another phrase than the period: "hằng quý chậm nhất ngày 25 của …".
    near = folded[first.start() : max(first.end(), *(_joined(first, hit) for hit in hits))]
    phrase = " ".join(near.split())
    every, inclusive = _every(phrase)
    return Said(
        first.start(),
        first.end(),
        "comes again",
        inclusive=inclusive,
        hour=_hour(phrase),
        every=every,
    )


def says_day(folded: str) -> bool:
    """Whether a recurring phrase, folded, tells the day of each period."""
    return bool(_NAMES_DAY.search(folded))


def first_time(every: Every, inclusive: bool, signed: date) -> date | None:
    """The day named for the first time that is not over when the letter is signed.

    None where the duty follows some event.
    """
    earliest = signed if inclusive else signed + timedelta(days=1)
    if every.days == 1:
        return signed + timedelta(days=1)
    if every.days:
        weekday = 6 if every.weekday is None else every.weekday
        first = earliest + timedelta(days=(weekday - earliest.weekday()) % 7)
        return first + timedelta(days=every.days - 7)
    if not every.months:
        return None
    year, month = signed.year, -(-signed.month // every.months) * every.months
    behind = 1 if every.within is Within.NEXT else 0
    # The period before may still be reported in this month.
    month -= every.months if behind else 0
    while True:
        at = year * 12 + month - 1 + behind
        named = _day_of(every, at // 12, at % 12 + 1)
        if named >= earliest:
            return named
        month += every.months


def _day_of(every: Every, year: int, month: int) -> date:
    if every.day is None:
        return last_of_month(year, month)
    return min_day(year, month, every.day)


def _joined(first: re.Match[str], hit: re.Match[str]) -> int:
    """Where a phrase ends that goes on from the first."""
    return hit.end() if 0 <= hit.start() - first.end() <= 3 else first.end()


def _hour(phrase: str) -> time | None:
    named = _HOUR.search(phrase)
    hour, minute = (int(named[1]), int(named[2] or 0)) if named else (24, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _every(phrase: str) -> tuple[Every, bool]:
    """How often, and whether the named day is in time."""
    named = _NAMED_DAY.search(phrase)
    day = int(named[2]) if named and 1 <= int(named[2]) <= 31 else None
    inclusive = not (named and named[1] == "truoc")
    within = Within.NEXT if _NEXT_MONTH.search(phrase) else Within.SAME
    weekday = _WEEKDAY.search(phrase)
    if weekday:
        word = weekday[1]
        at = 6 if word is None else int(word) - 2 if word.isdigit() else _WEEKDAYS.index(word)
        return Every(days=7, weekday=at), True
    if _OF_QUARTER.search(phrase):
        return Every(months=3, day=day, within=within), inclusive
    counted = _COUNTED.search(_NOT_LENGTHS.sub(" ", phrase))
    bare = _NOT_LENGTHS.sub(" ", phrase)
    found = [
        (months * 30 + days, months, days)
        for word, months, days in _LENGTHS
        if re.search(rf"\b{word}\b", _COUNTED.sub(" ", bare))
    ]
    if counted:
        number = max(1, int(counted[1]))
        months, days = {"thang": (1, 0), "tuan": (0, 7), "ngay": (0, 1)}[counted[2]]
        found.append((number * (months * 30 + days), number * months, number * days))
    if phrase.startswith("sau moi") or not found:
        return Every(), True
    _, months, days = min(found)
    return Every(months=months, days=days, day=day, within=within), inclusive
