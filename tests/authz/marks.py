"""Marks: a word of its own in every text, name and number, and for whom each of them is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, text

from models.tables import metadata

# Numbers of rows begin here, so that each is a word that means one row and nothing else.
BEGIN = {"letter": 61_000_000, "step": 72_000_000, "evidence": 83_000_000}
ADMIN = ("person", "any administrator")
# Texts of rows: table → columns, and the sight one needs of the row that `of` names.
_TEXTS = {
    "letter": ("place subject urgency signer signer_capacity text file_name", "letter", "id"),
    "point": ("text due_text", "letter", "letter_id"),
    "letter_unit": ("as_printed", "letter", "letter_id"),
    "citation": ("verb as_printed", "letter", "citing_id"),
    "recognition": ("read kept", "letter", "letter_id"),
}


@dataclass
class Marks:
    """Each mark with the sight it asks for: (kind, row or person), several being alternatives."""

    asks: dict[str, list[tuple[str, int | str]]] = field(default_factory=dict)

    def new(self, what: str, *asks: tuple[str, int | str]) -> str:
        """A mark for a text that who has one of these may see."""
        mark = f"zq{what}{len(self.asks):04}z"
        self.asks[mark] = list(asks)
        return mark


def begin_far_off(conn: Connection) -> None:
    """Have the next letters, steps and evidence numbered far above everything else."""
    for name, first in BEGIN.items():
        table = metadata.tables[name]
        row = dict(conn.execute(select(table).limit(1)).one()._mapping)
        row |= {"id": first} | ({"number": "0"} if name == "letter" else {})
        conn.execute(insert(table).values(row))
        if conn.dialect.name == "postgresql":
            said = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {first})"
            conn.execute(text(said))


def mark_all(conn: Connection, marks: Marks) -> None:
    """A mark in every text of every letter, and of all that hangs on letters and steps."""
    for name, (columns, kind, of) in _TEXTS.items():
        asked = text(f"SELECT id, {of} AS whose FROM {name} ORDER BY id")
        for row in conn.execute(asked).all():
            what = kind, int(row.whose)
            for column in columns.split():
                found: dict[str, Any] = {"id": row.id, "mark": marks.new(column[:4], what)}
                conn.execute(text(f"UPDATE {name} SET {column} = :mark WHERE id = :id"), found)
    for row in conn.execute(text("SELECT id FROM letter ORDER BY id")).all():
        mark = marks.new("no", ("letter", row.id), ("named", row.id))
        conn.execute(
            text("UPDATE letter SET number = :mark WHERE id = :id"), {"id": row.id, "mark": mark}
        )
    conn.execute(text("DELETE FROM term WHERE kind IN ('letter', 'point')"))
    for kind in ("letter", "point"):
        conn.execute(
            text(
                "INSERT INTO term (term, kind, target_id) "
                f"SELECT 'everywhere', '{kind}', id FROM {kind}"
            )
        )
