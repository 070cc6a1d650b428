"""The schema and its migrations: make it, bring it up to date, say when it does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from models.database import Database
from models.errors import SchemaError

if TYPE_CHECKING:
    from alembic.config import Config

# The newest migration, written here so that a command need not load Alembic to check it.
HEAD = "0020"
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(conn: Connection) -> str | None:
    """The migration this database stands at; None when it holds no register yet."""
    try:
        return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None


def check(database: Database) -> None:
    """Raise SchemaError unless the database stands at HEAD; looking never makes a file."""
    if database.is_sqlite and not Path(database.url.database or "").exists():
        raise SchemaError(None, HEAD)
    with database.read() as conn:
        found = revision(conn)
    if found != HEAD:
        raise SchemaError(found, HEAD)


def make(database: Database) -> None:
    """Make an empty register where there is none; raises SchemaError for one of another schema."""
    with database.read() as conn:
        found = revision(conn)
    if found not in (None, HEAD):
        raise SchemaError(found, HEAD)
    upgrade(database)


def upgrade(database: Database) -> None:
    """Bring the schema to HEAD, in one transaction; nothing happens when it is there."""
    with database.write() as conn:
        upgrade_on(conn)


def upgrade_on(conn: Connection) -> None:
    """The same in a transaction that is open, to be judged before it is kept."""
    from alembic import command  # heavy, and only this needs it
    from alembic.util import CommandError

    found = revision(conn) if _has_versions(conn) else None
    if found == HEAD:
        return
    try:
        command.upgrade(config(conn), "head")
    except CommandError as error:
        raise SchemaError(found, HEAD) from error


def config(conn: Connection | None = None) -> Config:
    """Alembic's configuration, bound to an open connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = conn
    return made


def _has_versions(conn: Connection) -> bool:
    # Asked of the inspector, as a failed SELECT would spoil PostgreSQL's open transaction.
    return conn.dialect.has_table(conn, "alembic_version")
