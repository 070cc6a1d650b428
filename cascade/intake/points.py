"""The numbered points and addressed paragraphs of a letter, and which of them lay a duty."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cascade.intake.audience import same_body
from cascade.intake.blocks import BULLET, PLAIN, Block, read_blocks
from cascade.intake.bodies import begins_with_verb, name_end
from cascade.intake.lines import Sheet
from cascade.intake.parties import Parties, is_heading, opening_units, read_parties
from cascade.intake.partyrules import ASKS
from cascade.intake.pointrules import (
    ASKED,
    CLOSES,
    COMMANDS,
    DESCRIBES,
    FORMULA,
    GUIDES,
    PURPOSE,
    REPEATS,
)
from cascade.intake.reading import PointFound
from cascade.intake.requests import Setting, Span, make_point, named, obliges, read_requests
from cascade.intake.rules import compiled
from cascade.intake.text import fold, lower

LONG_HEADING = 150
LONGEST_QUOTE = 8  # paragraphs


@dataclass(frozen=True)
class _Context:
    """What the enclosing text says of the items below it."""

    command: bool = False
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    described: bool = False
    idle: bool = False


def read_points(sheet: Sheet, first: int, last: int, setting: Setting) -> tuple[PointFound, ...]:
    """The points between two line numbers, in the letter's order."""
    blocks = _unquoted(sheet, read_blocks(sheet, first, last))
    items = [i for i, block in enumerate(blocks) if block.numbered]
    reader = _Reader(sheet, setting)
    if not items:
        return tuple(reader.unnumbered(blocks))
    end = reader.closes_at(blocks, items[-1])
    context = reader.command(blocks[: items[0]])
    points = reader.preamble(blocks[: items[0]])
    points += reader.items(blocks[items[0] : end], context)
    points += reader.closing(blocks[end:])
    return tuple(points)


def read_annex(sheet: Sheet, first: int, setting: Setting) -> tuple[PointFound, ...]:
    """An annex lays a duty only where it names both a unit and a day; the rest is material."""
    if first < 0:
        return ()
    points = read_points(sheet, first, len(sheet.lines), setting)
    return tuple(point for point in points if point.is_duty and point.lead and point.due)


def points_begin(sheet: Sheet, first: int, last: int) -> int:
    """The offset of the first numbered item, or the text's end."""
    starts = [block.start for block in read_blocks(sheet, first, last) if block.numbered]
    return starts[0] if starts else len(sheet.text)


