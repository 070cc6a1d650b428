"""What becomes of open children when a letter or step ends early; nothing ends silently."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from cascade.errors import BadInputError, CascadeError, CycleError, MoveRefusedError
from cascade.verify import verify
from tests.worlds import Office
from workflows.facts import Fate

NOTE = {"note": "Because."}


def tree(office: Office) -> dict[str, int]:
    """A directive, its answer and the answer's answer: letters 1, 2, 3; steps by unit."""
    first = office.letter("P", owe=["A", "B"], tasks=[("1", "S")])
    second = office.letter("A", owe=["AW"], tasks=[("1", "A1")], implements=[first])
    third = office.letter("AW", tasks=[("1", "AW1")], implements=[second])
    return {
        "1": first,
        "2": second,
        "3": third,
        "A": office.step(first, "A"),
        "B": office.step(first, "B"),
        "S": office.step(first, "S", "1"),
        "AW": office.step(second, "AW"),
        "A1": office.step(second, "A1", "1"),
        "AW1": office.step(third, "AW1", "1"),
    }


def told(office: Office, on: dict[str, int]) -> dict[str, str]:
    """The state of every letter and step."""
    return {
        name: office.letter_state(row) if name.isdigit() else office.state(row)
        for name, row in on.items()
    }


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


ENDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("1", "close", "p.sec", NOTE),
    ("1", "withdraw", "p.sec", NOTE),
    ("1", "supersede", "p.sec", {"replacement": "new"}),
    ("A", "waive", "p.sec", NOTE),
    ("A", "cancel", "p.sec", NOTE),
]


@pytest.mark.parametrize(("node", "trigger", "login", "given"), ENDS, ids=lambda v: str(v)[:9])
def test_nothing_ends_above_open_children_without_a_word(
    office: Office, node: str, trigger: str, login: str, given: dict[str, Any]
) -> None:
    on = tree(office)
    if "replacement" in given:
        given = {"replacement": office.letter("P")}
    before, events = told(office, on), office.count("event")
    fire = office.fire_letter if node.isdigit() else office.fire
    with pytest.raises(MoveRefusedError) as refused:
        fire(on[node], trigger, login, **given)
    assert "fate_missing" in [r.code for r in refused.value.refused.refusals]
    assert (told(office, on), office.count("event")) == (before, events)


# What ends with each end; all others stay as they were.
AS_BEGUN = {
    "1": "issued",
    "2": "issued",
    "3": "issued",
    "A": "answered",
    "B": "sent",
    "S": "open",
    "AW": "answered",
    "A1": "open",
    "AW1": "open",
}
CANCELLED_BELOW_A = {
    "2": "withdrawn",
    "3": "withdrawn",
    "AW": "cancelled",
    "A1": "cancelled",
    "AW1": "cancelled",
}
CASES: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "withdrawn, all cancelled": (
        "1",
        "withdraw",
        "p.sec",
        "cancel",
        {
            "1": "withdrawn",
            "A": "cancelled",
            "B": "cancelled",
            "S": "cancelled",
            **CANCELLED_BELOW_A,
        },
    ),
    "closed, all cancelled": (
        "1",
        "close",
        "p.sec",
        "cancel",
        {"1": "closed", "A": "cancelled", "B": "cancelled", "S": "cancelled", **CANCELLED_BELOW_A},
    ),
    "withdrawn, all kept": ("1", "withdraw", "p.sec", "keep", {"1": "withdrawn"}),
    "closed, all kept": ("1", "close", "p.sec", "keep", {"1": "closed"}),
    "waived, below cancelled": (
        "A",
        "waive",
        "p.sec",
        "cancel",
        {"A": "waived", **CANCELLED_BELOW_A},
    ),
    "waived, below kept": ("A", "waive", "p.sec", "keep", {"A": "waived"}),
    "an answer closed, its steps kept": (
        "2",
        "close",
        "a.sec",
        "keep",
        {"2": "closed", "A": "fulfilled"},
    ),
    "an answer withdrawn, its steps cancelled": (
        "2",
        "withdraw",
        "a.sec",
        "cancel",
        {"A": "drafting", **CANCELLED_BELOW_A},
    ),
}


