"""Writes the sample letters as DOCX and PDF files, set as offices set them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
import typst
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from cascade.drawing import typeset

ROOT = Path(typeset.__file__).parents[1]
LETTERS = sorted(ROOT.glob("sample/*/letters/*.txt"))
FONTS = ROOT / "drawing" / "fonts"
_DATED = re.compile(r"ngày \d+ tháng")
_COLUMN = re.compile(r"\s{3,}")
_NUMBERED = re.compile(r"(?:(\d+)\.|([a-zđ])\))\s+")
# Point numbers as Word keeps them: in a list definition, not in the text.
NUMBERS = """<w:abstractNum {ns} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
</w:abstractNum>"""
NUM = '<w:num {ns} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
TEMPLATE = """
#let it = json(bytes(sys.inputs.letter))
#set page(paper: "a4", margin: (left: 30mm, right: 18mm, y: 20mm), numbering: "1")
#set text(font: "Be Vietnam Pro", size: 12pt, lang: "vi")
#set par(justify: true, spacing: 1.1em)
#let lines(all) = all.map(line => text(line)).join(linebreak())
#grid(columns: (2fr, 3fr), gutter: 8mm, align: center,
  par(justify: false, lines(it.head_left)), par(justify: false, lines(it.head_right)))
#v(1em)
#for block in it.body {
  if block.len() == 1 { par(block.first()) } else { par(justify: false, lines(block)) }
}
#v(1em)
#grid(columns: (1fr, 1fr), gutter: 8mm,
  text(size: 10pt, lines(it.foot_left)), align(center, lines(it.foot_right)))
"""


@dataclass(frozen=True)
class Parts:
    """A letter as a form has it: two columns, the body's blocks of lines, two columns."""

    head_left: list[str]
    head_right: list[str]
    body: list[list[str]]
    foot_left: list[str]
    foot_right: list[str]


def parts_of(text: str) -> Parts:
    """Take a sample letter apart."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    dated = next(i for i, block in enumerate(blocks) if _DATED.search("".join(block)))
    foot = next(i for i, block in enumerate(blocks) if block[0].startswith("Nơi nhận"))
    head = [line for block in blocks[1 : dated + 1] for line in block]
    beside = [_COLUMN.split(line, maxsplit=1) for line in (*blocks[0], *head)]
    if any(len(cells) > 1 for cells in beside):
        left, right = [cells[0] for cells in beside], [c[1] for c in beside if len(c) > 1]
    else:
        left, right = blocks[0], head
    return Parts(
        left,
        right,
        blocks[dated + 1 : foot],
        blocks[foot],
        [line for block in blocks[foot + 1 :] for line in block],
    )


def as_docx(
    text: str, *, numbered: bool = False, spaced: bool = True, font: str = "Times New Roman"
) -> bytes:
    """A letter as a Word file: its head and foot in tables without borders."""
    parts = parts_of(text)
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name = font
    normal.paragraph_format.space_after = Pt(6 if spaced else 0)
    if numbered:
        lists = document.part.numbering_part.element
        lists.insert(0, parse_xml(NUMBERS.format(ns=nsdecls("w"))))
        lists.append(parse_xml(NUM.format(ns=nsdecls("w"))))
    columns(document, parts.head_left, parts.head_right)
    for block in parts.body:
        for line in block:
            point = _NUMBERED.match(line) if numbered else None
            paragraph = document.add_paragraph(line[point.end() :] if point else line)
            if point:
                number(paragraph, 0 if point[1] else 1)
            elif len(block) == 1 and len(line) > 80:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if not spaced:
            document.add_paragraph()
    columns(document, parts.foot_left, parts.foot_right)
    return saved(document)


def columns(document: Document, left: list[str], right: list[str]) -> None:
    """Set two lists of lines side by side."""
    table = document.add_table(rows=1, cols=2)
    fill(table.rows[0].cells[0], left)
    fill(table.rows[0].cells[1], right)


def fill(cell: _Cell, lines: list[str]) -> None:
    """One paragraph a line, centred as in letter heads."""
    for at, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.add_run(line).bold = line.isupper()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def number(paragraph: Paragraph, level: int, num_id: int = 77) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = num_id


def saved(document: Document) -> bytes:
    """The file's bytes."""
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_pdf(text: str) -> bytes:
    """A letter as a PDF with its head and foot in two columns."""
    return set_type(TEMPLATE, letter=json.dumps(parts_of(text).__dict__))


def set_type(template: str, **inputs: str) -> bytes:
    """A PDF by typst, with the project's own fonts only."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    return typst.compile(template.encode(), format="pdf", font_paths=fonts, sys_inputs=inputs)
