"""Filling a world: units, people and registered drafts, each table by one INSERT of many rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from bench.sizes import CLIENTS, DATED, MOMENT, SINCE, TODAY, Size
from models.base import FOREVER
from models.database import Database
from models.tables import (
    Appointment,
    Citation,
    Duty,
    Event,
    Letter,
    LetterLine,
    Level,
    Unit,
    UnitPeriod,
    User,
    table,
)

Row = dict[str, Any]


def draft_province(db: Database, size: Size) -> None:
    """A letter for every unit that issues one, each citing the one above."""
    with db.write() as conn:
        _found(conn, size)
        _draft(conn, size.issuers)
        owed = [
            (size.parent(unit), unit, unit <= size.issuers) for unit in range(2, size.bodies + 1)
        ]
        _lay(conn, owed)
        above = {unit: size.parent(unit) for unit in range(2, size.issuers + 1)}
        conn.execute(insert(table(Citation)), [_cites(*link) for link in above.items()])
        conn.execute(insert(table(LetterLine)), list(_lines(above)))


def draft_directive(db: Database, size: Size) -> None:
    """One letter that lays a task on every commune and every unit below."""
    with db.write() as conn:
        _found(conn, size)
        _draft(conn, 1)
        _lay(conn, [(1, unit, False) for unit in range(2 + size.cities, size.bodies + 1)])


def _found(conn: Connection, size: Size) -> None:
    """Levels, units, and people: a registrar for all, a pair for every share of the communes."""
    level = {"name_vi": "", "name_en": "", "rank": 1, "duty": "task", "code": "body"}
    conn.execute(insert(table(Level)), level)
    units = range(1, size.bodies + 1)
    conn.execute(insert(table(Unit)), [{"id": u, "code": f"U{u}"} for u in units])
    conn.execute(insert(table(UnitPeriod)), [_period(u, size) for u in units])
    logins = ["registrar", *(f"{w}.{n}" for w in ("staff", "sec") for n in range(CLIENTS))]
    ids = {login: n for n, login in enumerate(logins, 1)}
    people = [{"id": n, "login": w, "name": w, "is_active": True} for w, n in ids.items()]
    conn.execute(insert(table(User)), people)
    posts = [(ids["registrar"], u, "registrar") for u in range(1, size.issuers + 1)]
    for commune in size.commune_letters():
        posts.append((ids[f"sec.{size.pair(commune)}"], commune, "secretariat"))
    for unit in range(size.issuers + 1, size.bodies + 1):
        posts.append((ids[f"staff.{size.pair(size.parent(unit))}"], unit, "staff"))
    valid = {"valid_from": SINCE, "valid_to": FOREVER}
    rows = [{"user_id": w, "unit_id": u, "role": r, **valid} for w, u, r in posts]
    conn.execute(insert(table(Appointment)), rows)


def _period(unit: int, size: Size) -> Row:
    return {
        "unit_id": unit,
        "valid_from": SINCE,
        "valid_to": FOREVER,
        "name": f"Body {unit}",
        "short_name": f"B{unit}",
        "name_en": f"Body {unit}",
        "parent_id": size.parent(unit) if unit > 1 else None,
        "level": "body",
    }


def _draft(conn: Connection, letters: int) -> None:
    """Letter n of unit n, registered, for all of them."""
    ids = range(1, letters + 1)
    conn.execute(insert(table(Letter)), [_letter(n) for n in ids])
    conn.execute(insert(table(LetterLine)), [{"above_id": n, "below_id": n} for n in ids])
    born = {"at": MOMENT.at, "actor_id": 1, "role": "registrar", "note": "", "trigger": "register"}
    born |= {"source": None, "target": "draft"}
    conn.execute(insert(table(Event)), [{**born, "unit_id": n, "letter_id": n} for n in ids])


def _letter(unit: int) -> Row:
    return {
        "id": unit,
        "issuer_id": unit,
        "issuer_name": f"Body {unit}",
        "kind": "công văn",
        "number": str(unit),
        "symbol": "UBND",
        "dated": DATED,
        "subject": "Storms, heavy rain and floods",
        "form": "state",
        "state": "draft",
        "version": 1,
        "open_steps": 0,
    }


def _lay(conn: Connection, owed: list[tuple[int, int, bool]]) -> None:
    """Duties, one in twenty of them overdue by up to two hundred days."""
    rows = []
    for n, (letter, unit, answer) in enumerate(owed, 1):
        due = TODAY - timedelta(1 + n // 20 % 200) if n % 20 == 0 else TODAY + timedelta(n % 60)
        kind = "obligation" if answer else "task"
        rows.append({"letter_id": letter, "unit_id": unit, "kind": kind, "due": due})
    conn.execute(insert(table(Duty)), rows)


def _cites(letter: int, above: int) -> Row:
    link = {"citing_id": letter, "cited_id": above, "role": "implements"}
    return {**link, "as_printed": f"{above}/UBND"}


def _lines(above: dict[int, int]) -> Iterator[Row]:
    for letter in above:
        higher = above[letter]
        while True:
            yield {"above_id": higher, "below_id": letter}
            if higher == 1:
                break
            higher = above[higher]
