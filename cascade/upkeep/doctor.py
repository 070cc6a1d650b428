"""The doctor: everything an installation needs, tried for real; each finding says what to do."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from cascade import clock, history, house
from cascade.config import Settings
from cascade.drawing.picture import NodeKind, Picture, PictureNode, Tone
from cascade.drawing.render import render, wasm_engine
from cascade.errors import CascadeError
from cascade.jobs import outgoing, sweep
from cascade.jobs.mail import Mailer
from models import copying, health, schema
from models.base import OFFICE
from models.database import Database
from models.queries import jobs, outbox

_LITTLE_ROOM = 2**30  # bytes
_PATIENCE = 10.0  # seconds
_STALE = timedelta(days=2)
# Fixed in 3.51.3, and in the older lines named: a reset of the log could damage the database.
_SAFE_SQLITE = (3, 51, 3)


class State(StrEnum):
    """How something is."""

    WELL = "well"
    WEAK = "weak"  # works, and should be seen to
    BROKEN = "broken"


class Finding(NamedTuple):
    """One thing looked at."""

    what: str
    state: State
    said: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding too."""
    found: list[Finding] = []
    for what, check in _CHECKS:
        try:
            found += check(settings)
        except CascadeError as error:
            found.append(Finding(what, State.BROKEN, error.what, error.remedy))
        except Exception as error:  # a doctor that falls ill helps nobody
            said = f"{type(error).__name__}: {error}".splitlines()[0]
            found.append(Finding(what, State.BROKEN, said))
    return found


def _python(_settings: Settings) -> Iterator[Finding]:
    yield Finding("Python", State.WELL, sys.version.split()[0])
    house.check()
    yield Finding("packages", State.WELL, "workflows, models, cascade and web are ours")


def _clock(_settings: Settings) -> Iterator[Finding]:
    here = datetime.now(UTC)
    said = f"{here.astimezone(OFFICE):%d/%m/%Y %H:%M}; compare with yours"
    yield Finding("clock", State.WELL, said)


def _home(settings: Settings) -> Iterator[Finding]:
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.home) as file:
        file.write(b"x")
        file.flush()
        os.fsync(file.fileno())
    free = shutil.disk_usage(settings.home).free
    said = f"{settings.home}, {free / 2**30:.1f} GiB free"
    if free < _LITTLE_ROOM:
        yield Finding("home folder", State.WEAK, said, "Free disk space or move CASCADE_HOME.")
    else:
        yield Finding("home folder", State.WELL, said)
    for name in ("secret.key", "history.key"):
        path = settings.home / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(
                name, State.WEAK, "others on this machine may read it", f"chmod 600 {path}"
            )


def _database(settings: Settings) -> Iterator[Finding]:
    db = Database(settings.database)
    try:
        if copying.is_empty(db):
            yield Finding("register", State.BROKEN, "there is none here yet", "cascade init")
            return
        with db.read() as conn:
            found = schema.revision(conn)
        if found == schema.HEAD:
            yield Finding("register", State.WELL, f"schema {found}")
        else:
            remedy = "cascade migrate" if str(found) < schema.HEAD else "Use the newer program."
            yield Finding("register", State.BROKEN, f"schema {found}, wanted {schema.HEAD}", remedy)
        yield from _sqlite(db) if db.is_sqlite else _postgres(db)
    finally:
        db.dispose()


def _sqlite(db: Database) -> Iterator[Finding]:
    version, settings = health.sqlite(db)
    said = ".".join(map(str, version))
    if version < _SAFE_SQLITE:
        yield Finding(
            "SQLite",
            State.WEAK,
            f"{said} has a rare fault in its log that is mended in 3.51.3",
            "Use a Python with a newer SQLite, or PostgreSQL; take backups every day.",
        )
    else:
        yield Finding("SQLite", State.WELL, said)
    wrong = {name: value for name, value in settings.items() if value != health.WANTED[name]}
    if wrong:
        said = ", ".join(f"{name} is {value}" for name, value in wrong.items())
        yield Finding("SQLite settings", State.BROKEN, said, "Use a local disk, not a network one.")
    else:
        yield Finding("SQLite settings", State.WELL, ", ".join(settings))


