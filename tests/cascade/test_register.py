"""Registering: a draft with all it says, stubs for what it cites, nothing half-saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cascade import plan as planning
from cascade import register
from cascade.acts import StoredFile
from cascade.errors import CascadeError, CycleError, DuplicateLetterError, MoveRefusedError
from cascade.intake.reading import Reading
from cascade.store import FileStore
from cascade.verify import verify
from models.tables import metadata
from tests.cascade.readings import DUE, cites, found, point, reading
from tests.worlds import Office

COUNTS = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table}" for table in sorted(metadata.tables)
)


def everything(office: Office) -> list[tuple[object, ...]]:
    """How many rows every table has."""
    with office.db.read() as conn:
        return sorted(tuple(row) for row in conn.execute(text(COUNTS)))


def enter(
    office: Office,
    read: Reading,
    login: str = "p.reg",
    file: StoredFile | None = None,
    **corrections: str,
) -> int:
    """A reading planned and registered."""
    with office.db.read() as conn:
        made = planning.plan(conn, read, corrections, "letter.txt")
    return register.enter(
        office.db, made, office.who(login), office.moment, text="The letter.", file=file
    )


def rows(office: Office, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with office.db.read() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


def test_a_draft_keeps_all_that_the_letter_says(office: Office) -> None:
    points = (point("1", "Body S", helping=["Body S2"], due=DUE), point("2", is_duty=False))
    letter = enter(
        office,
        reading(
            to=["Body A", "Body S"],
            distribution=(found("Body B"), found("Ministry of Storms")),
            points=points,
            urgency=found("khẩn"),
            signer=found("Nguyễn Văn A"),
        ),
    )
    unit = office.units
    assert rows(office, "SELECT state, number, kind, urgency, signer, text FROM letter") == [
        ("draft", "12", "công văn", "khẩn", "Nguyễn Văn A", "The letter.")
    ]
    assert rows(office, "SELECT role, as_printed, unit_id FROM letter_unit ORDER BY id") == [
        ("act", "Body A", unit["A"]),
        ("act", "Body S", unit["S"]),
        ("know", "Body B", unit["B"]),
        ("know", "Ministry of Storms", None),
    ]
    told = rows(office, "SELECT position, no, due_text FROM point ORDER BY position")
    assert told == [(0, "1", "within the month"), (1, "2", None)]
    assert sorted(rows(office, "SELECT unit_id, role FROM point_unit")) == sorted(
        [(unit["S"], "lead"), (unit["S2"], "coordinate")]
    )
    duties = rows(office, "SELECT unit_id, kind, point_id IS NULL FROM duty ORDER BY id")
    assert [(u, kind, bool(whole)) for u, kind, whole in duties] == [
        (unit["A"], "obligation", True),
        (unit["S"], "task", False),
    ]
    assert office.count("step") == 0, "nothing becomes a duty before the letter is issued"
    assert rows(office, "SELECT trigger, role, letter_id FROM event") == [
        ("register", "registrar", letter)
    ]


def test_what_is_not_on_file_becomes_a_stub_and_then_the_letter(office: Office) -> None:
    cited = cites("77", "UBND-P", dated=date(2026, 9, 14), issuer="Body P")
    child = enter(office, reading("Body A", citations=(cited,)), "a.reg")
    (stub,) = rows(office, "SELECT id, state, issuer_id, form FROM letter WHERE state = 'cited'")
    assert stub[1:] == ("cited", office.units["P"], "unknown")
    # Another citation of the same letter finds the stub.
    enter(office, reading("Body B", citations=(cited,)), "b.reg")
    assert len(rows(office, "SELECT id FROM letter WHERE state = 'cited'")) == 1

    real = enter(office, reading(to=["Body A"]), number="77")
    assert real == stub[0]
    assert rows(office, "SELECT citing_id, cited_id FROM citation ORDER BY id")[0] == (child, real)
    told = rows(office, f"SELECT trigger, source, target FROM event WHERE letter_id = {real}")
    assert told == [("cite", None, "cited"), ("register", "cited", "draft")]
    assert office.letter_state(real) == "draft"
    assert consistent(office)


def test_a_letter_cited_twice_in_one_text_is_one_stub(office: Office) -> None:
    dated = date(2026, 9, 1)
    both = tuple(
        cites("77", "UBND-P", dated=dated, issuer="Body P", role=role)
        for role in ("implements", "basis")
    )
    enter(office, reading("Body A", citations=both), "a.reg")
    assert len(rows(office, "SELECT id FROM letter WHERE state = 'cited'")) == 1
    assert rows(office, "SELECT role FROM citation ORDER BY id") == [("implements",), ("basis",)]
    assert consistent(office)


def test_only_the_implementing_citation_makes_a_line_of_descent(office: Office) -> None:
    cited = tuple(
        cites(str(number), "X", role=role)
        for number, role in enumerate(("implements", "basis", "reminds", "mentions", "amends"))
    )
    letter = enter(office, reading("Body A", citations=cited), "a.reg")
    above = rows(office, f"SELECT above_id FROM letter_line WHERE below_id = {letter}")
    assert len(above) == 2
    assert len(rows(office, "SELECT id FROM citation")) == 5


def test_a_stub_that_may_be_another_letter_is_left_alone(office: Office) -> None:
    cited = cites("77", "UBND-P", dated=date(2025, 1, 1), issuer="Body P")
    enter(office, reading("Body A", citations=(cited,)), "a.reg")
    real = enter(office, reading(), number="77")
    assert office.letter_state(real) == "draft"
    assert len(rows(office, "SELECT id FROM letter WHERE state = 'cited'")) == 1


def test_a_letter_that_names_itself_is_not_linked_to_itself(office: Office) -> None:
    itself = cites("12", "UBND-P", dated=date(2026, 9, 14), issuer="Body P", role="mentions")
    letter = enter(office, reading(citations=(itself,)))
    again = enter(office, reading("Body A", citations=(itself,)), "a.reg")
    assert (letter, letter) not in rows(office, "SELECT citing_id, cited_id FROM citation")
    assert office.letter_state(again) == "draft"


def test_the_same_number_of_another_day_or_body_is_another_letter(office: Office) -> None:
    first = enter(office, reading())
    assert enter(office, reading(), date="2026-09-13") != first
    assert enter(office, reading("Body A"), "a.reg") != first
    assert enter(office, reading(), kind="kế hoạch") != first


def _twice(office: Office) -> None:
    enter(office, reading())
    enter(office, reading(to=["Body A"]))


def _circle(office: Office) -> None:
    cited = cites("77", "UBND-P", dated=date(2026, 9, 14), issuer="Body P")
    enter(office, reading("Body A", citations=(cited,)), "a.reg")
    back = cites("12", "UBND-P", dated=date(2026, 9, 14), issuer="Body A")
    enter(office, reading(citations=(back, cites("5", "NEW"))), number="77")


def _of_itself(office: Office) -> None:
    cited = cites("77", "UBND-P", dated=date(2026, 9, 14), issuer="Body P")
    enter(office, reading("Body A", citations=(cited,)), "a.reg")
    enter(office, reading(citations=(cites("5", "NEW"), cited)), number="77")


ERRORS: dict[str, tuple[Callable[[Office], None], type[CascadeError]]] = {
    "it is on file": (_twice, DuplicateLetterError),
    "it would close a circle": (_circle, CycleError),
    "it would implement itself": (_of_itself, CycleError),
    "by staff without a post in the registry": (
        lambda office: void(enter(office, reading(), "p.staff")),
        MoveRefusedError,
    ),
    "by another body's registrar": (
        lambda office: void(enter(office, reading(), "a.reg")),
        MoveRefusedError,
    ),
}


def void(_: object) -> None:
    """Nothing of interest."""


@pytest.mark.parametrize(("wrong", "error"), ERRORS.values(), ids=ERRORS)
def test_a_letter_that_cannot_be_registered_leaves_nothing(
    office: Office, wrong: Callable[[Office], None], error: type[CascadeError]
) -> None:
    seen: list[list[tuple[object, ...]]] = []
    run = office.db.run

    def watched(work: Any) -> Any:
        seen.append(everything(office))
        return run(work)

    office.db.run = watched  # type: ignore[method-assign]
    with pytest.raises(error):
        wrong(office)
    office.db.run = run  # type: ignore[method-assign]
    assert everything(office) == seen[-1]
    assert consistent(office)


def test_a_duplicate_names_the_letter_on_file(office: Office) -> None:
    letter = enter(office, reading())
    with pytest.raises(DuplicateLetterError) as told:
        enter(office, reading())
    assert told.value.letter_id == letter
    assert "công văn 12/UBND-P (14/09/2026)" in str(told.value)


def test_the_file_takes_its_place_with_the_letter_or_goes(office: Office, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    scan = tmp_path / "scan.txt"
    scan.write_text("The letter.", encoding="utf-8")
    with pytest.raises(MoveRefusedError), store.staging([scan]) as (file,):
        enter(office, reading(), "p.staff", file)
    assert [p for p in store.folder.rglob("*") if p.is_file()] == []
    with store.staging([scan]) as (file,):
        enter(office, reading(), file=file)
    assert store.is_whole(file.sha256)
    assert rows(office, "SELECT file_name, file_sha256 FROM letter") == [("scan.txt", file.sha256)]
