"""A register as it was, to tell what a request has changed and to put it back in a moment."""

from __future__ import annotations

import sqlite3
from typing import Any, Protocol

import psycopg
from psycopg import sql

from models.database import Database
from models.tables import metadata

# Written by knocking alone, whoever knocks and with what right: when, from where.
KNOCKING = frozenset({"web_session", "half_session", "sign_in_failure"})
TABLES = [table.name for table in metadata.sorted_tables]


class Kept(Protocol):
    """A register as it was."""

    def changed(self) -> set[str]:
        """The tables that are not as they were."""

    def restore(self) -> None:
        """Put everything back."""

    def close(self) -> None:
        """Let go of it."""


def keep(db: Database) -> Kept:
    """Keep a register as it is now."""
    return _Lite(str(db.url.database)) if db.is_sqlite else _Postgres(db)


class _Lite:
    def __init__(self, path: str) -> None:
        self._conn = sqlite3.connect(path)
        self._copy = sqlite3.connect(":memory:")
        self._conn.backup(self._copy)
        self._was = {name: self._rows(name) for name in TABLES}
        self._version = self._now()

    def changed(self) -> set[str]:
        if self._now() == self._version:  # nobody else has written at all
            return set()
        return {name for name in TABLES if self._rows(name) != self._was[name]}

    def restore(self) -> None:
        if self._now() != self._version:
            self._copy.backup(self._conn)
            self._version = self._now()

    def close(self) -> None:
        self._conn.close()
        self._copy.close()

    def _now(self) -> Any:
        return self._conn.execute("PRAGMA data_version").fetchone()

    def _rows(self, name: str) -> list[Any]:
        return self._conn.execute(f"SELECT * FROM {name}").fetchall()


class _Postgres:
    def __init__(self, db: Database) -> None:
        where = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._conn = psycopg.connect(where, autocommit=True)
        # Rows are put back past the triggers that keep the history.
        self._conn.execute("SET session_replication_role = replica")
        self._was = {name: self._digest(name) for name in TABLES}
        self._rows = {name: self._copy_out(name) for name in TABLES}
        self._position = self._now()

    def changed(self) -> set[str]:
        if self._now() == self._position:
            return set()
        return {name for name in TABLES if self._digest(name) != self._was[name]}

    def restore(self) -> None:
        if self._now() == self._position:
            return
        found = [name for name in TABLES if self._digest(name) != self._was[name]]
        with self._conn.transaction():
            for name in found:
                table = sql.Identifier(name)
                self._conn.execute(sql.SQL("DELETE FROM {}").format(table))
                said = sql.SQL("COPY {} FROM STDIN").format(table)
                with self._conn.cursor().copy(said) as into:
                    into.write(self._rows[name])
        self._position = self._now()

    def close(self) -> None:
        self._conn.close()

    def _now(self) -> Any:
        return self._conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone()

    def _digest(self, name: str) -> Any:
        said = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t")
        return self._conn.execute(said.format(sql.Identifier(name))).fetchone()

    def _copy_out(self, name: str) -> bytes:
        said = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))
        with self._conn.cursor().copy(said) as out:
            return b"".join(bytes(part) for part in out)
