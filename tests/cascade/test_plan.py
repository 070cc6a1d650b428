"""What registering a letter would do: names to units, points to duties, all gaps told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from cascade.errors import BadInputError, UnknownUnitError
from cascade.intake.reading import Found, PointFound, Reading
from cascade.naming import Directory, fold, unknown
from cascade.plan import Plan, plan
from models import organisation
from models.base import FOREVER
from models.database import Database
from tests.cascade.readings import DUE, cites, found, point, reading
from tests.worlds import SINCE, Office, found_office

EARLY = DUE - timedelta(days=5)


@pytest.fixture
def town(sqlite_db: Database) -> Office:
    """The office with groups, aliases, a renamed unit and one that has ended."""
    office = found_office(sqlite_db)
    with office.db.session() as session:
        organisation.put_group(session, "Các huyện", "district", None)
        organisation.put_group(session, "Các phòng của A", "section", office.units["A"])
        organisation.put_alias(session, office.units["S"], "Sở NN&PTNT")
        for code in ("A1", "B1"):
            organisation.put_alias(session, office.units[code], "Phòng Kinh tế")
        for day, last, name in (
            (date(2026, 9, 1), FOREVER, "Body C renamed"),
            (SINCE, date(2026, 8, 31), "Body C"),
        ):
            values = {
                "valid_to": last,
                "name": name,
                "short_name": name,
                "name_en": name,
                "parent_id": office.units["P"],
                "level": "district",
            }
            organisation.put_period(session, office.units["C"], day, values)
        values |= {"valid_to": date(2026, 6, 30), "name": "Body D", "short_name": "Body D"}
        organisation.put_period(session, organisation.unit_id(session, "D"), SINCE, values)
        office.units["D"] = organisation.unit_id(session, "D")
    return office


def planned(office: Office, read: Reading, **corrections: str) -> Plan:
    """The plan of a reading."""
    with office.db.read() as conn:
        return plan(conn, read, corrections, "letter.txt")


# -- duties --------------------------------------------------------------------------------

A, B, S, S2 = "Body A", "Body B", "Body S", "Body S2"
Duty = tuple[str, str, int | None, date | None]  # unit, kind, position of its point, due
CASES: dict[str, tuple[Sequence[str], Sequence[PointFound], list[Duty]]] = {
    "nobody addressed, nothing asked": ([], [], []),
    "a body that answers owes one letter": ([A], [], [("A", "obligation", None, None)]),
    "a body that does owes the letter as a whole": ([S], [], [("S", "task", None, None)]),
    "a point without lead is everybody's": (
        [A, S],
        [point("1", due=DUE)],
        [("A", "obligation", None, DUE), ("S", "task", 0, DUE)],
    ),
    "a named lead alone owes its point": (
        [A, B, S],
        [point("1", S, due=DUE)],
        [("A", "obligation", None, None), ("B", "obligation", None, None), ("S", "task", 0, DUE)],
    ),
    "the earliest of its points is the answer's date": (
        [A],
        [point("1", due=DUE), point("2", A, due=EARLY), point("3", A)],
        [("A", "obligation", None, EARLY)],
    ),
    "one task for each point": (
        [S],
        [point("1", S, due=DUE), point("2", S)],
        [("S", "task", 0, DUE), ("S", "task", 1, None)],
    ),
    "a lead that is not addressed owes all the same": (
        [],
        [point("1", S)],
        [("S", "task", 0, None)],
    ),
    "who coordinates owes nothing": ([], [point("1", S, helping=[S2])], [("S", "task", 0, None)]),
    "several lead together": (
        [],
        [point("1", S, S2)],
        [("S", "task", 0, None), ("S2", "task", 0, None)],
    ),
    "a point that asks nothing lays nothing": (
        [A],
        [point("1", A, due=EARLY, is_duty=False)],
        [("A", "obligation", None, None)],
    ),
    "an unknown lead leaves its point to nobody": (
        [A],
        [point("1", "Ministry of Storms")],
        [("A", "obligation", None, None)],
    ),
    "addressed twice, owed once": ([A, A], [], [("A", "obligation", None, None)]),
    "a group as lead": (
        [],
        [point("1", "Các huyện", due=DUE)],
        [(unit, "obligation", None, DUE) for unit in ("A", "B", "C")],
    ),
}


@pytest.mark.parametrize(("to", "points", "wanted"), CASES.values(), ids=CASES)
def test_points_become_duties(
    town: Office, to: Sequence[str], points: Sequence[PointFound], wanted: list[Duty]
) -> None:
    codes = {unit_id: code for code, unit_id in town.units.items()}
    made = planned(town, reading(to=to, points=tuple(points)))
    told = [(codes[d.unit_id], str(d.kind), d.position, d.due) for d in made.duties]
    assert told == wanted


def test_a_plan_without_addressees_lays_duties_on_who_gets_it_to_carry_out(town: Office) -> None:
    copies = [f"- {A} (để t/h);", f"{S} (để thực hiện)", "Body S2 (để b/c)", B]
    made = planned(town, reading(distribution=tuple(found(name) for name in copies)))
    told = [(role, name.unit_ids) for role, name in made.units]
    unit = town.units
    assert told == [
        ("act", (unit["A"],)),
        ("act", (unit["S"],)),
        ("know", (unit["S2"],)),
        ("know", (unit["B"],)),
    ]
    assert [d.unit_id for d in made.duties] == [unit["A"], unit["S"]]


def test_with_addressees_a_copy_lays_nothing(town: Office) -> None:
    made = planned(town, reading(to=[A], distribution=(found(f"{B} (để t/h)"),)))
    assert [d.unit_id for d in made.duties] == [town.units["A"]]


# -- names ---------------------------------------------------------------------------------


def units(
    office: Office, printed: str, near: str | None = "P", day: str = "2026-09-14"
) -> list[str]:
    """The units a name stands for, by code."""
    codes = {unit_id: code for code, unit_id in office.units.items()}
    with office.db.read() as conn:
        directory = Directory(conn, date.fromisoformat(day))
        named = directory.find_all(printed, office.units[near] if near else None)
    return [codes[unit_id] for unit_id in named.unit_ids]


NAMES = [
    ("Body A", "P", "2026-09-14", ["A"]),
    ("BODY  A.", "P", "2026-09-14", ["A"]),
    ("Đồng chí Chủ tịch Body A", "P", "2026-09-14", ["A"]),
    ("Body A (để b/c)", "P", "2026-09-14", ["A"]),
    ("Sở NN và PTNT", "P", "2026-09-14", []),
    ("Sở NN&PTNT", "P", "2026-09-14", ["S"]),
    ("Các huyện", "P", "2026-09-14", ["A", "B", "C"]),
    ("Các huyện", "P", "2026-06-01", ["A", "B", "C", "D"]),
    ("Các huyện", "Q", "2026-09-14", ["QA"]),
    ("Các phòng của A", "P", "2026-09-14", ["A1", "A2"]),
    ("Body C", "P", "2026-09-14", ["C"]),  # an old name still reaches it
    ("Body C renamed", "P", "2026-09-14", ["C"]),
    ("Body D", "P", "2026-06-30", ["D"]),
    ("Phòng Kinh tế", "A", "2026-09-14", ["A1"]),  # the nearest
    ("Phòng Kinh tế", "B", "2026-09-14", ["B1"]),
    ("Phòng Kinh tế", "AW1", "2026-09-14", ["A1"]),
    ("Phòng Kinh tế", "P", "2026-09-14", []),  # as near as the other
    ("Phòng Kinh tế", None, "2026-09-14", []),
    ("Ministry of Storms", "P", "2026-09-14", []),
    ("", "P", "2026-09-14", []),
]


@pytest.mark.parametrize(("printed", "near", "day", "wanted"), NAMES)
def test_a_name_means_the_units_of_its_day(
    town: Office, printed: str, near: str | None, day: str, wanted: list[str]
) -> None:
    assert units(town, printed, near, day) == wanted


def test_an_ambiguous_name_tells_whom_it_may_mean(town: Office) -> None:
    with town.db.read() as conn:
        named = Directory(conn, date(2026, 9, 14)).find("Phòng Kinh tế", town.units["P"])
    assert named.is_ambiguous
    assert set(named.suggestions) == {"Body A1", "Body B1"}
    assert "Body A1" in unknown([named])


def test_a_misspelt_name_is_answered_with_what_it_may_mean(town: Office) -> None:
    with town.db.read() as conn:
        directory = Directory(conn, date(2026, 9, 14))
        near = directory.find("Bodi AW1", town.units["P"])
        far = directory.find("Ministry of Storms", town.units["P"])
    assert "Body AW1" in near.suggestions
    assert far.suggestions == ()
    assert "did you mean" in unknown([near])
    assert unknown([far]).endswith("“Ministry of Storms”")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân thành phố Vĩnh Lam", "UBND TP. Vĩnh Lam"),
        ("Sở Nông nghiệp và Phát triển nông thôn", "sở nông nghiệp và PTNT"),
        ("Hội đồng nhân dân", "HĐND"),
        ("U\u0309y ban", "Ủy ban"),
    ],
)
def test_spellings_of_one_name_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_unknown_names_are_kept_as_printed_and_told(town: Office) -> None:
    points = (point("1", "Ministry of Storms"), point("2", S))
    made = planned(town, reading(to=[A, "Body AA"], points=points))
    assert [name.printed for name in made.unknown] == ["Body AA", "Ministry of Storms"]
    assert [name.printed for _, name in made.units] == [A, "Body AA"]


# -- identity and corrections --------------------------------------------------------------


def test_all_that_is_missing_is_told_at_once(town: Office) -> None:
    bare = Reading(issuer=found("Body P"))
    with pytest.raises(BadInputError) as told:
        planned(town, bare)
    for name in ("kind", "number", "symbol", "date", "subject"):
        assert f"no {name}" in str(told.value)
        assert f"--set {name}=" in str(told.value)
    corrections = {
        "kind": "công văn",
        "number": "9",
        "symbol": "X",
        "date": "2026-09-14",
        "subject": "y",
    }
    made = planned(town, bare, **corrections)
    assert (made.number, made.symbol, made.dated) == ("9", "X", date(2026, 9, 14))


def test_corrections_go_before_what_was_read(town: Office) -> None:
    made = planned(town, reading(), number="13", issuer="A", subject="Floods")
    assert (made.number, made.subject, made.issuer_id) == ("13", "Floods", town.units["A"])
    assert made.issuer_name == "Body P"  # as printed


BAD: list[tuple[dict[str, Any], dict[str, str], type[Exception], str]] = [
    ({"issuer": None}, {}, BadInputError, "no issuer"),
    ({"issuer": "Ministry of Storms"}, {}, UnknownUnitError, "Ministry of Storms"),
    ({}, {"issuer": "XX"}, UnknownUnitError, "XX"),
    ({}, {"issuer": "D"}, UnknownUnitError, "D on the letter's date"),
    ({}, {"date": "14/09/2026"}, BadInputError, "14/09/2026"),
    ({}, {"date": "2026-02-30"}, BadInputError, "2026-02-30"),
    ({"number": Found("", 0, 0, 0.0)}, {}, BadInputError, "no number"),
]


@pytest.mark.parametrize(("given", "corrections", "error", "said"), BAD)
def test_what_cannot_be_planned_is_told(
    town: Office, given: dict[str, Any], corrections: dict[str, str], error: type, said: str
) -> None:
    with pytest.raises(error, match=said):
        planned(town, reading(**given), **corrections)


def test_the_parent_body_tells_which_of_two_issuers_is_meant(town: Office) -> None:
    made = planned(town, reading("Phòng Kinh tế", parent_body=found("Body B")))
    assert made.issuer_id == town.units["B1"]
    with pytest.raises(UnknownUnitError, match="several"):
        planned(town, reading("Phòng Kinh tế", parent_body=found("Body P")))


# -- citations -----------------------------------------------------------------------------


def test_a_citation_means_the_letter_on_file(town: Office) -> None:
    letter = town.letter("P", owe=["A"], number="77")
    for given in ({}, {"issuer": "Body P"}, {"dated": date(2026, 9, 14)}):
        made = planned(town, reading(A, citations=(cites("77", "UBND-P", **given),)))
        (citation,) = made.citations
        assert citation.on_file is not None
        assert citation.on_file.id == letter


@pytest.mark.parametrize(
    "given",
    [{"issuer": "Body B"}, {"dated": date(2025, 1, 1)}],
    ids=["of another body", "of another day"],
)
def test_a_citation_of_another_letter_is_not_linked(town: Office, given: dict[str, Any]) -> None:
    town.letter("P", owe=["A"], number="77")
    made = planned(town, reading(A, citations=(cites("77", "UBND-P", **given),)))
    assert made.citations[0].on_file is None


def test_a_citation_that_fits_two_letters_is_not_guessed(town: Office) -> None:
    for day in (12, 13):
        town.letter("P", owe=["A"], number="77", dated=date(2026, 9, day))
    made = planned(town, reading(A, citations=(cites("77", "UBND-P"),)))
    assert made.citations[0].on_file is None


def test_the_reader_says_replaces_the_register_supersedes(town: Office) -> None:
    made = planned(town, reading(citations=(cites("1", "X", role="replaces"),)))
    assert made.citations[0].role == "supersedes"
