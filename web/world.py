"""What the pages show: a register with its files, perhaps a sample on its story's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cascade import clock
from cascade.clock import Moment
from cascade.store import FileStore
from models.database import Database


@dataclass
class World:
    """A register with its files, on its story's day if it is a sample."""

    db: Database
    store: FileStore
    sample_day: date | None = None
    checkpoints: Path | None = None  # of its history; a sample has none
    home: Path | None = None  # where workers put what they make; a sample has none

    def moment(self) -> Moment:
        """This moment; in a sample the story's day, so that what is late stays late."""
        return clock.on(self.sample_day) if self.sample_day else clock.now()
