"""When a duty is due: the phrase as printed, and the day it names when it names one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from cascade.intake.dates import DAY, ROMAN, from_match, month_end, to_date
from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import fold, squeeze

# The words that make a day a deadline.
_BEFORE = (
    r"(?:trong thời gian sớm nhất(?: có thể)?,?\s+(?:xong\s+)?)?"
    r"(?:trước|chậm nhất(?: là)?(?: vào| đến)?(?: trước)?|muộn nhất(?: là)?(?: vào)?|không muộn hơn|không quá"
    r"|(?:từ ngày \S+ )?đến hết|hết|hạn cuối(?: là)?|hạn chót(?: là)?|thời hạn(?: là)?:?|thời gian(?: hoàn thành)?:)"
)
_HOUR = r"(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{1,2})?\s*(?:phút)?,?\s*)?"
_WEEKDAY = r"(?:(?:thứ \S+|chủ nhật),?\s*)?"


@dataclass(frozen=True)
class Due:
    """A deadline phrase; `day` is None where the text names no date."""

    text: str
    day: date | None
    start: int
    end: int


class DueRule(NamedTuple):
    """A deadline rule and how its day is reckoned from the letter's own date."""

    rule: Rule
    day: Callable[[re.Match[str], date | None], date | None]


def _end_of_month(match: re.Match[str], letter: date | None) -> date | None:
    month = int(match["month"])
    year = int(match["year"]) if match["year"] else letter.year if letter else 0
    end = month_end(year, month)
    if end and not match["year"] and letter and (letter - end).days > 60:
        end = month_end(year + 1, month)
    return end


def _middle_of_month(match: re.Match[str], letter: date | None) -> date | None:
    end = _end_of_month(match, letter)
    return end.replace(day=15) if end else None


def _quarter(match: re.Match[str]) -> int:
    return ROMAN.get(match["quarter"]) or int(match["quarter"])


def _end_of_quarter(match: re.Match[str], letter: date | None) -> date | None:
    year = int(match["year"]) if match["year"] else letter.year if letter else 0
    return month_end(year, 3 * _quarter(match))


def _before_quarter(match: re.Match[str], letter: date | None) -> date | None:
    year = int(match["year"]) if match["year"] else letter.year if letter else 0
    first = to_date(1, 3 * _quarter(match) - 2, year)
    return first - timedelta(days=1) if first else None


def _before_month(match: re.Match[str], letter: date | None) -> date | None:
    end = _end_of_month(match, letter)
    return end.replace(day=1) - timedelta(days=1) if end else None


def _no_day(_match: re.Match[str], _letter: date | None) -> date | None:
    return None


_MONTH = r"tháng\s*(?P<month>1[0-2]|0?[1-9])(?!\d)(?:\s*(?:/|-|năm)\s*(?P<year>(?:19|20)\d\d))?"
_QUARTER = r"quý\s*(?P<quarter>iv|iii|ii|i|[1-4])\b(?:\s*(?:/|-|năm)\s*(?P<year>(?:19|20)\d\d))?"

DUES = (
    DueRule(
        Rule(
            rf"\btừ ngày\s+\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?\s+đến(?: hết)?\s+ngày\s+{DAY}",
            "a span: its end",
            "từ ngày 10/5/2026 đến hết ngày 14/5/2026",
            USAGE,
        ),
        from_match,
    ),
    DueRule(
        Rule(
            rf"\b{_BEFORE}\s+(?:lúc\s+)?{_HOUR}{_WEEKDAY}(?:ngày\s+)(?:[^\W\d_]+\s){{0,3}}{DAY}",
            "by a day",
            "trước 16 giờ 00 phút, ngày 05/8/2026",
            USAGE,
        ),
        from_match,
    ),
    DueRule(
        Rule(
            rf"\b{_BEFORE}\s+(?:ngày\s+)?(?P<d>\d{{1,2}})\s?[/-]\s?(?P<m>\d{{1,2}})(?![\d/-])",
            "by a day without year",
            "Hoàn thành trước ngày 20/7.",
            USAGE,
        ),
        from_match,
    ),
    DueRule(
        Rule(rf"\b{_BEFORE}\s+{DAY}", "by a day, the word left out", "chậm nhất 30/9/2026", USAGE),
        from_match,
    ),
    DueRule(
        Rule(rf"\b(?:vào|trong)\s+ngày\s+{DAY}", "on a day", "báo cáo vào ngày 15/9/2026", USAGE),
        from_match,
    ),
    DueRule(
        Rule(rf"\btrước\s+{_MONTH}", "before a month", "trước tháng 6/2026", USAGE), _before_month
    ),
    DueRule(
        Rule(rf"\b(?:giữa)\s+{_MONTH}", "by the middle of a month", "giữa tháng 6/2026", USAGE),
        _middle_of_month,
    ),
    DueRule(
        Rule(
            rf"\b(?:trong|cuối|hết|đến hết|trong cả)\s+{_MONTH}",
            "within a month",
            "Hoàn thành trong tháng 6/2026",
            USAGE,
        ),
        _end_of_month,
    ),
    DueRule(
        Rule(rf"\btrước\s+{_QUARTER}", "before a quarter", "Hoàn thành trước quý II/2027", USAGE),
        _before_quarter,
    ),
    DueRule(
        Rule(
            rf"\b(?:trong|cuối|hết|đến hết)\s+{_QUARTER}",
            "within a quarter",
            "trong quý III năm 2026",
            USAGE,
        ),
        _end_of_quarter,
    ),
    DueRule(
        Rule(
            r"\b(?:chậm nhất\s+)?(?:trong\s+|không quá\s+|sau\s+)(?:thời hạn\s+|vòng\s+|thời gian\s+)?(?:tối đa\s+)?\d{1,3}(?:\s*\(\w+\))?\s+(?:ngày|giờ|tháng|tuần)(?:\s+làm việc)?,?\s+(?:kể\s+)?(?:từ|tính từ)\s+[^,;.]{2,80}",
            "so long from some event",
            "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này",
            USAGE,
        ),
        _no_day,
    ),
    DueRule(
        Rule(
            r"\btrong\s+(?:thời hạn|vòng)\s+\d{1,3}\s+(?:ngày|giờ|tháng|tuần)(?:\s+làm việc)?",
            "so long",
            "trong vòng 24 giờ",
            USAGE,
        ),
        _no_day,
    ),
    DueRule(
        Rule(
            r"\bngay sau khi\s+[^,;.]{3,60}",
            "as soon as",
            "Triển khai ngay sau khi nhận được Công văn này.",
            USAGE,
        ),
        _no_day,
    ),
)


