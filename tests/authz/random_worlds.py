"""Worlds drawn at random: trees, posts, deputies, opened glass, letters, reports; all marked."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random

from cascade import accounts, clock
from cascade.errors import CascadeError
from cascade.store import FileStore, Stream, place
from models import authority, organisation
from models.authority import Given
from models.base import FOREVER
from models.database import Database
from tests.authz.marks import begin_far_off, mark_all
from tests.authz.world import PASSWORD, Made
from tests.worlds import SINCE, TODAY, Office
from workflows.roles import WRITING, Role

_LEVELS = {"body": (1, "obligation"), "section": (2, "task")}
_OFFICE = {"reg": Role.REGISTRAR, "sec": Role.SECRETARIAT, "staff": Role.STAFF, "head": Role.HEAD}


def draw(db: Database, some: Random, folder: Path) -> tuple[Office, Made]:
    """A world in an empty database; every text of its letters is marked."""
    office, made = _found(db, some), Made()
    _people(office, some)
    _work(office, made, some, FileStore(folder))
    with db.write() as conn:
        mark_all(conn, made.marks)
    accounts.give_all(db, PASSWORD, clock.now())
    return office, made


def _found(db: Database, some: Random) -> Office:
    """A forest of bodies, each with people of its own."""
    codes = [f"U{number}" for number in range(some.randint(4, 9))]
    with db.session() as session:
        for code, (rank, duty) in _LEVELS.items():
            values = {"name_vi": code, "name_en": code, "rank": rank, "duty": duty}
            organisation.put_level(session, code, values)
        session.flush()
        units = {code: organisation.unit_id(session, code) for code in codes}
        for number, code in enumerate(codes):
            up = some.choice([None, *codes[:number]]) if number > 1 else None
            values = {
                "valid_to": FOREVER,
                "name": f"Body {code}",
                "short_name": code,
                "name_en": f"Body {code}",
                "parent_id": units[up] if up else None,
                "level": "body",
            }
            organisation.put_period(session, units[code], SINCE, values)
            for suffix, role in _OFFICE.items():
                user = organisation.user_id(session, f"{code.lower()}.{suffix}", suffix)
                organisation.put_appointment(session, user, units[code], role, SINCE, FOREVER)
    return Office(db, units)


def _people(office: Office, some: Random) -> None:
    """Some more, with any posts on any days, their deputies, and administrators who look."""
    codes, days = sorted(office.units), [timedelta(one) for one in (-9, -1, 0, 1, 9)]
    for number in range(6):
        login = f"x{number}"
        with office.db.session() as session:
            user = organisation.user_id(session, login, login)
            for _ in range(some.randint(0, 2)):
                first, last = sorted((TODAY + some.choice(days), TODAY + some.choice(days)))
                unit = office.units[some.choice(codes)]
                organisation.put_appointment(
                    session, user, unit, some.choice(list(Role)), first, last
                )
    for number in range(4):
        code, suffix = some.choice(codes), some.choice(sorted(_OFFICE))
        giver, deputy = office.who(f"{code.lower()}.{suffix}"), office.who(f"x{number}")
        first, last = sorted((TODAY + some.choice(days), TODAY + some.choice(days)))
        with office.db.write() as conn:
            role = some.choice(sorted(WRITING)) if some.random() < 0.2 else _OFFICE[suffix]
            given = Given(giver.id, office.units[code], role, deputy.id, None, first, last, "x")
            authority.delegate(conn, given, office.moment.at)
            hours = timedelta(hours=some.choice([-1, 0, 2]))
            authority.open_glass(
                conn,
                office.who(f"x{number + 2}").id,
                office.units[some.choice(codes)],
                "x",
                office.moment.at - timedelta(hours=3),
                office.moment.at + hours,
            )


def _work(office: Office, made: Made, some: Random, store: FileStore) -> None:
    codes = sorted(office.units)
    first = office.letter("U0", tasks=[("1", "U1")])
    office.report(office.step(first, "U1", "1"), "U1")
    with office.db.write() as conn:
        begin_far_off(conn)
    issued: list[tuple[str, int]] = []
    for number in range(some.randint(4, 9)):
        code = some.choice(codes)
        tasks = [(str(no), some.choice(codes)) for no in range(some.randint(0, 3))]
        above = [one for owner, one in issued if owner != code]
        letter = _letter(office, some, code, tasks, above, number)
        if letter is None:
            continue
        made.letters[f"{number}"] = letter
        if office.letter_state(letter) != "issued":
            continue
        issued.append((code, letter))
        for no, unit in tasks:
            step = made.steps[f"{number} {no}"] = office.step(letter, unit, no)
            if some.random() < 0.5:
                note, shown = (made.marks.new(one, ("whole", step)) for one in ("note", "shown"))
                letters = (some.choice(issued)[1],) if some.random() < 0.3 else ()
                with store.staging([Stream(f"{shown}.txt", BytesIO(shown.encode()))]) as files:
                    given = {"files": files, "evidence_letters": letters, "note": note}
                    office.fire(step, "report", f"{unit.lower()}.staff", **given)
                    place(files[0])


def _letter(
    office: Office,
    some: Random,
    code: str,
    tasks: list[tuple[str, str]],
    above: list[int],
    number: int,
) -> int | None:
    """A letter, perhaps left a draft; none where it would run in a circle, say."""
    try:
        letter = office.draft(
            code,
            owe=some.sample(sorted(set(office.units) - {code}), some.randint(0, 2)),
            tasks=tasks,
            implements=some.sample(above, min(len(above), some.randint(0, 2))),
            with_units={no: [some.choice(sorted(office.units))] for no, _ in tasks},
            cites=[("U0", f"9{number}")] if some.random() < 0.3 else [],
        )
        if some.random() < 0.8:
            office.issue(letter)
    except CascadeError:
        return None
    return letter
