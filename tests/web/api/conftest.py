"""Programs over the small office of tests.worlds, each bearing a token of somebody."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cascade import clock, tokens
from cascade.tokens import Scope
from tests.worlds import Office

ROOT = "/api/v1"
EVERY = frozenset(Scope)
_keys = itertools.count(1)


def new_key() -> str:
    """A key that no act was asked for under."""
    return f"key-{next(_keys):08}"


@dataclass
class Program:
    """A program with a token; it asks for English, and brings a new key to each act."""

    client: FlaskClient
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        """What is at a path of the interface."""
        return self.client.get(f"{ROOT}{path}", headers=self._headers(headers))

    def items(self, path: str) -> list[Any]:
        """All there is of a list, page after page."""
        found: list[Any] = []
        there: str | None = f"{ROOT}{path}"
        while there is not None:
            answer = self.client.get(there, headers=self._headers({}))
            assert answer.status_code == 200, answer.text
            found += answer.json["items"]  # type: ignore[index]
            link = answer.headers.get("Link")
            there = None if link is None else link[1 : link.index(">")]
        return found

    def post(self, path: str, body: object, **headers: str) -> TestResponse:
        """An act asked for under a new key, unless headers tell another (with _ for -)."""
        sent = {"Idempotency_Key": new_key(), **headers}
        return self.client.post(f"{ROOT}{path}", json=body, headers=self._headers(sent))

    def move(self, path: str, trigger: str, **members: object) -> TestResponse:
        """A move on what is at a path, as it stands now."""
        seen = self.get(path).headers["ETag"]
        return self.post(f"{path}/moves", {"trigger": trigger, **members}, If_Match=seen)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        bearer = {"Authorization": f"Bearer {self.token}"}
        return {"Accept-Language": "en", **bearer, **self.headers, **named}


ProgramOf = Callable[..., Program]


@pytest.fixture
def program_of(site: Flask, office: Office) -> ProgramOf:
    """The program of a person by login, with a token good for everything unless told."""

    def bear(login: str, scopes: frozenset[Scope] = EVERY) -> Program:
        made = tokens.give(office.db, office.who(login).id, "tests", scopes, 30, clock.now())
        return Program(site.test_client(), made)

    return bear
