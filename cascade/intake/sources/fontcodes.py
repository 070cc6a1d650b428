"""Text typed with the old fonts: TCVN3 (`.VnTime`) and VNI (`VNI-Times`) to Unicode.

Both put Vietnamese letters on the code points of Western ones, so only the font tells.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

FontCode = Literal["TCVN3", "VNI"]

# TCVN 5712:1993, VN3: one byte a letter; capitals with a tone have none and come from a font.
TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
# VNI for Windows: a plain letter, then a sign for its tone, or for its hat and tone.
TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
HAT = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_TCVN_FONT = re.compile(r"(?:[A-Z]{6}\+)?\.?Vn(?=[A-Z3])")
_VNI_FONT = re.compile(r"(?:[A-Z]{6}\+)?VNI[- ]", re.IGNORECASE)
_STYLE_TAIL = re.compile(r"[ ,-]+(?:bold|italic|regular|normal)+$", re.IGNORECASE)


@lru_cache(maxsize=256)  # a letter has few fonts, and asks for each word
def font_code(font: str | None) -> FontCode | None:
    """The code a font's name stands for; None for a Unicode font."""
    if not font:
        return None
    if _TCVN_FONT.match(font):
        return "TCVN3"
    return "VNI" if _VNI_FONT.match(font) else None


def from_font(text: str, font: str | None) -> str:
    """Text as typed in a font, to Unicode; text in a Unicode font comes back unchanged."""
    code = font_code(font)
    if code is None or font is None:
        return text
    found = from_code(text, code)
    # .VnTimeH draws every letter as a capital.
    return found.upper() if code == "TCVN3" and _STYLE_TAIL.sub("", font).endswith("H") else found


def from_code(text: str, code: FontCode) -> str:
    """Text in an old code, to Unicode; Word's private twins of the upper half are known."""
    text = text.translate(_PRIVATE)
    if code == "TCVN3":
        return text.translate(_TCVN3)
    return _VNI_PAIR.sub(lambda pair: _VNI[pair[0]], text)


def _of_western(code: int) -> str:
    return bytes([code]).decode("latin-1")


def _vni() -> dict[str, str]:
    pairs = dict(ALONE)
    for base in "aeouyôö":
        bare = ALONE.get(base, base)
        pairs |= {base + sign: bare + tone for sign, tone in TONES.items()}
    for base in "aeo":
        pairs |= {base + sign: base + "\u0302" + tone for sign, tone in HAT.items()}
    pairs |= {"a" + sign: "a\u0306" + tone for sign, tone in BREVE.items()}
    both: dict[str, str] = {}
    for typed, meant in pairs.items():
        letter = unicodedata.normalize("NFC", meant)
        for sign in {typed[1:], typed[1:].upper()}:
            both[typed[0] + sign] = letter
            both[typed[0].upper() + sign] = letter.upper()
    return both


_PRIVATE = {0xF000 + code: chr(code) for code in range(0x20, 0x100)}
_TCVN3 = {
    ord(_of_western(first + i)): letter
    for first, letters in TCVN3.items()
    for i, letter in enumerate(letters)
}
_VNI = _vni()
_VNI_PAIR = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
