"""The deadline phrases: what each looks like in folded text, and what it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from workflows.phrases import telling as t
from workflows.phrases.days import DAY
from workflows.phrases.said import Said

Told = Callable[[re.Match[str], date | None], Said]


class Rule(NamedTuple):
    """A phrase as a pattern, what it means, an example it must match, and how it is read.

    `alone`: only where nothing but the phrase is there; in running text it would find too much.
    """

    pattern: str
    meaning: str
    example: str
    told: Told
    alone: bool = False


def find(folded: str, signed: date | None, *, alone: bool = False) -> list[Said]:
    """Every deadline phrase in a piece of folded text, rule by rule, for a letter signed that day.

    `alone` says that the text is nothing but a phrase somebody gave.
    """
    return [
        replace(rule.told(match, signed), meaning=rule.meaning)
        for rule in DUES
        if alone or not rule.alone
        for match in compiled(rule.pattern).finditer(folded)
    ]


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for folded text: its marks are taken off, a space stands for any white space."""
    bare = unicodedata.normalize("NFD", pattern.replace("đ", "d"))
    plain = "".join(char for char in bare if not unicodedata.combining(char))
    return re.compile(plain.replace(" ", r"\s+"), re.MULTILINE)


# The words that make a day a deadline; the last alternatives leave it out.
_OUT = r"(?:chậm nhất(?: là)? )?(?P<out>trước(?! và| hoặc))"
_BY = (
    r"\b(?:trong thời gian sớm nhất(?: có thể)?,?\s+(?:xong\s+)?)?"
    rf"(?:{_OUT}|trước (?:và|hoặc) (?:trong|vào)"
    r"|chậm nhất(?: là)?(?: vào| đến)?|muộn nhất(?: là)?(?: vào)?"
    r"|không muộn hơn|không quá|đến hết|hết|hạn cuối(?: là)?|hạn chót(?: là)?"
    r"|thời hạn(?: hoàn thành| thực hiện| báo cáo| trả lời)?(?: là)?:?"
    r"|thời gian(?: hoàn thành| thực hiện)?:)\s*"
)
_HOUR = (
    r"(?:lúc\s+)?(?:(?P<hour>\d{1,2})\s*(?:giờ|h|g)\s*(?P<minute>\d{1,2})?\s*(?:phút)?\s*"
    r"(?P<noon>sáng|trưa|chiều|tối)?,?\s*(?:của\s+)?)?"
)
_WEEKDAY = r"(?:(?:thứ \S+|chủ nhật),?\s*)?"
_YEAR = r"(?:\s*(?:/|-|năm)\s*(?P<year>(?:19|20)\d\d))?"
_MONTH = r"tháng\s*(?P<month>1[0-2]|0?[1-9])(?!\d)" + _YEAR
_QUARTER = r"quý\s*(?P<quarter>iv|iii|ii|i|[1-4])\b" + _YEAR
_HALF = r"6 tháng (?P<half>đầu|cuối)\s+năm" + r"(?:\s*(?P<year>(?:19|20)\d\d))?"
_IN_YEAR = r"năm\s*(?P<year>(?:19|20)\d\d)(?!\d)"
_LENGTH = (
    rf"(?P<count>\d{{1,3}}|{'|'.join(t.NUMBERS)})(?:\s*\([^()]{{1,20}}\))?\s*"
    r"(?P<unit>ngày|giờ|h|tháng|tuần|năm)\b"
    r"(?P<worked>(?:\s+làm việc)?)"
)
_SINCE = r"(?:kể\s+)?(?:từ|tính từ|sau)\s+(?P<since>[^,;.]{2,80})"
_SPAN = r"\d{1,2}/\d{1,2}(?:/\d{4})?"