class _Reader:
    """Reads blocks against one letter's setting."""

    def __init__(self, sheet: Sheet, setting: Setting) -> None:
        self.sheet = sheet
        self.setting = setting
        self.guidance = False

    def closes_at(self, blocks: list[Block], last_item: int) -> int:
        """Where the paragraphs behind the last item begin that belong to the whole letter."""
        for i in range(last_item + 1, len(blocks)):
            text = self._text(blocks[i])[:LONG_HEADING]
            own = same_body(text[: name_end(text)], self.setting.issuer)
            if blocks[i].kind == PLAIN and (own or compiled(CLOSES).match(fold(text))):
                return i
        return len(blocks)

    def command(self, before: list[Block]) -> _Context:
        """Whether the text before the items demands them, and of whom."""
        for block in before[:-3:-1]:
            text = self._text(block)
            last = _last_sentence(text)
            if _commands(last):
                return _Context(True, self._asked_of(text))
            self.guidance = self.guidance or bool(compiled(GUIDES).search(last))
        return _Context()

    def preamble(self, blocks: list[Block]) -> list[PointFound]:
        """Requests made before the numbered items; the sentence that opens them is none."""
        found: list[PointFound] = []
        for block in blocks:
            text = self._text(block)
            if not text.rstrip(" ./").endswith(":") and compiled(ASKS).search(fold(text)):
                found += self._requests(block, 0.6)
        return found

    def unnumbered(self, blocks: list[Block]) -> list[PointFound]:
        """A letter without items: every paragraph that asks or charges somebody."""
        points: list[PointFound] = []
        context = _Context()
        read_to = 0
        for i, block in enumerate(blocks):
            text = self._text(block)
            bullets = _following(blocks, i) if block.kind == PLAIN else []
            if block.start < read_to:
                continue
            if block.kind == PLAIN and not (context.command and begins_with_verb(text)):
                context = _Context()
            if bullets and is_heading(text):
                parties = read_parties(text, self.setting.issuer, item=True)
                read_to = bullets[-1].end
                points.append(self._point(replace(block, no=""), read_to, parties, 0.85))
            elif text.endswith(":") and block.kind == PLAIN:
                command = _commands(_last_sentence(text))
                context = _Context(command, self._asked_of(text))
            else:
                points += self._paragraph(block, context)
        return points

    def items(self, blocks: list[Block], context: _Context) -> list[PointFound]:
        """Numbered items: leaves are points; an item above others gives them its unit."""
        points: list[PointFound] = []
        above: list[tuple[int, _Context]] = []
        for i, block in enumerate(blocks):
            if not block.numbered:
                continue
            while above and above[-1][0] >= block.level:
                above.pop()
            outer = above[-1][1] if above else context
            inside = _following(blocks, i)
            behind = i + 1 + len(inside)
            if behind < len(blocks) and blocks[behind].level > block.level:
                above.append((block.level, self._heading(block, outer)))
            else:
                points += self._leaf(block, inside, outer)
        return points

    def closing(self, blocks: list[Block]) -> list[PointFound]:
        """Paragraphs behind the items: a duty only when they ask more than the items did."""
        found: list[PointFound] = []
        for block in blocks:
            span = Span("", block.mark_end, block.end)
            found += read_requests(self.sheet, span, self.setting, 0.7, skip=FORMULA)
        return found

    def _heading(self, block: Block, outer: _Context) -> _Context:
        text = self._text(block)
        parties = read_parties(text, self.setting.issuer, item=True)
        if parties.explicit and len(text) < 400:
            return _Context(True, named(parties.lead, self.setting), parties.coordinating)
        described = outer.described or bool(compiled(DESCRIBES).match(fold(text[:60])))
        command = outer.command or _commands(_last_sentence(text))
        idle = outer.idle or bool(compiled(PURPOSE).match(fold(text[:60])))
        return _Context(command, outer.lead, outer.coordinating, described, idle)

    def _leaf(self, block: Block, inside: list[Block], outer: _Context) -> list[PointFound]:
        text = self._text(block)
        end = inside[-1].end if inside else block.end
        if outer.idle:
            return [self._point(block, end, None, 0.9)]
        parties = read_parties(text, self.setting.issuer, item=True)
        whole = read_parties(self.sheet.text[block.mark_end : end], self.setting.issuer)
        if not parties.explicit and whole.labelled:
            parties = whole
        if parties.explicit and self.guidance and not obliges(text, parties, self.setting):
            return [self._point(block, end, None, 0.7)]
        if parties.explicit:
            helpers = tuple(unit for unit in whole.coordinating if unit not in parties.lead)
            return [self._point(block, end, replace(parties, coordinating=helpers), 0.9)]
        described = outer.described or bool(compiled(DESCRIBES).match(fold(text[:60])))
        heading = bool(inside) and len(text) < LONG_HEADING and not text.endswith(";")
        if described or heading or not outer.command:
            apart = [point for part in inside for point in self._requests(part, 0.8, block.no)]
            if apart:
                return apart
        if described or not outer.command:
            return [self._point(block, end, None, 0.8)]
        # "X chịu trách nhiệm …", "X quyết định …": demanded of X, and of nobody named above.
        opens = named(opening_units(text, self.setting.issuer), self.setting)
        lead, helpers = opens or whole.lead or outer.lead, whole.coordinating or outer.coordinating
        return [self._point(block, end, Parties(lead, helpers), 0.8)]

    def _paragraph(self, block: Block, context: _Context) -> list[PointFound]:
        """A paragraph of a letter without numbers: its requests, or what the command demands."""
        found = self._requests(block, 0.8)
        if found:
            return found
        told = block.kind == BULLET or begins_with_verb(self._text(block))
        demanded = context.command and told
        helpers = read_parties(self._text(block), self.setting.issuer).coordinating
        parties = Parties(context.lead, helpers) if demanded else None
        return [self._point(replace(block, no=""), block.end, parties, 0.7)]

    def _requests(self, block: Block, sure: float, no: str = "") -> list[PointFound]:
        span = Span(no, block.mark_end, block.end)
        return read_requests(
            self.sheet, span, self.setting, sure, skip=REPEATS, guidance=self.guidance
        )

    def _point(self, block: Block, end: int, parties: Parties | None, sure: float) -> PointFound:
        span = Span(block.no, block.mark_end, end)
        return make_point(self.sheet, span, self.setting, parties, sure)

    def _asked_of(self, text: str) -> tuple[str, ...]:
        parties = read_parties(text, self.setting.issuer)
        return named(parties.lead, self.setting) if parties.explicit else ()

    def _text(self, block: Block) -> str:
        return self.sheet.text[block.mark_end : block.end].rstrip()


def _unquoted(sheet: Sheet, blocks: list[Block]) -> list[Block]:
    """The blocks that do not stand inside a quotation which an earlier block opened."""
    kept: list[Block] = []
    closes_at = -1
    for i, block in enumerate(blocks):
        if i <= closes_at:
            continue
        kept.append(block)
        if _open_quotes(sheet, block) > 0:
            behind = enumerate(blocks[i + 1 : i + 1 + LONGEST_QUOTE], i + 1)
            closes_at = next((j for j, b in behind if _open_quotes(sheet, b) < 0), -1)
    return kept


def _open_quotes(sheet: Sheet, block: Block) -> int:
    text = sheet.text[block.start : block.end]
    return text.count("“") - text.count("”")


def _last_sentence(text: str) -> str:
    return " ".join(lower(text[-600:]).split()).rpartition(". ")[2]


def _commands(sentence: str) -> bool:
    return bool(compiled(COMMANDS).search(sentence) or compiled(ASKED).search(fold(sentence)))


def _following(blocks: list[Block], i: int) -> list[Block]:
    """The bullets and plain paragraphs behind a block, up to the next number (or heading)."""
    found: list[Block] = []
    for at in range(i + 1, len(blocks)):  # no slice: that would copy all blocks for each
        block = blocks[at]
        if block.numbered or (blocks[i].kind == PLAIN and block.kind == PLAIN):
            break
        found.append(block)
    return found
