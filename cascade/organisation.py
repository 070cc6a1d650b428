"""The organisation from CSV or Excel files: levels, units, groups, changes, people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from cascade import orgsheets
from cascade.mail_address import is_address
from cascade.orgsheets import Faults, Row, Sheet
from models import organisation
from models.base import FOREVER
from models.database import Database
from models.units import CHANGE_KINDS
from workflows.roles import Role, Span

# Where a session keeps who got a post by an import, or more of one, for whoever puts it on record.
GRANTED = "granted"
# Working days a level is given, and what an empty cell says.
_LEVEL_DAYS = {"slack_days": 0, "acknowledge_days": None, "answer_days": None}
_CHANGE_SIDES = ("predecessor", "successor")


class Counted(NamedTuple):
    """How many rows of each sort were taken."""

    levels: int
    units: int
    groups: int
    changes: int
    people: int


Taken = Callable[[Session, Counted], None]


def import_files(db: Database, paths: Sequence[Path], taken: Taken | None = None) -> Counted:
    """Take CSV or Excel files, recognised by their columns; SheetsError lists every fault by line.

    Columns: levels `code,name_vi,name_en,rank,duty`; units `code,name,short_name,name_en,parent,
    level,valid_from,valid_to,aliases`; groups `phrase,level,parent`; changes `kind,on,legal_basis,
    predecessors,successors`; people `login,name,unit,role,valid_from,valid_to`. Dates are ISO or
    day/month/year; an empty valid_to means still valid; several units in one cell are separated
    by `|`. Levels may have `slack_days`, `acknowledge_days`, `answer_days`. People may have a
    `scope` of unit or subtree, else the role tells how far a post sees.
    What `taken` does is part of the same transaction.
    """
    faults = Faults()
    sheets = [sheet for path in paths for sheet in orgsheets.read(path, faults)]
    counts = dict.fromkeys(_SORTS, 0)
    with db.session() as session:
        for kind, take in _SORTS.items():
            for sheet in (one for one in sheets if one.kind == kind):
                counts[kind] += len(sheet.lines)
                take(session, sheet, faults)
        session.flush()
        _check_periods(session, faults)
        faults.tell()
        if taken is not None:
            taken(session, Counted(**counts))
    return Counted(**counts)


def _levels(session: Session, sheet: Sheet, faults: Faults) -> None:
    for line, row in sheet.lines:
        has_duty = row["duty"] in ("obligation", "task")
        if not row["code"] or not has_duty or not row["rank"].isdecimal():
            faults.add("level_values", sheet.file, line)
            continue
        # A sheet from before there were such columns leaves them as they are.
        days = {name: row[name].strip() for name in _LEVEL_DAYS if name in row}
        if not all(text.isdecimal() for text in days.values() if text):
            faults.add("level_days", sheet.file, line)
            continue
        values: dict[str, Any] = {name: row[name] for name in ("name_vi", "name_en", "duty")}
        values |= {n: int(text) if text else _LEVEL_DAYS[n] for n, text in days.items()}
        organisation.put_level(session, row["code"], {**values, "rank": int(row["rank"])})
    session.flush()


def _units(session: Session, sheet: Sheet, faults: Faults) -> None:
    levels = organisation.levels(session)
    codes = organisation.codes(session)
    for _, row in sheet.lines:
        if row["code"] and row["code"] not in codes:
            codes[row["code"]] = organisation.unit_id(session, row["code"])
    for line, row in sheet.lines:
        days = _days(sheet.file, line, row, faults)
        if row["level"] not in levels:
            faults.add("unknown_level", sheet.file, line, code=row["level"])
        if row["parent"] and row["parent"] not in codes:
            faults.add("unknown_parent", sheet.file, line, code=row["parent"])
        if not row["code"] or not row["name"]:
            faults.add("unit_values", sheet.file, line)
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


def _groups(session: Session, sheet: Sheet, faults: Faults) -> None:
    levels, codes = organisation.levels(session), organisation.codes(session)
    for line, row in sheet.lines:
        parent = None if row["parent"] == "issuer" else codes.get(row["parent"], 0)
        if parent == 0:
            faults.add("unknown_group_parent", sheet.file, line, code=row["parent"])
            continue
        for level in row["level"].split("|"):
            if level in levels:
                organisation.put_group(session, row["phrase"], level, parent)
            else:
                faults.add("unknown_level", sheet.file, line, code=level)


def _changes(session: Session, sheet: Sheet, faults: Faults) -> None:
    codes = organisation.codes(session)
    for line, row in sheet.lines:
        named = {side: list(filter(None, row[f"{side}s"].split("|"))) for side in _CHANGE_SIDES}
        for code in (code for units in named.values() for code in units if code not in codes):
            faults.add("unknown_unit", sheet.file, line, code=code)
        if row["kind"] not in CHANGE_KINDS:
            kinds = ", ".join(CHANGE_KINDS)
            faults.add("unknown_kind", sheet.file, line, code=row["kind"], known=kinds)
        day = orgsheets.read_day(row["on"])
        if day is None:
            faults.add("on", sheet.file, line)
        known = all(code in codes for units in named.values() for code in units)
        if day is None or not known or row["kind"] not in CHANGE_KINDS:
            continue
        parts = {side: [codes[code] for code in units] for side, units in named.items()}
        organisation.put_change(session, row["kind"], day, row["legal_basis"], parts)


def _people(session: Session, sheet: Sheet, faults: Faults) -> None:
    codes = organisation.codes(session)
    for line, row in sheet.lines:
        days = _days(sheet.file, line, row, faults)
        if row["unit"] not in codes:
            faults.add("unknown_unit", sheet.file, line, code=row["unit"])
        if row["role"] not in list(Role):
            roles = ", ".join(Role)
            faults.add("unknown_role", sheet.file, line, code=row["role"], known=roles)
        if not row["login"] or not row["name"]:
            faults.add("person_values", sheet.file, line)
            continue
        if row.get("scope", "") not in ("", *Span):
            faults.add("unknown_scope", sheet.file, line, code=row["scope"])
            continue
        if days is None or row["unit"] not in codes or row["role"] not in list(Role):
            continue
        email = row.get("email", "")
        if email and not is_address(email):
            faults.add("email", sheet.file, line, email=email)
            continue
        user = organisation.user_id(session, row["login"], row["name"], email)
        unit, scope = codes[row["unit"]], row.get("scope") or None
        if organisation.put_appointment(session, user, unit, row["role"], *days, scope):
            session.info.setdefault(GRANTED, set()).add(user)


def _days(file: str, line: int, row: Row, faults: Faults) -> tuple[date, date] | None:
    first = orgsheets.read_day(row["valid_from"])
    last = orgsheets.read_day(row["valid_to"]) if row.get("valid_to") else FOREVER
    if first is None or last is None:
        faults.add("days", file, line)
        return None
    if last < first:
        faults.add("order", file, line, first=first, last=last)
        return None
    return first, last


def _check_periods(session: Session, faults: Faults) -> None:
    names = {unit: code for code, unit in organisation.codes(session).items()}
    before = None
    for period in organisation.periods(session):
        same = before is not None and before.unit_id == period.unit_id
        if same and before is not None and before.valid_to >= period.valid_from:
            faults.add(
                "overlap",
                code=names[period.unit_id],
                first=before.valid_from,
                next=period.valid_from,
            )
        before = period


_Take = Callable[[Session, Sheet, Faults], None]
# In the order in which they build on one another.
_SORTS: dict[str, _Take] = {
    "levels": _levels,
    "units": _units,
    "groups": _groups,
    "changes": _changes,
    "people": _people,
}
