"""What tests of reminders look at: what is on record, and who is owed which mail."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text

from cascade.clock import on
from cascade.reminding import Swept, sweep
from tests.worlds import Office


class Owed(NamedTuple):
    """A digest as it waits in the outbox."""

    login: str
    day: str
    text: str


def give_addresses(office: Office) -> None:
    """Everybody has an address at work."""
    with office.db.write() as conn:
        conn.execute(text("UPDATE user_account SET email = login || '@example.vn'"))


def swept(office: Office, day: date, **given: Any) -> Swept:
    """A day swept in English."""
    return sweep(office.db, on(day), lang="en", **given)


def kinds(office: Office, step_id: int) -> list[str]:
    """What a step was reminded of by itself, in order: rule and number."""
    asked = text("SELECT data FROM event WHERE step_id = :step AND trigger = 'remind' ORDER BY seq")
    with office.db.read() as conn:
        told = [_loaded(data) for data in conn.execute(asked, {"step": step_id}).scalars()]
    return [f"{data['kind']} {data['days']}" for data in told if data]


def owed(office: Office) -> list[Owed]:
    """All digests, in the order in which they were made."""
    asked = text(
        "SELECT o.dedupe, o.payload, u.login FROM outbox o JOIN user_account u "
        "ON u.email = o.recipient ORDER BY o.id"
    )
    with office.db.read() as conn:
        rows = conn.execute(asked).all()
    return [Owed(r.login, r.dedupe.rpartition(":")[2], _loaded(r.payload)["text"]) for r in rows]


def days(first: date, many: int) -> Iterable[date]:
    """So many days from the first on."""
    return (first + timedelta(days=n) for n in range(many))


def _loaded(data: Any) -> Any:
    return json.loads(data) if isinstance(data, str) else data
