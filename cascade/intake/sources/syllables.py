"""Whether a text is Vietnamese: nearly all its marked words must be Vietnamese syllables."""

from __future__ import annotations

import re
import unicodedata

# Fewer marked words than this prove nothing.
ENOUGH_WORDS = 20
SURE = 0.95
# Marked words no administrative text of a page goes without; three of them must be there.
_FREQUENT = (
    "của và các được với về ngày năm tháng thực hiện việc những để số công văn quyết định"
    " nghị ủy uỷ nhân tỉnh huyện xã phường độc lập chủ đề báo cáo trước tổ chức"
)
FREQUENT = frozenset(_FREQUENT.split())
ENOUGH_FREQUENT = 3

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"(?:iê|yê|uyê|uyâ|uya|uyu|uy|oă|oa|oe|oo|ươ|ưa|uâ|uê|uô|ua|uơ|ia|ya|iơ|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnptiuoy])?"
)
_WORD = re.compile(r"[^\W\d_]+")


def share_vietnamese(text: str) -> float:
    """The share (0-1) of marked words that are Vietnamese syllables; 0 when too few say so."""
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text[:200_000]))]
    marked = [word for word in words if not word.isascii()]
    if len(marked) < ENOUGH_WORDS or len(FREQUENT.intersection(marked)) < ENOUGH_FREQUENT:
        return 0.0
    return sum(_is_syllable(word) for word in marked) / len(marked)


def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word)
    tones = sum(char in _TONES for char in parts)
    bare = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
    return tones <= 1 and bool(_SYLLABLE.fullmatch(bare))
