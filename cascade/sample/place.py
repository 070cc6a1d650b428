"""Where built sample worlds lie, and how one is replaced without leaving debris."""

from __future__ import annotations

import shutil
import tempfile
from configparser import ConfigParser
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cascade.config import Settings
from cascade.sample import world as worlds
from cascade.sample.world import World
from cascade.store import FileStore
from models.database import Database


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
        """Whether the world is there, whole."""
        return (self.folder / "cascade.db").exists()


def of(settings: Settings, name: str) -> Place:
    """The place of a world, whether it is built or not."""
    return Place(settings.home / "demo" / name)


def day(name: str) -> date:
    """The day a world's story has come to."""
    config = ConfigParser()
    config.read(worlds.FOLDER / name / "world.cfg", encoding="utf-8")
    return date.fromisoformat(config["world"]["day"])


def build(place: Place) -> World:
    """Build a world beside the old one and swap at the end, so that a stopped build leaves none."""
    target = place.folder.parent
    target.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".building-", dir=target))
    try:
        db = Database(f"sqlite:///{made / 'cascade.db'}")
        world = worlds.build(db, FileStore(made / "files"), place.folder.name)
        db.dispose()
        shutil.rmtree(place.folder, ignore_errors=True)
        made.rename(place.folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return world
