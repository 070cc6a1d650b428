"""Where worlds are built: SQLite in a temporary folder, PostgreSQL as the tests start it."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text

from models import schema
from models.database import Database
from tests.postgres import PostgresServer, PostgresUnavailable

Build = Callable[[Database], None]


class Place(ABC):
    """A kind of database with the worlds built in it so far; each is built once and copied."""

    name: str

    def __init__(self) -> None:
        self._built: set[str] = set()
        self._copies = itertools.count()

    @contextmanager
    def world(self, name: str, build: Build, *, over: str | None = None) -> Iterator[Database]:
        """The world itself, built (over a copy of another) at the first call; only to be read."""
        if name not in self._built:
            self._make(name, over)
            db = Database(self.url(name))
            if over is None:
                schema.upgrade(db)
            build(db)
            self._settle(db)
            db.dispose()
            self._built.add(name)
        db = Database(self.url(name))
        try:
            yield db
        finally:
            db.dispose()

    @contextmanager
    def copy(self, name: str) -> Iterator[Database]:
        """A copy of a world that has been built, to be changed and thrown away."""
        mine = f"{name}_{next(self._copies)}"
        self._make(mine, name)
        db = Database(self.url(mine))
        try:
            yield db
        finally:
            db.dispose()
            self._drop(mine)

    @abstractmethod
    def url(self, name: str) -> str:
        """The address of a database."""

    @abstractmethod
    def _make(self, name: str, template: str | None) -> None: ...

    @abstractmethod
    def _drop(self, name: str) -> None: ...

    def _settle(self, _db: Database) -> None:
        """Do what a database in use has had done long ago; here nothing."""
        return


class Sqlite(Place):
    """SQLite, one file a world."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def url(self, name: str) -> str:
        """The address of a file."""
        return f"sqlite:///{self._folder / name}.db"

    def _make(self, name: str, template: str | None) -> None:
        if template is not None:
            shutil.copy(self._folder / f"{template}.db", self._folder / f"{name}.db")
            os.sync()  # else the first commits measured would write the copy to disk too

    def _drop(self, name: str) -> None:
        for path in self._folder.glob(f"{name}.db*"):
            path.unlink()


class Postgres(Place):
    """PostgreSQL, one database a world."""

    name = "PostgreSQL"

    def __init__(self, server: PostgresServer) -> None:
        super().__init__()
        self._server = server

    def url(self, name: str) -> str:
        """The address of a database."""
        return self._server.url(name)

    def _make(self, name: str, template: str | None) -> None:
        self._server.create(name, template)

    def _drop(self, name: str) -> None:
        self._server.drop(name)

    def _settle(self, db: Database) -> None:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))


@contextmanager
def places() -> Iterator[list[Place]]:
    """Both databases (SQLite alone where there is no PostgreSQL), gone without trace afterwards."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cascade-bench-"))
        found: list[Place] = [Sqlite(Path(folder))]
        try:
            found.append(Postgres(stack.enter_context(PostgresServer())))
        except PostgresUnavailable as reason:
            print(f"Without PostgreSQL: {reason}")
        yield found
