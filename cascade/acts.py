"""What can be asked for: an act on a letter or a step, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from workflows.facts import Fate


class Ref(NamedTuple):
    """A letter or a step, as commands and pages name it: `letter 3`, `step 12`."""

    kind: Literal["letter", "step"]
    id: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class StoredFile(NamedTuple):
    """A file for the store, named by what is in it; `size` in bytes.

    While `staged` it lies beside the store; it gets its place only once the rules agreed.
    """

    sha256: str
    name: str
    size: int
    staged: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One move asked for, with everything the person gave."""

    trigger: str
    note: str = ""
    files: tuple[StoredFile, ...] = ()
    evidence_letters: tuple[int, ...] = ()
    answer: int | None = None  # the answering letter
    replacement: int | None = None  # the superseding letter
    until: date | None = None
    done_on: date | None = None  # the day it was done, if not the day it is reported
    units: tuple[int, ...] = ()  # receiving units of a split or transfer
    series: tuple[int, ...] = ()  # the recurring duties it is about
    fate: Fate | None = None  # what becomes of open children
    seen_version: int | None = None  # what the person was looking at


class Fired(NamedTuple):
    """A move as made: its event, the states, and how many moves followed by themselves."""

    seq: int
    source: str
    target: str
    followed: int
