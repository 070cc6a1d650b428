"""The overdue list: who is on it, in which order, and that its pages miss nobody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, text

from models import organisation
from models.queries import lists
from models.queries.lists import OverdueRow
from models.tables import Step, table
from tests.worlds import SINCE, TODAY, Office
from workflows.kinds import MACHINES
from workflows.roles import UNDONE

YESTERDAY = TODAY - timedelta(days=1)
_step = table(Step)


def lay(conn: Connection, office: Office, letter: int, rows: list[dict[str, object]]) -> None:
    """Steps of a letter as they stand, without their story."""
    some = {
        "letter_id": letter,
        "issuer_id": office.units["P"],
        "unit_id": office.units["A"],
        "kind": "task",
        "state": "open",
        "turn": "lead",
        "version": 1,
        "open_children": 0,
        "laid_on": date(2026, 1, 1),
        "due": YESTERDAY,
    }
    conn.execute(insert(_step), [some | row for row in rows])


def overdue(office: Office, **given: object) -> list[OverdueRow]:
    """The page of the office's day."""
    with office.db.read() as conn:
        return lists.overdue(conn, TODAY, **given)  # type: ignore[arg-type]


def count(office: Office, **given: object) -> int:
    """How many the list has."""
    with office.db.read() as conn:
        return lists.count_overdue(conn, TODAY, **given)  # type: ignore[arg-type]


def story(office: Office, trigger: str) -> int:
    """A task of S that was due yesterday and moved so; its id."""
    letter = office.letter("P", tasks=[("1", "S")], due=YESTERDAY)
    step = office.step(letter, "S", "1")
    if trigger == "report":
        office.report(step, "S")
    elif trigger:
        who = "p.sec" if trigger in ("suspend", "cancel") else "s.staff"
        office.fire(step, trigger, who, note="why")
    return step


@pytest.mark.parametrize(
    ("trigger", "turn"),
    [
        pytest.param("", "lead", id="not started: the unit must move"),
        pytest.param("start", "lead", id="started: the unit must move"),
        pytest.param("decline", "issuer", id="declined: the issuer must move, and it counts"),
        pytest.param("report", None, id="reported: no longer"),
        pytest.param("suspend", None, id="suspended: its clock stands still"),
        pytest.param("cancel", None, id="cancelled: ended"),
    ],
)
def test_a_task_past_its_day_is_overdue_until_it_is_done(
    office: Office, trigger: str, turn: str | None
) -> None:
    step = story(office, trigger)
    found = {row.id: row.turn for row in overdue(office)}
    assert found == ({} if turn is None else {step: turn})
    assert count(office) == len(found)


def test_what_is_due_today_or_has_no_date_is_not_overdue(office: Office) -> None:
    letter = office.letter("P")
    days = {"B": YESTERDAY, "A": TODAY, "A1": TODAY + timedelta(days=1), "S": None}
    with office.db.write() as conn:
        lay(conn, office, letter, [{"due": d, "unit_id": office.units[u]} for u, d in days.items()])
    assert [row.unit_code for row in overdue(office)] == ["B"]
    assert count(office) == 1


def test_every_state_is_on_the_list_just_when_it_is_not_done(office: Office) -> None:
    letter = office.letter("P")
    states = [(kind, state) for kind, machine in MACHINES.items() for state in machine.states]
    turns = {(kind, state): MACHINES[kind].turn(state) for kind, state in states}
    with office.db.write() as conn:
        lay(
            conn,
            office,
            letter,
            [{"kind": k, "state": s, "turn": str(turns[k, s])} for k, s in states],
        )
    listed = {(row.kind, row.state) for row in overdue(office)}
    assert listed == {key for key, turn in turns.items() if turn in UNDONE}


def test_a_row_tells_all_that_chasing_needs(office: Office) -> None:
    letter = office.letter("A", tasks=[("3.b", "A1")], due=YESTERDAY)
    (row,) = overdue(office)
    assert row == OverdueRow(
        id=office.step(letter, "A1", "3.b"),
        kind="task",
        state="open",
        turn="lead",
        due=YESTERDAY,
        unit_id=office.units["A1"],
        unit="A1",
        unit_code="A1",
        issuer="A",
        issuer_code="A",
        point="3.b",
        letter_id=letter,
        letter_kind="công văn",
        number="101",
        symbol="UBND-A",
        dated=YESTERDAY,
    )


BELOW = {
    "P": "A A1 AW AW1 B P",
    "A": "A A1 AW AW1",
    "AW": "AW AW1",
    "AW1": "AW1",
    "C": "",
    "Q": "QA1",
}


def test_a_unit_sees_itself_and_all_below_it(office: Office) -> None:
    letter = office.letter("P")
    with office.db.write() as conn:
        some = ("B", "AW1", "QA1", "A", "P", "AW", "A1")
        lay(conn, office, letter, [{"unit_id": office.units[code]} for code in some])
    for unit, found in BELOW.items():
        rows = overdue(office, unit_id=office.units[unit])
        assert sorted(row.unit_code for row in rows) == found.split()
        assert count(office, unit_id=office.units[unit]) == len(rows)


def test_what_an_ended_unit_still_owes_is_on_the_list_of_the_body_above_it(office: Office) -> None:
    office.letter("P", owe=["C"], due=YESTERDAY)
    values: dict[str, object] = {
        "name": "Body C",
        "short_name": "C",
        "name_en": "Body C",
        "level": "district",
    }
    values |= {"parent_id": office.units["P"], "valid_to": YESTERDAY}
    with office.db.session() as session:
        organisation.put_period(session, office.units["C"], SINCE, values)
    assert [row.unit_code for row in overdue(office)] == ["C"]
    assert [row.unit_code for row in overdue(office, unit_id=office.units["P"])] == ["C"]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    days=st.lists(st.integers(-4, 1), max_size=25),
    limit=st.integers(1, 7),
    only_below_a=st.booleans(),
)
def test_the_pages_together_are_the_list_once_each_longest_first(
    office: Office, days: list[int], limit: int, only_below_a: bool
) -> None:
    letter = office.letter("P")
    units = [office.units[code] for code in ("A", "B", "A1")]
    with office.db.write() as conn:
        conn.execute(text("DELETE FROM step"))
        if days:
            rows: list[dict[str, object]] = [
                {"due": TODAY + timedelta(days=ahead), "unit_id": units[at % 3]}
                for at, ahead in enumerate(days)
            ]
            lay(conn, office, letter, rows)
    of = {"unit_id": office.units["A"]} if only_below_a else {}
    seen: list[tuple[date, int]] = []
    while page := overdue(office, limit=limit, after=seen[-1] if seen else None, **of):
        assert len(page) <= limit
        assert len(seen) <= len(days), "a row comes twice"
        seen += [(row.due, row.id) for row in page]
    wanted = [
        ahead for at, ahead in enumerate(days) if ahead < 0 and not (only_below_a and at % 3 == 1)
    ]
    assert seen == sorted(set(seen))
    assert [(due - TODAY).days for due, _ in seen] == sorted(wanted)
    assert count(office, **of) == len(seen)
