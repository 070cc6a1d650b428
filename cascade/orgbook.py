"""The organisation as an Excel workbook that can be filled in and imported again."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import Connection

from cascade.exports import cleaned
from models.base import FOREVER
from models.queries import exporting

_HEADS = {
    "levels": (
        *("code", "name_vi", "name_en", "rank", "duty"),
        *("slack_days", "acknowledge_days", "answer_days"),
    ),
    "units": (
        *("code", "name", "short_name", "name_en", "parent", "level", "valid_from", "valid_to"),
        "aliases",
    ),
    "groups": ("phrase", "level", "parent"),
    "changes": ("kind", "on", "legal_basis", "predecessors", "successors"),
    "people": ("login", "name", "unit", "role", "scope", "valid_from", "valid_to", "email"),
}


def book(conn: Connection) -> bytes:
    """A sheet for each sort, with what is on file; an empty register gives the headings alone."""
    rows = {
        "levels": exporting.levels(conn),
        "units": _with_aliases(exporting.units(conn), exporting.aliases(conn)),
        "groups": [{**row, "parent": row["parent"] or "issuer"} for row in exporting.groups(conn)],
        "changes": _together(exporting.changes(conn)),
        "people": exporting.people(conn),
    }
    made = Workbook(write_only=True)
    for name, heads in _HEADS.items():
        sheet = made.create_sheet(name)
        sheet.append(heads)
        for row in rows[name]:
            sheet.append([_cell(sheet, row.get(head)) for head in heads])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _with_aliases(units: exporting.Rows, aliases: list[tuple[int, str]]) -> exporting.Rows:
    known: dict[int, list[str]] = {}
    for unit, alias in aliases:
        known.setdefault(unit, []).append(alias)
    # With the last period only: a unit is known by them whenever.
    last = {row["id"]: at for at, row in enumerate(units)}
    return [
        {**row, "aliases": "|".join(known.get(row["id"], ())) if last[row["id"]] == at else ""}
        for at, row in enumerate(units)
    ]


def _together(parts: exporting.Rows) -> exporting.Rows:
    """One row a change, the units of each side in one cell."""
    found: dict[int, dict[str, Any]] = {}
    for part in parts:
        row = found.setdefault(part["id"], {**part, "predecessors": [], "successors": []})
        row[f"{part['side']}s"].append(part["code"])
    sides = ("predecessors", "successors")
    return [{**row, **{side: "|".join(row[side]) for side in sides}} for row in found.values()]


def _cell(sheet: Any, value: object) -> Any:
    if isinstance(value, date):
        value = "" if value == FOREVER else value.isoformat()
    # Without what no workbook may hold: one odd sign in a name must not keep back all the others.
    text = cleaned("" if value is None else str(value))
    made = WriteOnlyCell(sheet, text)
    # Always text: a name that begins with "=" is a name, no formula, also when it is edited.
    made.data_type = "s"
    made.quotePrefix = text.startswith(("=", "+", "-", "@"))
    return made
