"""Excel workbooks as rows: a small one is read at once, a large one in a child with limits.

A few kilobytes of workbook may ask for gigabytes: cells far to the right, a million of them in one
row, entities within entities. What is small when unpacked cannot do much; all else is read by a
process that is ended when it asks for more than any sheet of an office needs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import cascade
from cascade.errors import BadInputError
from cascade.intake.sources.child import limit, limit_cpu
from cascade.intake.sources.limits import SECONDS

Cell = str | date | None
Row = tuple[Cell, ...]
Sheet = tuple[str, list[Row]]

SMALL = 2**19  # bytes unpacked, read in this process
UNPACKED = 500 * 2**20  # bytes of all parts
ROWS, COLUMNS = 100_000, 256  # of a sheet; what lies beyond is not read
_CELLS = 2_000_000  # with something in them, in a whole workbook
_CHARACTERS = 30_000_000
# Isolated and without site, as the child that reads letters is.
_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from cascade.workbook import main; main()"


def sheets(path: Path) -> list[Sheet]:
    """(name, rows) of every sheet; BadInputError for what is no workbook or asks for too much."""
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > UNPACKED:
            raise _too_large(path)
        return list(_read(content)) if size <= SMALL else _by_a_child(content, path)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, ParseError) as error:
        raise BadInputError(
            "this is no Excel workbook, or a broken one",
            where=str(path),
            remedy="Open it in Excel or LibreOffice and save it as .xlsx or as CSV UTF-8.",
        ) from error


def main() -> None:
    """The child: a workbook from standard input, its sheets as JSON to standard output."""
    limit()
    limit_cpu()
    found = [(name, [[_told(cell) for cell in row] for row in rows]) for name, rows in _read(None)]
    json.dump(found, sys.stdout)


def _read(content: bytes | None) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # heavy, and only this needs it

    whole = sys.stdin.buffer.read() if content is None else content
    book = load_workbook(BytesIO(whole), read_only=True, data_only=True)
    left = [_CELLS, _CHARACTERS]
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=ROWS, max_col=COLUMNS, values_only=True)
        yield str(sheet.title), _together(rows, left)


def _together(rows: Iterable[Sequence[object]], left: list[int]) -> list[Row]:
    """The rows without the empty cells at their ends; ValueError when they are too much."""
    found: list[Row] = []
    for values in rows:
        if values.count(None) == len(values):  # as quick as can be: there may be very many
            found.append(())
            continue
        row = [_cell(value) for value in values]
        while row and row[-1] is None:
            row.pop()
        left[0] -= len(row)
        left[1] -= sum(len(cell) for cell in row if isinstance(cell, str))
        if min(left) < 0:
            raise ValueError("too many cells")
        found.append(tuple(row))
    while found and not found[-1]:
        found.pop()
    return found


def _by_a_child(content: bytes, path: Path) -> list[Sheet]:
    root = str(Path(cascade.__file__).parent.parent)
    paths = [str(Path(one).absolute()) for one in sys.path if one]
    try:
        done = subprocess.run(
            [sys.executable, "-ISB", "-X", "utf8", "-c", _BOOT, *paths, *({root} - set(paths))],
            input=content,
            capture_output=True,
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            cwd=Path(sys.executable).anchor,
            start_new_session=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large(path) from error
    if done.returncode:
        raise _too_large(path)
    return [(name, [tuple(map(_meant, row)) for row in rows]) for name, rows in _parsed(done)]


def _parsed(done: subprocess.CompletedProcess[bytes]) -> list[tuple[str, list[list[Any]]]]:
    return [(str(name), rows) for name, rows in json.loads(done.stdout)]


def _too_large(path: Path) -> BadInputError:
    return BadInputError(
        "the workbook is broken, or too large to be read",
        where=str(path),
        remedy="Save the one sheet that is needed as a new .xlsx file, or as CSV UTF-8.",
    )


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def _told(cell: Cell) -> object:
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def _meant(told: Any) -> Cell:
    return date.fromisoformat(told["day"]) if isinstance(told, dict) else told
