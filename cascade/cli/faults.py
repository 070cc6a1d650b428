"""Faults of the database and the machine, in words a person can act on."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cascade.config import from_environment
from cascade.errors import CascadeError, DatabaseError, StorageError
from models.errors import CopyError, SchemaError


def translate(error: Exception) -> CascadeError:
    """Any error as one of ours; what is not foreseen says how to see more of it."""
    if isinstance(error, SchemaError):
        return _schema(error)
    if isinstance(error, DBAPIError):
        return _database(error)
    if isinstance(error, CopyError):
        return _copy(error)
    if isinstance(error, ArgumentError | NoSuchModuleError | ModuleNotFoundError):
        return DatabaseError(
            str(error),
            where="CASCADE_DATABASE",
            remedy="Give a URL such as postgresql+psycopg://user@host/cascade, or unset it.",
        )
    if isinstance(error, OSError):
        return StorageError(f"{error.strerror or error}", where=str(error.filename or ""))
    return CascadeError(
        f"an unforeseen fault: {type(error).__name__}: {error}",
        remedy="Nothing of this act was kept. Set CASCADE_DEBUG=1 to see where it happened, and "
        "report it.",
    )


def _where() -> str:
    return make_url(from_environment().database).render_as_string(hide_password=True)


def _schema(error: SchemaError) -> CascadeError:
    if error.found is None:
        return DatabaseError(
            "there is no register here yet", where=_where(), remedy="Make one with: cascade init"
        )
    if error.found < error.wanted:
        return DatabaseError(
            f"the register has schema {error.found}, this program works with {error.wanted}",
            where=_where(),
            remedy="Bring it up to date with: cascade migrate; that saves it before.",
        )
    return DatabaseError(
        f"the register has schema {error.found}, newer than this program's {error.wanted}",
        where=_where(),
        remedy="Use the newer version of Cascade that made it; this one has changed nothing.",
    )


def _copy(error: CopyError) -> CascadeError:
    if error.where.startswith("pg_"):
        return DatabaseError(
            error.said,
            where=error.where,
            remedy="Install PostgreSQL's client programs, no older than the server, and put them "
            "on the PATH; cascade doctor looks at them.",
        )
    return DatabaseError(
        f"it could not be copied: {error.said}",
        where=error.where,
        remedy="Nothing was left half copied. See how it is with: cascade doctor",
    )


def _database(error: DBAPIError) -> CascadeError:
    said = str(error.orig).strip()
    if "full" in said or "No space left" in said:
        return StorageError(f"no room to write: {said}", where=_where())
    if "unable to open" in said:
        return DatabaseError(
            "there is no register here yet, or its folder cannot be used",
            where=_where(),
            remedy="Make one with: cascade init; else check CASCADE_HOME and its permissions.",
        )
    if "not a database" in said or "malformed" in said:
        return DatabaseError(
            f"the file is not a register or is damaged: {said}",
            where=_where(),
            remedy="Restore it from a backup.",
        )
    return DatabaseError(
        said,
        where=_where(),
        remedy="Nothing of this act was kept. Check that the database is running and reachable.",
    )
