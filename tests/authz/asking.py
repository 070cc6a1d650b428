"""The pages over a marked world, with everybody signed in; each request is weighed and undone."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from cascade import clock, tokens
from cascade.store import FileStore
from cascade.tokens import Scope
from models.database import Database
from tests.authz import people, telling
from tests.authz.keeping import KNOCKING, Kept, keep
from tests.authz.known import Known
from tests.authz.marks import ADMIN
from tests.authz.rules import Person
from tests.authz.world import PASSWORD, Made
from tests.worlds import TODAY, Office
from web.app import World, create_app

SECRET, API = "a key for tests", "/api/"


@dataclass
class Keys:
    """What signs people in again: login → (session cookie, form token, token of a program)."""

    of: dict[str, tuple[str, str, str]] = field(default_factory=dict)


@dataclass
class Said:
    """What came of a request: the answer, the tables it wrote, all that it said."""

    answer: TestResponse
    wrote: set[str]
    text: str
    asked: str  # the address and what was sent: no answer tells anything by repeating it

    @property
    def status(self) -> int:
        """The status, and 302 to the way in told apart from other redirects."""
        where = self.answer.headers.get("Location", "")
        return (
            401
            if self.answer.status_code == 302 and "/sign-in" in where
            else self.answer.status_code
        )


class Asking:
    """Everybody at the pages of one register."""

    def __init__(self, db: Database, folder: Path, made: Made, keys: Keys, known: Known) -> None:
        self.made, self.keys, self.known = made, keys, known
        self.db, self.app = db, app_over(db, folder)
        self.kept: Kept = keep(db)

    @property
    def book(self) -> Any:
        """Every row of every table, by number."""
        return self.known.book

    @property
    def people(self) -> dict[str, Person]:
        """Who asks, by login."""
        return self.known.people

    def ask(self, login: str, method: str, url: str, data: Mapping[str, Any] | None = None) -> Said:
        """One request by somebody, as a browser sends it; whatever it wrote is undone again."""
        cookie, token, bearer = self.keys.of[login]
        client = self.app.test_client()
        headers = {"Accept-Language": "en"}
        if url.startswith(API):
            headers |= {"Authorization": f"Bearer {bearer}"} if bearer else {}
            headers |= {"If-Match": "*", "Idempotency-Key": uuid.uuid4().hex}
            given: dict[str, Any] = {"json": data} if method == "POST" else {}
        else:
            client.set_cookie("cascade", cookie)
            given = {"data": {"csrf_token": token, **data}} if data is not None else {}
        answer = client.open(url, method=method, headers=headers, buffered=True, **given)
        wrote = self.kept.changed() - KNOCKING
        self.kept.restore()
        return Said(answer, wrote, telling.said_by(answer), f"{url} {data}")

    def leaked(self, login: str, said: Said) -> set[str]:
        """What an answer tells that the person may not see."""
        who = self.people[login]
        return telling.leaked(
            said.text, said.asked, who, self.made.marks, self.book, self.known.opened
        )

    def form(self, kind: str, the_id: int, trigger: str) -> dict[str, Any]:
        """A form filled in so well that nothing but a missing right stands against it."""
        row = self.book[kind].get(the_id, {})
        filled: dict[str, Any] = {
            "note": "Because it must be so.",
            "seen_version": str(row.get("version", 1)),
            "fate": "cancel",
            "until": "31.12.2026",
            "sure": "yes",
        }
        if kind == "step" and row:
            other = "A2" if row["unit_id"] != self.known.units["A2"] else "A1"
            filled["unit_code"] = other if trigger == "transfer" else ""
            below = [u["unit_id"] for u in self.book["unit_period"].values()
                     if u["parent_id"] == row["unit_id"]]  # fmt: skip
            filled["units"] = [str(one) for one in below[:1]] if trigger == "split" else []
        if trigger == "report":
            filled["evidence"] = (io.BytesIO(b"shown"), "shown.txt")
        return filled

    def close(self) -> None:
        """Let go of the register."""
        self.kept.close()


def body(trigger: str, unit: str) -> dict[str, Any]:
    """A move as a program sends it, with all it may want."""
    sent: dict[str, Any] = {"trigger": trigger, "note": "Because it must be so."}
    sent |= {"fate": "cancel", "until": "2026-12-31"} if trigger not in _PLAIN else {}
    return sent | ({"units": [unit]} if trigger in ("split", "transfer") else {})


_PLAIN = ("report", "start")


def app_over(db: Database, folder: Path) -> Flask:
    """The pages over a register; templates are compiled once for all."""
    app = create_app(World(db, FileStore(folder), TODAY, home=folder), secret=SECRET)
    compiled = folder / "compiled"
    compiled.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    return app


def sign_in(app: Flask, office: Office, made: Made, logins: Sequence[str]) -> Keys:
    """Sign everybody in at the door itself, and their programs; then close some accounts."""
    keys = Keys()
    for login in logins:
        client = app.test_client()
        token, bearer = _token(client.get("/sign-in").text), ""
        if login:
            data = {"login": login, "password": PASSWORD, "csrf_token": token}
            assert client.post("/sign-in", data=data).status_code == 303, login
            token = _token(client.get("/account/sessions").text)
            mark = made.marks.new("tok", ("person", login), ADMIN)
            owner = office.who(login).id
            bearer = tokens.give(office.db, owner, mark, frozenset(Scope), 90, clock.now())
            used = client.get(f"{API}v1/units", headers={"Authorization": f"Bearer {bearer}"})
            assert used.status_code == 200, used.text
        cookie = client.get_cookie("cascade")
        assert cookie is not None
        keys.of[login] = (cookie.value, token, bearer)
    people.close_accounts(office)
    return keys


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found.group(1)
