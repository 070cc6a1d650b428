"""Text made fit to be drawn: cleaned of what cannot be seen, measured, cut into rows."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Final

# A name of a thousand characters is no name; the cut also keeps hostile input cheap.
LONGEST: Final = 1_000


def clean(text: str) -> str:
    """Give the text in NFC on one line, without control, direction or unassigned characters."""
    flat = " ".join(unicodedata.normalize("NFC", text[:LONGEST]).split())
    if flat.isprintable():
        return flat
    # Drops NUL (not allowed in XML), lone surrogates (not encodable) and direction marks,
    # with which one name could be made to read as another.
    return "".join(character for character in flat if character.isprintable())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width in px of the text set in Be Vietnam Pro at that size, a little generous."""
    advance = sum(_advance(character) for character in text)
    return advance * size * (1.10 if bold else 1.05) / 100


def rows(line: str, columns: int, most: int) -> tuple[str, ...]:
    """Cut a line at spaces into at most that many rows of at most that many characters."""
    if len(line) <= columns:
        return (line,) if line else ()
    return tuple(textwrap.wrap(line, columns, max_lines=most, placeholder=" …"))


# Advance widths of U+0020 to U+007E in Be Vietnam Pro Regular, in hundredths of the font size.
_ASCII: Final = (
    *(23, 28, 32, 81, 64, 85, 74, 18, 44, 44, 50, 61, 30, 61, 29, 50, 68, 38, 65, 66, 71, 66, 68),
    *(59, 63, 68, 29, 30, 56, 73, 56, 57, 100, 74, 67, 78, 73, 62, 63, 78, 71, 26, 46, 68, 62, 85),
    *(73, 83, 64, 82, 67, 64, 65, 72, 71, 100, 72, 66, 66, 46, 48, 46, 56, 70, 20, 64, 65, 61, 65),
    *(60, 39, 64, 58, 26, 27, 56, 26, 89, 57, 64, 65, 65, 39, 51, 43, 57, 58, 87, 56, 58, 50, 43),
    *(41, 43, 47),
)
_known: dict[str, int] = {}


def _advance(character: str) -> int:
    """Give a character's width in hundredths; a Vietnamese letter is as wide as its base."""
    found = _known.get(character)
    if found is None:
        base = unicodedata.normalize("NFD", character)[0]
        if " " <= base <= "~":
            found = _ASCII[ord(base) - 32] + (2 if base != character else 0)
        elif unicodedata.combining(base):
            found = 0
        else:
            found = 100 if unicodedata.east_asian_width(base) in "WF" else 75
        if len(_known) < 10_000:
            _known[character] = found
    return found
