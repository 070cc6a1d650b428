"""Plain text: Unicode strictly, an old Vietnamese code only when the text proves it."""

from __future__ import annotations

import re

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.fontcodes import FontCode, from_code
from cascade.intake.sources.limits import TEXT_CHARS
from cascade.intake.sources.source import Source
from cascade.intake.sources.syllables import SURE, share_vietnamese
from cascade.intake.text import SAVE_AS, decode, refuse_piles

UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What no letter's text holds: control characters, and marks that turn its direction around.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_plain(content: bytes, name: str) -> Source:
    """Read a text file; UnreadableLetterError when its code is not certain."""
    if len(content) > TEXT_CHARS * 2:
        raise too_much_text(name)
    # Before an old code is tried, in which the same bytes may look like something else.
    code = "utf-16" if content.startswith(UTF16) else "utf-8"
    refuse_piles(content.decode(code, "ignore"), name)
    try:
        text = decode(content, name)
    except UnreadableLetterError as refused:
        old = _in_old_code(content)
        if not old:
            raise refused from None
        code, text = old
        lost = "; capitals set by the font are lost" if code == "TCVN3" else ""
        return Source(tidy(text), "txt", notes=(f"converted from {code}{lost}",))
    if "\x00" in text:
        raise UnreadableLetterError(
            "this is a binary file: it holds zero characters", where=name, remedy=SAVE_AS
        )
    return Source(tidy(text), "txt")


def tidy(text: str) -> str:
    """Text without control characters and half characters, with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def checked(text: str, name: str) -> str:
    """NFC text that has been through the same checks as a plain-text file."""
    if len(text) > TEXT_CHARS:
        raise too_much_text(name)
    return decode(tidy(text).encode(), name)


def too_much_text(name: str) -> UnreadableLetterError:
    """The refusal of a text longer than any letter."""
    return UnreadableLetterError(
        f"the text is too large: more than {TEXT_CHARS // 1_000_000} million characters",
        where=name,
        remedy="Import the letter alone, without the books of tables that came with it.",
    )


def _in_old_code(content: bytes) -> tuple[str, str] | None:
    """The one old code in which the text reads as Vietnamese, and the text; None if unsure."""
    if b"\x00" in content or content.startswith(UTF16):
        return None
    texts = {code: text for code in _CODES if (text := _decoded(content, code))}
    sure = [code for code, text in texts.items() if share_vietnamese(text) >= SURE]
    return (sure[0], texts[sure[0]]) if len(sure) == 1 else None


_CODES: tuple[FontCode | str, ...] = ("Windows-1258", "TCVN3", "VNI")


def _decoded(content: bytes, code: FontCode | str) -> str:
    try:
        if code == "Windows-1258":
            return decode(content.decode("cp1258").encode(), code)
        try:
            # Old text saved as UTF-8 by an editor that took it for Western.
            western = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            western = content.decode("latin-1")
        return decode(from_code(western, "TCVN3" if code == "TCVN3" else "VNI").encode(), code)
    except (UnicodeDecodeError, UnreadableLetterError):
        return ""
