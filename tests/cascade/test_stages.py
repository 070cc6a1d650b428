"""Due dates in stages: warned at issue, and issued all the same only with a reason on record."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade import organisation
from cascade.errors import MoveRefusedError
from cascade.orgsheets import SheetsError
from cascade.verify import verify
from models.database import Database
from tests.worlds import TODAY, Office  # a Tuesday

THURSDAY = TODAY + timedelta(days=9)
LEVELS = "code,name_vi,name_en,rank,duty,slack_days,acknowledge_days,answer_days\n"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request: pytest.FixtureRequest) -> Database:
    """SQLite each day; tests/models/test_times_queries.py asks the queries of both."""
    kind = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    found: Database = request.getfixturevalue(kind)
    return found


def answered(office: Office, due: date, *, slack: int = 0, owed: date = THURSDAY) -> int:
    """A draft of A with a task, answering what A owes the province; A may need days in between."""
    if slack:
        with office.db.write() as conn:
            conn.execute(text(f"UPDATE level SET slack_days = {slack} WHERE code = 'district'"))
    directive = office.letter("P", owe=["A"], due=owed)
    office.letter("P", owe=["A"], tasks=[("1", "S")], due=owed + timedelta(days=90))  # not answered
    return office.draft("A", implements=[directive], tasks=[("1", "A1"), ("2", "A2")], due=due)


CASES = {  # due below, slack → the latest that would have done
    "on the parent's day": (0, 0, None),
    "the day after": (1, 0, THURSDAY),
    "too close to it": (-1, 2, THURSDAY - timedelta(days=2)),
    "just far enough": (-2, 2, None),
}


@pytest.mark.parametrize(("later", "slack", "latest"), CASES.values(), ids=CASES)
def test_what_comes_too_late_is_refused_without_a_reason(
    office: Office, later: int, slack: int, latest: date | None
) -> None:
    letter = answered(office, THURSDAY + timedelta(days=later), slack=slack)
    if latest is None:
        assert office.issue(letter, note="").answered == 1
        return
    with pytest.raises(MoveRefusedError) as refused:
        office.issue(letter, note="")
    (refusal,) = refused.value.refused.refusals
    due = THURSDAY + timedelta(days=later)
    assert (refusal.code, refusal.data) == (
        "not_in_stages",
        {"latest": latest, "late": {"1": due, "2": due}},
    )
    assert office.letter_state(letter) == "draft"
    office.issue(letter, note="They agreed to it.")
    with office.db.read() as conn:
        note, data = conn.execute(
            text("SELECT note, data FROM event WHERE trigger = 'issue' AND letter_id = :id"),
            {"id": letter},
        ).one()
        laid = conn.execute(
            text("SELECT note, data FROM event WHERE trigger = 'lay' AND letter_id = :id"),
            {"id": letter},
        ).all()
        assert verify(conn) == []
    told = data if isinstance(data, dict) else json.loads(data)
    assert note == "They agreed to it."
    assert (told["latest"], [one["point"] for one in told["late"]]) == (
        latest.isoformat(),
        ["1", "2"],
    )
    assert [tuple(row) for row in laid] == [("", None)] * 2


def test_a_date_extended_above_gives_time_below(office: Office) -> None:
    letter = answered(office, THURSDAY + timedelta(days=1))
    with office.db.read() as conn:
        step = conn.execute(text("SELECT min(id) FROM step")).scalar_one()
    office.fire(step, "ask_extension", "a.staff", note="Rain.", until=THURSDAY + timedelta(days=1))
    office.fire(step, "grant_extension", "p.sec")
    assert office.issue(letter, note="").letters == 1


def test_what_serves_two_keeps_to_the_earlier(office: Office) -> None:
    first = office.letter("P", owe=["A"], due=THURSDAY)
    second = office.letter("P", owe=["A"], due=THURSDAY + timedelta(days=30))
    letter = office.draft(
        "A", implements=[second, first], tasks=[("1", "A1")], due=THURSDAY + timedelta(days=1)
    )
    with pytest.raises(MoveRefusedError, match="too late"):
        office.issue(letter, note="")


def test_a_level_says_in_its_sheet_how_much_time_it_needs(
    sqlite_db: Database, tmp_path: Path
) -> None:
    def given() -> list[tuple[object, ...]]:
        with sqlite_db.read() as conn:
            query = "SELECT slack_days, acknowledge_days, answer_days FROM level"
            return [tuple(row) for row in conn.execute(text(query))]

    def take(rows: str) -> None:
        sheet = tmp_path / "levels.csv"
        sheet.write_text(rows, "utf-8")
        organisation.import_files(sqlite_db, [sheet])

    def known(days: str) -> str:
        return LEVELS + f"province,Tỉnh,Province,1,obligation,{days}\n"

    take(known("2,3,"))
    assert given() == [(2, 3, None)]
    take("code,name_vi,name_en,rank,duty\nprovince,Tỉnh,Province,1,obligation\n")
    assert given() == [(2, 3, None)]
    take(known(",,5"))
    assert given() == [(0, None, 5)]
    with pytest.raises(SheetsError, match="numbers of working days"):
        take(known("soon,,"))
