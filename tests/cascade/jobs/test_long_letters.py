"""A letter to very many units reaches them batch by batch: whole at each point, each unit once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cascade import act, issue
from cascade.acts import Ref
from cascade.errors import MoveRefusedError
from cascade.jobs import issuing
from cascade.jobs.inline import InlineEngine
from cascade.jobs.port import Place
from cascade.jobs.worker import hand_out
from cascade.verify import verify
from models.queries import acting, jobs
from models.queries.jobs import Underway
from tests.worlds import Office
from workflows.facts import Fate

TASKS = [("1", "A1"), ("2", "A2"), ("3", "A1"), ("4", "A2"), ("5", "A1")]


@pytest.fixture(autouse=True)
def batches_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is long is a matter of one number."""
    monkeypatch.setattr(issuing, "BATCH", 2)


@pytest.fixture
def noise(office: Office) -> Office:
    """Another province with a letter of its own on its way."""
    begin(office, office.draft("Q", owe=["QA", "QA1", "Q"]))
    return office


def begin(office: Office, letter: int) -> issue.Issued:
    """What the pages do: decide, lay the first batch, leave the rest to a worker."""
    with office.db.read() as conn:
        issuer = acting.letters(conn, [letter])[0].issuer_id
    code = next(code for code, unit in office.units.items() if unit == issuer)
    return issue.begin(office.db, [letter], office.who(f"{code.lower()}.sec"), office.moment)


def next_batch(office: Office, letter: int) -> bool:
    """A worker's piece; whether there is another."""
    return issuing.piece(Place(office.db, Path()), issuing.key_of(letter), office.moment)


def steps(office: Office, letter: int) -> list[Any]:
    """What a letter laid, without ids."""
    query = (
        "SELECT u.code, s.kind, s.state, s.turn, s.acting_id, s.issuer_id, s.laid_on, s.due, "
        "s.original_due, s.version, (SELECT count(*) FROM step_unit x WHERE x.step_id = s.id), "
        "(SELECT count(*) FROM event e WHERE e.step_id = s.id AND e.trigger = 'lay' "
        " AND e.role = 'secretariat' AND e.unit_id = s.issuer_id AND e.source IS NULL) "
        "FROM step s JOIN unit u ON u.id = s.unit_id WHERE s.letter_id = :id ORDER BY s.id"
    )
    with office.db.read() as conn:
        return [tuple(row) for row in conn.execute(text(query), {"id": letter})]


def underway(office: Office, letter: int) -> Underway | None:
    """How far a letter has come."""
    with office.db.read() as conn:
        assert verify(conn) == []
        return jobs.underway(conn, letter)


def test_each_batch_leaves_a_whole_register_and_says_how_far_it_is(noise: Office) -> None:
    letter = noise.draft("A", tasks=TASKS)
    assert begin(noise, letter) == (1, 2, 0)
    assert noise.letter_state(letter) == "issued"
    seen = [underway(noise, letter)]
    while next_batch(noise, letter):
        seen.append(underway(noise, letter))
    seen.append(underway(noise, letter))
    assert seen == [(2, 5), (4, 5), None]
    assert [row[0] for row in steps(noise, letter)] == ["A1", "A2", "A1", "A2", "A1"]


def test_what_is_laid_in_batches_is_what_is_laid_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpers: dict[str, Sequence[str]] = {"1": ["A2", "S"], "4": ["A1"], "5": ["A1"]}
    long = office.draft("A", tasks=TASKS, with_units=helpers)
    assert office.issue(long) == (1, 5, 0)
    monkeypatch.setattr(issuing, "BATCH", 500)
    short = office.draft("A", tasks=TASKS, with_units=helpers)
    assert office.issue(short) == (1, 5, 0)
    assert steps(office, long) == steps(office, short)
    assert underway(office, short) is None
    with office.db.read() as conn:
        assert jobs.find(conn, issuing.key_of(short)) is None


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_who_has_the_letter_works_while_others_wait_and_nothing_ends_early(noise: Office) -> None:
    letter = noise.draft("A", tasks=TASKS)
    begin(noise, letter)
    for no, unit in TASKS[:2]:
        noise.finish(noise.step(letter, unit, no), unit, "A")
    assert (noise.letter_state(letter), underway(noise, letter)) == ("issued", (2, 5))
    issue.finish(noise.db, [letter], noise.moment)
    for no, unit in TASKS[2:]:
        assert noise.letter_state(letter) == "issued"
        noise.finish(noise.step(letter, unit, no), unit, "A")
    assert (noise.letter_state(letter), underway(noise, letter)) == ("fulfilled", None)


