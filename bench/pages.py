"""The pages: the server's time for each, its weight and its statements, at two sizes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import insert, literal, select

from bench.figures import Figure, medians
from bench.raw import recorded
from bench.sizes import MOMENT, SINCE, TODAY, Size
from bench.worlds import Worlds, who
from cascade import accounts
from cascade.store import FileStore
from models.base import FOREVER
from models.database import Database
from models.tables import Appointment, Letter, Term, table
from web.app import create_app
from web.world import World

GOAL = 1.5
KB = 1024
PASSWORD = "three plain words"


class Page(NamedTuple):
    """A page with who opens it and the weight it must not exceed, in KB."""

    name: str
    login: str
    url: str
    heaviest: int | None = None


class Seen(NamedTuple):
    """A page as it was served: seconds, bytes, statements."""

    seconds: float
    weight: int
    statements: int


def pages(size: Size) -> list[Page]:
    """What the three people open all day, and the widest cascade."""
    commune = size.commune_letters()[0]
    unit = size.issuers + 1
    staff = f"staff.{size.pair(size.parent(unit))}"
    return [
        Page("first page of the secretariat", "registrar", "/"),
        Page("inbox of a unit", staff, f"/inbox?unit=U{unit}", 30),
        Page("board", "registrar", "/board"),
        Page("board, the longest overdue first", "registrar", "/board?order=longest"),
        Page("cascade of 10,000 steps", "registrar", "/letters/1/cascade", 150),
        Page("its picture", "registrar", "/letters/1/cascade?tab=picture"),
        Page("its history", "registrar", "/letters/1/cascade?tab=history"),
        Page("cascade of a commune", "registrar", f"/letters/{commune}/cascade"),
        Page("letter", "registrar", f"/letters/{commune}"),
        Page("register of letters", "registrar", "/letters"),
        Page("step", "registrar", "/steps/1"),
        Page("units", "registrar", "/units"),
        Page("search", "registrar", "/search?q=storms"),
    ]


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Each page in a province, and the same page in a register that holds many."""
    size = worlds.size
    with worlds.province():
        few = _measure(worlds, "province", repeats)
    with worlds.nation():
        many = _measure(worlds, "nation", repeats)
    for page in pages(size):
        one, other = many[page.name], few[page.name]
        weight = f"{one.weight / KB:.0f} KB"
        if page.heaviest:
            weight += f" (at most {page.heaviest})"
        yield Figure(
            name="pages",
            what=page.name,
            database=worlds.place.name,
            steps=size.steps * size.provinces,
            seconds=one.seconds,
            against=f"among {size.steps:,}",
            other=other.seconds,
            goal=GOAL,
            note=f"{weight}; {one.statements} statements, there {other.statements}",
        )


def _measure(worlds: Worlds, world: str, repeats: int) -> dict[str, Seen]:
    wanted = pages(worlds.size)
    logins = {page.login for page in wanted}
    with worlds.place.copy(world) as db, _site(db, logins) as browsers:
        return {page.name: _seen(db, browsers[page.login], page.url, repeats) for page in wanted}


def _seen(db: Database, browser: FlaskClient, url: str, repeats: int) -> Seen:
    with recorded(db) as said:
        answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    (seconds,) = medians(repeats, lambda: browser.get(url))
    return Seen(seconds, len(answer.data), len(said))


@contextmanager
def _site(db: Database, logins: set[str]) -> Iterator[dict[str, FlaskClient]]:
    """The pages over a world, with its people signed in; no network between."""
    _furnish(db)
    with tempfile.TemporaryDirectory(prefix="cascade-pages-") as folder:
        app = create_app(World(db, FileStore(Path(folder)), TODAY), secret="a key for figures")
        yield {login: _signed_in(app.test_client(), login) for login in logins}


def _furnish(db: Database) -> None:
    """What the pages need and the engine does not: passwords, a secretariat, words to search."""
    accounts.give_all(db, PASSWORD, MOMENT)
    letter = table(Letter)
    words = select(literal("storms"), literal("letter"), letter.c.id)
    with db.write() as conn:
        conn.execute(
            insert(table(Appointment)),
            {
                "user_id": who(db, "registrar").id,
                "unit_id": 1,
                "role": "secretariat",
                "valid_from": SINCE,
                "valid_to": FOREVER,
            },
        )
        conn.execute(insert(table(Term)).from_select(["term", "kind", "target_id"], words))


def _signed_in(browser: FlaskClient, login: str) -> FlaskClient:
    form = browser.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    values = {"csrf_token": token[1], "login": login, "password": PASSWORD}
    assert browser.post("/sign-in", data=values).status_code == 303
    return browser
