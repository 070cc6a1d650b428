"""The numbered points and addressed paragraphs of a letter, and which of them lay a duty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cascade.intake import audience
from cascade.intake.blocks import BULLET, PLAIN, Block, read_blocks
from cascade.intake.bodies import list_end
from cascade.intake.dues import find_due, find_recurring, names_day
from cascade.intake.lines import Sheet
from cascade.intake.parties import ASKS, Parties, read_parties
from cascade.intake.reading import PointFound
from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import fold, lower

COMMANDS = Rule(
    r"(?:đề\s+nghị|dé\s+nghị|yêu\s+cầu|(?<!được )giao|phân\s+công|chỉ\s+thị|điện)(?!\w)"
    r"(?:(?!hướng\s+dẫn|thông\s+báo|như\s+sau)[^.])*(?:như\s+sau)?[^.]{0,20}:?\s*$|chỉ\s+đạo\W*$",
    "the sentence before the points demands them",
    "UBND xã yêu cầu các thôn thực hiện các nội dung sau:",
    USAGE,
    exact=True,
)
DESCRIBES = Rule(
    r"^\W*(?:về|quy định|mục đích|yêu cầu\b(?! c)|đối tượng|phạm vi|nguyên tắc|căn cứ|kinh phí|thời gian|công văn này"
    r"|quyết định này|kế hoạch này|văn bản này|thông báo này|không áp dụng|tình hình|đánh giá|kết quả|quan điểm|mục tiêu"
    r"|giới thiệu|nội dung mới|hiệu lực|điều khoản|những việc)\b",
    "an item that tells or orders matters, and asks nobody",
    "Mục đích, yêu cầu",
    USAGE,
)
CLOSES = Rule(
    r"^\W*(?:trong quá trình|trên đây|nhận được|căn cứ|đề nghị|yêu cầu|giao|công văn này|văn bản này|kế hoạch này"
    r"|trân trọng|các đơn vị|các cơ quan|quá trình|rất mong|kính đề nghị|kết quả thực hiện|báo cáo kết quả|thủ trưởng các)\b",
    "a paragraph behind the last item that belongs to the whole letter",
    "Trên đây là Kế hoạch",
    USAGE,
)
FORMULA = Rule(
    r"^(?!.*(?:báo cáo|trước ngày|gửi về)).*\b(?:nghiêm túc|tổ chức|khẩn trương|chỉ đạo|triển khai)\b.*\b(?:thực hiện|đạt kết quả)\b",
    "a closing that only repeats that the letter be carried out",
    "Yêu cầu các đơn vị nghiêm túc triển khai thực hiện./.",
    USAGE,
)
INTRODUCES = Rule(
    r"^\W*(?:để|nhằm|thực hiện|căn cứ|nhân dịp|theo|tiếp theo|trước|triển khai|do|trên cơ sở|ngày|phúc đáp|sau khi)\s",
    "a clause before the request that belongs to the preamble",
    "Để chuẩn bị năm học mới, ",
    USAGE,
)
LONG_HEADING = 150
LONGEST_QUOTE = 8  # paragraphs
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])")


@dataclass(frozen=True)
class Setting:
    """What every point is read against."""

    issuer: str
    addressees: tuple[str, ...]
    dated: date | None


@dataclass(frozen=True)
class _Context:
    """What the enclosing text says of the items below it."""

    command: bool = False
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    described: bool = False


def read_points(sheet: Sheet, first: int, last: int, setting: Setting) -> tuple[PointFound, ...]:
    """The points between two line numbers, in the letter's order."""
    blocks = read_blocks(sheet, first, last)
    blocks = _unquoted(sheet, blocks)
    items = [i for i, block in enumerate(blocks) if block.numbered]
    reader = _Reader(sheet, setting)
    if not items:
        return tuple(reader.unnumbered(blocks))
    end = _closing(sheet, blocks, items[-1], setting)
    points = list(reader.preamble(blocks[: items[0]]))
    context = reader.command(blocks[: items[0]])
    points += reader.items(blocks[items[0] : end], context)
    points += reader.closing(blocks[end:])
    return tuple(points)


def points_begin(sheet: Sheet, first: int, last: int) -> int:
    """The offset of the first numbered item, or the text's end."""
    starts = [block.start for block in read_blocks(sheet, first, last) if block.numbered]
    return starts[0] if starts else len(sheet.text)


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
    return " ".join(text[-600:].split()).rpartition(". ")[2]