@pytest.mark.parametrize(("node", "trigger", "login", "fate", "changed"), CASES.values(), ids=CASES)
def test_each_child_has_the_fate_that_was_named(
    office: Office, node: str, trigger: str, login: str, fate: str, changed: dict[str, str]
) -> None:
    on = tree(office)
    noise = office.letter("Q", owe=["QA"])
    assert told(office, on) == AS_BEGUN
    fire = office.fire_letter if node.isdigit() else office.fire
    fired = fire(on[node], trigger, login, fate=Fate(fate), **NOTE)
    assert told(office, on) == {**AS_BEGUN, **changed}
    assert fired.followed == len(changed) - 1
    assert office.letter_state(noise) == "issued"
    assert consistent(office)
    if fate == "cancel":
        with office.db.read() as conn:
            silent = conn.execute(
                text(
                    "SELECT count(*) FROM event WHERE target IN ('cancelled', 'withdrawn') "
                    "AND (note = '' OR (cause_seq IS NULL AND seq <> :seq))"
                ),
                {"seq": fired.seq},
            ).scalar_one()
        assert silent == 0


def test_what_is_kept_goes_on_and_ends_without_waking_what_ended(office: Office) -> None:
    on = tree(office)
    office.fire(on["A"], "waive", "p.sec", fate=Fate.KEEP, **NOTE)
    office.finish(on["AW1"], "AW1", "AW")
    office.finish(on["A1"], "A1", "A")
    now = told(office, on)
    assert (now["2"], now["AW"], now["A"], now["1"]) == (
        "fulfilled",
        "fulfilled",
        "waived",
        "issued",
    )
    assert consistent(office)


def test_a_letter_that_answers_another_obligation_too_is_not_cancelled(office: Office) -> None:
    first, second = office.letter("P", owe=["A"]), office.letter("P", owe=["A"])
    shared = office.letter("A", tasks=[("1", "A1")], implements=[first, second])
    office.fire_letter(first, "withdraw", "p.sec", fate=Fate.CANCEL, **NOTE)
    assert office.letter_state(shared) == "issued"
    assert office.state(office.step(second, "A")) == "answered"
    # Once nothing needs it any more, it goes too.
    office.fire(office.step(second, "A"), "cancel", "p.sec", fate=Fate.CANCEL, **NOTE)
    assert office.letter_state(shared) == "withdrawn"
    assert consistent(office)


