"""Letters cited before they came: one stub a letter, all of them replaced when it comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from cascade import plan as planning
from cascade import register, stubs
from cascade.matching import AmbiguousCitationError
from cascade.plan import Choices, Plan
from cascade.verify import verify
from models import answers, journal
from models.journal import Stamp
from tests.cascade.readings import cites, reading
from tests.worlds import TODAY, Office

DAY, OTHER_DAY = date(2026, 9, 14), date(2025, 9, 14)
STUBS = "SELECT id, issuer_id, dated, form FROM letter WHERE state = 'cited' ORDER BY id"


def plan(office: Office, read: Any, choices: Choices | None = None, **fields: str) -> Plan:
    """A letter as it would be confirmed."""
    with office.db.read() as conn:
        return planning.plan(conn, read, fields, "letter.txt", choices)


def citing(office: Office, issuer: str, cited: Any, picks: Mapping[str, int | None] = {}) -> Plan:
    """A letter of a body that cites another."""
    read = reading(f"Body {issuer}", citations=(cited,))
    return plan(office, read, Choices(cites=picks), symbol=f"UBND-{issuer}")


def enter(office: Office, made: Plan, issuer: str) -> int:
    """A planned letter registered."""
    who = office.who(f"{issuer.lower()}.reg")
    return register.enter(office.db, made, who, office.moment, text="The letter.")


def stub(office: Office, issuer: str | None, dated: date | None, by: str, **more: Any) -> int:
    """A stub as it may stand in a register, cited (implements) by an issued letter of `by`."""
    letter = office.letter(by)
    stamp = Stamp(office.moment.at, office.who("p.reg").id, "registrar", office.units["P"])
    values = {
        "issuer_id": office.units[issuer] if issuer else None,
        "issuer_name": f"Body {issuer}" if issuer else "",
        "kind": "công văn",
        "number": "77",
        "symbol": "UBND-P",
        "dated": dated,
        "subject": "",
        "form": "unknown",
        "state": "cited",
    }
    with office.db.write() as conn:
        made = journal.enter_letter(conn, {**values, **more}, stamp)
        cite(conn, letter, made)
        answers.implement(conn, made, letter)
    return made


def cite(conn: Any, letter: int, cited: int) -> None:
    """A citation, as registering a letter records it."""
    answers.cite(
        conn,
        {
            "citing_id": letter,
            "cited_id": cited,
            "role": "implements",
            "verb": None,
            "as_printed": "77/UBND-P",
            "span_start": 0,
            "span_end": 1,
        },
    )


def rows(office: Office, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with office.db.read() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


def the_letter(office: Office, chosen: frozenset[int] | None = None) -> Plan:
    """The letter 77/UBND-P itself, which lays an answer on A and on B."""
    read = reading(to=["Body A", "Body B"])
    return plan(office, read, Choices(stubs=chosen), number="77")


# -- one stub a letter ---------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_letters_read_before_either_is_registered_share_one_stub(
    office: Office, order: tuple[int, ...]
) -> None:
    told = (
        ("A", cites("77", "UBND-P", issuer="Body P")),
        ("B", cites("77", "UBND-P", dated=DAY)),
        ("C", cites("077", "UBND-P", dated=DAY, issuer="Body P")),
    )
    planned = [(issuer, citing(office, issuer, cited)) for issuer, cited in told]
    for at in order:
        enter(office, planned[at][1], planned[at][0])
    ((_, issuer, dated, _),) = rows(office, STUBS)
    assert (issuer, str(dated)) == (office.units["P"], str(DAY))
    assert len(rows(office, "SELECT id FROM citation")) == 3
    assert consistent(office)


def test_a_stub_that_learns_it_is_another_joins_it(office: Office) -> None:
    undated = stub(office, "P", None, "A")
    dated = stub(office, "P", DAY, "B", subject="Storms")
    enter(office, citing(office, "C", cites("77", "UBND-P", issuer="Body P")), "C")
    ((left, *_),) = rows(office, STUBS)
    assert left == dated
    assert rows(office, f"SELECT state, superseded_by_id FROM letter WHERE id = {undated}") == [
        ("superseded", dated)
    ]
    assert {row[0] for row in rows(office, "SELECT cited_id FROM citation")} == {dated}
    assert len(rows(office, "SELECT id FROM citation")) == 3
    assert consistent(office)


def test_stubs_of_several_days_or_bodies_stay_apart(office: Office) -> None:
    for issuer, dated, by in (("P", DAY, "A"), ("P", OTHER_DAY, "B"), ("Q", None, "C")):
        stub(office, issuer, dated, by)
    stub(office, "P", None, "A")
    before = rows(office, STUBS)
    enter(office, citing(office, "AW", cites("77", "UBND-P", dated=DAY, issuer="Body P")), "AW")
    assert rows(office, STUBS) == before
    assert consistent(office)


def test_what_a_person_told_apart_is_not_joined(office: Office) -> None:
    first = stub(office, "P", DAY, "A")
    cited = cites("77", "UBND-P", issuer="Body P")
    enter(office, citing(office, "B", cited, {"77/ubnd-p": None}), "B")
    enter(office, citing(office, "C", cites("77", "UBND-P", dated=DAY, issuer="Body P")), "C")
    assert [(row[0] == first, row[3]) for row in rows(office, STUBS)] == [
        (True, "unknown"),
        (False, stubs.APART),
    ]
    assert enter(office, the_letter(office), "P") == first
    ((_, _, _, form),) = rows(office, STUBS)
    assert form == stubs.APART
    assert consistent(office)


def test_a_citation_that_has_come_to_fit_several_letters_is_offered(office: Office) -> None:
    planned = citing(office, "C", cites("77", "UBND-P", issuer="Body P"))
    stub(office, "P", DAY, "A")
    stub(office, "P", OTHER_DAY, "B")
    with pytest.raises(AmbiguousCitationError, match="fit several letters"):
        enter(office, planned, "C")
    assert consistent(office)


# -- the letter comes ----------------------------------------------------------------------


def test_the_letter_replaces_every_stub_of_it_and_all_that_cites_them_is_kept(
    office: Office,
) -> None:
    first = stub(office, "P", None, "A")
    second = stub(office, "P", DAY, "B", kind="văn bản")
    third = stub(office, None, DAY, "C")
    real = enter(office, the_letter(office), "P")
    assert real == second, "the one that knows most of it"
    assert rows(office, STUBS) == []
    cited = rows(office, "SELECT citing_id, cited_id FROM citation ORDER BY id")
    assert [to for _, to in cited] == [real] * 3
    below = rows(office, f"SELECT below_id FROM letter_line WHERE above_id = {real}")
    assert {row[0] for row in below} == {real, *(by for by, _ in cited)}
    told = rows(office, f"SELECT trigger, source, target FROM event WHERE letter_id = {first}")
    assert told == [("cite", None, "cited"), ("supersede", "cited", "superseded")]
    gone = f"SELECT superseded_by_id FROM letter WHERE id IN ({first}, {third})"
    assert rows(office, gone) == [(real,), (real,)]
    assert consistent(office)
    # What was registered before it came answers it as soon as it is issued.
    issued = office.issue(real)
    assert (issued.steps, issued.answered) == (2, 2)
    assert consistent(office)


def test_a_letter_that_cites_two_stubs_of_one_letter_cites_it_once(office: Office) -> None:
    first, second = stub(office, "P", None, "A"), stub(office, "P", DAY, "B")
    ((by,),) = rows(office, f"SELECT citing_id FROM citation WHERE cited_id = {first}")
    with office.db.write() as conn:
        cite(conn, by, second)
        answers.implement(conn, second, by)
    real = enter(office, the_letter(office), "P")
    cited = rows(office, "SELECT citing_id, cited_id FROM citation")
    assert len(cited) == 2
    assert {to for _, to in cited} == {real}
    assert consistent(office)


def test_a_stub_that_may_be_another_letter_is_offered_and_left_until_chosen(
    office: Office,
) -> None:
    undated, other = stub(office, "P", None, "A"), stub(office, "P", OTHER_DAY, "B")
    made = the_letter(office)
    assert [row.id for row in made.doubtful] == [undated]
    real = enter(office, made, "P")
    assert real not in (undated, other)
    assert [row[0] for row in rows(office, STUBS)] == [undated, other]
    assert consistent(office)


@pytest.mark.parametrize("is_it", [True, False])
def test_the_choice_of_a_person_is_taken(office: Office, is_it: bool) -> None:
    undated, other = stub(office, "P", None, "A"), stub(office, "P", OTHER_DAY, "B")
    made = the_letter(office, frozenset([undated] if is_it else []))
    assert made.doubtful == ()
    assert (enter(office, made, "P") == undated) is is_it
    assert other in [row[0] for row in rows(office, STUBS)]
    assert consistent(office)


def test_undated_stubs_of_other_bodies_are_left(office: Office) -> None:
    ours, theirs = stub(office, "P", None, "A"), stub(office, "Q", None, "B")
    assert enter(office, the_letter(office), "P") == ours
    assert [row[0] for row in rows(office, STUBS)] == [theirs]


def test_a_stub_cited_before_the_letter_was_written_does_not_follow_another(
    office: Office,
) -> None:
    undated = stub(office, "P", None, "A")  # cited by a letter of the day before
    dated = stub(office, "P", TODAY, "B")
    made = plan(office, reading(to=["Body A"]), number="77", date=TODAY.isoformat())
    assert made.doubtful == ()
    assert enter(office, made, "P") == dated
    assert [row[0] for row in rows(office, STUBS)] == [undated]
