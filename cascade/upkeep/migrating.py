"""Bringing a register up to date: looked at before, in one transaction, verified after."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cascade.config import Settings
from cascade.errors import RefusedError, StorageError
from cascade.store import FileStore
from cascade.upkeep.backup import backup
from cascade.verify import verify
from models import schema
from models.database import Database
from models.queries import counting


class Migrated(NamedTuple):
    """From which schema to which, and the backup taken before; the same where nothing was to do."""

    before: str
    after: str
    backup: Path | None


class LostRowsError(RefusedError):
    """The migration would have lost rows, so it was not kept."""

    remedy = "Nothing was changed. Report it with this message."


class InconsistentError(RefusedError):
    """The register is not consistent."""

    remedy = "Keep the backup taken before; see what is wrong with: cascade verify"


def migrate(settings: Settings, db: Database, at: datetime, *, saved: bool = True) -> Migrated:
    """Bring the schema to this program's, after a backup unless it is not wanted.

    Raises SchemaError for a schema newer than the program, LostRowsError, InconsistentError.
    """
    with db.read() as conn:
        found = schema.revision(conn)
    if found is None:
        raise RefusedError("there is no register here yet", remedy="Make one with: cascade init")
    if found == schema.HEAD:
        return Migrated(found, found, None)
    taken = _saved(settings, db, found, at) if saved else None
    before = _counted(db)
    with db.write() as conn:
        schema.upgrade_on(conn)
        after = counting.of_tables(conn)
        lost = [
            f"{name} had {count} rows, would have {after.get(name, 0)}"
            for name, count in before.items()
            if after.get(name, 0) < count
        ]
        if lost:
            raise LostRowsError("; ".join(lost))
    with db.read() as conn:
        faults = verify(conn, FileStore(settings.files))
    if faults:
        raise InconsistentError("; ".join(faults[:10]), where=str(taken or ""))
    return Migrated(found, schema.HEAD, taken)


def _saved(settings: Settings, db: Database, found: str, at: datetime) -> Path:
    folder = settings.home / "backups"
    path = folder / f"before-{schema.HEAD}-from-{found}-{at:%Y%m%d-%H%M%S}.tar"
    _need_room(settings, db)
    return backup(settings, db, path, at).path


def _need_room(settings: Settings, db: Database) -> None:
    if not db.is_sqlite:
        return
    size = Path(db.url.database or "").stat().st_size
    free = shutil.disk_usage(settings.home).free
    # The copy, its place in the archive, and the growth while tables are written anew.
    if free < 3 * size:
        raise StorageError(
            f"{free // 2**20} MiB are free, about {3 * size // 2**20} MiB are needed",
            where=str(settings.home),
        )


def _counted(db: Database) -> Mapping[str, int]:
    with db.read() as conn:
        return counting.of_tables(conn)
