"""Deadline phrases and how the day of each is reckoned from the letter's own date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from cascade.intake.dates import DAY, ROMAN, from_match, month_end, to_date
from cascade.intake.rules import USAGE, Rule


class DueRule(NamedTuple):
    """A deadline rule and the reckoning of its day; None where the text names no date."""

    rule: Rule
    day: Callable[[re.Match[str], date | None], date | None]


def _month(match: re.Match[str], letter: date | None) -> date | None:
    """The last day of the month; without a year that of the letter, or the next."""
    month = int(match["month"])
    if match["year"]:
        return month_end(int(match["year"]), month)
    end = month_end(letter.year, month) if letter else None
    if letter and end and (letter - end).days > 60:
        return month_end(letter.year + 1, month)
    return end


def _middle_of_month(match: re.Match[str], letter: date | None) -> date | None:
    end = _month(match, letter)
    return end.replace(day=15) if end else None


def _before_month(match: re.Match[str], letter: date | None) -> date | None:
    end = _month(match, letter)
    return end.replace(day=1) - timedelta(days=1) if end else None


def _quarter(match: re.Match[str], letter: date | None, months: int) -> date | None:
    number = ROMAN.get(match["quarter"]) or int(match["quarter"])
    year = int(match["year"]) if match["year"] else letter.year if letter else 0
    return to_date(1, 3 * number - 3 + months, year)


def _end_of_quarter(match: re.Match[str], letter: date | None) -> date | None:
    last = _quarter(match, letter, months=3)
    return month_end(last.year, last.month) if last else None


def _before_quarter(match: re.Match[str], letter: date | None) -> date | None:
    first = _quarter(match, letter, months=1)
    return first - timedelta(days=1) if first else None


def _no_day(_match: re.Match[str], _letter: date | None) -> date | None:
    return None


# The words that make a day a deadline.
_BY = (
    r"\b(?:trong thời gian sớm nhất(?: có thể)?,?\s+(?:xong\s+)?)?"
    r"(?:trước|chậm nhất(?: là)?(?: vào| đến)?(?: trước)?|muộn nhất(?: là)?(?: vào)?"
    r"|không muộn hơn|không quá|đến hết|hết|hạn cuối(?: là)?|hạn chót(?: là)?"
    r"|thời hạn(?: là)?:?|thời gian(?: hoàn thành| thực hiện)?:)\s*"
)
_HOUR = r"(?:lúc\s+)?(?:\d{1,2}\s*(?:giờ|h|g)\s*(?:\d{1,2})?\s*(?:phút)?,?\s*)?"
_WEEKDAY = r"(?:(?:thứ \S+|chủ nhật),?\s*)?"
_YEAR = r"(?:\s*(?:/|-|năm)\s*(?P<year>(?:19|20)\d\d))?"
_MONTH = r"tháng\s*(?P<month>1[0-2]|0?[1-9])(?!\d)" + _YEAR
_QUARTER = r"quý\s*(?P<quarter>iv|iii|ii|i|[1-4])\b" + _YEAR
_LENGTH = r"\d{1,3}(?:\s*\(\w+\))?\s+(?:ngày|giờ|tháng|tuần)(?:\s+làm việc)?"
_SPAN = r"\d{1,2}/\d{1,2}(?:/\d{4})?"


def _due(
    pattern: str,
    meaning: str,
    example: str,
    day: Callable[[re.Match[str], date | None], date | None],
) -> DueRule:
    return DueRule(Rule(pattern, meaning, example, USAGE), day)


DUES = (
    _due(
        rf"\btừ ngày\s+{_SPAN}\s+đến(?: hết)?\s+ngày\s+{DAY}",
        "from one day to another: the second",
        "từ ngày 10/5/2026 đến hết ngày 14/5/2026",
        from_match,
    ),
    _due(
        rf"{_BY}{_HOUR}{_WEEKDAY}ngày\s*(?:[^\W\d_]+\s){{0,3}}{DAY}",
        "by a day",
        "trước 16 giờ 00 phút, ngày 05/8/2026",
        from_match,
    ),
    _due(
        rf"{_BY}{_HOUR}(?:ngày\s*)?(?P<d>\d{{1,2}})\s?[/-]\s?(?P<m>\d{{1,2}})(?![\d/-])",
        "by a day without its year",
        "Hoàn thành trước ngày 20/7.",
        from_match,
    ),
    _due(rf"{_BY}{DAY}", "by a day, the word left out", "chậm nhất 30/9/2026", from_match),
    _due(
        rf"\b(?:vào|trong)\s+(?:ngày\s+)?{_WEEKDAY}(?:ngày\s+)?{DAY}",
        "on a day",
        "vào ngày Chủ nhật 15/9/2026",
        from_match,
    ),
    _due(
        rf"\bthời gian(?: thực hiện| hoàn thành)?\s*:\s*(?:trong )?{_MONTH}",
        "a plan's label: a month",
        "Thời gian thực hiện: tháng 6/2026",
        _month,
    ),
    _due(
        rf"\bthời gian(?: thực hiện| hoàn thành)?\s*:\s*(?:trong )?{_QUARTER}",
        "a plan's label: a quarter",
        "Thời gian thực hiện: Quý II/2026",
        _end_of_quarter,
    ),
    _due(rf"\btrước\s+{_MONTH}", "before a month", "trước tháng 6/2026", _before_month),
    _due(rf"\bgiữa\s+{_MONTH}", "mid-month is its 15th", "giữa tháng 6/2026", _middle_of_month),
    _due(
        rf"\b(?:trong(?: cả)?|cuối|đến hết|hết)\s+{_MONTH}",
        "within a month: its last day",
        "Hoàn thành trong tháng 6/2026",
        _month,
    ),
    _due(rf"\btrước\s+{_QUARTER}", "before a quarter", "trước quý II/2027", _before_quarter),
    _due(
        rf"\b(?:trong|cuối|đến hết|hết)\s+{_QUARTER}",
        "within a quarter: its last day",
        "trong quý III năm 2026",
        _end_of_quarter,
    ),
    _due(
        r"\b(?:chậm nhất\s+)?(?:trong|không quá|sau)\s+(?:thời hạn\s+|vòng\s+|thời gian\s+)?"
        rf"(?:tối đa\s+)?{_LENGTH},?\s+(?:kể\s+)?(?:từ|tính từ)\s+[^,;.]{{2,80}}",
        "so long from some event",
        "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này",
        _no_day,
    ),
    _due(rf"\btrong\s+(?:thời hạn|vòng)\s+{_LENGTH}", "so long", "trong vòng 24 giờ", _no_day),
    _due(
        r"\bngay sau khi\s+[^,;.]{3,60}",
        "as soon as something happens",
        "Triển khai ngay sau khi nhận được Công văn này.",
        _no_day,
    ),
)
