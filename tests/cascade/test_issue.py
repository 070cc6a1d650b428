"""Issuing: duties become steps, all letters or none, every refusal told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from cascade.errors import CascadeError, CycleError, MoveRefusedError, NotFoundError
from cascade.issue import IssueRefusedError
from cascade.verify import verify
from models.database import Database
from models.tables import metadata
from tests.worlds import TODAY, Office
from workflows.refusals import Refusal, TransitionRefused

COUNTS = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table}" for table in sorted(metadata.tables)
)


def everything(office: Office) -> list[tuple[object, ...]]:
    """How many rows every table has, and how every letter stands."""
    with office.db.read() as conn:
        rows = [tuple(row) for row in conn.execute(text(COUNTS))]
        letters = conn.execute(text("SELECT id, state, version, open_steps FROM letter"))
        return sorted(rows) + sorted(tuple(row) for row in letters)


def codes(refused: MoveRefusedError) -> list[str]:
    """The codes of a refusal."""
    return [refusal.code for refusal in refused.refused.refusals]


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The statements sent inside the block."""
    sent: list[str] = []

    def listen(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


def test_duties_become_steps_with_coordinators_events_and_a_count(office: Office) -> None:
    due = TODAY + timedelta(days=9)
    letter = office.draft(
        "P", owe=["A", "B"], tasks=[("1", "S"), ("2", "S2")], due=due, with_units={"1": ["S2", "S"]}
    )
    assert (office.count("step"), office.count("duty")) == (0, 4)
    issued = office.issue(letter)
    assert issued == (1, 4, 0)
    with office.db.read() as conn:
        steps = conn.execute(
            text(
                "SELECT unit_id, kind, state, turn, version, open_children, issuer_id, parent_id, "
                "previous_id, reporter_id FROM step ORDER BY id"
            )
        ).all()
        days = conn.execute(text("SELECT DISTINCT laid_on, due, original_due FROM step")).one()
        helping = conn.execute(text("SELECT step_id, unit_id FROM step_unit")).all()
        events = conn.execute(
            text(
                "SELECT trigger, source, target, role, unit_id, actor_id FROM event "
                "WHERE seq > 1 ORDER BY seq"
            )
        ).all()
        counted = conn.execute(text("SELECT open_steps FROM letter")).scalar_one()
    unit = office.units
    made = {"A": "obligation", "B": "obligation", "S": "task", "S2": "task"}
    begun = {"obligation": ("sent", "lead"), "task": ("open", "lead")}
    assert [tuple(step) for step in steps] == [
        (unit[code], kind, *begun[kind], 1, 0, unit["P"], None, None, None)
        for code, kind in made.items()
    ]
    assert [str(day) for day in days] == [str(TODAY), str(due), str(due)]
    # A lead does not coordinate with itself.
    assert [tuple(row) for row in helping] == [(office.step(letter, "S", "1"), unit["S2"])]
    who = (office.who("p.sec").id,)
    first = ("issue", "draft", "issued", "secretariat", unit["P"])
    laid = [("lay", None, step[2], "secretariat", unit["P"]) for step in steps]
    assert [tuple(event) for event in events] == [(*row, *who) for row in (first, *laid)]
    assert counted == 4


def test_several_letters_answer_several_obligations(office: Office) -> None:
    directive = office.letter("P", owe=["A", "B", "C"])
    answers = [
        office.draft(unit, implements=[directive], login="a.reg" if unit == "A" else None)
        for unit in ("A", "B")
    ]
    with pytest.raises(MoveRefusedError):
        office.issue(*answers)  # nobody issues for two districts
    for answer, unit in zip(answers, ("A", "B"), strict=True):
        assert office.issue(answer).answered == 1
        assert office.state(office.step(directive, unit)) == "answered"
    assert office.state(office.step(directive, "C")) == "sent"


def test_a_second_letter_answers_nothing_by_itself(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    assert office.issue(office.draft("A", implements=[directive])).answered == 1
    assert office.issue(office.draft("A", implements=[directive])).answered == 0


REFUSED: dict[str, tuple[Callable[[Office], int], str, str]] = {
    "by the staff of the issuer": (lambda o: o.draft("P", owe=["A"]), "p.staff", "wrong_role"),
    "by another body": (lambda o: o.draft("P", owe=["A"]), "a.sec", "wrong_role"),
    "twice": (lambda o: o.letter("P", owe=["A"]), "p.sec", "not_from_here"),
    "with a due date before its own": (
        lambda o: o.draft("P", owe=["A"], due=TODAY - timedelta(days=5)),
        "p.sec",
        "due_before_issue",
    ),
    "before its date": (
        lambda o: o.draft("P", owe=["A"], dated=TODAY + timedelta(days=1)),
        "p.sec",
        "date_in_future",
    ),
}


@pytest.mark.parametrize(("make", "login", "code"), REFUSED.values(), ids=REFUSED)
def test_a_letter_is_not_issued(
    office: Office, make: Callable[[Office], int], login: str, code: str
) -> None:
    letter = make(office)
    before = everything(office)
    with pytest.raises(MoveRefusedError) as refused:
        office.issue(letter, login=login)
    assert codes(refused.value) == [code]
    assert everything(office) == before


def test_every_obstacle_of_every_letter_is_told_and_none_is_issued(office: Office) -> None:
    fine = office.draft("P", owe=["A"])
    future = office.draft(
        "P", owe=["A"], dated=TODAY + timedelta(days=2), due=TODAY + timedelta(days=1)
    )
    done = office.letter("P", owe=["B"])
    before = everything(office)
    with pytest.raises(IssueRefusedError) as refused:
        office.issue(fine, future, done)
    assert [codes(each) for each in refused.value.each] == [
        ["date_in_future", "due_before_issue"],
        ["not_from_here"],
    ]
    assert f"letter {future}" in str(refused.value)
    assert f"letter {done}" in str(refused.value)
    assert everything(office) == before


def test_a_letter_that_is_not_there_stops_all(office: Office) -> None:
    letter = office.draft("P", owe=["A"])
    with pytest.raises(NotFoundError, match="4711"):
        office.issue(letter, 4711)
    assert office.letter_state(letter) == "draft"


def test_a_letter_that_would_implement_its_own_descendant_is_named_with_its_path(
    office: Office,
) -> None:
    above = office.letter("P", owe=["A"])
    below = office.letter("A", implements=[above], owe=["AW"])
    late = office.draft("P", owe=["B"], implements=[below])
    # Somebody links it by hand, past what registering would have refused.
    with office.db.write() as conn:
        for pair in ((late, above), (late, below)):
            conn.execute(
                text("INSERT INTO letter_line (above_id, below_id) VALUES (:a, :b)"),
                {"a": pair[0], "b": pair[1]},
            )
        conn.execute(
            text(
                "INSERT INTO citation (citing_id, cited_id, role, as_printed) "
                "VALUES (:a, :b, 'implements', '')"
            ),
            {"a": above, "b": late},
        )
    before = everything(office)
    with pytest.raises(MoveRefusedError) as refused:
        office.issue(late)
    (refusal,) = refused.value.refused.refusals
    assert refusal.code == "cycle"
    path = refusal.data["path"]
    assert isinstance(path, tuple)
    assert path[0] == path[-1]
    assert len(path) == 4
    assert everything(office) == before


def test_registering_refuses_a_circle_with_its_path(office: Office) -> None:
    # A's letter implements one that is not on file; when that comes, it implements A's letter.
    child = office.letter("A", owe=["AW"], cites=[("P", "77")])
    before = everything(office)
    with pytest.raises(CascadeError, match=r"circle: .*UBND-A.* → .*77/UBND-P.* → .*UBND-A"):
        office.draft("P", owe=["A"], number="77", implements=[child])
    assert everything(office) == before


def test_five_hundred_letters_need_no_more_statements_than_two(office: Office) -> None:
    needed = []
    for size in (2, 500):
        drafts = [office.draft("P", owe=["A"], tasks=[("1", "S")]) for _ in range(2)]
        if size > 2:
            drafts = copies(office, drafts[0], size)
        with statements(office.db) as sent:
            assert office.issue(*drafts) == (size, 2 * size, 0)
        needed.append(len(sent))
    assert needed[0] == needed[1] <= 22
    with office.db.read() as conn:
        assert verify(conn) == []


def copies(office: Office, letter: int, size: int) -> list[int]:
    """Drafts like one letter, so many, written the quick way; their ids."""
    with office.db.write() as conn:
        for number in range(size):
            values = {"id": letter, "number": f"copy-{number}"}
            made = conn.execute(
                text(
                    "INSERT INTO letter (issuer_id, issuer_name, kind, number, symbol, dated, "
                    "subject, form, state, version, open_steps) SELECT issuer_id, issuer_name, "
                    "kind, :number, symbol, dated, subject, form, 'draft', 1, 0 FROM letter "
                    "WHERE id = :id RETURNING id"
                ),
                values,
            ).scalar_one()
            values = {"id": letter, "made": made}
            for statement in (
                "INSERT INTO letter_line (above_id, below_id) VALUES (:made, :made)",
                "INSERT INTO duty (letter_id, unit_id, kind, due) SELECT :made, unit_id, kind, due "
                "FROM duty WHERE letter_id = :id",
                "INSERT INTO event (at, actor_id, role, unit_id, letter_id, trigger, target, note) "
                "SELECT at, actor_id, role, unit_id, :made, trigger, target, note FROM event "
                "WHERE letter_id = :id AND trigger = 'register'",
            ):
                conn.execute(text(statement), values)
        found = conn.execute(text("SELECT id FROM letter WHERE number LIKE 'copy-%'")).scalars()
        return sorted(found)


def _a_circle(*_args: object, **_given: object) -> None:
    raise CycleError(["1/A", "2/B", "1/A"])


def _refused(*_args: object, **_given: object) -> None:
    unfit = [Refusal("not_from_here", {"trigger": "answer", "state": "waived", "possible": ()})]
    raise TransitionRefused("obligation", "answer", "waived", unfit)


@pytest.mark.parametrize(
    ("door", "fault", "en", "vi"),
    [
        ("lines.refuse_cycle", _a_circle, "implement one another: 1/A", "vòng tròn: 1/A"),
        ("follow.by_itself", _refused, "answer is not possible while", "không thể trả lời"),
    ],
    ids=["a circle", "a state"],
)
def test_an_answer_that_cannot_follow_is_refused_in_the_reader_s_language(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    door: str,
    fault: Callable[..., None],
    en: str,
    vi: str,
) -> None:
    office.letter("A", cites=[("P", "77")])
    above = office.draft("P", owe=["A"], number="77")
    monkeypatch.setattr(f"cascade.answered.{door}", fault)
    with pytest.raises(MoveRefusedError) as refused:
        office.issue(above)
    assert refused.value.where.startswith("step ")
    assert en in str(refused.value)
    assert vi in str(refused.value.told("vi"))
    assert office.letter_state(above) == "draft"
    assert office.count("answer") == 0