def _postgres(db: Database) -> Iterator[Finding]:
    version = copying.server_version(db)
    yield Finding("PostgreSQL", State.WELL, str(version))
    off = [name for name, value in health.postgres(db).items() if value != "on"]
    if off:
        yield Finding(
            "PostgreSQL settings",
            State.BROKEN,
            f"{', '.join(off)} is off: what was confirmed may be lost in a power cut",
            "Turn it on in postgresql.conf.",
        )
    for tool in ("pg_dump", "pg_restore"):
        have = copying.tool_version(tool)
        if have is None or have < version:
            said = "is not on the PATH" if have is None else f"is {have}, older than the server"
            yield Finding(
                tool,
                State.WEAK,
                said,
                "Without it there is no cascade backup: install PostgreSQL's client programs.",
            )


def _checkpoints(settings: Settings) -> Iterator[Finding]:
    newest = max(
        (path.stat().st_mtime for path in settings.checkpoints.glob(f"*{history.SUFFIX}")),
        default=None,
    )
    if newest is None:
        yield Finding(
            "checkpoints",
            State.WEAK,
            "there is none: a history written anew would not show",
            "cascade audit checkpoint, and keep a copy with somebody else",
        )
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(newest, UTC)
    state = State.WEAK if age > _STALE else State.WELL
    yield Finding("checkpoints", state, f"the newest is {age.days} days old")
    if settings.checkpoints.is_relative_to(settings.home):
        yield Finding(
            "checkpoints' place",
            State.WEAK,
            "beside the database",
            "Set CASCADE_CHECKPOINTS to a folder that whoever keeps the database cannot write.",
        )


def _work(settings: Settings) -> Iterator[Finding]:
    db = Database(settings.database)
    try:
        if copying.is_empty(db):
            return
        with db.read() as conn:
            if schema.revision(conn) != schema.HEAD:
                return
            lost = [*jobs.failed(conn), *outbox.failed(conn)]
            waiting = sum(many for _name, state, many in jobs.counts(conn) if state == "waiting")
            swept = jobs.find(conn, sweep.key_of("housekeeping", clock.now().today))
    finally:
        db.dispose()
    if lost:
        yield Finding(
            "work given up",
            State.WEAK,
            f"{len(lost)} jobs or messages",
            "cascade worker --status, see to the cause, then cascade worker --retry",
        )
    if swept is None or swept.is_open:
        yield Finding(
            "schedule",
            State.WEAK,
            f"today's sweep is not done; {waiting} jobs wait",
            "Keep a worker running: cascade serve on SQLite, cascade worker on PostgreSQL.",
        )
    else:
        yield Finding("schedule", State.WELL, f"today's sweep is done; {waiting} jobs wait")


def _mail(_settings: Settings) -> Iterator[Finding]:
    smtp = outgoing.from_environment().smtp
    if smtp is None:
        yield Finding("mail", State.WEAK, "none is set up", "CASCADE_SMTP_HOST and _FROM")
        return
    Mailer(smtp).greet()
    yield Finding("mail", State.WELL, f"{smtp.host} answers")


def _drawing(_settings: Settings) -> Iterator[Finding]:
    box = PictureNode("a", NodeKind.letter, ("Chỉ thị", "Ủy ban nhân dân"), Tone.working)
    picture = Picture("Kế hoạch", (box,), (), "vi", "")
    # The engine itself: a drawing would come out without it, only less well placed.
    wasm_engine(render(picture, "dot").decode(), _PATIENCE)
    yield Finding("drawing", State.WELL, "Graphviz places a graph")
    size = len(render(picture, "pdf"))
    yield Finding("fonts and PDF", State.WELL, f"a page is set in our own font ({size} bytes)")


_CHECKS: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
    ("Python", _python),
    ("clock", _clock),
    ("home folder", _home),
    ("register", _database),
    ("checkpoints", _checkpoints),
    ("schedule", _work),
    ("mail", _mail),
    ("drawing", _drawing),
)