def test_cancelling_a_split_task_cancels_its_parts(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    whole = office.step(letter, "A", "1")
    parts = tuple(office.units[code] for code in ("A1", "AW"))
    office.fire(whole, "split", "a.staff", units=parts)
    part = office.step(letter, "AW", "1")
    office.fire(part, "split", "aw.staff", units=(office.units["AW1"],))
    office.fire(whole, "cancel", "p.sec", fate=Fate.CANCEL, **NOTE)
    for unit in ("A1", "AW", "AW1"):
        assert office.state(office.step(letter, unit, "1")) == "cancelled"
    assert office.letter_state(letter) == "fulfilled"
    assert consistent(office)


@pytest.mark.parametrize("trigger", ["amend", "extend", "reopen"])
def test_a_fate_nobody_asked_for_touches_nothing_below(office: Office, trigger: str) -> None:
    on = tree(office)
    if trigger == "reopen":
        office.fire_letter(on["2"], "close", "a.sec", fate=Fate.KEEP, **NOTE)
    given = {**NOTE, "until": office.today}
    office.fire_letter(on["2"], trigger, "a.sec", fate=Fate.CANCEL, **given)
    assert told(office, on) == AS_BEGUN
    assert consistent(office)


# -- superseding ---------------------------------------------------------------------------


def test_open_steps_are_carried_into_the_replacing_letter(office: Office) -> None:
    on = tree(office)
    office.finish(on["S"], "S", "P")
    new = office.letter("P")
    office.fire_letter(on["1"], "supersede", "p.sec", replacement=new, fate=Fate.CARRY)
    now = told(office, on)
    assert (now["1"], now["A"], now["B"], now["S"]) == (
        "superseded",
        "superseded",
        "superseded",
        "accepted",
    )
    assert (now["2"], now["AW1"]) == ("issued", "open")
    carried = office.step(new, "A")
    assert office.state(carried) == "answered"
    assert office.row(carried).reporter_id == office.row(on["A"]).reporter_id
    assert office.state(office.step(new, "B")) == "sent"
    office.finish(on["AW1"], "AW1", "AW")
    office.finish(on["A1"], "A1", "A")
    assert office.state(carried) == "fulfilled"
    assert consistent(office)


def test_parts_of_parts_go_with_the_step_that_is_carried(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    office.fire(office.step(letter, "A", "1"), "split", "a.staff", units=(office.units["AW"],))
    part = office.step(letter, "AW", "1")
    office.fire(part, "split", "aw.staff", units=(office.units["AW1"],))
    new = office.letter("P")
    office.fire_letter(letter, "supersede", "p.sec", replacement=new, fate=Fate.CARRY)
    for unit in ("A", "AW", "AW1"):
        assert office.state(office.step(letter, unit, "1")) == "superseded"
    assert consistent(office)


def test_carrying_closes_no_circle(office: Office) -> None:
    old = office.letter("P", owe=["A"])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[old])
    new = office.letter("P", implements=[answer])
    events = office.count("event")
    with pytest.raises(CycleError):
        office.fire_letter(old, "supersede", "p.sec", replacement=new, fate=Fate.CARRY)
    assert (office.letter_state(old), office.count("event")) == ("issued", events)
    assert consistent(office)


@pytest.mark.parametrize("replacement", ["itself", "a draft", "nothing on file", None])
def test_only_another_issued_letter_replaces_a_letter(
    office: Office, replacement: str | None
) -> None:
    old = office.letter("P", owe=["A"])
    other = {"itself": old, "a draft": office.draft("P"), "nothing on file": 4711, None: None}
    with pytest.raises(CascadeError) as refused:
        office.fire_letter(
            old, "supersede", "p.sec", replacement=other[replacement], fate=Fate.CARRY
        )
    assert isinstance(refused.value, MoveRefusedError if replacement is None else BadInputError)
    assert office.letter_state(old) == "issued"


def test_a_replacement_answers_what_the_superseded_letter_answered(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    first = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    second = office.letter("A", tasks=[("1", "A2")])
    office.fire_letter(
        first, "supersede", "a.sec", replacement=second, fate=Fate.CANCEL, note="Anew."
    )
    obligation = office.step(directive, "A")
    assert office.state(obligation) == "answered"
    office.finish(office.step(second, "A2", "1"), "A2", "A")
    assert office.state(obligation) == "fulfilled"
    assert office.letter_state(directive) == "fulfilled"


def ended_with_nothing_open(office: Office, fate: Fate | None) -> dict[str, int]:
    """All below AW's answer is done and accepted; A took it back, then its own letter ended."""
    on = tree(office)
    office.finish(on["AW1"], "AW1", "AW")
    office.fire(on["AW"], "return", "a.head", note="Not enough.")
    office.fire_letter(on["2"], "withdraw", "a.head", fate=fate, **NOTE)
    return on


def ended(office: Office, step: int) -> None:
    """A fulfilled obligation taken back and cancelled."""
    office.fire(step, "return", "p.head", note="Not enough.")
    office.fire(step, "cancel", "p.head", fate=Fate.CANCEL, **NOTE)


def test_nothing_is_opened_again_for_what_the_level_above_has_ended(office: Office) -> None:
    on = ended_with_nothing_open(office, Fate.CANCEL)
    assert told(office, on) | {"3": "fulfilled", "AW": "cancelled"} == told(office, on)
    with pytest.raises(MoveRefusedError) as refused:
        office.fire(on["AW1"], "reopen", "aw.head", **NOTE)
    assert [one.code for one in refused.value.refused.refusals] == ["ended_above"]
    assert consistent(office)


def test_it_is_where_somebody_said_that_it_goes_on_by_itself(office: Office) -> None:
    on = ended_with_nothing_open(office, Fate.KEEP)
    office.fire(on["AW"], "cancel", "a.head", fate=Fate.KEEP, **NOTE)
    office.fire(on["AW1"], "reopen", "aw.head", **NOTE)
    assert office.state(on["AW1"]) == "open"
    assert consistent(office)


def test_it_is_while_another_duty_that_it_serves_goes_on(office: Office) -> None:
    first, other = office.letter("P", owe=["A"]), office.letter("P", owe=["A"])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[first, other])
    step = office.step(answer, "A1", "1")
    office.finish(step, "A1", "A")
    ended(office, office.step(first, "A"))
    assert office.state(office.step(other, "A")) == "fulfilled"
    office.fire(step, "reopen", "a.head", **NOTE)
    assert office.state(office.step(other, "A")) == "answered"
    office.finish(step, "A1", "A")
    ended(office, office.step(other, "A"))
    with pytest.raises(MoveRefusedError):
        office.fire(step, "reopen", "a.head", **NOTE)
    assert consistent(office)
