"""Tables as files for a spreadsheet program: CSV and XLSX, no cell of which is ever a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, TextIOWrapper

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | date | None

# What a spreadsheet program may take for the beginning of a formula.
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
# What XML has no way to say; one such sign in a name would keep back the whole file.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDEST = 60  # characters of a column


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Cell]], foot: str = "") -> bytes:
    """A CSV in UTF-8 with the mark by which Excel knows it; days as yyyy-mm-dd.

    A foot is a last line of one cell.
    """
    made = BytesIO()
    with TextIOWrapper(made, encoding="utf-8-sig", newline="", write_through=True) as file:
        writer = csv.writer(file)
        writer.writerow([_plain(heading) for heading in headings])
        for row in rows:
            writer.writerow([_plain(cell) for cell in row])
        if foot:
            writer.writerow([_plain(foot)])
        file.flush()
        return made.getvalue()


def xlsx_file(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], foot: str = ""
) -> bytes:
    """A workbook of one sheet; days are days, everything else that is not a number is text.

    A foot stands under every printed page and in the file's properties.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    if foot:
        book.properties.description = foot
        sheet.oddFooter.left.text = foot.replace("&", "&&")  # a single one begins a code
    for at, heading in enumerate(headings, 1):
        width = min(_WIDEST, max(12, len(heading) + 2))
        sheet.column_dimensions[get_column_letter(at)].width = width
    heads = [_cell(sheet, heading) for heading in headings]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def cleaned(text: str) -> str:
    """A text without what no workbook can hold."""
    return _UNSAYABLE.sub("", text)


def _plain(cell: Cell) -> str | int | None:
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> SheetCell:
    if not isinstance(value, str):
        cell = SheetCell(sheet, row=1, column=1, value=value)
        if isinstance(value, date):
            cell.number_format = "DD/MM/YYYY"
        return cell
    text = cleaned(value)
    cell = SheetCell(sheet, row=1, column=1, value=text)
    cell.data_type = "s"  # also where it begins like a formula
    # The same when somebody edits the cell.
    cell.quotePrefix = bool(_FORMULA.match(value))
    if len(value) > _WIDEST:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
