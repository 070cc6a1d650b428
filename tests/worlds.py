"""A small office for tests: a province, its districts, their communes and sections, and people.

    P  province
    ├── S, S2       departments (tasks)
    ├── A  district ├── A1, A2 sections (tasks)
    │               └── AW commune └── AW1 village (tasks)
    ├── B  district └── B1 section (tasks)
    └── C  district
    Q  another province with QA and QA1 below: noise that nothing of P may touch

Each unit X has `x.staff`, `x.head` and, where it issues letters, `x.sec` and `x.reg`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import text

from cascade import act, issue, register
from cascade.acts import Act, Fired, Ref, StoredFile
from cascade.clock import Moment, on
from cascade.intake.reading import CitationFound, PointFound, Reading
from cascade.issue import Issued
from cascade.naming import Named
from cascade.plan import Plan, PlannedCitation, PlannedDuty, PlannedPoint
from models import organisation
from models.base import FOREVER
from models.database import Database
from models.queries import acting
from models.queries.acting import ActorRow, StepRow
from models.queries.register import like
from workflows.kinds import StepKind
from workflows.roles import Role

TODAY = date(2026, 9, 15)
SINCE = date(2020, 1, 1)
UNITS = {  # code → (parent, level)
    "P": (None, "province"),
    "S": ("P", "department"),
    "S2": ("P", "department"),
    "A": ("P", "district"),
    "A1": ("A", "section"),
    "A2": ("A", "section"),
    "AW": ("A", "commune"),
    "AW1": ("AW", "village"),
    "B": ("P", "district"),
    "B1": ("B", "section"),
    "C": ("P", "district"),
    "Q": (None, "province"),
    "QA": ("Q", "district"),
    "QA1": ("QA", "section"),
}
LEVELS = {  # code → (rank, duty)
    "province": (1, "obligation"),
    "department": (2, "task"),
    "district": (2, "obligation"),
    "commune": (3, "obligation"),
    "section": (4, "task"),
    "village": (4, "task"),
}
EVIDENCE = StoredFile("ab" * 32, "report.txt", 3)


@dataclass
class Office:
    """The office on a database, with short ways to do what tests do all day."""

    db: Database
    units: dict[str, int]
    today: date = TODAY
    _number: int = field(default=100)

    @property
    def moment(self) -> Moment:
        """Nine o'clock of the office's day."""
        return on(self.today)

    def who(self, login: str) -> ActorRow:
        """A user by login."""
        with self.db.read() as conn:
            found = acting.actor(conn, login)
        assert found is not None, login
        return found

    def draft(
        self,
        issuer: str,
        *,
        owe: Sequence[str] = (),
        tasks: Sequence[tuple[str, str]] = (),
        implements: Sequence[int] = (),
        due: date | None = None,
        dated: date | None = None,
        login: str | None = None,
        with_units: dict[str, Sequence[str]] | None = None,
        number: str | None = None,
        cites: Sequence[tuple[str, str]] = (),
        cited_day: date | None = None,
        subject: str = "",
        phrase: str | None = None,
    ) -> int:
        """A draft letter of `issuer`: obligations for `owe`, tasks as (point, unit); its id.

        `cites` names letters that it implements and that are not on file, as (issuer, number), with
        their day if the text tells it. By a `phrase` everything is due that has no date yet.
        """
        self._number += 1
        day = dated or self.today - timedelta(days=1)
        due = None if phrase else due or self.today + timedelta(days=10)
        helpers = with_units or {}
        points = tuple(
            PlannedPoint(
                PointFound(no, f"Point {no}", 0, 1, (unit,), (), due, phrase, None, True, 1.0),
                (self.units[unit],),
                tuple(self.units[code] for code in helpers.get(no, ())),
            )
            for no, unit in tasks
        )
        if phrase and not points:
            found = PointFound("", "Answer", 0, 1, (), (), None, phrase, None, True, 1.0)
            points = (PlannedPoint(found, (), ()),)
        plan = Plan(
            reading=Reading(form="state"),
            issuer_id=self.units[issuer],
            issuer_name=f"Body {issuer}",
            number=number or str(self._number),
            symbol=f"UBND-{issuer}",
            dated=day,
            kind="công văn",
            subject=subject or f"Letter {self._number}",
            units=tuple(("act", Named(code, (self.units[code],))) for code in owe),
            points=points,
            citations=(
                *(self._implements(letter_id) for letter_id in implements),
                *(self._unseen(code, number, cited_day) for code, number in cites),
            ),
            duties=(
                *(PlannedDuty(self.units[u], StepKind.OBLIGATION, None, due) for u in owe),
                *(
                    PlannedDuty(self.units[unit], StepKind.TASK, at, due)
                    for at, (_, unit) in enumerate(tasks)
                ),
            ),
        )
        who = self.who(login or f"{issuer.lower()}.reg")
        return register.enter(self.db, plan, who, self.moment, text="The letter.")

    def issue(self, *letter_ids: int, login: str = "", note: str = "As agreed.") -> Issued:
        """Issue letters as the secretariat of the first one's issuer, late dates with a reason."""
        who = self.who(login or self._issuer(letter_ids[0]))
        return issue.issue(self.db, letter_ids, who, self.moment, note)

    def letter(self, issuer: str, **given: object) -> int:
        """A draft issued at once; its id."""
        letter_id = self.draft(issuer, **given)  # type: ignore[arg-type]
        self.issue(letter_id)
        return letter_id

    def step(self, letter_id: int, unit: str, no: str = "") -> int:
        """The step a letter laid on a unit (by a point)."""
        with self.db.read() as conn:
            found = acting.find_step(conn, letter_id, unit, no)
        assert found is not None, (letter_id, unit, no)
        return found

    def fire(self, step_id: int, trigger: str, login: str, **given: object) -> Fired:
        """One move on a step."""
        asked = Act(trigger=trigger, **given)  # type: ignore[arg-type]
        return act.fire(self.db, Ref("step", step_id), asked, self.who(login), self.moment)

    def fire_letter(self, letter_id: int, trigger: str, login: str, **given: object) -> Fired:
        """One move on a letter."""
        asked = Act(trigger=trigger, **given)  # type: ignore[arg-type]
        return act.fire(self.db, Ref("letter", letter_id), asked, self.who(login), self.moment)

    def report(self, step_id: int, unit: str) -> None:
        """A task reported by the unit's staff, with evidence."""
        self.fire(step_id, "report", f"{unit.lower()}.staff", files=(EVIDENCE,))

    def finish(self, step_id: int, unit: str, issuer: str) -> Fired:
        """A task reported and accepted."""
        self.report(step_id, unit)
        return self.fire(step_id, "accept", f"{issuer.lower()}.sec")

    def row(self, step_id: int) -> StepRow:
        """A step as it stands."""
        with self.db.read() as conn:
            found = acting.step(conn, step_id)
        assert found is not None
        return found

    def state(self, step_id: int) -> str:
        """A step's state."""
        return self.row(step_id).state

    def letter_state(self, letter_id: int) -> str:
        """A letter's state."""
        with self.db.read() as conn:
            return acting.letters(conn, [letter_id])[0].state

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.db.read() as conn:
            return int(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    def _implements(self, letter_id: int) -> PlannedCitation:
        with self.db.read() as conn:
            row = acting.letters(conn, [letter_id])[0]
            on_file = next(r for r in like(conn, row.number, row.symbol) if r.id == letter_id)
        found = CitationFound(
            f"{row.number}/{row.symbol}",
            row.number or "",
            row.symbol or "",
            row.kind,
            row.dated,
            row.issuer_name,
            None,
            "Thực hiện",
            "implements",
            0,
            1,
            1.0,
        )
        return PlannedCitation(found, "implements", on_file, row.issuer_id)

    def _unseen(self, issuer: str, number: str, day: date | None) -> PlannedCitation:
        """A citation of a letter that may not be on file yet."""
        symbol = f"UBND-{issuer}"
        with self.db.read() as conn:
            on_file = next(iter(like(conn, number, symbol)), None)
        found = CitationFound(
            f"{number}/{symbol}",
            number,
            symbol,
            "công văn",
            day,
            f"Body {issuer}",
            None,
            "Thực hiện",
            "implements",
            0,
            1,
            1.0,
        )
        return PlannedCitation(found, "implements", on_file, self.units[issuer])

    def _issuer(self, letter_id: int) -> str:
        with self.db.read() as conn:
            issuer = acting.letters(conn, [letter_id])[0].issuer_id
        code = next(code for code, unit in self.units.items() if unit == issuer)
        return f"{code.lower()}.sec"


def found_office(db: Database) -> Office:
    """Put the office's organisation into an empty database."""
    with db.session() as session:
        for code, (rank, duty) in LEVELS.items():
            values = {"name_vi": code, "name_en": code, "rank": rank, "duty": duty}
            organisation.put_level(session, code, values)
        session.flush()
        units = {code: organisation.unit_id(session, code) for code in UNITS}
        for code, (parent, level) in UNITS.items():
            values = {
                "valid_to": FOREVER,
                "name": f"Body {code}",
                "short_name": code,
                "name_en": f"Body {code}",
                "parent_id": units[parent] if parent else None,
                "level": level,
            }
            organisation.put_period(session, units[code], SINCE, values)
            for suffix, role in _roles(level):
                login = f"{code.lower()}.{suffix}"
                user = organisation.user_id(session, login, login)
                organisation.put_appointment(session, user, units[code], role, SINCE, FOREVER)
    return Office(db, units)


def find_office(db: Database) -> Office:
    """The office of a database in which it was founded."""
    with db.read() as conn:
        rows = conn.execute(text("SELECT code, id FROM unit ORDER BY id")).all()
    return Office(db, {row.code: row.id for row in rows})


def _roles(level: str) -> list[tuple[str, Role]]:
    roles = [("staff", Role.STAFF), ("head", Role.HEAD)]
    if LEVELS[level][1] == "obligation":
        roles += [("sec", Role.SECRETARIAT), ("reg", Role.REGISTRAR)]
    return roles
