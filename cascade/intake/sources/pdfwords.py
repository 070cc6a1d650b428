"""The words of a PDF page with their places, read through pdfium with few calls."""

from __future__ import annotations

import ctypes
import re
from math import pi
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from cascade.intake.sources.fontcodes import from_font

_WORD = re.compile(r"\S+")
_WESTERN = re.compile("[\xa1-\xff\uf0a1-\uf0ff]")
# A hyphen pdfium itself put at the end of a line.
_MADE_HYPHEN = "\x02"
_FONT_NAME = 200
_ASKED = 20  # words, when asking which way a page's text runs


class Word(NamedTuple):
    """A word: its text, its left and right edge, its baseline (points, upwards), its height."""

    text: str
    left: float
    right: float
    base: float
    height: float


def read_words(document: pypdfium2.PdfDocument, index: int) -> list[Word]:
    """The words of one page in the order they were drawn, turned so that they run to the right."""
    page = document[index]
    textpage = page.get_textpage()
    try:
        return _words(textpage.raw)
    finally:
        textpage.close()
        page.close()


def _words(page: pdfium.FPDF_TEXTPAGE) -> list[Word]:
    text = _text(page)
    found = list(_WORD.finditer(text))
    turn = _turn(page, [match.start() for match in found])
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    box_at, x_at, y_at = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    words: list[Word] = []
    for match in found:
        first, behind = match.span()
        if not pdfium.FPDFText_GetLooseCharBox(page, first, box_at):
            continue
        begins, thick = _along(box, turn)[0], _thickness(box, turn)
        pdfium.FPDFText_GetCharOrigin(page, first, x_at, y_at)
        pdfium.FPDFText_GetLooseCharBox(page, behind - 1, box_at)
        word = match[0].replace(_MADE_HYPHEN, "-")
        if _WESTERN.search(word):
            word = from_font(word, _font(page, first))
        base = (y.value, -x.value, -y.value, x.value)[turn]
        words.append(Word(word, begins, _along(box, turn)[1], base, thick))
    return words


def _turn(page: pdfium.FPDF_TEXTPAGE, starts: list[int]) -> int:
    """By how many quarters, against the clock, most of the page's text is turned."""
    some = starts[:: len(starts) // _ASKED + 1]
    # pdfium measures with the clock.
    quarters = [-round(pdfium.FPDFText_GetCharAngle(page, at) / (pi / 2)) % 4 for at in some]
    return max(set(quarters), key=quarters.count, default=0)


def _along(box: pdfium.FS_RECTF, turn: int) -> tuple[float, float]:
    """Where a character begins and ends along its line."""
    if turn % 2:
        return (box.bottom, box.top) if turn == 1 else (-box.top, -box.bottom)
    return (box.left, box.right) if turn == 0 else (-box.right, -box.left)


def _thickness(box: pdfium.FS_RECTF, turn: int) -> float:
    return float(abs(box.right - box.left) if turn % 2 else abs(box.top - box.bottom))


def _text(page: pdfium.FPDF_TEXTPAGE) -> str:
    """The page's characters, one for each index pdfium knows."""
    count = max(0, pdfium.FPDFText_CountChars(page))
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "surrogatepass")
    if len(text) == count:
        return text
    # Some characters have no or two code units; ask for them one by one.
    codes = (pdfium.FPDFText_GetUnicode(page, index) for index in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)


def _font(page: pdfium.FPDF_TEXTPAGE, index: int) -> str:
    buffer = ctypes.create_string_buffer(_FONT_NAME)
    flags = ctypes.c_int()
    size = pdfium.FPDFText_GetFontInfo(page, index, buffer, _FONT_NAME, ctypes.byref(flags))
    return buffer.value.decode("utf-8", "replace") if 0 < size <= _FONT_NAME else ""
