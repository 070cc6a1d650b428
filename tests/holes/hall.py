"""Where the holes of peers are tried: the pages with people in them, and ways to look around."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from cascade.store import FileStore, Stream
from tests.web.conftest import Browser, token_of
from tests.web.test_admin import id_of, make_administrator
from tests.worlds import TODAY, Office

MARK = "heronmarked"
LATE: dict[str, Any] = {"due": TODAY - timedelta(days=3), "dated": TODAY - timedelta(days=9)}
# What a request leaves by being made: when the session was last used, that a link was tried.
_OF_ITSELF = {"web_session": "seen_at"}
_TRIES = "sign_in_failure"
_ENGLISH = {"Accept-Language": "en"}


class _Buffered(FlaskClient):
    def open(self, *given: Any, **named: Any) -> TestResponse:
        """A request, its answer read whole."""
        return super().open(*given, **{**named, "buffered": True})


@dataclass
class Hall:
    """The pages over the small office; `enter` gives the browser of somebody signed in."""

    site: Flask
    office: Office
    enter: Callable[[str], Browser]
    ids: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def opened(cls, site: Flask, office: Office, enter: Callable[[str], Browser]) -> Hall:
        """The hall; browsers read every answer to its end, so that no file stays open."""
        site.test_client_class = _Buffered
        return cls(site, office, enter)

    def stranger(self) -> Browser:
        """A browser in which nobody is signed in."""
        return Browser(self.site.test_client())

    def admin(self) -> Browser:
        """The browser of an administrator."""
        make_administrator(self.office, "p.admin")
        return self.enter("p.admin")

    @property
    def store(self) -> FileStore:
        """Where files lie."""
        return self.site.extensions["world"].store  # type: ignore[no-any-return]

    def furnish(self, said: str = MARK) -> dict[str, Any]:
        """A directive of P, A's answer with a reported task and a draft, every text `said`."""
        office = self.office
        top = office.letter("P", owe=["A"], subject=f"{said} top", number="8881", **LATE)
        letter = office.letter(
            "A",
            implements=[top],
            tasks=[("1", "A1"), ("2", "A2")],
            subject=f"{said} answer",
            number="8882",
            **LATE,
        )
        draft = office.draft("A", tasks=[("1", "A2")], subject=f"{said} draft", number="8883")
        step = office.step(letter, "A1", "1")
        waiting = office.step(letter, "A2", "2")
        with self.store.staging([Stream(f"{said}.txt", BytesIO(said.encode()))]) as files:
            office.fire(step, "report", "a1.staff", files=files, note=f"{said} note")
        with office.db.write() as conn:
            conn.execute(text("UPDATE point SET text = :said"), {"said": said})
            conn.execute(text("UPDATE letter SET text = :said"), {"said": said})
            evidence = conn.execute(text("SELECT max(id) FROM evidence")).scalar_one()
        self.ids = {
            "letter_id": letter,
            "top": top,
            "draft": draft,
            "step_id": waiting,
            "reported": step,
            "evidence_id": evidence,
            "user_id": id_of(office, "a.staff"),
            "code": "A",
            "kind": "csv",
            "name": "clerk",
            "trigger": "report",
            "filename": "icon.svg",
        }
        return self.ids

    def addresses(self, method: str) -> list[str]:
        """An address of every rule that knows a method; what is not known is 1."""
        found = []
        for rule in self.site.url_map.iter_rules():
            if method in (rule.methods or ()):
                values = {name: self.ids.get(name, 1) for name in rule.arguments}
                built = rule.build(values, append_unknown=False)
                assert built is not None, rule
                found.append(built[1])
        return sorted(set(found))

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, but for what each request leaves by being made."""
        found = {}
        with self.office.db.read() as conn:
            tables = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in (one for one in tables.all() if one[0] != _TRIES):
                rows = conn.exec_driver_sql(f'SELECT * FROM "{name}"')
                at = [n for n, key in enumerate(rows.keys()) if key != _OF_ITSELF.get(name)]
                found[name] = sorted((tuple(row[n] for n in at) for row in rows), key=repr)
        return found


def look(browser: Browser, url: str, **given: Any) -> TestResponse:
    """A page, asked for in English, as it is answered."""
    return browser.client.get(url, headers=_ENGLISH, **given)


def send(browser: Browser, url: str, data: dict[str, Any] | None = None) -> TestResponse:
    """A form sent with a token that is good."""
    kept = look(browser, "/me/password", follow_redirects=True).text
    sent = {"csrf_token": token_of(kept), **(data or {})}
    return browser.client.post(url, data=sent, headers=_ENGLISH)


def whole(answer: TestResponse) -> str:
    """All that an answer says: headers and bytes, unpacked where they are packed."""
    data = answer.data
    if data.startswith(b"PK"):
        packed = ZipFile(BytesIO(data))
        data = b"\n".join(map(packed.read, packed.namelist()))
    return f"{answer.headers}{data.decode('utf-8', 'replace')}"


def fields(page: str) -> Iterator[str]:
    """The names of what can be typed or chosen on a page."""
    yield from dict.fromkeys(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))