@pytest.mark.parametrize("trigger", ["close", "withdraw", "supersede", "extend"])
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_nothing_is_decided_about_a_letter_on_its_way(office: Office, trigger: str) -> None:
    letter = office.draft("A", tasks=TASKS)
    begin(office, letter)
    with pytest.raises(MoveRefusedError) as refused:
        office.fire_letter(letter, trigger, "a.sec", note="Otherwise.", fate=Fate.KEEP)
    told = {refusal.code: refusal.data for refusal in refused.value.refused.refusals}
    assert told["on_its_way"] == {"count": 3}
    issue.finish(office.db, [letter], office.moment)
    options = act.options_of(office.db, Ref("letter", letter), office.who("a.sec"), office.moment)
    assert "on_its_way" not in [refusal.code for refusal in options[trigger]]


def test_an_earlier_letter_answers_the_step_that_a_later_batch_lays(noise: Office) -> None:
    directive = noise.draft("P", owe=["A", "B", "S", "C"])
    for code in "AC":
        noise.letter(
            code, tasks=[("1", f"{code}1" if code == "A" else "B1")], implements=[directive]
        )
    assert begin(noise, directive).answered == 1
    assert noise.state(noise.step(directive, "A")) == "answered"
    issue.finish(noise.db, [directive], noise.moment)
    assert noise.state(noise.step(directive, "C")) == "answered"
    assert noise.state(noise.step(directive, "S")) == "sent"
    assert underway(noise, directive) is None


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_was_returned_meanwhile_is_not_answered_again(office: Office) -> None:
    directive = office.draft("P", owe=["A", "B", "S", "C"])
    office.letter("A", tasks=[("1", "A1")], implements=[directive])
    begin(office, directive)
    owed = office.step(directive, "A")
    office.fire(owed, "return", "p.sec", note="Not this one.")
    issue.finish(office.db, [directive], office.moment)
    assert office.row(owed).state == "returned"


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_letter_on_its_way_holds_open_what_it_answers(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.draft("A", tasks=TASKS, implements=[directive])
    begin(office, answer)
    for no, unit in TASKS[:2]:
        office.finish(office.step(answer, unit, no), unit, "A")
    owed = office.step(directive, "A")
    assert (office.state(owed), office.row(owed).open_children) == ("answered", 1)
    with pytest.raises(MoveRefusedError):
        office.fire(owed, "accept", "p.sec")


def test_what_is_withdrawn_from_above_reaches_nobody_more(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.draft("A", tasks=TASKS, implements=[directive])
    begin(office, answer)
    office.fire_letter(directive, "withdraw", "p.sec", note="A mistake.", fate=Fate.CANCEL)
    assert (office.letter_state(answer), underway(office, answer)) == ("withdrawn", (2, 5))
    assert not next_batch(office, answer)
    assert underway(office, answer) is None
    assert [row[2] for row in steps(office, answer)] == ["cancelled", "cancelled"]
    with office.db.read() as conn:
        row = jobs.find(conn, issuing.key_of(answer))
    assert row is not None
    assert row.result == {"steps": 2, "left": 3, "because": "withdrawn"}


def test_of_workers_at_the_same_letter_each_lays_what_is_left(office: Office) -> None:
    letter = office.draft("A", tasks=TASKS)
    begin(office, letter)
    with ThreadPoolExecutor(4) as pool:
        some = pool.map(lambda _: issuing.finish(office.db, letter, office.moment), range(4))
        assert sum(some) == 3
    assert underway(office, letter) is None
    assert len(steps(office, letter)) == 5


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_worker_finds_what_the_pages_left(noise: Office) -> None:
    letter = noise.draft("A", tasks=TASKS)
    begin(noise, letter)
    engine = InlineEngine(Place(noise.db, Path()), lambda: noise.moment)
    assert hand_out(noise.db, engine, noise.moment) == 2  # the other province's too
    assert hand_out(noise.db, engine, noise.moment) == 0
    assert underway(noise, letter) is None
