"""The organisation from CSV files: levels, units, groups, changes, people; all in or none."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from cascade.errors import BadInputError
from models import organisation
from models.base import FOREVER
from models.database import Database
from models.units import CHANGE_KINDS
from workflows.roles import Role

Row = dict[str, str]
_CHANGE_SIDES = ("predecessor", "successor")


class Counted(NamedTuple):
    """How many rows of each sort were taken."""

    levels: int
    units: int
    groups: int
    changes: int
    people: int


@dataclass
class _Problems:
    """Everything wrong in all files, told at once; each with its file and line."""

    found: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int, what: str) -> None:
        self.found.append(f"{path.name}, line {line}: {what}")


def import_files(db: Database, paths: Sequence[Path]) -> Counted:
    """Take CSV files, recognised by their columns; BadInputError lists every fault by line.

    Columns: levels `code,name_vi,name_en,rank,duty`; units `code,name,short_name,name_en,parent,
    level,valid_from,valid_to,aliases`; groups `phrase,level,parent`; changes `kind,on,legal_basis,
    predecessors,successors`; people `login,name,unit,role,valid_from,valid_to`. Dates are ISO; an
    empty valid_to means still valid; several units in one cell are separated by `|`.
    """
    sheets = {kind: [(p, r) for p, k, r in map(_read, paths) if k == kind] for kind in _SORTS}
    problems = _Problems()
    counts = {}
    with db.session() as session:
        for kind, (_, take) in _SORTS.items():
            counts[kind] = sum(len(rows) for _, rows in sheets[kind])
            for path, rows in sheets[kind]:
                take(session, path, rows, problems)
        session.flush()
        _check_periods(session, problems)
        if problems.found:
            raise BadInputError(
                "nothing was imported:\n  - " + "\n  - ".join(problems.found),
                remedy="Correct these lines and import again.",
            )
    return Counted(**counts)


def _read(path: Path) -> tuple[Path, str, list[Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = set(reader.fieldnames or ())
            rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"not UTF-8 at byte {error.start}",
            where=str(path),
            remedy="Save the sheet as “CSV UTF-8”.",
        ) from None
    except OSError as error:
        raise BadInputError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            remedy="Check the file name and its permissions.",
        ) from error
    for kind, (needed, _) in _SORTS.items():
        if needed <= columns:
            return path, kind, rows
    raise BadInputError(
        "its columns fit none of levels, units, groups, changes, people",
        where=str(path),
        remedy="; ".join(f"{kind}: {', '.join(sorted(n))}" for kind, (n, _) in _SORTS.items()),
    )


def _levels(session: Session, path: Path, rows: list[Row], problems: _Problems) -> None:
    for line, row in enumerate(rows, 2):
        if row["duty"] not in ("obligation", "task") or not row["rank"].isdigit():
            problems.add(path, line, "duty is obligation or task, rank a number (1 is the top)")
            continue
        values = {name: row[name] for name in ("name_vi", "name_en", "duty")}
        organisation.put_level(session, row["code"], {**values, "rank": int(row["rank"])})
    session.flush()


def _units(session: Session, path: Path, rows: list[Row], problems: _Problems) -> None:
    levels = organisation.levels(session)
    codes = organisation.codes(session)
    for row in rows:
        if row["code"] and row["code"] not in codes:
            codes[row["code"]] = organisation.unit_id(session, row["code"])
    for line, row in enumerate(rows, 2):
        days = _days(path, line, row, problems)
        if row["level"] not in levels:
            problems.add(path, line, f"unknown level {row['level']!r}; import a levels file too")
        if row["parent"] and row["parent"] not in codes:
            problems.add(path, line, f"unknown parent {row['parent']!r}")
        if not row["code"] or not row["name"]:
            problems.add(path, line, "code and name are needed")
        if days is None or row["level"] not in levels or row["parent"] not in ("", *codes):
            continue
        unit = codes[row["code"]] if row["code"] else None
        if unit is None:
            continue
        values = {
            "valid_to": days[1],
            "name": row["name"],
            "short_name": row.get("short_name") or row["name"],
            "name_en": row.get("name_en") or row["name"],
            "parent_id": codes[row["parent"]] if row["parent"] else None,
            "level": row["level"],
        }
        organisation.put_period(session, unit, days[0], values)
        for alias in filter(None, (a.strip() for a in row.get("aliases", "").split("|"))):
            organisation.put_alias(session, unit, alias)


def _groups(session: Session, path: Path, rows: list[Row], problems: _Problems) -> None:
    levels, codes = organisation.levels(session), organisation.codes(session)
    for line, row in enumerate(rows, 2):
        parent = None if row["parent"] == "issuer" else codes.get(row["parent"], 0)
        if parent == 0:
            problems.add(path, line, f"unknown parent {row['parent']!r}; a unit code or “issuer”")
            continue
        for level in row["level"].split("|"):
            if level in levels:
                organisation.put_group(session, row["phrase"], level, parent)
            else:
                problems.add(path, line, f"unknown level {level!r}")


def _changes(session: Session, path: Path, rows: list[Row], problems: _Problems) -> None:
    codes = organisation.codes(session)
    for line, row in enumerate(rows, 2):
        named = {side: list(filter(None, row[f"{side}s"].split("|"))) for side in _CHANGE_SIDES}
        for code in (code for units in named.values() for code in units if code not in codes):
            problems.add(path, line, f"unknown unit {code!r}")
        if row["kind"] not in CHANGE_KINDS:
            problems.add(path, line, f"unknown kind {row['kind']!r}; {', '.join(CHANGE_KINDS)}")
        day = _day(row["on"])
        if day is None:
            problems.add(path, line, "on is a date such as 2025-07-01")
        known = all(code in codes for units in named.values() for code in units)
        if day is None or not known or row["kind"] not in CHANGE_KINDS:
            continue
        parts = {side: [codes[code] for code in units] for side, units in named.items()}
        organisation.put_change(session, row["kind"], day, row["legal_basis"], parts)


def _people(session: Session, path: Path, rows: list[Row], problems: _Problems) -> None:
    codes = organisation.codes(session)
    for line, row in enumerate(rows, 2):
        days = _days(path, line, row, problems)
        if row["unit"] not in codes:
            problems.add(path, line, f"unknown unit {row['unit']!r}")
        if row["role"] not in list(Role):
            problems.add(path, line, f"unknown role {row['role']!r}; one of {', '.join(Role)}")
        if days is None or row["unit"] not in codes or row["role"] not in list(Role):
            continue
        user = organisation.user_id(session, row["login"], row["name"])
        organisation.put_appointment(session, user, codes[row["unit"]], row["role"], *days)


def _days(path: Path, line: int, row: Row, problems: _Problems) -> tuple[date, date] | None:
    try:
        first = date.fromisoformat(row["valid_from"])
        last = date.fromisoformat(row["valid_to"]) if row.get("valid_to") else FOREVER
    except ValueError:
        problems.add(path, line, "valid_from and valid_to are dates such as 2025-07-01")
        return None
    if last < first:
        problems.add(path, line, f"ends on {last} before it begins on {first}")
        return None
    return first, last


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_periods(session: Session, problems: _Problems) -> None:
    names = {unit: code for code, unit in organisation.codes(session).items()}
    before = None
    for period in organisation.periods(session):
        same = before is not None and before.unit_id == period.unit_id
        if same and before is not None and before.valid_to >= period.valid_from:
            problems.found.append(
                f"{names[period.unit_id]}: the periods from {before.valid_from} and from "
                f"{period.valid_from} overlap"
            )
        before = period


_Take = Callable[[Session, Path, list[Row], _Problems], None]
# In the order in which they build on one another.
_SORTS: dict[str, tuple[set[str], _Take]] = {
    "levels": ({"code", "name_vi", "name_en", "rank", "duty"}, _levels),
    "units": ({"code", "name", "parent", "level", "valid_from", "valid_to"}, _units),
    "groups": ({"phrase", "level", "parent"}, _groups),
    "changes": ({"kind", "on", "legal_basis", "predecessors", "successors"}, _changes),
    "people": ({"login", "name", "unit", "role", "valid_from", "valid_to"}, _people),
}
