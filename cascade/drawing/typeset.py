"""SVG → PNG and PDF by typst, with our own font; texts are handed over as data, never as markup."""

from __future__ import annotations

import logging
import re
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import typst

from cascade.drawing.errors import DrawingError
from cascade.drawing.picture import Picture
from cascade.drawing.svg import Sheet

LONGEST_PAGE: Final = 14_400.0  # pt, the longest side that every PDF reader accepts
MOST_PIXELS: Final = 40_000_000
LONGEST_ROW: Final = 30_000  # pixels on a side; many programs refuse more than 32,767
LARGE: Final = 1_000_000  # characters of SVG
_log = logging.getLogger(__name__)

_TEMPLATE: Final = b"""
#let given = sys.inputs
#set document(title: given.title, date: none)
#set page(width: float(given.width) * 1pt, height: float(given.height) * 1pt, margin: 0pt)
#set text(lang: given.lang)
#image(bytes(given.svg), format: "svg", width: 100%, height: 100%, alt: given.title)
"""


def to_pdf(sheet: Sheet, picture: Picture) -> bytes:
    """Give a PDF of one page as large as the drawing, PDF/UA if it can be; raises DrawingError."""
    scale = min(1.0, LONGEST_PAGE / max(sheet.width, sheet.height))
    return _compile(sheet, picture, "pdf", scale=scale)


def to_png(sheet: Sheet, picture: Picture) -> bytes:
    """Give a PNG of two pixels to a px, fewer when it would grow too large to be opened."""
    pixels = sheet.width * sheet.height
    zoom = min(2.0, (MOST_PIXELS / pixels) ** 0.5, LONGEST_ROW / max(sheet.width, sheet.height))
    if zoom < 0.7:
        _log.warning("the PNG is too small to be read (%.0f %%): use SVG or PDF", zoom * 100)
    return _compile(sheet, picture, "png", ppi=72 * zoom)


def _compile(
    sheet: Sheet, picture: Picture, form: str, *, scale: float = 1.0, ppi: float = 144.0
) -> bytes:
    lang = re.match(r"[a-z]{2,3}", picture.lang)
    given = {
        "svg": sheet.svg.decode(),
        "title": picture.title or "Cascade",  # PDF/UA demands one
        "lang": lang.group() if lang else "vi",
        "width": f"{sheet.width * scale:.2f}",
        "height": f"{sheet.height * scale:.2f}",
    }
    try:
        made = _typst(given, form, ppi)
    except typst.TypstError as error:
        raise DrawingError(f"The {form.upper()} could not be made: {error}") from error
    finally:
        if form == "png" or len(given["svg"]) > LARGE:
            _forget()
    if not isinstance(made, bytes):
        raise DrawingError(f"The {form.upper()} came out in several pages.")
    return made


def _typst(given: dict[str, str], form: str, ppi: float) -> bytes | list[bytes] | None:
    fonts = _fonts()
    if form == "png":
        return typst.compile(_TEMPLATE, format="png", font_paths=fonts, ppi=ppi, sys_inputs=given)
    try:
        return typst.compile(
            _TEMPLATE, format="pdf", font_paths=fonts, pdf_standards=["ua-1"], sys_inputs=given
        )
    except typst.TypstError as error:
        # PDF/UA forbids characters our fonts have no glyph for; a plain PDF draws them as boxes.
        _log.info("a plain PDF instead of PDF/UA: %s", error)
        return typst.compile(_TEMPLATE, format="pdf", font_paths=fonts, sys_inputs=given)


def _forget() -> None:
    """Have typst drop what it keeps of a drawing, up to 160 MB of pixels; takes 20 ms.

    It keeps everything for ten more compilations, so give it eleven of nothing.
    """
    for _ in range(11):
        typst.compile(b"", format="svg", font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    """Give the bundled fonts and typst's own, never the machine's: the same drawing everywhere."""
    with as_file(files("cascade.drawing") / "fonts") as folder:
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder]
        )
