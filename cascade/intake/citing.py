"""What a letter does with the document it cites: the verbs and the role each gives."""

from __future__ import annotations

import re
from typing import NamedTuple

from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import UPPER, fold, lower

REPLACES, REMINDS, CONTINUES = "replaces", "reminds", "continues"
IMPLEMENTS, BASIS, MENTIONS = "implements", "basis", "mentions"
# When a document is cited twice, the stronger role stands.
STRENGTH = (REPLACES, REMINDS, CONTINUES, IMPLEMENTS, BASIS, MENTIONS)


class Citing(NamedTuple):
    """A verb, the role it gives, and whether it must open its sentence to give it."""

    role: str
    opens: bool
    rule: Rule


def _verb(role: str, pattern: str, meaning: str, example: str, *, opens: bool = True) -> Citing:
    return Citing(role, opens, Rule(rf"\b(?:{pattern})\b", meaning, example, USAGE))


VERBS = (
    _verb(REPLACES, "thay thế(?: cho)?", "supersedes", "thay thế Công văn số 3", opens=False),
    _verb(REPLACES, "thu hồi|bãi bỏ|hủy bỏ", "withdraws", "Thu hồi Công văn số 3"),
    _verb(
        REMINDS,
        "(?:tiếp tục )?đôn đốc(?: việc)?(?: triển khai)?(?: thực hiện)?|nhắc lại|nhắc việc",
        "urges",
        "Đôn đốc thực hiện Công văn số 3",
    ),
    _verb(CONTINUES, "tiếp theo", "goes on from", "Tiếp theo Công văn số 3"),
    _verb(
        CONTINUES,
        "bổ sung|đính chính|sửa đổi(?:, bổ sung)?|điều chỉnh|gia hạn",
        "amends",
        "Bổ sung Kế hoạch số 9",
    ),
    _verb(
        IMPLEMENTS,
        "(?:tiếp tục )?(?:tổ chức )?(?:triển khai thực hiện|triển khai|thực hiện|thi hành)",
        "carries out",
        "Triển khai thực hiện Công điện số 12",
    ),
    _verb(BASIS, "căn cứ(?: vào)?|trên cơ sở", "rests on", "Căn cứ Kế hoạch số 87"),
    _verb(BASIS, "theo", "follows", "Theo Công văn số 45", opens=False),
    _verb(MENTIONS, "phúc đáp|trả lời|xét(?: đề nghị)?", "answers", "Phúc đáp Công văn số 77"),
)
OPENING = Rule(
    r"(?:^|[;“\"]\s)\W*(?:\d[\d.]*[./):-]\W*|[a-zđ]\)\s*)?"
    r"(?:(?:để|nhằm|về việc|về|v/v|việc|nay|công văn này|văn bản này|đồng thời)\s+)*$",
    "what may stand before a sentence's leading verb",
    "Để ",
    USAGE,
)
# Behind these the sentence has come to its own business; what it cites there is by the way.
MAIN_CLAUSE = Rule(
    r"(?<!\w)(?:(?<!theo\s)đề nghị(?! của)|yêu cầu|đã ban hành|đã có|đã chỉ đạo"
    r"|hướng dẫn (?:các|thực hiện)"
    r"|thông báo để|ban hành kế hoạch|xây dựng kế hoạch|(?<!ngoại\s)(?<!bàn\s)giao)(?!\w)",
    "the sentence's own business begins",
    "UBND xã yêu cầu các thôn",
    USAGE,
    exact=True,
)
NARRATES = Rule(
    r"^[^.;]{0,400}?,\s[^,.;]{3,80}?\sđã\s(?:ban hành|có|chỉ đạo|tổ chức|phê duyệt|xây dựng)\b",
    "the verb tells what somebody did, not what this letter does",
    " của Chính phủ, Bộ Y tế đã ban hành Kế hoạch",
    USAGE,
)
RULED_BY = Rule(
    r"(?:quy định|hướng dẫn)(?: tại)?(?:\s\S+){0,8}\s*$",
    "the rule followed",
    "theo quy định tại ",
    USAGE,
)
# A footnote's number stands bare before its text: "1 Thay thế Thông tư số 3".
_FOOTNOTE = re.compile(rf"\W*\d{{1,2}}\s+(?=[{UPPER}])")
SHORT = 80  # characters between a loose "theo" and the document it means


def governing(sentence: str, after: str, *, in_point: bool, subject: bool) -> tuple[str, str]:
    """Verb as printed and role of a citation, from its sentence before and behind it.

    The verb nearest to the citation governs it.
    """
    if _FOOTNOTE.match(sentence):
        return "", MENTIONS
    told = _Sentence(fold(sentence), lower(sentence), after, in_point or subject)
    best: tuple[int, str, str] | None = None
    for citing in VERBS:
        for match in compiled(citing.rule).finditer(told.folded):
            role = _role(citing, match, told)
            if role == IMPLEMENTS and in_point:
                role = MENTIONS
            if role and (best is None or match.start() > best[0]):
                best = (match.start(), sentence[match.start() : match.end()], role)
    return (best[1], best[2]) if best else ("", MENTIONS)


def stronger(one: str, other: str) -> bool:
    """Whether the first role outweighs the second."""
    return STRENGTH.index(one) < STRENGTH.index(other)


class _Sentence(NamedTuple):
    folded: str
    low: str
    after: str
    aside: bool  # in a point or in the subject, where a rule followed is by the way


def _role(citing: Citing, match: re.Match[str], told: _Sentence) -> str | None:
    # Only the words right before the verb tell; a mark stands for the text cut off.
    head = told.folded[: match.start()]
    opens = compiled(OPENING).search(head if len(head) <= SHORT else f"x{head[-SHORT:]}")
    if (citing.opens and not opens) or compiled(MAIN_CLAUSE).search(told.low, match.end()):
        return None
    if citing.role in (CONTINUES, REPLACES) and opens and opens[0].startswith(";"):
        return None  # one duty of several, not what the letter itself does
    if match[0] == "theo" and not opens:
        # "theo quy định tại Thông tư …" tells the rule followed; elsewhere it is by the way.
        between = told.folded[match.end() :]
        ruled = len(between) < SHORT and compiled(RULED_BY).search(between)
        return BASIS if ruled and not told.aside else None
    if citing.role == IMPLEMENTS and compiled(NARRATES).match(told.after):
        return MENTIONS
    return citing.role
