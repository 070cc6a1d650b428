"""Duties that come again: the phrase that says how often."""

from __future__ import annotations

import re

from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import fold, squeeze

_PERIOD = r"(?:ngày|tuần|tháng|quý|năm)"
_EACH = rf"(?:hằng|hàng|từng)\s+{_PERIOD}(?:,\s*(?:hằng\s+|hàng\s+)?{_PERIOD})*"
_OF = r"(?:của\s+)?(?:hằng\s+tháng|hàng\s+tháng|tháng cuối quý|tháng sau|mỗi tháng|tháng)"
_BY_DAY = rf"(?:\s*,?\s*\(?(?:trước|chậm nhất|vào)(?:\s+vào)?\s+ngày\s+\d{{1,2}}(?:\s+{_OF})?\)?)?"

RECURRING = (
    Rule(
        rf"\b(?:trước|chậm nhất|vào)(?:\s+vào)?\s+ngày\s+\d{{1,2}}\s+(?:của\s+)?"
        rf"(?:{_EACH}|tháng cuối(?: mỗi)? quý|mỗi tháng)",
        "on a day of each period",
        "vào ngày 25 của tháng cuối quý",
        USAGE,
    ),
    Rule(
        rf"\b(?:định kỳ\s+)?{_EACH}{_BY_DAY}",
        "each period",
        "Định kỳ hằng tháng (trước ngày 20) báo cáo",
        USAGE,
    ),
    Rule(
        rf"\bđịnh kỳ\s+(?:\d{{1,2}}\s+(?:tháng|ngày|tuần)|{_PERIOD})"
        r"(?:,\s*(?:\d{1,2}\s+tháng|năm|quý))*(?:\s+và\s+đột xuất)?",
        "each so many months",
        "Định kỳ 6 tháng, năm và đột xuất báo cáo",
        USAGE,
    ),
    Rule(
        r"\b(?:trước|vào)?\s*\d{1,2}\s*(?:giờ|h)(?:\s*\d\d(?:\s*phút)?)?\s+(?:hằng|hàng) ngày",
        "at an hour of each day",
        "trước 16 giờ 00 hằng ngày",
        USAGE,
    ),
    Rule(rf"\bthứ\s+\w+\s+{_EACH}", "on a weekday", "thứ Sáu hằng tuần", USAGE),
    Rule(r"\bsau mỗi\s+[^,;.]{2,40}", "after each event", "Sau mỗi đợt tiêm", USAGE),
    Rule(
        rf"\b(?:\d{{1,2}}\s+(?:tháng|tuần|ngày)\s+một lần|mỗi {_PERIOD}(?: một lần)?)",
        "once each period",
        "báo cáo mỗi tuần một lần",
        USAGE,
    ),
)
_NAMES_DAY = re.compile(r"ngay \d")


def find_recurring(text: str) -> str | None:
    """The phrase that makes a duty come again, as printed."""
    folded = fold(text)
    hits = [match for rule in RECURRING if (match := compiled(rule).search(folded))]
    if not hits:
        return None
    first = min(hits, key=lambda match: (match.start(), -match.end()))
    return squeeze(text[first.start() : first.end()])


def names_day(recurring: str | None) -> bool:
    """Whether a recurring phrase tells the day of each period."""
    return bool(recurring and _NAMES_DAY.search(fold(recurring)))
