"""The way to a database: connections with the right settings, transactions, retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import lens, sealing

T = TypeVar("T")

# Below this SQLite lacks RETURNING; WAL's reset bug is a matter for the deployment notes.
OLDEST_SQLITE = (3, 35, 0)
ATTEMPTS = 4
# Someone else held the lock, or PostgreSQL broke a deadlock: the whole unit of work may be redone.
_PASSING = {"40001", "40P01"}


class Database:
    """One database, opened lazily; `read` and `write` are its only two ways in."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = _engine(self.url)
        self._scoped = {kind: self._scoped_engine(kind) for kind in lens.KINDS}

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database (one writer at a time)."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self, kind: str | None = None) -> Iterator[Connection]:
        """A connection whose statements all see the same moment, for reading.

        With a `kind` of models.lens it is a scoped one, on which nothing is seen until it is opened
        to somebody: models.scope does that.
        """
        engine = self.engine if kind is None else self._scoped[kind]
        with engine.connect() as conn:
            if not self.is_sqlite:  # there one read transaction is one moment anyway
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with conn.begin():
                if kind is not None and self.is_sqlite:
                    # Its last reader's lists; PostgreSQL emptied them at the end of that reading.
                    for name in lens.LISTS:
                        conn.exec_driver_sql(f"DELETE FROM {name}")
                yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: everything in it is kept, or nothing."""
        with self.engine.connect() as conn:
            conn.info["write"] = True
            sealing.begin(conn)
            try:
                with conn.begin():
                    yield conn
                    sealing.seal(conn)  # last, as on PostgreSQL one at a time does
            finally:
                conn.info.pop("write", None)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """An ORM session over one write transaction, for forms and administration."""
        with self.write() as conn, Session(conn, expire_on_commit=False) as session:
            yield session
            session.flush()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do the whole unit of work in one transaction, again if it met another's lock."""
        for attempt in range(ATTEMPTS):
            try:
                with self.write() as conn:
                    return work(conn)
            except DBAPIError as error:
                if attempt + 1 == ATTEMPTS or not _is_passing(error):
                    raise
                # Jitter: two that collided must not collide again.
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        """Close every connection."""
        for engine in self.engines:
            engine.dispose()

    @property
    def engines(self) -> list[Engine]:
        """Every engine that asks this database: the plain one and the scoped ones."""
        return [self.engine, *self._scoped.values()]

    def _scoped_engine(self, kind: str) -> Engine:
        engine = _engine(self.url)
        event.listen(engine, "connect", _prepare_scoped(kind, is_sqlite=self.is_sqlite))
        return engine


def is_writing(conn: Connection) -> bool:
    """Whether this connection is in a transaction of `Database.write`."""
    return bool(conn.info.get("write"))


def _is_passing(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _PASSING:
        return True
    return "database is locked" in str(error.orig)


def _prepare_scoped(kind: str, *, is_sqlite: bool) -> Callable[[Any, Any], None]:
    statements = lens.prepare(kind, is_sqlite=is_sqlite)

    def prepare(connection: Any, record: Any) -> None:
        with closing(connection.cursor()) as cursor:
            for statement in statements:
                cursor.execute(statement)
        if not is_sqlite:
            connection.commit()
        record.info["lens"] = kind

    return prepare


def _engine(url: str | URL) -> Engine:
    # What is bound may be a letter's text or a password's hash: it stays out of errors and logs.
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "before_cursor_execute", sealing.notice)
    if engine.dialect.name == "sqlite":
        _check_sqlite(engine)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_sqlite(engine: Engine) -> None:
    version = engine.dialect.dbapi.sqlite_version_info  # type: ignore[union-attr]
    if version < OLDEST_SQLITE:
        raise RuntimeError(f"SQLite {version} is too old: {OLDEST_SQLITE} or later is needed")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and would lose most contended writes; ours is below.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # Without it INSERT OR REPLACE would slip past the append-only triggers.
        "recursive_triggers=ON",
        "busy_timeout=10000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(conn) else "BEGIN")
