"""What each web host runs: the sample world in one shared PostgreSQL, on its story's day."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from cascade.sample import place
from cascade.store import FileStore
from models.database import Database
from tests.journeys.conftest import WORLD
from web.app import World, create_app


def make() -> Flask:
    """The application; HOSTS_DATABASE and HOSTS_FILES say over what."""
    world = World(
        Database(os.environ["HOSTS_DATABASE"]),
        FileStore(Path(os.environ["HOSTS_FILES"])),
        place.day(WORLD),
    )
    return create_app(world, secret="a key that all hosts share", hosts=("127.0.0.1",))
