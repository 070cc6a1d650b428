"""Sheets of the organisation: read from CSV and Excel files, and every fault in them by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cascade import spreadsheet
from cascade.errors import BadInputError
from workflows.labels import Lang, Words

Row = dict[str, str]
Line = tuple[int, Row]
# What each sort of sheet is known by: the columns it must have.
COLUMNS: dict[str, frozenset[str]] = {
    "levels": frozenset({"code", "name_vi", "name_en", "rank", "duty"}),
    "units": frozenset({"code", "name", "parent", "level", "valid_from", "valid_to"}),
    "groups": frozenset({"phrase", "level", "parent"}),
    "changes": frozenset({"kind", "on", "legal_basis", "predecessors", "successors"}),
    "people": frozenset({"login", "name", "unit", "role", "valid_from", "valid_to"}),
}
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_WORDS: dict[str, Words] = {
    "unreadable": Words("không đọc được: {why}", "cannot be read: {why}"),
    "not_utf8": Words(
        "không phải UTF-8 ở byte {at}; hãy lưu dạng “CSV UTF-8”",
        "not UTF-8 at byte {at}; save the sheet as “CSV UTF-8”",
    ),
    "no_workbook": Words("không phải sổ Excel, hoặc tệp hỏng", "this is no Excel workbook: {why}"),
    "unknown_columns": Words(
        "các cột không khớp bảng nào trong levels, units, groups, changes, people. {known}",
        "its columns fit none of levels, units, groups, changes, people. {known}",
    ),
    "level_values": Words(
        "duty là obligation hoặc task, rank là số (1 là cấp cao nhất), code không để trống",
        "duty is obligation or task, rank a number (1 is the top), code is needed",
    ),
    "level_days": Words(
        "slack_days, acknowledge_days và answer_days là số ngày làm việc, hoặc để trống",
        "slack_days, acknowledge_days and answer_days are numbers of working days, or nothing",
    ),
    "unknown_level": Words(
        "không có cấp {code!r}; hãy nhập kèm bảng levels",
        "unknown level {code!r}; import a levels file too",
    ),
    "unknown_parent": Words("không có đơn vị cấp trên {code!r}", "unknown parent {code!r}"),
    "unit_values": Words("cần có code và name", "code and name are needed"),
    "unknown_group_parent": Words(
        "không có {code!r}; ghi mã đơn vị hoặc “issuer”",
        "unknown parent {code!r}; a unit code or “issuer”",
    ),
    "unknown_unit": Words("không có đơn vị {code!r}", "unknown unit {code!r}"),
    "unknown_kind": Words(
        "không có loại {code!r}; các loại: {known}", "unknown kind {code!r}; {known}"
    ),
    "unknown_role": Words(
        "không có vai trò {code!r}; các vai trò: {known}", "unknown role {code!r}; one of {known}"
    ),
    "unknown_scope": Words(
        "không có phạm vi {code!r}; ghi unit, subtree hoặc để trống",
        "unknown scope {code!r}; unit, subtree, or nothing",
    ),
    "person_values": Words("cần có login và name", "login and name are needed"),
    "email": Words(
        "{email!r} không phải địa chỉ thư; để trống nếu không có",
        "{email!r} is no mail address; leave it empty if there is none",
    ),
    "on": Words("on là ngày, ví dụ 2025-07-01", "on is a date such as 2025-07-01"),
    "days": Words(
        "valid_from và valid_to là ngày, ví dụ 2025-07-01",
        "valid_from and valid_to are dates such as 2025-07-01",
    ),
    "order": Words(
        "kết thúc {last} trước khi bắt đầu {first}", "ends on {last} before it begins on {first}"
    ),
    "overlap": Words(
        "{code}: thời gian từ {first} và từ {next} chồng lên nhau",
        "{code}: the periods from {first} and from {next} overlap",
    ),
}
_HEAD = "nothing was imported:\n  - "


class Fault(NamedTuple):
    """One thing wrong: in which file and line, if in any, and what."""

    file: str
    line: int
    what: str
    values: Mapping[str, object]

    def say(self, lang: Lang) -> str:
        """The fault alone, in words."""
        return _WORDS[self.what].say(lang).format(**self.values)

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: "
        return (where if self.file else "") + self.say("en")


class SheetsError(BadInputError):
    """The sheets cannot be taken; `faults` holds everything wrong in them."""

    remedy = "Correct these lines and import again."

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(_HEAD + "\n  - ".join(str(fault) for fault in faults))


@dataclass
class Faults:
    """Everything wrong in all files, told at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, what: str, file: str = "", line: int = 0, **values: object) -> None:
        """One more."""
        self.found.append(Fault(file, line, what, values))

    def tell(self) -> None:
        """Raise SheetsError if anything is wrong."""
        if self.found:
            raise SheetsError(self.found)


class Sheet(NamedTuple):
    """Rows of one sort, with their line in the file."""

    file: str
    kind: str
    lines: list[Line]


def read(path: Path, faults: Faults) -> list[Sheet]:
    """The sheets of a file: one of a CSV, any number of a workbook."""
    found = []
    tables = _tables(path, faults)
    for name, rows in tables:
        headings = [cell.strip().lower() for cell in rows[0]] if rows else []
        kind = next((k for k, needed in COLUMNS.items() if needed <= set(headings)), None)
        if kind is not None:
            lines = [
                (no, dict(zip(headings, [*row, *[""] * len(headings)], strict=False)))
                for no, row in enumerate(rows[1:], 2)
                if any(row)
            ]
            found.append(Sheet(name, kind, lines))
    if tables and not found:
        known = "; ".join(f"{kind}: {', '.join(sorted(n))}" for kind, n in COLUMNS.items())
        faults.add("unknown_columns", path.name, known=known)
    return found


def read_day(text: str) -> date | None:
    """A day written 2025-07-01 or 1/7/2025."""
    try:
        written = _DAY.fullmatch(text)
        if written is None:
            return date.fromisoformat(text)
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        return None


def _tables(path: Path, faults: Faults) -> list[tuple[str, list[list[str]]]]:
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return _csv(path, faults)
    try:
        book = spreadsheet.sheets(path)
    except BadInputError as error:
        faults.add("no_workbook", path.name, why=error.what)
        return []
    return [
        (f"{path.name} [{title}]", [["" if c is None else str(c) for c in row] for row in rows])
        for title, rows in book
    ]


def _csv(path: Path, faults: Faults) -> list[tuple[str, list[list[str]]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add("not_utf8", path.name, at=error.start)
        return []
    except OSError as error:
        faults.add("unreadable", path.name, why=error.strerror)
        return []
    # Excel writes the list separator of its country, which here is a semicolon.
    mark = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=mark))
    except csv.Error as error:
        faults.add("unreadable", path.name, why=error)
        return []
    return [(path.name, [[cell.strip() for cell in row] for row in rows])]
