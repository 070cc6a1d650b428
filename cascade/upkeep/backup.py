"""A backup: all of an installation in one file, taken while people work, and put back elsewhere."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cascade import history_keys
from cascade.config import Settings
from cascade.errors import RefusedError, StorageError
from cascade.store import FileStore
from cascade.upkeep import archive
from models import carrying, copying, schema
from models.database import Database

_KEYS = ("secret.key", history_keys.NAME)


class Saved(NamedTuple):
    """What a backup holds."""

    path: Path
    schema: str
    files: int
    bytes: int


class NotEmptyError(RefusedError):
    """There is a register here already."""

    remedy = "Restore into another CASCADE_HOME or an empty database, look at it, then move it."


def backup(settings: Settings, db: Database, path: Path, at: datetime) -> Saved:
    """Write everything into one file; people may go on working meanwhile.

    First the databases, then the files: a file is placed before the row that names it, so none
    that the copied rows name can be missing.
    """
    found = _schema(db)
    with archive.writing(path, at.timestamp()) as made:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".part-") as folder:
            copy = Path(folder) / "database"
            copying.dump(db, copy)
            made.add("database", copy)
        files = 0
        for file in _stored(FileStore(settings.files)):
            try:
                made.add(f"files/{file.name}", file)
                files += 1
            except FileNotFoundError:
                continue  # erased by law since it was listed
        for checkpoint in sorted(settings.checkpoints.glob("*.*")):
            made.add(f"checkpoints/{checkpoint.name}", checkpoint)
        for name in _KEYS:
            if (settings.home / name).exists():
                made.add(f"keys/{name}", settings.home / name)
        made.close(
            {
                "taken_at": at.isoformat(),
                "schema": found,
                "database": db.engine.dialect.name,
            }
        )
    return Saved(path, found, files, path.stat().st_size)


def restore(path: Path, settings: Settings, db: Database) -> archive.Unpacked:
    """Put a backup where there is nothing yet; the database comes last, whole or not at all.

    One of SQLite may be put into PostgreSQL: so a register that has outgrown one machine moves.
    Raises DamagedBackupError or NotEmptyError before anything is touched. What a restore that was
    cut off has left behind is no hindrance to the next.
    """
    if not copying.is_empty(db):
        raise NotEmptyError(where=db.url.render_as_string(hide_password=True))
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder:
            found = archive.unpack(path, Path(folder))
            _check_kind(found, db, path)
            _check_keys(found, settings)
            _place(found, settings)
            if found.about["database"] == db.engine.dialect.name:
                copying.load(db, found.folder / "database")
            else:
                carrying.carry(found.folder / "database", db)
            return found
    except OSError as error:
        raise StorageError(
            f"it could not be put in place: {error.strerror}", where=str(error.filename or path)
        ) from error


def _schema(db: Database) -> str:
    with db.read() as conn:
        found = schema.revision(conn)
    if found is None:
        raise RefusedError("there is no register here yet, so there is nothing to save")
    return found


def _stored(store: FileStore) -> Iterable[Path]:
    # Copies not yet placed have a name with a dot.
    return sorted(path for path in store.folder.glob("??/*") if not path.name.startswith("."))


def _check_kind(found: archive.Unpacked, db: Database, path: Path) -> None:
    here = db.engine.dialect.name
    if found.about["database"] not in (here, "sqlite"):
        raise RefusedError(
            f"this backup is of {found.about['database']}, CASCADE_DATABASE is {here}",
            where=str(path),
            remedy="Set CASCADE_DATABASE to an empty database of that kind; only from SQLite to "
            "PostgreSQL a register can move.",
        )
    if found.about["database"] != here and found.about["schema"] != schema.HEAD:
        raise RefusedError(
            f"this backup is of schema {found.about['schema']}, this program's is {schema.HEAD}",
            where=str(path),
            remedy="Restore it on SQLite, run: cascade migrate, then back it up again.",
        )


def _check_keys(found: archive.Unpacked, settings: Settings) -> None:
    for key in found.members("keys"):
        here = settings.home / key.name
        if here.exists() and here.read_bytes() != key.read_bytes():
            raise NotEmptyError(f"there is another {key.name} here already", where=str(here))


def _place(found: archive.Unpacked, settings: Settings) -> None:
    store = FileStore(settings.files)
    moves = [(file, store.path(file.name)) for file in found.members("files")]
    moves += [(one, settings.checkpoints / one.name) for one in found.members("checkpoints")]
    moves += [(key, settings.home / key.name) for key in found.members("keys")]
    for source, target in moves:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.chmod(0o600)
        shutil.move(source, target)  # a folder of its own may be on another disk