def names_day(recurring: str | None) -> bool:
    """Whether a recurring phrase tells the day of each period."""
    return bool(recurring and re.search(r"ngay \d", fold(recurring)))


_TIMES = r"(?:hằng|hàng|từng)\s+(?:ngày|tuần|tháng|quý|năm)(?:,\s*(?:hằng\s+|hàng\s+)?(?:ngày|tuần|tháng|quý|năm))*"
_DAY_OF = r"(?:\s*,?\s*\(?(?:trước|chậm nhất|vào)(?:\s+vào)?\s+ngày\s+\d{1,2}(?:\s+(?:của\s+)?(?:hằng\s+tháng|hàng\s+tháng|tháng cuối quý|tháng sau|mỗi tháng|tháng))?\)?)?"
RECURRING = (
    Rule(
        rf"\b(?:trước|chậm nhất|vào)(?:\s+vào)?\s+ngày\s+\d{{1,2}}\s+(?:của\s+)?(?:{_TIMES}|tháng cuối(?: mỗi)? quý|mỗi tháng)",
        "on a day of each period",
        "vào ngày 25 của tháng cuối quý",
        USAGE,
    ),
    Rule(
        rf"\b(?:định kỳ\s+)?{_TIMES}{_DAY_OF}",
        "each period",
        "Định kỳ hằng tháng (trước ngày 20) báo cáo",
        USAGE,
    ),
    Rule(
        r"\bđịnh kỳ\s+(?:\d{1,2}\s+(?:tháng|ngày|tuần)|quý|tháng|tuần|năm)(?:,\s*(?:\d{1,2}\s+tháng|năm|quý))*(?:\s+và\s+đột xuất)?",
        "each period",
        "Định kỳ 6 tháng, năm và đột xuất báo cáo",
        USAGE,
    ),
    Rule(
        rf"\b(?:trước|vào)?\s*(?:\d{{1,2}}\s*giờ(?:\s*\d\d(?:\s*phút)?)?\s+)(?:hằng|hàng) ngày|\b(?:thứ\s+\w+)\s+{_TIMES}",
        "at an hour of each day",
        "trước 16 giờ 00 hằng ngày",
        USAGE,
    ),
    Rule(r"\bsau mỗi\s+[^,;.]{2,40}", "after each event", "Sau mỗi đợt tiêm", USAGE),
    Rule(
        r"\b(?:\d{1,2}\s+(?:tháng|tuần|ngày)\s+một lần|mỗi (?:tuần|tháng|quý|năm|ngày)(?: một lần)?)",
        "once each period",
        "báo cáo mỗi tuần một lần",
        USAGE,
    ),
)


def find_due(text: str, letter: date | None) -> Due | None:
    """The deadline a duty's text names; of several the one with a day, then the first."""
    folded = fold(text)
    first: Due | None = None
    for due in DUES:
        for match in compiled(due.rule).finditer(folded):
            phrase = squeeze(text[match.start() : match.end()]).rstrip(".")
            found = Due(phrase, due.day(match, letter), match.start(), match.end())
            if found.day is not None:
                return found
            first = first or found
    return first


def find_recurring(text: str) -> str | None:
    """The phrase that makes a duty come again, as printed."""
    folded = fold(text)
    hits = [m for rule in RECURRING if (m := compiled(rule).search(folded))]
    if not hits:
        return None
    first = min(hits, key=lambda m: (m.start(), -m.end()))
    return squeeze(text[first.start() : first.end()])
