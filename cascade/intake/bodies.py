"""Where the name of a public body begins in a sentence, how far it reaches, and lists of them."""

from __future__ import annotations

import re
from functools import lru_cache

from cascade.intake.bodynames import (
    AREA_GOES_ON,
    AREAS,
    BARE_HEADS,
    FIELDS,
    GOES_ON,
    GROUPS,
    HEADS,
    LONG_STOPS,
    LOOSE_NOT_BODIES,
    NOT_BODIES,
    PLACED,
    PLURALS,
    STOPS,
    TEAMS,
)
from cascade.intake.kinds import NAMES
from cascade.intake.text import UPPER, fold, lower, strip_marks

LONGEST_NAME = 200
# Single words that name a body even in small letters, where one is expected.
PLAIN = ("trạm", "trường", "sở", "thôn", "xã", "phường")
NOBODY = ("đơn vị", "cơ quan", "địa phương", "cơ sở", "tổ", "đội", "ban", "hội", "báo", "bản")


def _spaced(words: str) -> str:
    return words.replace(" ", r"\s+")


def _loose(words: str) -> str:
    """Only the names of two words and more: their folded form is still unmistakable."""
    return strip_marks(_spaced("|".join(word for word in words.split("|") if " " in word)))


# Longer heads first: "báo và đài" before "báo".
_HEAD = re.compile(
    rf"(?:{_spaced('|'.join(sorted(HEADS.split('|'), key=len, reverse=True)))})(?!\w)"
)
_LOOSE_HEAD = re.compile(rf"(?:{_loose(HEADS)})(?!\w)")
_BARE_HEAD = re.compile(rf"(?:{strip_marks(_spaced(BARE_HEADS))})(?=\s)")
_TEAM = re.compile(rf"(?<!\w)(?:{_spaced(TEAMS)})\s+$")
_PLURAL = re.compile(rf"(?:(?:{PLURALS})\s+)+")
# "Cảc Sở": folded, this one can be no other word.
_LOOSE_PLURAL = re.compile(r"(?:cac\s+)+")
_GROUP = re.compile(rf"(?:{_spaced(GROUPS)})(?!\w)")
_NOT_BODY = re.compile(rf"(?:{_spaced(NOT_BODIES)})(?!\w)")
_LOOSE_NOT_BODY = re.compile(rf"(?:{strip_marks(_spaced(LOOSE_NOT_BODIES))})(?!\w)")
_STOP = re.compile(rf"(?<![\w/])(?:{_spaced(STOPS)}|{_spaced(LONG_STOPS)})(?!\w)")
_LOOSE_STOP = re.compile(
    rf"(?<![\w/])(?:{strip_marks(_spaced(LONG_STOPS))})(?!\w)|(?<=\w)ve(?=\s+viec)"
)
_VERB = re.compile(rf"(?:to chuc|{strip_marks(_spaced(LONG_STOPS))})(?!\w)")
_GOES_ON = re.compile(rf"(?:{strip_marks(_spaced(GOES_ON))})(?!\w)")
_KIND = re.compile(rf"(?:{NAMES})\b")
_TURN = re.compile(r",|\s(?:và|cùng)\s|\s[-–]\s|[;:.\"“”(]|\n\s*\n")
_JOINED = re.compile(rf"\s+và\s+[{UPPER}](?=[^\W\d_])")
_JOIN = re.compile(r"\s*[,;]\s*(?:và\s+)?|\s+(?:và|cùng)\s+")
# "Văn phòng HĐND và UBND", "Đoàn ĐBQH và HĐND": one body, in spite of the "và".
_JOINT = re.compile(r"(?:hđnd|hội đồng nhân dân|đbqh|đại biểu quốc hội|\bbáo)$")
# "Sở Y tế", "Bộ Nội vụ": here the name is whole, and only a place may follow.
_WHOLE = re.compile(
    rf"(?:bo|so|phong|giam doc so|bo truong bo|truong phong)\s+(?:{strip_marks(_spaced(FIELDS))})"
    r"(?=\s+[a-z])"
)
_PLACED = re.compile(rf"\s+(?:(?:{strip_marks(_spaced(PLACED))})(?!\w)|va\s)")
_AREA = re.compile(
    rf"(?<!\w)(?:{_spaced(AREAS)})(?=\s+[^\W\d_])(?!\s+(?:{_spaced(AREA_GOES_ON)})(?!\w))"
)
# "Chi cục nơi làm thủ tục phải …": the clause behind "nơi" belongs to the name.
_WHERE = re.compile(r"\snơi\s")
# "Ban Chỉ đạo tỉnh về phòng, chống thiên tai": what a committee is for belongs to its name.
_CONCERNS = re.compile(
    r"(?:ban chỉ đạo|hội đồng|tổ công tác)[^,;.]{0,40}\s"
    r"về(?=\s(?:phòng,? chống|chuyển đổi|cải cách))"
)
_BOUND = ("có", "chịu", "phải", "chủ trì", "thì", "đã")