DUES = (
    Rule(
        rf"\btừ ngày\s+{_SPAN}\s+đến(?: hết)?\s+ngày\s+{DAY}",
        "from one day to another: the second",
        "từ ngày 10/5/2026 đến hết ngày 14/5/2026",
        t.day,
    ),
    Rule(
        rf"{_BY}{_HOUR}{_WEEKDAY}ngày\s*(?:[^\W\d_]+\s){{0,3}}{DAY}",
        "by a day",
        "trước 16 giờ 00 phút, ngày 05/8/2026",
        t.day,
    ),
    Rule(
        rf"{_BY}{_HOUR}(?:ngày\s*)?(?P<d>\d{{1,2}})\s?[/-]\s?(?P<m>\d{{1,2}})(?![\d/-])",
        "by a day without its year",
        "Hoàn thành trước ngày 20/7.",
        t.day,
    ),
    Rule(rf"{_BY}{DAY}", "by a day, the word left out", "chậm nhất 30/9/2026", t.day),
    Rule(
        rf"\b(?:vào|trong)\s+(?:ngày\s+)?{_WEEKDAY}(?:ngày\s+)?{DAY}",
        "on a day",
        "vào ngày Chủ nhật 15/9/2026",
        t.day,
    ),
    Rule(
        rf"\bthời gian(?: thực hiện| hoàn thành)?\s*:\s*(?:trong )?{_MONTH}",
        "a plan's label: a month",
        "Thời gian thực hiện: tháng 6/2026",
        t.month,
    ),
    Rule(
        rf"\bthời gian(?: thực hiện| hoàn thành)?\s*:\s*(?:trong )?{_QUARTER}",
        "a plan's label: a quarter",
        "Thời gian thực hiện: Quý II/2026",
        t.quarter,
    ),
    Rule(rf"\btrước\s+{_MONTH}", "before a month", "trước tháng 6/2026", t.before_month),
    Rule(rf"\bgiữa\s+{_MONTH}", "mid-month is its 15th", "giữa tháng 6/2026", t.middle_of_month),
    Rule(
        rf"(?<!nửa\s)\bđầu\s+{_MONTH}",
        "the beginning of a month is its first day",
        "đầu tháng 6/2026",
        t.first_of_month,
        alone=True,
    ),
    Rule(
        rf"\b(?:trong(?: cả)?|cuối|đến hết|hết)\s+{_MONTH}",
        "within a month: its last day",
        "Hoàn thành trong tháng 6/2026",
        t.month,
    ),
    Rule(rf"\btrước\s+{_QUARTER}", "before a quarter", "trước quý II/2027", t.before_quarter),
    Rule(
        rf"\b(?:trong|cuối|đến hết|hết)\s+{_QUARTER}",
        "within a quarter: its last day",
        "trong quý III năm 2026",
        t.quarter,
    ),
    Rule(
        rf"\b(?:trong\s+)?{_HALF}",
        "within half a year: its last day",
        "trong 6 tháng đầu năm 2026",
        t.half,
        alone=True,
    ),
    Rule(rf"\btrước\s+{_IN_YEAR}", "before a year", "trước năm 2027", t.before_year, alone=True),
    Rule(
        rf"\b(?:trong|cuối|đến hết|hết)\s+{_IN_YEAR}",
        "within a year: its last day",
        "trong năm 2026",
        t.year,
        alone=True,
    ),
    Rule(
        r"\b(?:(?:chậm nhất(?: là)?|muộn nhất(?: là)?)\s+)?(?:trong|không quá|sau|chậm nhất(?: là)?"
        r"|muộn nhất(?: là)?|thời hạn(?: là)?:?)\s+(?:thời hạn\s+|vòng\s+|thời gian\s+)?"
        rf"(?:tối đa\s+)?{_LENGTH},?\s+{_SINCE}",
        "so long from some event",
        "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này",
        t.so_long,
    ),
    Rule(
        r"\b(?:kể từ|từ|sau)\s+(?P<since>(?:ngày|khi)\s+[^,;.]{2,60}),?\s+trong\s+"
        rf"(?:thời hạn|vòng)\s+(?:tối đa\s+)?{_LENGTH}",
        "from some event, so long",
        "kể từ ngày nhận được văn bản này, trong thời hạn 05 ngày làm việc",
        t.so_long,
    ),
    Rule(
        rf"\btrong\s+(?:thời hạn|vòng)\s+(?:tối đa\s+)?{_LENGTH}",
        "so long",
        "trong vòng 24 giờ",
        t.so_long,
    ),
    Rule(
        rf"^\W*{_LENGTH}(?:,?\s+{_SINCE})?",
        "so long, and nothing else",
        "05 ngày làm việc kể từ ngày ký",
        t.so_long,
        alone=True,
    ),
    Rule(
        r"\bngay (?:sau )?khi\s+(?P<since>[^,;.]{2,60})",
        "as soon as something happens",
        "Triển khai ngay sau khi nhận được Công văn này.",
        t.at_once,
    ),
    Rule(
        rf"^\W*(?:(?:đến\s+|tới\s+)?ngày\s+)?{DAY}\W*$",
        "a day, and nothing else",
        "15/12/2026",
        t.day,
        alone=True,
    ),
    Rule(rf"^\W*{_MONTH}\W*$", "a month, and nothing else", "Tháng 7/2026", t.month, alone=True),
    Rule(rf"^\W*{_QUARTER}\W*$", "a quarter, and nothing else", "Quý IV", t.quarter, alone=True),
    Rule(rf"^\W*{_IN_YEAR}\W*$", "a year, and nothing else", "năm 2026", t.year, alone=True),
)
