"""The sample worlds: built on both databases, consistent, and as docs/sample-worlds.md promises."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from cascade import graph
from cascade.acts import Ref
from cascade.sample import world as worlds
from cascade.sample.world import World
from cascade.store import FileStore
from cascade.verify import verify
from models.database import Database
from models.queries import acting, lists, units
from tests.postgres import PostgresServer
from workflows.reference import reference

DOCS = Path(__file__).parents[2] / "docs/sample-worlds.md"


class Built(NamedTuple):
    """A world on a database."""

    name: str
    db: Database
    store: FileStore
    world: World

    def state(self, stem: str, unit: str, no: str = "") -> str:
        """How the step stands that a letter laid on a unit."""
        letter = next(row for name, row in self.world.letters.items() if name.startswith(stem))
        with self.db.read() as conn:
            step = acting.find_step(conn, letter, unit, no)
            assert step is not None, (stem, unit, no)
            row = acting.step(conn, step)
        assert row is not None
        return row.state

    def letter(self, stem: str) -> int:
        """A letter's id by the beginning of its file's name."""
        return next(row for name, row in self.world.letters.items() if name.startswith(stem))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with self.db.read() as conn:
            return [tuple(row) for row in conn.execute(text(query))]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Built]]:
    """Both worlds on one kind of database."""
    found: dict[str, Built] = {}
    for name in worlds.NAMES:
        folder = tmp_path_factory.mktemp(name)
        url = f"sqlite:///{folder / 'cascade.db'}"
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            made = f"t_{uuid.uuid4().hex}"
            server.create(made, template="template_cascade")
            url = server.url(made)
        db, store = Database(url), FileStore(folder / "files")
        found[name] = Built(name, db, store, worlds.build(db, store, name))
    yield found
    for one in found.values():
        one.db.dispose()


@pytest.fixture
def three(built: dict[str, Built]) -> Built:
    """Lam Giang Province, storm season 2024."""
    return built["three_levels"]


@pytest.fixture
def two(built: dict[str, Built]) -> Built:
    """Vân Hà Province, vaccination 2025."""
    return built["two_levels"]


OVERDUE = {
    "three_levels": [
        (16, "LG-TL-TT-BT", "05", "1", "open"),
        (15, "LG-SYT", "01", "5.a", "returned"),
        (14, "LG-TL-TS", "03", "", "acknowledged"),
        (12, "LG-TL-TYT", "03", "4", "open"),
        (11, "LG-AT-AP-HA", "12", "1", "in_progress"),
        (11, "TU-VL-VP", "07", "", "drafting"),
        (10, "LG-AT-AH", "06", "", "sent"),
        (9, "LG-VL-CM", "04", "", "sent"),
        (9, "TU-TL-TT", "09", "", "acknowledged"),
        (8, "LG-AT-PNN", "06", "1", "in_progress"),
        (7, "LG-HK-HS", "08", "", "sent"),
        (7, "LG-HK-KT", "08", "", "sent"),
        (7, "LG-VL-QLD", "04", "3.b", "in_progress"),
        (7, "TU-DK", "02", "", "acknowledged"),
        (5, "LG-DK", "01", "", "drafting"),
        (5, "LG-TN", "01", "", "sent"),
        (4, "LG-HK-TYT", "08", "3", "in_progress"),
        (4, "LG-STT", "01", "5.c", "declined"),
    ],
    "two_levels": [
        (21, "VH-TS-BT", "02", "3", "open"),
        (8, "VH-TLI-YT", "04", "1", "returned"),
        (3, "VH-PV", "01", "", "acknowledged"),
        (2, "VH-TLI-TH", "04", "3", "in_progress"),
    ],
}


@pytest.mark.parametrize("name", worlds.NAMES)
def test_a_world_is_consistent_files_and_all(built: dict[str, Built], name: str) -> None:
    one = built[name]
    with one.db.read() as conn:
        assert verify(conn, one.store) == []


@pytest.mark.parametrize("name", worlds.NAMES)
def test_what_is_overdue_for_how_long_and_whose_move_it_is(
    built: dict[str, Built], name: str
) -> None:
    one = built[name]
    stems = {row: stem[:2] for stem, row in one.world.letters.items()}
    with one.db.read() as conn:
        rows = lists.overdue(conn, one.world.day, limit=100)
    told = [
        ((one.world.day - r.due).days, r.unit_code, stems[r.letter_id], r.point, r.state)
        for r in rows
    ]
    assert sorted(told, key=lambda row: (-row[0], row[1])) == OVERDUE[name]
    # A declined step waits for its issuer; every other is the unit's own move.
    assert [r.unit_code for r in rows if r.turn == "issuer"] == (
        ["LG-STT"] if name == "three_levels" else []
    )


@pytest.mark.parametrize(
    ("name", "heading"), [("three_levels", "## Three"), ("two_levels", "## Two")]
)
def test_the_page_lists_the_same_days(name: str, heading: str) -> None:
    section = DOCS.read_text(encoding="utf-8").split(heading)[1].split("\n## ")[0]
    table = section.split("| days | unit |")[1].split("\n\n")[0].splitlines()[2:]
    told = Counter(int(line.split("|")[1]) for line in table)
    days = Counter(days for days, *_ in OVERDUE[name])
    assert set(told) == set(days)
    # A line may name two units.
    assert all(told[day] <= days[day] for day in days)


def test_who_has_not_answered(three: Built, two: Built) -> None:
    for one, missing, owed in ((three, {"LG-DK", "LG-TN"}, 6), (two, {"VH-PV"}, 4)):
        with one.db.read() as conn:
            cascade = graph.down(conn, one.world.top, one.world.day)
        own = [s for s in cascade.steps.values() if s.letter_id == one.world.top]
        assert {s.unit_code for s in cascade.missing() if s in own} == missing
        assert sum(s.kind == "obligation" for s in own) == owed


def test_counts_below_the_directives(three: Built, two: Built) -> None:
    told = []
    for one in (three, two):
        with one.db.read() as conn:
            cascade = graph.down(conn, one.world.top, one.world.day)
        told.append(tuple(cascade.below(("letter", one.world.top))))
    assert told == [(45, 16, 15), (18, 8, 4)]


def test_one_letter_answers_two_directives(three: Built) -> None:
    both = three.letter("04")
    with three.db.read() as conn:
        found = graph.up(conn, Ref("letter", both), three.world.day)
    assert set(found.tops) == {("letter", three.letter("01")), ("letter", three.letter("02"))}
    assert three.state("01", "LG-VL") == three.state("02", "LG-VL") == "answered"


def test_a_finished_letter_fulfils_what_it_answers(three: Built, two: Built) -> None:
    states = dict(three.ask("SELECT id, state FROM letter"))
    assert states[three.letter("10")] == "fulfilled"
    assert three.state("04", "LG-VL-BD") == "fulfilled"
    assert states[three.letter("04")] == "issued"
    states = dict(two.ask("SELECT id, state FROM letter"))
    assert states[two.letter("03")] == "fulfilled"
    assert two.state("01", "VH-PHL") == "accepted"


def test_what_was_returned_declined_and_sent_back_and_forth(three: Built, two: Built) -> None:
    assert three.state("01", "LG-SYT", "5.a") == "returned"
    assert three.state("01", "LG-STT", "5.c") == "declined"
    assert three.state("06", "LG-AT-AH") == "sent"  # refused, then upheld
    assert three.state("04", "LG-VL-QLD", "3.b") == "in_progress"  # a report withdrawn
    assert two.state("04", "VH-TLI-YT", "1") == "returned"
    told = three.ask("SELECT trigger, count(*) FROM event GROUP BY trigger")
    counts = {str(trigger): count for trigger, count in told}
    wanted = ("refuse", "uphold", "decline", "withdraw_report", "return", "return_nil")
    assert [counts[trigger] for trigger in wanted] == [1, 1, 1, 1, 2, 3]


def test_extensions_granted_and_asked(three: Built, two: Built) -> None:
    query = "SELECT state, due_before, until FROM extension ORDER BY id"
    assert [tuple(map(str, row)) for row in three.ask(query)] == [
        ("granted", "2024-09-30", "2024-10-15"),
        ("asked", "2024-10-20", "2024-10-25"),
    ]
    assert [tuple(map(str, row)) for row in two.ask(query)] == [
        ("granted", "2025-09-25", "2025-10-07"),
        ("asked", "2025-10-08", "2025-10-15"),
    ]
    with three.db.read() as conn:
        step = acting.find_step(conn, three.world.top, "LG-SGT", "4")
        assert step is not None
        row = acting.step(conn, step)
    assert row is not None
    assert (str(row.original_due), str(row.due)) == ("2024-09-30", "2024-10-15")


def test_what_waits_for_the_issuer(three: Built, two: Built) -> None:
    query = (
        "SELECT unit.code FROM step JOIN unit ON unit.id = step.unit_id "
        "WHERE step.state IN ('reported', 'nil_returned') ORDER BY unit.code"
    )
    assert [row[0] for row in three.ask(query)] == sorted(
        ["LG-TL-BCH", "LG-TL-TT-QS", "LG-AT-KTH", "TU-VL-BD-C2", "LG-VL-VP"]
    )
    assert [row[0] for row in two.ask(query)] == ["VH-SGD", "VH-TS-YT"]


def test_letters_of_both_forms_and_stubs_for_what_is_not_on_file(three: Built, two: Built) -> None:
    assert len(three.world.letters) + len(two.world.letters) >= 14
    forms = Counter(row[0] for row in three.ask("SELECT form FROM letter"))
    assert forms["state"] >= 7
    assert forms["party"] >= 5
    for one in (three, two):
        assert len(one.ask("SELECT id FROM letter WHERE state = 'cited'")) == 1


def test_nobody_acts_but_people_with_a_post_on_the_day(three: Built, two: Built) -> None:
    query = (
        "SELECT event.seq FROM event WHERE role <> 'itself' AND NOT EXISTS (SELECT 1 FROM "
        "appointment WHERE appointment.user_id = event.actor_id AND appointment.unit_id = "
        "event.unit_id AND appointment.role = event.role)"
    )
    for one in (three, two):
        assert one.ask(query) == []


# Each letter by its reference, with the steps it laid and all that lies below it.
LETTERS = {
    "three_levels": [
        ("3158/UBND-NN", "state", 12, (45, 16, 15)),
        ("512-CV/TU", "party", 5, (22, 8, 5)),
        ("03/CĐ-UBND", "state", 6, (9, 3, 3)),
        ("1845/UBND-KT", "state", 7, (11, 6, 2)),
        ("41/UBND", "state", 3, (3, 1, 1)),
        ("987/UBND-NN", "state", 4, (8, 3, 3)),
        ("318-CV/ThU", "party", 2, (4, 1, 1)),
        ("214/KH-UBND", "state", 5, (5, 2, 3)),
        ("205-CV/HU", "party", 2, (2, 1, 1)),
        ("92/UBND", "state", 4, (4, 4, 0)),
        ("47-CV/ĐU", "party", 2, (2, 1, 0)),
        ("56/UBND-NN", "state", 4, (4, 3, 1)),
        ("640-CV/VPTU", "party", 1, (1, 0, 0)),
    ],
    "two_levels": [
        ("2207/UBND-VX", "state", 8, (18, 8, 4)),
        ("115/UBND-VHXH", "state", 4, (4, 2, 1)),
        ("22/KH-UBND", "state", 3, (3, 3, 0)),
        ("64/UBND-VHXH", "state", 3, (3, 1, 2)),
        ("2561/UBND-VX", "state", 1, (1, 0, 0)),
    ],
}


@pytest.mark.parametrize("name", worlds.NAMES)
def test_all_eighteen_letters_and_what_lies_below_each(built: dict[str, Built], name: str) -> None:
    one, told = built[name], []
    forms = dict(one.ask("SELECT id, form FROM letter"))
    for letter in one.world.letters.values():
        with one.db.read() as conn:
            found = graph.down(conn, letter, one.world.day)
        row = found.letters[letter]
        laid = len([step for step in found.steps.values() if step.letter_id == letter])
        below = tuple(found.below(("letter", letter)))
        told.append((reference(row.number, row.symbol), forms[letter], laid, below))
    assert told == LETTERS[name]


@pytest.mark.parametrize(
    ("unit", "number", "point", "told"),
    [
        ("LG-SYT", "3158", "5.a", "lay, start, report, return"),
        ("LG-STT", "3158", "5.c", "lay, decline"),
        ("LG-SGT", "3158", "4", "lay, start, ask_extension, grant_extension"),
        ("LG-AT-AH", "987", "", "lay, refuse, uphold"),
        ("LG-VL-QLD", "1845", "3.b", "lay, report, withdraw_report"),
        ("LG-VL-BD-T2", "92", "1", "lay, report, return, report, accept"),
        ("LG-VL-BD", "1845", "", "lay, acknowledge, draft, answer, fulfil"),
        ("LG-TL-TR", "03", "", "lay, return_nil, accept"),
    ],
)
def test_the_way_a_step_came_to_stand_so(
    three: Built, unit: str, number: str, point: str, told: str
) -> None:
    rows = three.ask(
        "SELECT event.trigger FROM event JOIN step ON step.id = event.step_id "
        "JOIN unit ON unit.id = step.unit_id JOIN letter ON letter.id = step.letter_id "
        f"LEFT JOIN point ON point.id = step.point_id WHERE unit.code = '{unit}' "
        f"AND letter.number = '{number}' AND coalesce(point.no, '') = '{point}' ORDER BY seq"
    )
    assert ", ".join(str(row[0]) for row in rows) == told


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("VH-TLI", "UBND xã Hà Tiến", "UBND xã Tiến Lĩnh"),
        ("VH-TTVT", "Trung tâm Y tế huyện", "Trung tâm Y tế khu vực Vân Thượng"),
        ("VH-TLI-TH", "Trường Tiểu học Hà Tiến", "Trường Tiểu học Tiến Lĩnh"),
        ("VH-VT", "UBND huyện Vân Thượng", None),
        ("VH-VT-VS", "UBND xã Vân Sơn", None),
        ("VH-TS", None, "UBND xã Thượng Sơn"),
        ("VH-PHL", None, "UBND phường Hà Lĩnh"),
    ],
)
def test_units_renamed_merged_and_ended_on_1_july_2025(
    two: Built, code: str, before: str | None, after: str | None
) -> None:
    with two.db.read() as conn:
        days = [units.all_on(conn, day) for day in (date(2025, 6, 30), date(2025, 7, 1))]
    names = [{row.code: row.short_name for row in rows}.get(code) for rows in days]
    assert names == [before, after]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("VH-TS", [("merge", "successor", "VH-VT-VS"), ("merge", "successor", "VH-VT-VY")]),
        ("VH-VT-VS", [("merge", "predecessor", "VH-TS")]),
        ("VH-HL", [("dissolve", "predecessor", None)]),
    ],
)
def test_what_became_of_a_unit(
    two: Built, code: str, told: list[tuple[str, str, str | None]]
) -> None:
    with two.db.read() as conn:
        unit = units.by_code(conn, code)
        assert unit is not None
        changes = units.changes_of(conn, unit)
    assert [(change.kind, change.side, change.other) for change in changes] == told
