"""What a register keeps, to see that a refused command left nothing behind."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple


class Kept(NamedTuple):
    """The rows of every table, and every file of the store, also half-written ones."""

    rows: dict[str, int]
    versions: list[tuple[object, ...]]
    files: list[str]


def kept(home: Path) -> Kept:
    """All that a register keeps."""
    with closing(sqlite3.connect(home / "cascade.db")) as db:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        rows = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
        moved = "SELECT 'step', id, state, version FROM step UNION ALL "
        moved += "SELECT 'letter', id, state, version FROM letter ORDER BY 1, 2"
        versions = db.execute(moved).fetchall()
    return Kept(rows, versions, files(home))


def files(home: Path) -> list[str]:
    """Every file of the store."""
    return sorted(str(p.relative_to(home)) for p in (home / "files").rglob("*") if p.is_file())
