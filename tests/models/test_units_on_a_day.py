"""Units as of a day: names, parents and existence follow the dates; nothing is forgotten."""

from __future__ import annotations

from datetime import date

import pytest

from models import organisation
from models.base import FOREVER
from models.database import Database
from models.queries import tracing, units
from tests.worlds import LEVELS, TODAY, Office

END, NEXT = date(2025, 6, 30), date(2025, 7, 1)


def change(office: Office, code: str, valid_from: date, valid_to: date, **given: object) -> None:
    """Put a period of a unit; the same first day again replaces it."""
    values = {
        "valid_to": valid_to,
        "name": f"Body {code}",
        "short_name": code,
        "name_en": f"Body {code}",
        "parent_id": office.units["P"],
        "level": "district",
    }
    with office.db.session() as session:
        organisation.put_period(session, office.units[code], valid_from, values | given)


@pytest.fixture
def reformed(office: Office) -> Office:
    """The office after 1 July 2025: B renamed, C ended, AW moved from A to P."""
    since = date(2020, 1, 1)
    change(office, "B", since, END)
    change(office, "B", NEXT, FOREVER, short_name="New B")
    change(office, "C", since, END)
    change(office, "AW", since, END, parent_id=office.units["A"], level="commune")
    change(office, "AW", NEXT, FOREVER, level="commune")
    return office


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        pytest.param("B", END, "B", id="the last day of the old name"),
        pytest.param("B", NEXT, "New B", id="the first day of the new name"),
        pytest.param("B", TODAY, "New B", id="long after the rename"),
        pytest.param("C", END, "C", id="the last day of a unit"),
        pytest.param("C", TODAY, "C", id="an ended unit keeps its last name"),
        pytest.param("B", date(2019, 1, 1), "B", id="before it began there is only its code"),
    ],
)
def test_a_unit_is_named_as_on_the_day(reformed: Office, code: str, day: date, name: str) -> None:
    unit = reformed.units[code]
    with reformed.db.read() as conn:
        assert units.names(conn, [unit], day) == {unit: name}


@pytest.mark.parametrize(
    ("day", "parent", "there"),
    [
        pytest.param(END, "A", True, id="before: C is there, AW belongs to A"),
        pytest.param(NEXT, "P", False, id="after: C is gone, AW belongs to P"),
    ],
)
def test_the_tree_is_that_of_the_day(reformed: Office, day: date, parent: str, there: bool) -> None:
    ids = reformed.units
    with reformed.db.read() as conn:
        rows = {row.code: row for row in units.all_on(conn, day)}
        below = {code: units.children(conn, ids[code], day) for code in ("A", "P")}
    assert ("C" in rows) == there
    assert rows["AW"].parent_id == ids[parent]
    assert {code for code in ("A", "P") if ids["AW"] in below[code]} == {parent}
    assert (ids["C"] in below["P"]) == there


def test_units_come_from_the_top_down(reformed: Office) -> None:
    with reformed.db.read() as conn:
        ranks = [LEVELS[row.level][0] for row in units.all_on(conn, TODAY)]
    assert ranks == sorted(ranks)


def test_a_trace_names_an_ended_unit_as_it_was_last(office: Office) -> None:
    letter = office.letter("P", owe=["C"])
    change(office, "C", date(2020, 1, 1), TODAY)
    after = date(2027, 1, 1)
    with office.db.read() as conn:
        (step,) = tracing.steps_below(conn, letter, after)
    assert (step.unit, step.unit_code) == ("C", "C")


def test_names_aliases_and_codes_are_found_again(db: Database, office: Office) -> None:
    unit = office.units["A"]
    with db.session() as session:
        for alias in ("UBND A", "UBND A", "A district"):
            organisation.put_alias(session, unit, alias)
        for parent in (None, None, unit):
            organisation.put_group(session, "all districts", "district", parent)
    with db.read() as conn:
        assert units.aliases(conn) == [(unit, "UBND A"), (unit, "A district")]
        assert units.groups(conn) == [
            ("all districts", "district", None),
            ("all districts", "district", unit),
        ]
        assert (unit, "Body A") in units.former_names(conn)
        assert units.by_code(conn, "A") == unit
        assert units.by_code(conn, "nowhere") is None
        assert units.codes(conn) == office.units
