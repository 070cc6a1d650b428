"""The pages over the small office of tests.worlds, with people signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from werkzeug.test import TestResponse

from cascade import accounts, clock, passwords
from cascade.store import FileStore
from models.database import Database
from models.scope import Reader, read_as
from tests.worlds import TODAY, Office
from web.app import World, create_app

PASSWORD = "three plain words"


@dataclass
class Browser:
    """A person's browser: it asks for English, and brings the form's token when it posts."""

    client: FlaskClient

    def get(self, url: str, *, status: int = 200) -> str:
        """A page that is there."""
        answer = self.client.get(url, headers={"Accept-Language": "en"})
        assert answer.status_code == status, answer.text
        return answer.text

    def post(
        self, url: str, data: Mapping[str, object] | None = None, *, form: str = ""
    ) -> TestResponse:
        """A form sent with the token of the page `form` (the first page unless told)."""
        token = token_of(self.client.get(form or "/", follow_redirects=True).text)
        return self.client.post(
            url,
            data={"csrf_token": token, **(data or {})},
            headers={"Accept-Language": "en"},
        )


def token_of(page: str) -> str:
    """The form token a page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once, not for every test anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; here it need not be (test_accounts sees to the real one)."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)


@pytest.fixture
def site(office: Office, tmp_path: Path, compiled: FileSystemBytecodeCache) -> Flask:
    """The application over the office, on the office's day; everybody has a password."""
    accounts.give_all(office.db, PASSWORD, clock.now())
    world = World(office.db, FileStore(tmp_path / "files"), TODAY, home=tmp_path)
    app = create_app(world, secret="a key for tests")
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def stranger(site: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(site.test_client())


@pytest.fixture
def browser_of(site: Flask) -> Callable[[str], Browser]:
    """The browser of a person by login, signed in."""

    def enter(login: str) -> Browser:
        browser = Browser(site.test_client())
        browser.client.get("/sign-in")
        answer = browser.post("/sign-in", {"login": login, "password": PASSWORD}, form="/sign-in")
        assert answer.status_code == 303, answer.text
        return browser

    return enter


def statements(db: Database) -> list[str]:
    """The SQL statements the database is asked from now on."""

    asked: list[str] = []
    for engine in db.engines:
        event.listen(engine, "before_cursor_execute", lambda _c, _cur, said, *_: asked.append(said))
    return asked


def opening(office: Office, login: str) -> list[str]:
    """The statements that settle what somebody may see, before a page asks the first of its own."""
    reader = Reader(office.who(login).id, office.today, office.moment.at)
    asked = statements(office.db)
    with read_as(office.db, reader):
        return list(asked)
