"""The text of one DOCX paragraph: its runs in order, each read by its font."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cascade.intake.sources.docxstyles import Look, Styles
from cascade.intake.sources.fontcodes import font_code, from_font
from cascade.intake.sources.limits import DEPTH
from cascade.intake.sources.markup import attribute, child, local

# What tracked changes took away, and what only tells Word how to make a field.
LEFT_OUT = {"del", "moveFrom", "rPr", "pPr", "instrText", "delText", "delInstrText", "annotation"}
LOOK_ALIKE = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
OBJECTS = {"object": "embedded objects left out", "altChunk": "inserted files left out"}
_SOFT_HYPHEN = "\xad"


@dataclass
class Found:
    """What a walk through the document came upon besides text."""

    boxes: list[Element] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    font: str | None
    caps: bool


def paragraph_text(paragraph: Element, look: Look, styles: Styles, found: Found) -> str:
    """The paragraph's text in Unicode; text boxes it holds are laid aside in `found`."""
    pieces: list[_Piece] = []
    for element, shape in _leaves(paragraph, look, styles, found, 0):
        text = _text_of(element, shape.font)
        if not text:
            continue
        if shape.hidden:
            found.notes["hidden text left out"] = None
            continue
        piece = _Piece(text, shape.font, bool(shape.caps))
        # A VNI letter and its sign may stand in two runs: same formatting is one piece.
        if pieces and (pieces[-1].font, pieces[-1].caps) == (piece.font, piece.caps):
            piece = _Piece(pieces.pop().text + text, piece.font, piece.caps)
        pieces.append(piece)
    return "".join(_unicode(piece, found) for piece in pieces)


def _leaves(
    element: Element, look: Look, styles: Styles, found: Found, depth: int
) -> Iterator[tuple[Element, Look]]:
    """The text-bearing elements below one, in order, with the look they have."""
    if depth > DEPTH:
        return
    for part in element:
        name = local(part)
        if name in LEFT_OUT:
            if name in ("del", "moveFrom"):
                found.notes["tracked deletions left out"] = None
        elif name == "r":
            shape = styles.run(child(part, "rPr"), look)
            yield from _leaves(part, shape, styles, found, depth + 1)
        elif name == "AlternateContent":
            # Two drawings of one thing: the newer, and one for old programs.
            chosen = child(part, "Choice")
            if chosen is None:
                chosen = child(part, "Fallback")
            if chosen is not None:
                yield from _leaves(chosen, look, styles, found, depth + 1)
        elif name == "txbxContent":
            found.boxes.append(part)
        elif name in OBJECTS:
            found.notes[OBJECTS[name]] = None
        elif name in ("t", "sym", "softHyphen") or name in LOOK_ALIKE:
            yield part, look
        else:
            found.pictures = found.pictures or name in ("blip", "imagedata")
            yield from _leaves(part, look, styles, found, depth + 1)


def _text_of(element: Element, font: str | None) -> str:
    name = local(element)
    if name == "t":
        return (element.text or "").replace("\n", " ")
    if name == "softHyphen":
        # In TCVN3 this code is the letter ư.
        return _SOFT_HYPHEN if font_code(font) == "TCVN3" else ""
    if name == "sym":
        code = attribute(element, "char") or ""
        drawn = int(code, 16) if len(code) == 4 and code.isalnum() and code.isascii() else 0
        return chr(drawn) if 0x20 <= drawn < 0xD800 else ""
    return LOOK_ALIKE[name]


def _unicode(piece: _Piece, found: Found) -> str:
    code = font_code(piece.font)
    text = from_font(piece.text, piece.font)
    if code and text != piece.text:
        found.notes[f"converted from {code}"] = None
    return text.upper() if piece.caps else text
