"""A whole database as one file, and back: taken while others write, as of one moment.

SQLite is copied by its own backup API, PostgreSQL by pg_dump and pg_restore, which have to be on
the PATH and at least as new as the server.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, text

from models.database import Database
from models.errors import CopyError

# pg_dump asks for the password where it cannot; nobody is there to answer.
_QUIET = ("--no-password",)


def dump(db: Database, path: Path) -> None:
    """Write the database as it is at this moment into a file; raises CopyError."""
    if db.is_sqlite:
        _copy_sqlite(Path(db.url.database or ""), path)
        return
    # Neither owners nor rights: it may be restored under another name. What the workers note for
    # themselves is not the register's: see docs/adr/0018-jobs.md.
    form = (
        "--exclude-schema=dbos",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--file={path}",
    )
    _run(db.url, "pg_dump", form)


def load(db: Database, path: Path) -> None:
    """Fill an empty database from such a file, all of it or nothing; raises CopyError."""
    if db.is_sqlite:
        target = Path(db.url.database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".part-{target.name}")
        part.unlink(missing_ok=True)
        _copy_sqlite(path, part)
        part.replace(target)
        return
    form = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run(db.url, "pg_restore", (*form, f"--dbname={db.url.database}", str(path)))


def is_empty(db: Database) -> bool:
    """Whether there is nothing yet where a database would be put; looking makes no file."""
    if db.is_sqlite:
        path = Path(db.url.database or "")
        return not path.exists() or path.stat().st_size == 0
    with db.read() as conn:
        return conn.execute(_TABLES).first() is None


def tool_version(name: str) -> int | None:
    """The major version of pg_dump or pg_restore on the PATH; None without one."""
    if shutil.which(name) is None:
        return None
    said = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(\.|\s|$)", said)
    return int(found[1]) if found else None


def server_version(db: Database) -> int:
    """The major version of a PostgreSQL server."""
    with db.read() as conn:
        return int(conn.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


_TABLES = text("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' LIMIT 1")


def _copy_sqlite(source: Path, target: Path) -> None:
    # Read only, so that a missing file is told instead of made.
    said = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(said, uri=True)) as found,
            closing(sqlite3.connect(target)) as made,
        ):
            found.backup(made)  # in one go: readers and writers of a WAL database go on
            # One file, not three: the log is the living database's matter.
            made.execute("PRAGMA journal_mode = DELETE")
            faults = [row[0] for row in made.execute("PRAGMA quick_check(5)")]
    except sqlite3.Error as error:
        raise CopyError(f"SQLite: {error}", str(source)) from error
    if faults != ["ok"]:
        raise CopyError(f"SQLite: {'; '.join(faults)}", str(source))
    _flush(target)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _run(url: URL, tool: str, arguments: Sequence[str]) -> None:
    if shutil.which(tool) is None:
        raise CopyError(f"{tool} is not on the PATH", tool)
    done = subprocess.run(
        [tool, *_QUIET, *arguments],
        env=os.environ | _libpq(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CopyError(done.stderr.strip()[-600:] or f"{tool} failed", tool)


def _libpq(url: URL) -> dict[str, str]:
    """The address for a program of PostgreSQL: not as arguments, which everybody here can list."""
    given = {**url.query, "host": url.host or url.query.get("host"), "port": url.port}
    found = {
        "PGHOST": given["host"],
        "PGPORT": given["port"] or url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
        "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }
    return {name: str(value) for name, value in found.items() if value}
