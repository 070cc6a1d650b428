"""Where built sample worlds lie, and how one is replaced without leaving debris."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from cascade.config import Settings
from cascade.sample import world as worlds
from cascade.sample.world import Tell, World
from cascade.store import FileStore
from models import schema
from models.database import Database
from models.errors import SchemaError


class Place(NamedTuple):
    """A built world on disk."""

    folder: Path

    @property
    def database(self) -> str:
        """The URL of its register."""
        return f"sqlite:///{self.folder / 'cascade.db'}"

    @property
    def files(self) -> Path:
        """The folder of its file store."""
        return self.folder / "files"

    def is_built(self) -> bool:
        """Whether the world is there, whole, and as this program keeps it."""
        if not (self.folder / "cascade.db").exists():
            return False
        db = Database(self.database)
        try:
            schema.check(db)
        except SchemaError:
            return False
        finally:
            db.dispose()
        return True


def of(settings: Settings, name: str) -> Place:
    """The place of a world, whether it is built or not."""
    return Place(folder(settings) / name)


def folder(settings: Settings) -> Path:
    """Where the sample worlds lie."""
    return settings.home / "demo"


def day(name: str) -> date:
    """The day a world's story has come to."""
    config = ConfigParser()
    config.read(worlds.FOLDER / name / "world.cfg", encoding="utf-8")
    return date.fromisoformat(config["world"]["day"])


def build(place: Place, tell: Tell | None = None) -> World:
    """Build a world beside the old one and swap at the end, so that a stopped build leaves none."""
    target = place.folder.parent
    target.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".building-", dir=target))
    try:
        db = Database(f"sqlite:///{made / 'cascade.db'}")
        world = worlds.build(db, FileStore(made / "files"), place.folder.name, tell)
        db.dispose()
        shutil.rmtree(place.folder, ignore_errors=True)
        made.rename(place.folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return world


def building(place: Place) -> Iterator[tuple[int, int]]:
    """Build a world and tell meanwhile how many acts of its story are played, of how many."""
    told: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
    with ThreadPoolExecutor(1) as worker:
        job = worker.submit(build, place, lambda done, total: told.put((done, total)))
        job.add_done_callback(lambda _: told.put(None))
        while (said := told.get()) is not None:
            yield said
    job.result()
