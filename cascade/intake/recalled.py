"""Documents meant without their symbol: `Công văn số 123 nêu trên`, `các văn bản nêu trên`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cascade.intake import citing
from cascade.intake.cited import LOOK_AHEAD, LOOK_BACK, Cited
from cascade.intake.kinds import NAMES, by_folded_name
from cascade.intake.lines import Sheet
from cascade.intake.rules import DECREE, USAGE, Rule, compiled

NUMBERED = Rule(
    rf"\b(?P<kind>{NAMES}) (?:số )?(?P<number>\d{{1,6}})(?![\w/.,-]*\d)(?!\s?[/-])\b",
    "a document cited before, by its number alone",
    "thực hiện Công văn số 188 nêu trên",
    DECREE,
)
THESE = Rule(
    rf"\b(?:các (?:{NAMES}) (?:chỉ đạo )?(?:này|trên)|(?:các )?(?:{NAMES}) (?:chỉ đạo )?"
    r"(?:nêu|nói|kể) trên)\b",
    "the documents cited just before",
    "để triển khai các văn bản nêu trên",
    USAGE,
)
# What a later phrase may add to a document: a merely descriptive word changes nothing.
FARTHEST = 12  # citations back
_OPENS_ITEMS = re.compile(r"[^.:]{0,400}:[ \t]*\n")
TELLING = (citing.IMPLEMENTS, citing.REMINDS, citing.REPLACES)


class _Meant(NamedTuple):
    which: list[int]
    at: int
    end: int


def recall(
    sheet: Sheet, cited: list[Cited], starts: Sequence[int], points_from: int
) -> list[Cited]:
    """The citations, with the roles that later short phrases before the points give them."""
    told = list(cited)
    for meant in (*_numbered(sheet, cited), *_these(sheet, cited, starts)):
        # Behind the first item such a phrase tells only where it opens a command of its own.
        if meant.at >= points_from and not _OPENS_ITEMS.match(sheet.text, meant.end):
            continue
        begin = max(starts[bisect_right(starts, meant.at) - 1], meant.at - LOOK_BACK)
        verb, role = citing.governing(
            " ".join(sheet.text[begin : meant.at].split()) + " ",
            sheet.folded[meant.end : meant.end + LOOK_AHEAD],
            in_point=False,
            subject=False,
        )
        for i in meant.which if role in TELLING else ():
            if citing.stronger(role, told[i].found.role):
                told[i] = told[i]._replace(found=replace(told[i].found, verb=verb, role=role))
    return told


def _numbered(sheet: Sheet, cited: list[Cited]) -> Iterator[_Meant]:
    known: dict[tuple[str, str | None], dict[str, int]] = {}
    for i, one in enumerate(cited):
        known.setdefault((one.found.number, one.found.kind), {}).setdefault(one.found.symbol, i)
    for match in compiled(NUMBERED).finditer(sheet.folded):
        kind = by_folded_name(match["kind"])
        which = list(known.get((match["number"], kind.name if kind else None), {}).values())
        # Two documents of one number: a guess between them is worse than none.
        if len(which) == 1 and cited[which[0]].at < match.start():
            yield _Meant(which, match.start(), match.end())


def _these(sheet: Sheet, cited: list[Cited], starts: Sequence[int]) -> Iterator[_Meant]:
    """Those of the sentence before that cites any; "các" means two at least."""
    places = [one.at for one in cited]
    for match in compiled(THESE).finditer(sheet.folded):
        last = bisect_right(places, match.start()) - 1
        if last < 0:
            continue
        wanted = 2 if match[0].startswith("cac") else 1
        first, names = last, {cited[last].found.number_symbol}
        while first > max(0, last - FARTHEST) and (
            _sentence(starts, places[first - 1]) == _sentence(starts, places[first])
            or len(names) < wanted
        ):
            first -= 1
            names.add(cited[first].found.number_symbol)
        yield _Meant(list(range(first, last + 1)), match.start(), match.end())


def _sentence(starts: Sequence[int], at: int) -> int:
    return bisect_right(starts, at)
