"""What the commands share: opening the register, who acts, which day, JSON or tables."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import click
from sqlalchemy import Connection

from cascade import clock
from cascade.acts import Ref
from cascade.clock import Moment
from cascade.config import Settings, from_environment
from cascade.errors import BadInputError, NotFoundError
from cascade.store import FileStore
from models import schema
from models.database import Database
from models.queries import acting
from models.queries.acting import ActorRow
from models.scope import Reader, read_as

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")


class Register(NamedTuple):
    """An open register."""

    settings: Settings
    db: Database
    store: FileStore


def open_register() -> Register:
    """The register the environment names, its schema checked."""
    settings = from_environment()
    db = Database(settings.database)
    schema.check(db)
    return Register(settings, db, FileStore(settings.files))


def actor(register: Register, login: str | None) -> ActorRow:
    """The user who acts: --as, else CASCADE_USER."""
    login = login or register.settings.user
    if login is None:
        raise BadInputError(
            "who acts is not said",
            remedy="Add --as LOGIN, or set CASCADE_USER.",
        )
    with register.db.read() as conn:
        found = acting.actor(conn, login)
    if found is None:
        raise NotFoundError(
            f"there is no active user {login!r}",
            where="--as",
            remedy="Import people with: cascade units import people.csv",
        )
    return found


@contextmanager
def reading(
    register: Register, login: str | None, at: Moment | None = None
) -> Iterator[Connection]:
    """A connection for reading: what the person named by --as may see; all of it without.

    Whoever sits at the server's console can read the database's files anyway.
    """
    if login is None:
        with register.db.read() as conn:
            yield conn
        return
    now = at or clock.now()
    reader = Reader(actor(register, login).id, now.today, clock.now().at)
    with read_as(register.db, reader) as conn:
        yield conn


def moment(today: datetime | None) -> Moment:
    """Now, or the day asked about."""
    return clock.now() if today is None else clock.on(today.date())


_NAMED = re.compile(r"(?P<kind>[lLsS]?)(?P<id>\d{1,18})")


def ref(text: str, bare: Literal["letter", "step"]) -> Ref:
    """`S12` is a step, `L3` a letter; a bare number is what the command is about."""
    found = _NAMED.fullmatch(text.strip())
    if found is None:
        raise BadInputError(
            f"{text!r} names neither a step nor a letter",
            remedy="Steps are S12, letters L3, as the lists show them.",
        )
    letter = {"l": "letter", "s": "step"}.get(found["kind"].lower(), bare)
    return Ref("letter" if letter == "letter" else "step", int(found["id"]))


def letter_id(text: str) -> int:
    """A letter's number from `L3` or `3`."""
    named = ref(text, "letter")
    if named.kind != "letter":
        raise BadInputError(f"{text!r} is a step", remedy="Name a letter, such as L3.")
    return named.id


as_option = click.option("--as", "login", metavar="USER", help="Who acts; else CASCADE_USER.")
read_as_option = click.option(
    "--as", "login", metavar="USER", help="Show only what this person may see."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
today_option = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
    metavar="DATE",
    help="The day to judge lateness on; today unless given.",
)


def progress(items: Sequence[T], doing: str) -> Iterator[T]:
    """The items one by one, with a bar on a terminal when there are enough to wait for."""
    yield from progress_of(items, len(items), doing)


def progress_of(items: Iterable[T], total: int, doing: str) -> Iterator[T]:
    """The same for items that are made one by one, `total` of them."""
    if total < 5 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, doing, total, console=Console(stderr=True), transient=True)


@contextmanager
def working(doing: str) -> Iterator[None]:
    """Say on a terminal that something takes its time."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{doing} …"):
        yield


def print_json(value: object) -> None:
    """One JSON document on standard output; dates are ISO."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", empty: str = ""
) -> None:
    """A readable table, or the words for an empty one."""
    from rich.markup import escape
    from rich.table import Table

    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        click.echo(empty)
        return
    table = Table(title=title or None, title_justify="left", header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in cells:
        table.add_row(*(escape(cell) for cell in row))
    console().print(table)


def console() -> Console:
    """Where tables and trees go; a pipe gets long lines rather than narrow columns."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 180)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
