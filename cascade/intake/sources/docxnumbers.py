"""The numbers Word draws before list paragraphs; they are not in the text and are rebuilt here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cascade.intake.sources.docxstyles import is_on, whole
from cascade.intake.sources.limits import LIST_LEVELS
from cascade.intake.sources.markup import attribute, child, children

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
         (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
BULLET = "-"
_HOLE = re.compile(r"%([1-9])")
# Bullets that readers of letters know; all others are drawn from symbol fonts.
_PLAIN_BULLETS = {"-", "+", "*", "•", "–"}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts: format, pattern (`%1.`), first number."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    restart: int | None = None
    legal: bool = False


class Numbering:
    """The lists of a document; `mark` must be asked in the order of the text."""

    def __init__(self, root: Element | None) -> None:
        self._abstract = {attribute(a, "abstractNumId"): a for a in children(root, "abstractNum")}
        self._nums = {attribute(n, "numId"): n for n in children(root, "num")}
        self._linked = {
            attribute(link, "val"): a
            for a in self._abstract.values()
            if (link := child(a, "styleLink")) is not None
        }
        self._levels: dict[str, dict[int, Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def mark(self, num_id: str | None, level: int) -> str:
        """The mark before the next paragraph of a list at a level (from 0); "" when it has none."""
        if (
            num_id is None
            or num_id == "0"
            or num_id not in self._nums
            or not 0 <= level < LIST_LEVELS
        ):
            return ""
        levels = self._of(num_id)
        here = levels.get(level, Level())
        if here.form == "bullet":
            return here.pattern.strip() if here.pattern.strip() in _PLAIN_BULLETS else BULLET
        counts = self._count(num_id, level, levels)
        if here.form == "none":
            return ""

        def number(hole: re.Match[str]) -> str:
            at = int(hole[1]) - 1
            form = "decimal" if here.legal else levels.get(at, Level()).form
            return written(counts.get(at, levels.get(at, Level()).start), form)

        return _HOLE.sub(number, here.pattern).strip()

    def _count(self, num_id: str, level: int, levels: dict[int, Level]) -> dict[int, int]:
        # Lists drawn from one pattern go on counting, unless one says where it starts anew.
        counts = self._counts.setdefault(self._pattern_of(num_id), {})
        override = child(self._override(num_id, level), "startOverride")
        if override is not None and (num_id, level) not in self._begun:
            counts[level] = (whole(attribute(override, "val")) or 1) - 1
        self._begun.add((num_id, level))
        counts[level] = counts.get(level, levels.get(level, Level()).start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            restart = levels.get(deeper, Level()).restart
            if restart is None or (restart != 0 and level < restart):
                del counts[deeper]
        return counts

    def _of(self, num_id: str) -> dict[int, Level]:
        if num_id not in self._levels:
            abstract = self._abstract.get(self._pattern_of(num_id))
            linked = attribute(child(abstract, "numStyleLink"), "val")
            if linked in self._linked:
                abstract = self._linked[linked]
            found = {_at(e): _level(e) for e in children(abstract, "lvl")}
            for override in children(self._nums[num_id], "lvlOverride"):
                own = child(override, "lvl")
                if own is not None:
                    found[_at(override)] = _level(own)
            self._levels[num_id] = found
        return self._levels[num_id]

    def _pattern_of(self, num_id: str) -> str:
        return attribute(child(self._nums[num_id], "abstractNumId"), "val") or ""

    def _override(self, num_id: str, level: int) -> Element | None:
        overrides = children(self._nums[num_id], "lvlOverride")
        return next((o for o in overrides if _at(o) == level), None)


def written(number: int, form: str) -> str:
    """A number as a list writes it: `3`, `03`, `c`, `iii`; unknown forms count in figures."""
    number = max(0, min(number, 9_999))
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("lowerLetter", "upperLetter") and number:
        # Word goes on behind z with aa, bb, cc.
        times, at = divmod(number - 1, 26)
        letters = chr(ord("a") + at) * (times + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and number:
        figures = ""
        for value, sign in ROMAN:
            times, number = divmod(number, value)
            figures += sign * times
        return figures.upper() if form == "upperRoman" else figures
    return str(number)


def _at(element: Element) -> int:
    return whole(attribute(element, "ilvl")) or 0


def _level(element: Element) -> Level:
    start = whole(attribute(child(element, "start"), "val"))
    legal = child(element, "isLgl")
    return Level(
        form=attribute(child(element, "numFmt"), "val") or "decimal",
        pattern=(attribute(child(element, "lvlText"), "val") or "")[:60],
        start=1 if start is None else start,
        restart=whole(attribute(child(element, "lvlRestart"), "val")),
        legal=legal is not None and (attribute(legal, "val") is None or is_on(legal, "val")),
    )
