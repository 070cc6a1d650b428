"""The worlds that are measured: a province with its letters, and many such side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, text

from bench.places import Place
from cascade import issue
from cascade.clock import on
from models.base import FOREVER
from models.database import Database
from models.queries import acting
from models.queries.acting import ActorRow
from models.tables import (
    Answer,
    Appointment,
    Base,
    Citation,
    Duty,
    Event,
    Letter,
    LetterLine,
    Level,
    Step,
    Unit,
    UnitPeriod,
    User,
    table,
)

TODAY = date(2026, 9, 15)
SINCE = date(2020, 1, 1)
DATED = TODAY - timedelta(days=240)
MOMENT = on(TODAY)
CLIENTS = 32  # pairs of people who act: each answers for its own communes
Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """Of a province (unit 1): cities, communes in each, units in each of those.

    Whoever issues letters issues one, with the unit's own id; its tasks fall to the lowest units.
    """

    cities: int = 12
    communes: int = 150
    units: int = 5
    provinces: int = 93  # in the large world

    @property
    def issuers(self) -> int:
        """Units that issue letters: 1 to this."""
        return 1 + self.cities + self.cities * self.communes

    @property
    def bodies(self) -> int:
        """All units; every one but the first owes a step."""
        return self.issuers + self.cities * self.communes * self.units

    @property
    def steps(self) -> int:
        """Steps in a province."""
        return self.bodies - 1

    def parent(self, unit: int) -> int:
        """The unit directly above."""
        if unit <= 1 + self.cities:
            return 1
        if unit <= self.issuers:
            return 2 + (unit - 2 - self.cities) // self.communes
        return 2 + self.cities + (unit - self.issuers - 1) // self.units

    def commune_letters(self) -> range:
        """The letters (and units) of the communes."""
        return range(2 + self.cities, self.issuers + 1)

    def pair(self, commune: int) -> int:
        """Which pair of people acts for a commune."""
        return commune % CLIENTS


class Worlds:
    """The worlds of one size in one place."""

    def __init__(self, place: Place, size: Size) -> None:
        self.place = place
        self.size = size

    def drafts(self) -> AbstractContextManager[Database]:
        """A province whose letters are all registered and none issued."""
        return self.place.world("drafts", lambda db: _draft_province(db, self.size))

    def directive(self) -> AbstractContextManager[Database]:
        """The province before one directive to every commune and every unit below, a draft."""
        return self.place.world("directive", lambda db: _draft_directive(db, self.size))

    def province(self) -> AbstractContextManager[Database]:
        """All letters issued, as the product issues them."""
        with self.drafts():
            return self.place.world("province", self._issue, over="drafts")

    def nation(self) -> AbstractContextManager[Database]:
        """Many such provinces' letters in one register."""
        with self.province():
            return self.place.world("nation", self._repeat, over="province")

    def _issue(self, db: Database) -> None:
        issue.issue(db, range(1, self.size.issuers + 1), who(db, "registrar"), MOMENT)

    def _repeat(self, db: Database) -> None:
        with db.write() as conn:
            _repeat(conn, self.size.provinces)


def who(db: Database, login: str) -> ActorRow:
    """One of the world's people."""
    with db.read() as conn:
        found = acting.actor(conn, login)
    assert found is not None, login
    return found


def _draft_province(db: Database, size: Size) -> None:
    with db.write() as conn:
        _found(conn, size)
        _draft(conn, size.issuers)
        owed = [(size.parent(unit), unit, unit <= size.issuers) for unit in range(2, size.bodies + 1)]
        _lay(conn, owed)
        above = {unit: size.parent(unit) for unit in range(2, size.issuers + 1)}
        conn.execute(insert(table(Citation)), [_cites(*link) for link in above.items()])
        conn.execute(insert(table(LetterLine)), list(_lines(above)))


def _draft_directive(db: Database, size: Size) -> None:
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


# In what order rows of a province are laid anew, and which of their columns name which rows.
_MOVED: dict[type[Base], dict[str, type[Base]]] = {
    Letter: {"id": Letter},
    Duty: {"id": Duty, "letter_id": Letter},
    Citation: {"id": Citation, "citing_id": Letter, "cited_id": Letter},
    LetterLine: {"above_id": Letter, "below_id": Letter},
    Step: {"id": Step, "letter_id": Letter},
    Answer: {"step_id": Step, "letter_id": Letter},
    Event: {"seq": Event, "letter_id": Letter, "step_id": Step, "cause_seq": Event},
}


def _repeat(conn: Connection, provinces: int) -> None:
    """The same letters, steps and events again and again with ids shifted, set by set."""
    nth = select(literal(1).label("n")).cte("nth", recursive=True)
    nth = nth.union_all(select(nth.c.n + 1).where(nth.c.n < provinces - 1))
    keys = {mapped: next(iter(table(mapped).primary_key)) for mapped in _MOVED}
    size = {m: conn.execute(select(func.max(keys[m]))).scalar_one() for m in _MOVED}
    for mapped, moved in _MOVED.items():
        rows = table(mapped)
        columns: list[Any] = [
            column + nth.c.n * size[moved[column.name]] if column.name in moved else column
            for column in rows.c
        ]
        if mapped is Letter:
            place = [column.name for column in rows.c].index("number")
            columns[place] = rows.c.number + "-" + nth.c.n.cast(rows.c.number.type)
        again = select(*columns).join_from(rows, nth, literal(1) == 1)
        conn.execute(insert(rows).from_select(list(rows.c), again, include_defaults=False))
        if conn.dialect.name == "postgresql" and keys[mapped].name in moved and moved[
            keys[mapped].name
        ] is mapped:
            name, key = rows.name, keys[mapped].name
            query = f"SELECT setval(pg_get_serial_sequence('{name}', '{key}'), max({key})) FROM {name}"
            conn.execute(text(query))
