"""Who leads and who helps: the units a sentence lays a duty on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cascade.intake.audience import same_body
from cascade.intake.bodies import list_end, split_bodies
from cascade.intake.rules import USAGE, Rule, compiled
from cascade.intake.text import lower

ASKS = Rule(
    r"(?<!\w)(?:kính\s+)?(?:đề\s+nghị|dé\s+nghị|yêu\s+cầu|giao(?:\s+cho)?|phân công|ủy quyền)\s+",
    "somebody is asked or charged",
    "Giao Sở Y tế chủ trì",
    USAGE,
    exact=True,
)
LEADS = Rule(
    r"(?<!\w)(?:chủ\s+trì|làm đầu mối|là đầu mối|là cơ quan (?:chủ trì|đầu mối|thường trực)|là đơn vị (?:chủ trì|đầu mối))(?!\w)",
    "somebody leads",
    "Trung tâm Phục vụ hành chính công làm đầu mối",
    USAGE,
    exact=True,
)
HELPS = Rule(
    r"(?<!\w)phối\s+hợp(?:\s+chặt\s+chẽ|\s+tốt|\s+đồng bộ)?(?:\s+với|\s+cùng)?(?:\s+với)?\s+",
    "with whom",
    "phối hợp chặt chẽ với Công ty Thủy nông",
    USAGE,
    exact=True,
)
# What a unit's name must be followed by for the sentence to charge it with something.
NOT_CHARGED = Rule(
    r"^\W*(?:về|v/v|quy định|quyết định|thì|nêu trên|nêu tại|trân trọng|ban hành (?:kèm|ngày)|tại|đã|vừa|được|có(?! trách nhiệm)|từ"
    r"|là(?! cơ quan| đầu mối| đơn vị)|cho|chịu trách nhiệm|đề nghị|dé nghị|yêu cầu|giao(?! ban)|ngày|nhận được|giới thiệu|để|khi|nếu|sẽ|thông báo (?:để|cho các))(?!\w)",
    "a unit that is only mentioned",
    " đã ban hành Kế hoạch",
    USAGE,
    exact=True,
)
LEADING_CLAUSE = Rule(
    r"^\W*(?:căn cứ|đối với|sau|trên cơ sở|khi|trong|để|theo|nhằm|hằng|hàng|định kỳ|trước|ngay|từ|thực hiện|trường hợp|nhân dịp|đồng thời|riêng)\s",
    "words that put a clause before the unit",
    "Sau mỗi đợt tiêm, trạm y tế tổng hợp",
    USAGE,
    exact=True,
)
_CLAUSE = re.compile(r"(?:^|[.;:]\s+|,\s+(?:và\s+)?)")


@dataclass(frozen=True)
class Parties:
    """Units as printed, and where in the text the clause that charges them begins."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    at: int = 0
    explicit: bool = False
    asked: bool = False


def read_parties(text: str, issuer: str, *, item: bool = False) -> Parties:
    """The parties of a duty; `explicit` when the text itself charges a unit.

    Only a whole `item` may be a heading that is nothing but the unit's name.
    """
    low = lower(text)
    helpers = _helpers(text, low)
    for reader in (*((_heading,) if item else ()), _opening, _asked, _leading, _behind_clause):
        found = reader(text, low, issuer)
        if found:
            lead, at = found
            rest = tuple(unit for unit in helpers if unit not in lead)
            return Parties(lead, rest, at, explicit=True, asked=reader is _asked)
    return Parties((), helpers)


def _heading(text: str, low: str, issuer: str) -> tuple[tuple[str, ...], int] | None:
    """`Sở Y tế:` or the bare name as an item's heading."""
    first = text.split("\n")[0] if "\n" in text else text
    end = list_end(text)
    if not end:
        return None
    rest = text[end:].lstrip(" ")
    if rest[:1] == ":" or (not rest.strip(" .;") and len(first) < 200):
        return split_bodies(text[:end]), 0
    return None


def _asked(text: str, low: str, issuer: str) -> tuple[tuple[str, ...], int] | None:
    """`Đề nghị X …`, `Giao X …`: the first that names a unit."""
    for match in compiled(ASKS).finditer(low):
        giving = "giao" in match[0]
        end = list_end(text[match.end() :], any_case=not giving)
        if not end:
            continue
        name = text[match.end() : match.end() + end]
        if giving and not _verbal(text, match.start()):
            continue
        if _is_issuer(name, issuer):
            continue
        return split_bodies(name), match.start()
    return None


def _verbal(text: str, at: int) -> bool:
    # "được giao", "bàn giao", "chỉ tiêu giao": nobody is charged there.
    return not re.search(r"(?:được|bàn|đã|tiêu|chuyển|việc|vụ)\s*$", text[:at])


def _opening(text: str, low: str, issuer: str) -> tuple[tuple[str, ...], int] | None:
    """The unit opens the sentence and a verb follows."""
    end = list_end(text)
    if not end or _is_issuer(text[:end], issuer):
        return None
    rest = low[end:]
    if not rest.strip() or rest.lstrip()[0] in ".,;)" or compiled(NOT_CHARGED).match(rest):
        return None
    return split_bodies(text[:end]), 0


def _leading(text: str, low: str, issuer: str) -> tuple[tuple[str, ...], int] | None:
    """A clause `X chủ trì …` further on in the text."""
    for match in compiled(LEADS).finditer(low):
        for start in reversed([m.end() for m in _CLAUSE.finditer(text, 0, match.start())]):
            end = list_end(text[start:])
            if end and 0 <= match.start() - (start + end) <= 25:
                return split_bodies(text[start : start + end]), start
    return None


def _behind_clause(text: str, low: str, issuer: str) -> tuple[tuple[str, ...], int] | None:
    """`Sau mỗi đợt …, X thực hiện …`."""
    if not compiled(LEADING_CLAUSE).match(low):
        return None
    for match in list(re.finditer(r",\s+|\bthì\s+", low))[:12]:
        end = list_end(text[match.end() :], any_case=True)
        if not end:
            continue
        name, rest = text[match.end() : match.end() + end], low[match.end() + end :]
        if _is_issuer(name, issuer) or compiled(NOT_CHARGED).match(rest) or not rest.strip(" .;"):
            continue
        if rest.lstrip()[:1] in (",", ";", "."):
            continue
        return split_bodies(name), 0
    return None


def _helpers(text: str, low: str) -> tuple[str, ...]:
    units: list[str] = []
    for match in compiled(HELPS).finditer(low):
        end = list_end(text[match.end() :], any_case=True)
        bracket = re.match(r"\s*\([^)]{2,80}\)", text[match.end() + end :]) if end else None
        reach = end + (bracket.end() if bracket else 0)
        units += split_bodies(text[match.end() : match.end() + reach]) if end else ()
    return tuple(dict.fromkeys(units))


def _is_issuer(name: str, issuer: str) -> bool:
    return bool(issuer) and same_body(name, issuer)