def _closing(sheet: Sheet, blocks: list[Block], last_item: int, setting: Setting) -> int:
    """Where the paragraphs behind the last item begin that belong to the whole letter."""
    for i in range(last_item + 1, len(blocks)):
        text = sheet.text[blocks[i].start : blocks[i].end]
        own = setting.issuer and fold(text).startswith(fold(setting.issuer))
        if blocks[i].kind == PLAIN and (own or compiled(CLOSES).match(fold(text))):
            return i
    return len(blocks)


class _Reader:
    """Reads blocks against one letter's setting."""

    def __init__(self, sheet: Sheet, setting: Setting) -> None:
        self.sheet = sheet
        self.setting = setting

    def command(self, before: list[Block]) -> _Context:
        """Whether the text before the items demands them, and of whom."""
        for block in before[:-3:-1]:
            text = self._text(block)
            if not compiled(COMMANDS).search(lower(_last_sentence(text))):
                continue
            parties = read_parties(text, self.setting.issuer)
            return _Context(True, self._lead(parties.lead) if parties.explicit else ())
        return _Context()

    def preamble(self, blocks: list[Block]) -> list[PointFound]:
        """Requests made before the numbered items; the sentence that opens them is none."""
        found: list[PointFound] = []
        for block in blocks:
            text = self._text(block)
            if not text.rstrip(" ./").endswith(":") and compiled(ASKS).search(lower(text)):
                found += self._paragraph(block, "", 0.6)
        return [point for point in found if point.is_duty]

    def unnumbered(self, blocks: list[Block]) -> list[PointFound]:
        """A letter without items: every paragraph that asks or charges somebody."""
        points: list[PointFound] = []
        context = _Context()
        for i, block in enumerate(blocks):
            text = self._text(block)
            if text.endswith(":") and block.kind == PLAIN:
                bullets = _following(blocks, i)
                parties = read_parties(text, self.setting.issuer)
                heading = list_end(text) >= len(text.rstrip()) - 2
                if heading and bullets:
                    points.append(self._point(block, bullets[-1].end, parties, True, 0.85))
                    context = _Context()
                    continue
                command = bool(compiled(COMMANDS).search(lower(_last_sentence(text))))
                context = _Context(command, self._lead(parties.lead) if parties.explicit else ())
                continue
            if block.kind == BULLET:
                if points and points[-1].end >= block.end:
                    continue
                points += self._paragraph(block, "", 0.75, context)
                continue
            context = _Context()
            points += self._paragraph(block, "", 0.8)
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
            nxt = i + 1 + len(inside)
            if nxt < len(blocks) and blocks[nxt].level > block.level:
                above.append((block.level, self._heading(block, inside, outer)))
                continue
            points += self._leaf(block, inside, outer)
        return points

    def closing(self, blocks: list[Block]) -> list[PointFound]:
        """Paragraphs behind the items: a duty only when they ask more than the items did."""
        found: list[PointFound] = []
        for block in blocks:
            if compiled(FORMULA).match(" ".join(fold(self._text(block)).split())):
                continue
            found += self._paragraph(block, "", 0.7)
        return [point for point in found if point.is_duty]

    def _heading(self, block: Block, inside: list[Block], outer: _Context) -> _Context:
        text = self._text(block)
        parties = read_parties(text, self.setting.issuer, item=True)
        described = bool(compiled(DESCRIBES).match(fold(text)))
        if parties.explicit and len(text) < 400:
            return _Context(True, self._lead(parties.lead), parties.coordinating)
        command = outer.command or bool(compiled(COMMANDS).search(lower(_last_sentence(text))))
        return _Context(
            command, outer.lead, outer.coordinating, described=described or outer.described
        )

    def _leaf(self, block: Block, inside: list[Block], outer: _Context) -> list[PointFound]:
        text = self._text(block)
        end = inside[-1].end if inside else block.end
        parties = read_parties(text, self.setting.issuer, item=True)
        described = outer.described or bool(compiled(DESCRIBES).match(fold(text)))
        if parties.explicit:
            return [self._point(block, end, parties, True, 0.9)]
        apart = [p for b in inside for p in self._paragraph(b, block.no, 0.8) if p.is_duty]
        if apart and (described or not outer.command or self._is_heading(text, inside)):
            return apart
        duty = outer.command and not described
        whole = read_parties(self.sheet.text[block.mark_end : end], self.setting.issuer)
        lead = whole.lead or outer.lead
        helpers = whole.coordinating or outer.coordinating
        return [self._point(block, end, Parties(lead, helpers), duty, 0.8)]

    def _is_heading(self, text: str, inside: list[Block]) -> bool:
        return bool(inside) and len(text) < LONG_HEADING and not text.endswith(";")

    def _paragraph(
        self, block: Block, no: str, sure: float, context: _Context | None = None
    ) -> list[PointFound]:
        """The duties in one paragraph: its sentences, as far as each charges somebody else."""
        context = context or _Context()
        points: list[PointFound] = []
        text = self._text(block)
        cuts = [0, *(m.end() for m in _SENTENCE.finditer(text)), len(text)]
        for start, end in zip(cuts, cuts[1:], strict=False):
            sentence = text[start:end]
            if sentence.startswith(('"', "“")):
                break
            parties = read_parties(sentence, self.setting.issuer)
            if not parties.explicit or (points and self._same(points[-1], parties)):
                continue
            begin = block.mark_end + start + self._clause_start(sentence, parties)
            if points:
                points[-1] = self._until(points[-1], block.mark_end + start)
            points.append(self._made(no, begin, block.end, parties, True, sure))
        if not points and context.command:
            return [self._made(no, block.mark_end, block.end, Parties(context.lead), True, 0.7)]
        return points or [self._made(no, block.mark_end, block.end, Parties(), False, 0.8)]

    def _clause_start(self, sentence: str, parties: Parties) -> int:
        """A request behind a purpose begins where the issuer speaks, or with its verb."""
        if not parties.asked or not parties.at:
            return 0
        before = sentence[: parties.at]
        opener = compiled(INTRODUCES).match(fold(sentence))
        issuer = fold(before).rfind(fold(self.setting.issuer)) if self.setting.issuer else -1
        comma = before.rstrip().rfind(", ")
        if opener and comma >= 0 and list_end(before[comma + 2 :]):
            return comma + 2
        if issuer == 0 and not before[len(self.setting.issuer) :].strip():
            return 0
        if before.rstrip().endswith(" và"):
            return parties.at
        return parties.at if opener else 0

    def _same(self, point: PointFound, parties: Parties) -> bool:
        known = {fold(unit) for unit in point.lead}
        lead = self._lead(parties.lead)
        return not lead or {fold(unit) for unit in lead} <= known

    def _until(self, point: PointFound, end: int) -> PointFound:
        parties = Parties(point.lead, point.coordinating)
        return self._made(point.no, point.start, end, parties, True, point.confidence)

    def _point(
        self, block: Block, end: int, parties: Parties, duty: bool, sure: float
    ) -> PointFound:
        return self._made(block.no, block.mark_end, end, parties, duty, sure)

    def _made(
        self, no: str, start: int, end: int, parties: Parties, duty: bool, sure: float
    ) -> PointFound:
        raw = self.sheet.text[start:end]
        end = start + len(raw.rstrip())
        text = " ".join(raw.split())
        due = find_due(text, self.setting.dated) if duty else None
        recurring = find_recurring(text) if duty else None
        # A day that comes again is when it is due, though it names no date.
        due_text = due.text if due else recurring if names_day(recurring) else None
        return PointFound(
            no=no,
            text=text,
            start=start,
            end=end,
            lead=self._lead(parties.lead) if duty else (),
            coordinating=parties.coordinating if duty else (),
            due=due.day if due else None,
            due_text=due_text,
            recurring=recurring,
            is_duty=duty,
            confidence=sure,
        )

    def _lead(self, lead: tuple[str, ...]) -> tuple[str, ...]:
        return () if audience.is_everybody(lead, self.setting.addressees) else lead

    def _text(self, block: Block) -> str:
        return self.sheet.text[block.mark_end : block.end]


def _following(blocks: list[Block], i: int) -> list[Block]:
    """The bullets and plain paragraphs behind a block, up to the next number (or heading)."""
    found: list[Block] = []
    for block in blocks[i + 1 :]:
        if block.numbered or (blocks[i].kind == PLAIN and block.kind == PLAIN):
            break
        found.append(block)
    return found
