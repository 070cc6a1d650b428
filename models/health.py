"""How a database is set, as it tells itself, for the doctor."""

from __future__ import annotations

from sqlalchemy import text

from models.database import Database

# What Database asks of SQLite; a network disk may not give the first.
WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


def sqlite(db: Database) -> tuple[tuple[int, ...], dict[str, object]]:
    """SQLite's version, and each of its settings that counts."""
    with db.read() as conn:
        said = str(conn.exec_driver_sql("SELECT sqlite_version()").scalar_one())
        found = {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in WANTED}
    return tuple(int(part) for part in said.split(".")), found


def postgres(db: Database) -> dict[str, str]:
    """The settings of PostgreSQL on which it hangs that what is confirmed is kept."""
    with db.read() as conn:
        return {
            name: str(conn.execute(text(f"SHOW {name}")).scalar_one())
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        }
