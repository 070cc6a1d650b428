"""A spreadsheet register: its rows, the row of headings, and what each column means."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from cascade import workbook
from cascade.errors import BadInputError, UnreadableFileError
from cascade.naming import fold
from cascade.workbook import Cell

# What a column can mean, and how registers head it; a better heading stands before a worse one.
FIELDS: dict[str, tuple[str, ...]] = {
    "reference": (
        "số/ký hiệu",
        "số ký hiệu văn bản",
        "số hiệu văn bản",
        "reference",
        "document no",
    ),
    "number": ("số văn bản", "số", "number"),
    "symbol": ("ký hiệu", "ký hiệu văn bản", "symbol", "notation"),
    "date": (
        *("ngày ban hành", "ngày văn bản", "ngày tháng văn bản", "ngày ký", "ngày tháng", "ngày"),
        *("date of issue", "issue date", "issued on", "date"),
    ),
    "issuer": (
        *("cơ quan ban hành", "đơn vị ban hành", "nơi ban hành", "tác giả"),
        *("issuing body", "issued by", "issuer"),
    ),
    "kind": ("loại văn bản", "hình thức văn bản", "thể loại", "document type", "type", "kind"),
    "subject": (
        *("trích yếu nội dung", "trích yếu", "tên loại và trích yếu nội dung", "nội dung văn bản"),
        *("nội dung", "về việc", "subject", "summary"),
    ),
    "units": (
        *("đơn vị thực hiện", "cơ quan thực hiện", "đơn vị chủ trì", "đơn vị được giao"),
        *("nơi nhận", "nơi nhận văn bản", "lead unit", "assigned to", "addressees", "recipients"),
    ),
    "due": (
        *("thời hạn", "thời hạn hoàn thành", "hạn hoàn thành", "hạn xử lý", "thời hạn thực hiện"),
        *("due date", "due", "deadline"),
    ),
    "implements": (
        *("văn bản chỉ đạo", "thực hiện văn bản", "triển khai văn bản", "văn bản cấp trên"),
        *("implements", "directive"),
    ),
    "basis": ("căn cứ", "văn bản căn cứ", "basis", "legal basis"),
    "related": ("văn bản liên quan", "văn bản viện dẫn", "cites", "related documents"),
    "signer": ("người ký", "signer", "signed by"),
    "urgency": ("độ khẩn", "mức độ khẩn", "urgency"),
}
# Columns that look like others and mean nothing here: counters, and the receiving office's own.
_OTHERS = ("stt", "tt", "số tt", "số thứ tự", "no", "số đến", "ngày đến", "ghi chú", "notes")
_LIKELY = 86
_SEARCHED = 20  # rows in which headings are looked for


@dataclass(frozen=True)
class Table:
    """A register's headings and the rows below them, by their number in the file."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    @property
    def key(self) -> str:
        """What the meaning of the columns is remembered by."""
        return "\n".join(fold(heading) for heading in self.headings)


def read(path: Path, wanted: Mapping[str, str] | None = None) -> Table:
    """The first sheet with a row of headings; BadInputError when there is none or no sheet.

    `wanted` (field → heading) says by what headings to know that row, where a person told some.
    """
    seen: list[str] = []
    for name, rows in sheets(path):
        at = _headed(rows, (wanted or {}).values())
        at = _headed(rows, ()) if at is None else at
        if at is not None:
            headings = tuple(_text(cell) for cell in rows[at])
            # A row ends with its last cell; every heading needs one.
            full = (None,) * len(headings)
            below = [
                (no + 1, (*row, *full[len(row) :]))
                for no, row in enumerate(rows)
                if no > at and any(row)
            ]
            return Table(name, headings, tuple(below))
        seen += [_text(cell) for row in rows[:1] for cell in row if cell]
    raise BadInputError(
        "no row of headings that a register has was found"
        + (f"; the first row says {', '.join(seen[:8])}" if seen else "; the file is empty"),
        where=str(path),
        remedy='Say what a column means: --map number="its heading".',
    )


def sheets(path: Path) -> list[tuple[str, list[tuple[Cell, ...]]]]:
    """(name, rows) of every sheet of a workbook, or the one of a CSV file, as they stand.

    Raises BadInputError for a file that is none of these.
    """
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return workbook.sheets(path)
        return [(path.name, _csv(path))]
    except OSError as error:
        raise UnreadableFileError.of(error, path) from error


def propose(headings: Sequence[str]) -> dict[str, str]:
    """Field → heading, each once, the surest first."""
    scored = sorted(
        ((_score(field, heading), field, heading) for field in FIELDS for heading in headings),
        key=lambda one: -one[0],
    )
    found: dict[str, str] = {}
    for score, field, heading in scored:
        if score >= _LIKELY and field not in found and heading not in found.values():
            found[field] = heading
    return {field: found[field] for field in FIELDS if field in found}


def mapped(table: Table, columns: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """The columns with a person's changes; none for an empty one; faults told at once."""
    by_key = {fold(heading): heading for heading in table.headings}
    faults = [f"there is no field {name!r}" for name in changes if name not in FIELDS]
    faults += [
        f"there is no column {heading!r}"
        for heading in changes.values()
        if heading and fold(heading) not in by_key
    ]
    if faults:
        raise BadInputError(
            "; ".join(faults),
            where="--map",
            remedy=f"Fields: {', '.join(FIELDS)}. "
            f"Columns: {', '.join(filter(None, table.headings))}.",
        )
    named = {name: by_key[fold(heading)] for name, heading in changes.items() if heading}
    kept = {
        name: heading
        for name, heading in columns.items()
        if name not in changes and heading not in named.values()
    }
    return {name: (kept | named)[name] for name in FIELDS if name in kept | named}


def lacking(columns: Mapping[str, str], has_issuer: bool) -> list[str]:
    """What every letter needs and no column says."""
    found = [name for name in ("date", "subject") if name not in columns]
    if "reference" not in columns and not {"number", "symbol"} <= set(columns):
        found.append("reference")
    if "issuer" not in columns and not has_issuer:
        found.append("issuer")
    return found


def _score(field: str, heading: str) -> float:
    key = fold(heading)
    if not key or key in {fold(other) for other in _OTHERS}:
        return 0
    names = FIELDS[field]
    # Of headings that fit as well, the one listed first is the better.
    return max(
        max(fuzz.ratio(key, fold(n)), 0.95 * fuzz.token_sort_ratio(key, fold(n))) - at * 0.1
        for at, n in enumerate(names)
    )


def _headed(rows: Sequence[tuple[Cell, ...]], wanted: Iterable[str]) -> int | None:
    """The place of the row that is headings: the one most of which is understood."""
    keys = {fold(heading) for heading in wanted if heading}
    best, found = 1, None
    for at, row in enumerate(rows[:_SEARCHED]):
        texts = [_text(cell) for cell in row]
        if not keys <= {fold(text) for text in texts}:
            continue
        understood = len(propose(texts)) + len(keys)
        if understood > best:
            best, found = understood, at
    return found


def _csv(path: Path) -> list[tuple[Cell, ...]]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"not UTF-8 at byte {error.start}",
            where=str(path),
            remedy="Save the sheet as “CSV UTF-8”, or give the .xlsx file.",
        ) from None
    first = content[: content.find("\n", 2000) if len(content) > 2000 else None]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(content.splitlines(keepends=True), delimiter=mark)
    return [tuple(cell.strip() or None for cell in row) for row in rows]


def _text(cell: Cell) -> str:
    return " ".join(str(cell or "").split())
