"""The lines of a DOCX in the order people read them: paragraphs, tables, text boxes."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.docxnumbers import Numbering
from cascade.intake.sources.docxruns import Found, paragraph_text
from cascade.intake.sources.docxstyles import Styles
from cascade.intake.sources.limits import DEPTH
from cascade.intake.sources.markup import child, children, local
from cascade.intake.text import fold

# Space of three points between two paragraphs is one a reader sees.
VISIBLE_GAP = 60
# A table that only sets a letter's head or foot in columns is read down, not across.
LAYOUT = re.compile(
    r"cong hoa xa hoi|dang cong san viet nam|^\W*noi nhan\b"
    r"|^(?:tm|kt|tl|tuq|q)\s?\. ?[a-z]|^[tk]/[ml]\b",
    re.MULTILINE,
)
LAYOUT_COLUMNS, LAYOUT_ROWS = 3, 10
CELL_GAP = "\t"
WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body", "hdr", "ftr"}
_NESTED = "tables or boxes are nested deeper than in any letter"


class Blocks:
    """Reads containers of a document (body, cell, box, note) into lines; "" is a visible gap."""

    def __init__(self, styles: Styles, numbering: Numbering, name: str) -> None:
        self.found = Found()
        self._styles = styles
        self._numbering = numbering
        self._name = name

    def lines(self, container: Element, depth: int = 0, *, tight: bool = False) -> list[str]:
        """The lines of a container's paragraphs and tables, text boxes behind their paragraph.

        In `tight` ones, the cells of tables, only empty paragraphs part the others.
        """
        if depth > DEPTH:
            raise UnreadableLetterError(f"the document is broken: {_NESTED}", where=self._name)
        lines: list[str] = []
        space = 0
        for block in container:
            name = local(block)
            if name == "p":
                before, text, after = self._paragraph(block)
                if max(space, before) >= VISIBLE_GAP and not tight:
                    _gap(lines)
                lines += text.split("\n")
                space = after
                lines += self._boxes(depth)
            elif name == "tbl":
                _gap(lines)
                lines += self._table(block, depth)
                lines.append("")
                space = 0
            elif name in WRAPPERS or name == "AlternateContent":
                inner = self._chosen(block) if name == "AlternateContent" else block
                lines += self.lines(inner, depth + 1, tight=tight) if inner is not None else []
            elif name == "altChunk":
                self.found.notes["inserted files left out"] = None
        return lines

    def _paragraph(self, paragraph: Element) -> tuple[int, str, int]:
        properties = child(paragraph, "pPr")
        look = self._styles.paragraph(properties)
        text = paragraph_text(paragraph, look, self._styles, self.found)
        mark = ""
        if text.strip():
            mark = self._numbering.mark(look.num_id, look.level or 0)
        return look.before or 0, f"{mark} {text.lstrip()}" if mark else text, look.after or 0

    def _boxes(self, depth: int) -> list[str]:
        boxes, self.found.boxes = self.found.boxes, []
        lines: list[str] = []
        for box in boxes:
            inside = _trimmed(self.lines(box, depth + 1))
            if inside:
                lines += ["", *inside, ""]
        return lines

    def _table(self, table: Element, depth: int) -> list[str]:
        cells = [_inside(row, "tc") for row in _inside(table, "tr")]
        columns = max((len(row) for row in cells), default=0)
        rows = [
            [_trimmed(self.lines(cell, depth + 1, tight=columns > 1)) for cell in row]
            for row in cells
        ]
        if columns == 1:
            # A frame around text, not a table.
            return [line for row in rows for cell in row for line in cell]
        whole = "\n".join(line for row in rows for cell in row for line in cell)
        narrow = columns <= LAYOUT_COLUMNS and len(rows) <= LAYOUT_ROWS
        if narrow and LAYOUT.search(fold(whole)):
            return _down(rows, columns)
        return [CELL_GAP.join(" ".join(" ".join(cell).split()) for cell in row) for row in rows]

    def _chosen(self, block: Element) -> Element | None:
        choice = child(block, "Choice")
        return choice if choice is not None else child(block, "Fallback")


def _down(rows: list[list[list[str]]], columns: int) -> list[str]:
    lines: list[str] = []
    for column in range(columns):
        cells = [row[column] for row in rows if column < len(row)]
        inside = [line for cell in cells for line in cell]
        if _trimmed(inside):
            lines += [*_trimmed(inside), ""]
    return lines


def _inside(element: Element, name: str) -> list[Element]:
    """The rows of a table or cells of a row, also those a content control wraps."""
    found: list[Element] = []
    for part in element:
        if local(part) == name:
            found.append(part)
        elif local(part) in WRAPPERS:
            found += children(part, name)
            for content in children(part, "sdtContent"):
                found += children(content, name)
    return found


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _gap(lines: list[str]) -> None:
    if lines and lines[-1].strip():
        lines.append("")
