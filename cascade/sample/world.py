"""Builds a sample world: imports its organisation, then plays its story act by act."""

from __future__ import annotations

import csv
from collections.abc import Callable
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cascade import accounts, act, clock, issue, organisation, register
from cascade import plan as planning
from cascade.acts import Act, Ref
from cascade.clock import Moment
from cascade.errors import BadInputError, CascadeError
from cascade.intake import load_text, read_text
from cascade.store import FileStore
from models import schema
from models.database import Database
from models.queries import acting
from models.queries.acting import ActorRow
from workflows.labels import Lang, Words

FOLDER = Path(__file__).parent
NAMES = ("three_levels", "two_levels")
# Everybody's in a sample, and shown on its sign-in page: there is nothing real behind it.
PASSWORD = "bon mua nam thang"
_SHEETS = ("levels.csv", "units.csv", "groups.csv", "changes.csv", "people.csv")

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class World:
    """A sample world as built: its day, and its letters by the stem of their file."""

    name: Words
    day: date
    directive: str
    letters: dict[str, int]

    @property
    def top(self) -> int:
        """The main directive's id."""
        return self.letters[self.directive]

    def title(self, lang: Lang) -> str:
        """What the world is called."""
        return self.name.say(lang)


def build(db: Database, store: FileStore, name: str, tell: Tell | None = None) -> World:
    """Make the world `name` in an empty database; every letter is read from its file.

    `tell` hears how many acts of the story are played, and of how many.
    """
    folder = FOLDER / name
    config = ConfigParser()
    config.read(folder / "world.cfg", encoding="utf-8")
    told = config["world"]
    schema.upgrade(db)
    organisation.import_files(db, [folder / s for s in _SHEETS if (folder / s).exists()])
    accounts.give_all(db, PASSWORD, clock.on(date.fromisoformat(told["day"])))
    play = _Play(db, store, folder)
    with (folder / "story.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        for line, row in enumerate(rows, 2):
            if tell is not None:
                tell(line - 1, len(rows))
            try:
                play.act(row)
            except CascadeError as error:
                raise BadInputError(str(error), where=f"{name}/story.csv, line {line}") from error
    return World(
        Words(told["name_vi"], told["name_en"]),
        date.fromisoformat(told["day"]),
        told["directive"],
        play.letters,
    )


class _Play:
    """The story so far: which file became which letter."""

    def __init__(self, db: Database, store: FileStore, folder: Path) -> None:
        self.db = db
        self.store = store
        self.folder = folder
        self.letters: dict[str, int] = {}

    def act(self, row: dict[str, str]) -> None:
        """One line of the story."""
        moment = clock.on(date.fromisoformat(row["on"]))
        with self.db.read() as conn:
            who = acting.actor(conn, row["login"])
        if who is None:
            raise BadInputError(f"no user {row['login']}")
        if row["act"] == "import":
            self.letters[row["letter"]] = self._import(row["letter"], who, moment)
        elif row["act"] == "issue":
            issue.issue(self.db, [self.letters[row["letter"]]], who, moment, row["note"])
        else:
            self._move(row, who, moment)

    def _import(self, stem: str, who: ActorRow, moment: Moment) -> int:
        path = self.folder / "letters" / f"{stem}.txt"
        text = load_text(path)
        with self.db.read() as conn:
            plan = planning.plan(conn, read_text(text), {}, path.name)
        if plan.unknown:
            raise BadInputError(f"unknown units: {[name.printed for name in plan.unknown]}")
        file = self.store.keep(path)
        return register.enter(self.db, plan, who, moment, text=text, file=file, where=path.name)

    def _move(self, row: dict[str, str], who: ActorRow, moment: Moment) -> None:
        with self.db.read() as conn:
            step_id = acting.find_step(conn, self.letters[row["letter"]], row["unit"], row["point"])
        if step_id is None:
            raise BadInputError(f"no step of {row['unit']} at point {row['point'] or '–'}")
        evidence = self.folder / "evidence" / row["evidence"]
        asked = Act(
            trigger=row["trigger"],
            note=row["note"],
            files=(self.store.keep(evidence),) if row["evidence"] else (),
            until=date.fromisoformat(row["until"]) if row["until"] else None,
        )
        act.fire(self.db, Ref("step", step_id), asked, who, moment)