def starts_body(text: str, *, any_case: bool = False) -> bool:
    """Whether a body's name begins here; `any_case` also takes `cơ quan thuế` in small letters."""
    low = lower(text[:60])
    folded = fold(text[:60])
    plural = _PLURAL.match(low) or _LOOSE_PLURAL.match(folded)
    behind = low[plural.end() :] if plural else low
    if plural and _GROUP.match(behind):
        return True
    if _NOT_BODY.match(behind) or _LOOSE_NOT_BODY.match(folded):
        return False
    head = _HEAD.match(behind) or _LOOSE_HEAD.match(fold(behind)) or _bare_head(text, folded)
    if plural:
        return bool(head)
    if not head:
        return False
    after = text[head.end() :].lstrip()
    named = after[:1].isupper() and not head[0].startswith(("bản", "tổ", "báo", "xã hội"))
    return text[0].isupper() or named or (any_case and (" " in head[0] or head[0] in PLAIN))


def begins_with_verb(text: str) -> bool:
    """Whether a text begins with one of the verbs that end a body's name: `Rà soát …`."""
    return bool(_VERB.match(fold(text[:40])))


def name_end(text: str, *, any_case: bool = False) -> int:
    """Where the body's name at the head of `text` ends; 0 when none begins there."""
    return _name_end(text[:LONGEST_NAME], any_case)


@lru_cache(maxsize=1024)  # each reader of parties asks again
def _name_end(window: str, any_case: bool) -> int:
    if not starts_body(window, any_case=any_case):
        return 0
    low, folded = lower(window), fold(window)
    plural = _PLURAL.match(low) or _LOOSE_PLURAL.match(folded)
    first = plural.end() if plural else 0
    head = _HEAD.match(low, first) or _LOOSE_HEAD.match(folded, first) or _GROUP.match(low, first)
    head = head or _bare_head(window, folded)
    first = head.end() if head else first
    whole = _whole(window, folded, plural.end() if plural else 0)
    end = _turn(window, whole or first)
    where = _WHERE.search(low, first, end)
    stops = [] if whole else _stops(window, low, folded, first, end)
    team = _TEAM.search(low[: stops[0]]) if stops[1:] else None
    if team and window[team.start()].isupper():
        stops = stops[1:]
    for stop in stops:
        inside = where and stop >= where.end() and not low.startswith(_BOUND, stop)
        if not inside:
            end = min(end, stop)
    end = whole or min(end, _behind_area(window, low, first))
    end = len(window[:end].rstrip(" ,-–\n"))
    # "Đơn vị" or "cơ quan" and nothing more names nobody.
    generic = window[0].islower() and not _lone_head(window)
    alone = end <= first and (generic or low[:first] in NOBODY)
    return 0 if alone and not plural else end


def list_end(text: str, *, any_case: bool = False) -> int:
    """Where a list of bodies at the head of a text ends; 0 when there is none."""
    end = name_end(text, any_case=any_case)
    while end:
        join = _JOIN.match(text, end)
        more = name_end(text[join.end() :], any_case=any_case) if join else 0
        if not join or not more:
            break
        end = join.end() + more
    return end


