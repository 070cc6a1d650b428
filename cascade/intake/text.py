"""From bytes to text that rules can match: strict decoding, NFC, and a folded twin."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from cascade.errors import UnreadableLetterError

MAGIC = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a Word (.docx) or other zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Word (.doc) file"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"{\\rtf", "an RTF file"),
)
SAVE_AS = "Open it in its own program, save it as plain text in UTF-8, and import that file."
VIETNAMESE = set("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ")
# For character classes: Vietnamese capitals are strewn among small letters in Unicode.
UPPER = "A-Z" + "".join(sorted(char.upper() for char in VIETNAMESE))
# Where Unicode keeps its combining marks, and much else.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u1dff\u20d0-\u20ff\u2ce0-\u2dff\u302a-\u309a"
    "\ua66f-\uabff\ufb1e\ufe20-\ufe2f\U00010000-\U0010ffff]{31,}"
)
HIGHEST_PILE = 30
# Fewer marked letters than this say nothing about the font a text was typed in.
ENOUGH_MARKED = 40
MOST_KNOWN = 4096  # characters; a hostile text may hold all of Unicode


def load_text(path: Path) -> str:
    """Decode a letter's file to NFC text; UnreadableLetterError when it is not UTF-8 or UTF-16."""
    return decode(path.read_bytes(), path.name)


def decode(data: bytes, name: str) -> str:
    """Decode strictly: UTF-8 with or without BOM, UTF-16 with BOM; anything else is refused."""
    for magic, what in MAGIC:
        if data.startswith(magic):
            raise UnreadableLetterError(f"this is {what}, not text", where=name, remedy=SAVE_AS)
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not utf16 and b"\x00" in data:
        offset = data.index(b"\x00")
        raise UnreadableLetterError(
            f"this is a binary file: a zero byte stands at byte {offset}",
            where=name,
            remedy=SAVE_AS,
        )
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        # utf-8-sig counts from behind the BOM; people count from the file's first byte.
        behind_bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        raise UnreadableLetterError(
            f"the text is not UTF-8: the first bad byte is at byte {wrong.start + behind_bom}",
            where=name,
            remedy="It may be in an old code (TCVN3, VNI, Windows-1258); convert it to UTF-8.",
        ) from wrong
    if not text.strip():
        raise UnreadableLetterError("the file is empty", where=name)
    refuse_piles(text, name)
    text = unicodedata.normalize("NFC", text)
    _refuse_font_code(text, name)
    return text


@lru_cache(maxsize=1024)
def refuse_piles(text: str, name: str) -> None:
    """Refuse marks piled on a letter by the hundred: to compose them takes the square of time."""
    if next(_piles(text), None) is not None:
        raise UnreadableLetterError(
            f"the text is no language's: more than {HIGHEST_PILE} marks on one letter",
            where=name,
            remedy="Save the letter again from the program it was written in.",
        )


def without_piles(text: str) -> str:
    """The text with no more marks on a letter than any language has, so that it composes fast."""
    kept, last = [], 0
    for start, end in _piles(text):
        kept.append(text[last:start])
        last = end
    return "".join([*kept, text[last:]]) if last else text


def _piles(text: str) -> Iterator[tuple[int, int]]:
    """Where too high piles of marks go on, beyond what a letter may bear."""
    for run in _MARKS.finditer(text):
        pile = 0
        for at, char in enumerate(run[0] + " ", run.start()):
            if unicodedata.combining(char):
                pile += 1
                continue
            if pile > HIGHEST_PILE:
                yield at - pile + HIGHEST_PILE, at
            pile = 0


def fold(text: str) -> str:
    """Lower case without marks and with one kind of dash, space and quote; the length is kept."""
    return text.translate(_FOLDED)


@lru_cache(maxsize=1024)
def lower(text: str) -> str:
    """Lower case, the length kept (str.lower lengthens a few letters)."""
    return text.translate(_LOWERED)


def strip_marks(pattern: str) -> str:
    """Take the marks off a pattern's Vietnamese letters; its escapes keep their case."""
    return "".join(
        _folded(char) if char.isalpha() and ord(char) > 127 else char for char in pattern
    )


def plain(text: str) -> str:
    """Blank out markup (Markdown, HTML breaks, table bars) without moving a character."""
    text = _LINE_ENDS.sub(lambda m: " " * (len(m[0]) - 1) + "\n", text)
    text = _TABLE_ROW.sub(lambda m: m[0].replace("|", "\n"), text)
    text = _BREAK.sub(lambda m: "\n" + " " * (len(m[0]) - 1), text)
    text = _TAG.sub(lambda m: " " * len(m[0]), text)
    return _MARKUP.sub(lambda m: " " * len(m[0]), text)


def squeeze(text: str) -> str:
    """One line, single spaces, no punctuation left hanging at either end."""
    return " ".join(text.split()).strip(" ;,")


_LINE_ENDS = re.compile("\r\n|[\r\f\v\x85\u2028\u2029]")
_BREAK = re.compile(r"<br\s?/?>|</(?:p|div|tr|li|h\d)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>\n]{0,80}>|&nbsp;", re.IGNORECASE)
_TABLE_ROW = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_MARKUP = re.compile(
    r"[*`]+|\\(?=[-.*_#>()\[\]+!|~])|^[ \t]*[#>]+(?=\s)|^[ \t]*:?-{3,}:?[ \t]*$", re.MULTILINE
)
_SPECIAL = {"đ": "d", "Đ": "d", "“": '"', "”": '"', "‘": "'", "’": "'"}


class _Table(dict[int, str]):
    """For str.translate: what becomes of a character, worked out when it is first met."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, code: int) -> str:
        became = self._become(chr(code))
        if len(self) < MOST_KNOWN:
            self[code] = became
        return became


def _folded(char: str) -> str:
    if char < "\x80":
        return char.lower()
    if char in _SPECIAL:
        return _SPECIAL[char]
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


def _lowered(char: str) -> str:
    return char.lower() if char.isupper() and len(char.lower()) == 1 else char


_FOLDED, _LOWERED = _Table(_folded), _Table(_lowered)


def _refuse_font_code(text: str, name: str) -> None:
    # TCVN3 and VNI text saved as UTF-8 decodes well and reads as nonsense ("Céng hoµ x· héi").
    chars = Counter(text[:20_000].lower())
    marked = sum(n for char, n in chars.items() if ord(char) > 127 and char.isalpha())
    native = sum(chars[char] for char in VIETNAMESE)
    if marked >= ENOUGH_MARKED and native * 3 < marked * 2:
        raise UnreadableLetterError(
            "the letters are not Vietnamese Unicode; the text was typed in an old font code",
            where=name,
            remedy="Convert it from TCVN3 or VNI to Unicode (UTF-8), then import it again.",
        )