def split_bodies(text: str) -> tuple[str, ...]:
    """The bodies a phrase lists, each as printed."""
    parts: list[str] = []
    last = 0
    for match in _JOIN.finditer(text):
        before, after = text[last : match.start()].strip(), text[match.end() :]
        joint = "và" in match[0] and _JOINT.search(lower(before))
        anew = ";" in match[0] or starts_body(after) or _lone_head(after)
        if before and anew and not joint:
            parts.append(before)
            last = match.end()
    parts.append(text[last:].strip())
    clean = (" ".join(part.split()).strip(" ,;.:-") for part in parts)
    return tuple(dict.fromkeys(part for part in clean if part))


def _behind_area(window: str, low: str, start: int) -> int:
    """Behind "các xã, phường" or "tỉnh" a small word that adds no place begins something else."""
    for area in _AREA.finditer(low, start):
        if window[area.end() :].lstrip()[:1].islower():
            return area.end()
    return len(window)


def _bare_head(text: str, folded: str) -> re.Match[str] | None:
    """A one-word head whose marks a scanner changed: two capitals tell it from other words."""
    head = _BARE_HEAD.match(folded)
    capital = head and text[head.end() :].lstrip()[:1].isupper()
    return head if capital and text[:1].isupper() and not text[:2].isupper() else None


def _whole(window: str, folded: str, start: int) -> int:
    """Where a name known as a whole ends, when a small word that is no place follows it."""
    known = _WHOLE.match(folded, start)
    follows = known and window[known.end() :].lstrip()[:1].islower()
    return known.end() if known and follows and not _PLACED.match(folded, known.end()) else 0


def _stops(window: str, low: str, folded: str, first: int, end: int) -> list[int]:
    """Where the small words stand that may end the name, nearest first."""
    exact = (
        match
        for match in _STOP.finditer(low, first, end)
        if not (match[0] == "về" and _CONCERNS.search(low, first, match.end()))
    )
    found = (*exact, *_LOOSE_STOP.finditer(folded, first, end))
    # Capitals inside a name ("Ban Chỉ đạo", "Công ty Cổ phần Cấp nước") are no verbs; nor is what
    # an "và" joins to them ("Cục Quản lý xây dựng và Chất lượng").
    return sorted(
        {
            match.start()
            for match in found
            if window[match.start() : match.end()].islower()
            and not _JOINED.match(window, match.end())
        }
    )


def _lone_head(text: str) -> bool:
    # "nhà trường và gia đình": nouns that always name somebody, even with other marks.
    return fold(text[:12]).startswith(("gia dinh", "chinh quyen", "nha truong", "luc luong"))


def _turn(window: str, first: int) -> int:
    """The first comma, "và" or stop behind which something else begins."""
    for turn in _TURN.finditer(window, first):
        mark, rest = turn[0].strip(), window[turn.end() :].lstrip()
        before = window[: turn.start()]
        if mark == "." and re.search(r"\b(?:TP|TX|TT|P)$", before):
            continue
        if mark not in (",", "và", "cùng", "-", "–"):
            return turn.start()
        if mark in "-–":
            if rest[:1].isupper() or fold(rest[:6]) == "xa hoi":
                continue
            return turn.start()
        if not _goes_on(before, mark, rest):
            return turn.start()
    return len(window)


def _goes_on(before: str, mark: str, rest: str) -> bool:
    """Whether a name goes on behind a comma or an "và"."""
    if mark == "và" and _JOINT.search(lower(before)):
        return True
    if starts_body(rest) or _KIND.match(fold(rest[:40])):
        return False
    if rest[:1].isdigit():
        return before[-1:].isdigit()
    if re.match(r"[^\W\d_]{2,6}(?:-[^\W\d_]{2,6})+(?!\w)", rest) and rest[:2].isupper():
        return True  # "Sư đoàn 3, BB-CG": a code goes on with the name
    if rest[:1].isupper():
        # "Sở Văn hóa, Thể thao và Du lịch": the list inside a name closes with its own "và".
        closes = re.match(r"[^,;.:(]{2,40}?(?:,[^,;.:(]{2,40}?)?\svà\s(?=\w)", rest)
        after = rest[closes.end() :] if closes else ""
        return mark == "và" or (after[:1].isupper() and not starts_body(after))
    return bool(_GOES_ON.match(fold(rest)))
