"""The one door: a move, its event, its refusals, what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cascade.act import options
from cascade.acts import Act, Ref
from cascade.errors import (
    BadInputError,
    CascadeError,
    CycleError,
    MovedOnError,
    MoveRefusedError,
    NotFoundError,
)
from cascade.verify import verify
from models import organisation
from models.base import FOREVER
from models.queries import acting
from tests.worlds import EVIDENCE, SINCE, TODAY, Office
from workflows.facts import Fate
from workflows.roles import Role

NOTE = {"note": "Because."}
FILE = {"files": (EVIDENCE,)}
LATER = TODAY + timedelta(days=20)
Move = tuple[str, str, Mapping[str, Any], str]  # trigger, who, what is given, state afterwards


def refusals(office: Office, step: int, trigger: str, login: str, **given: object) -> list[str]:
    """The codes of all that stands against a move."""
    with pytest.raises(MoveRefusedError) as refused:
        office.fire(step, trigger, login, **given)
    return [refusal.code for refusal in refused.value.refused.refusals]


def events(office: Office, step: int) -> list[dict[str, Any]]:
    """A step's history, whole."""
    with office.db.read() as conn:
        query = text("SELECT * FROM event WHERE step_id = :id ORDER BY seq")
        return [dict(row) for row in conn.execute(query, {"id": step}).mappings()]


def consistent(office: Office) -> bool:
    """Whether everything on file agrees."""
    with office.db.read() as conn:
        return verify(conn) == []


# -- every journey of both kinds -----------------------------------------------------------

REPORT: Move = ("report", "a1.staff", FILE, "reported")
ACCEPT: Move = ("accept", "a.sec", {}, "accepted")
TASKS: dict[str, Sequence[Move]] = {
    "done": [("start", "a1.staff", {}, "in_progress"), REPORT, ACCEPT],
    "done at once": [REPORT, ACCEPT],
    "returned and done again": [
        REPORT,
        ("return", "a.head", NOTE, "returned"),
        ("start", "a1.staff", {}, "in_progress"),
        REPORT,
        ACCEPT,
    ],
    "report withdrawn": [REPORT, ("withdraw_report", "a1.head", {}, "in_progress"), REPORT],
    "declined and upheld": [
        ("decline", "a1.head", NOTE, "declined"),
        ("uphold", "a.sec", NOTE, "open"),
        REPORT,
        ACCEPT,
    ],
    "suspended and resumed": [
        ("suspend", "a.sec", NOTE, "suspended"),
        ("resume", "a.sec", {}, "in_progress"),
        REPORT,
    ],
    "cancelled and reopened": [
        ("cancel", "a.sec", NOTE, "cancelled"),
        ("reopen", "a.sec", NOTE, "open"),
        REPORT,
        ACCEPT,
    ],
    "accepted and reopened": [REPORT, ACCEPT, ("reopen", "a.sec", NOTE, "open")],
    "declined and transferred": [
        ("decline", "a1.staff", NOTE, "declined"),
        ("transfer", "a.sec", {**NOTE, "units": "A2"}, "transferred"),
    ],
    "reminded": [("remind", "a.sec", {}, "open"), ("remind", "a.sec", {}, "open")],
    "extension refused, asked again, granted": [
        ("ask_extension", "a1.staff", {**NOTE, "until": LATER}, "open"),
        ("refuse_extension", "a.sec", NOTE, "open"),
        ("ask_extension", "a1.staff", {**NOTE, "until": LATER}, "open"),
        ("grant_extension", "a.sec", {}, "open"),
        REPORT,
    ],
}
NIL: Move = ("return_nil", "a.staff", NOTE, "nil_returned")
ANSWER: Move = ("answer", "a.reg", {"answer": "A"}, "answered")
OBLIGATIONS: dict[str, Sequence[Move]] = {
    "answered": [
        ("acknowledge", "a.staff", {}, "acknowledged"),
        ("draft", "a.staff", {}, "drafting"),
        ANSWER,
        ("accept", "p.sec", {}, "accepted"),
    ],
    "nil return": [NIL, ("accept", "p.head", {}, "accepted")],
    "returned and answered again": [
        NIL,
        ("return", "p.sec", NOTE, "returned"),
        ("draft", "a.head", {}, "drafting"),
        ANSWER,
        ("accept", "p.sec", {}, "accepted"),
    ],
    "report withdrawn": [ANSWER, ("withdraw_report", "a.staff", {}, "drafting"), NIL],
    "refused and upheld": [
        ("refuse", "a.head", NOTE, "refused"),
        ("uphold", "p.sec", NOTE, "sent"),
        ("acknowledge", "a.staff", {}, "acknowledged"),
    ],
    "refused and transferred": [
        ("refuse", "a.head", NOTE, "refused"),
        ("transfer", "p.sec", {**NOTE, "units": "B"}, "transferred"),
    ],
    "waived and reopened": [
        ("waive", "p.head", NOTE, "waived"),
        ("reopen", "p.head", NOTE, "returned"),
        NIL,
    ],
    "cancelled": [ANSWER, ("cancel", "p.sec", NOTE, "cancelled")],
    "accepted and reopened": [
        NIL,
        ("accept", "p.sec", {}, "accepted"),
        ("reopen", "p.sec", NOTE, "returned"),
    ],
    "extension granted, then reminded": [
        ("ask_extension", "a.staff", {**NOTE, "until": LATER}, "sent"),
        ("grant_extension", "p.sec", {"until": LATER}, "sent"),
        ("remind", "p.sec", {}, "sent"),
    ],
}


def travel(office: Office, step: int, moves: Sequence[Move]) -> None:
    """Each move reaches its state and leaves one event that begins where the last one ended."""
    noise = office.step(office.letter("Q", tasks=[("1", "QA1")]), "QA1", "1")
    letters = office.count("event")
    for trigger, login, given, state in moves:
        given = dict(given)
        if "units" in given:
            given["units"] = (office.units[given["units"]],)
        if "answer" in given:
            given["answer"] = office.letter(given["answer"])
        office.fire(step, trigger, login, **given)
        assert office.state(step) == state, trigger
    told = events(office, step)
    assert [event["trigger"] for event in told] == ["lay", *(move[0] for move in moves)]
    assert [event["target"] for event in told[1:]] == [move[3] for move in moves]
    assert [event["source"] for event in told[1:]] == [event["target"] for event in told[:-1]]
    assert office.row(step).version == len(told)
    assert office.state(noise) == "open"
    assert len(events(office, noise)) == 1
    assert office.count("event") >= letters + len(moves)
    assert consistent(office)


@pytest.mark.parametrize("moves", TASKS.values(), ids=TASKS)
def test_a_task_goes_its_way(office: Office, moves: Sequence[Move]) -> None:
    travel(office, office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1"), moves)


@pytest.mark.parametrize("moves", OBLIGATIONS.values(), ids=OBLIGATIONS)
def test_an_obligation_goes_its_way(office: Office, moves: Sequence[Move]) -> None:
    travel(office, office.step(office.letter("P", owe=["A"]), "A"), moves)


# -- what a move records -------------------------------------------------------------------


def test_an_event_records_who_from_which_post_until_when_and_why(office: Office) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    fired = office.fire(step, "ask_extension", "a.head", note="Rain.", until=LATER)
    event = events(office, step)[-1]
    assert (event["seq"], event["actor_id"]) == (fired.seq, office.who("a.head").id)
    assert (event["role"], event["unit_id"]) == ("head", office.units["A"])
    assert event["note"] == "Rain."
    assert str(event["until"]) == str(LATER)
    assert event["cause_seq"] is None
    assert event["data"] is None


def test_what_follows_names_its_actor_and_its_cause(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    fired = office.finish(office.step(answer, "A1", "1"), "A1", "A")
    followed = events(office, office.step(directive, "A"))[-1]
    assert (followed["trigger"], followed["role"]) == ("fulfil", "itself")
    assert followed["actor_id"] == office.who("a.sec").id
    with office.db.read() as conn:
        cause = conn.execute(
            text("SELECT trigger, letter_id, cause_seq FROM event WHERE seq = :seq"),
            {"seq": followed["cause_seq"]},
        ).one()
    assert tuple(cause) == ("fulfil", answer, fired.seq)


@pytest.mark.parametrize(
    ("trigger", "given", "data"),
    [
        ("transfer", {"units": ("B",)}, '"units"'),
        ("waive", {"fate": Fate.KEEP}, '"fate": "keep"'),
        ("cancel", {"fate": Fate.CANCEL}, '"fate": "cancel"'),
    ],
)
def test_an_event_keeps_what_was_decided(
    office: Office, trigger: str, given: dict[str, Any], data: str
) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    if "units" in given:
        given = {"units": tuple(office.units[code] for code in given["units"])}
    office.fire(step, trigger, "p.sec", note="Because.", **given)
    kept = events(office, step)[-1]["data"]
    told = kept if isinstance(kept, str) else str(kept).replace("'", '"')
    assert data in told


def test_dates_go_with_the_report_and_with_its_withdrawal(office: Office) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    office.report(step, "A1")
    row = office.row(step)
    assert (row.reported_on, row.reporter_id) == (TODAY, office.who("a1.staff").id)
    office.fire(step, "withdraw_report", "a1.staff")
    assert (office.row(step).reported_on, office.row(step).reporter_id) == (None, None)


def test_the_original_due_date_stays_when_an_extension_is_granted(office: Office) -> None:
    due = TODAY + timedelta(days=10)
    step = office.step(office.letter("P", owe=["A"], due=due), "A")
    office.fire(step, "ask_extension", "a.staff", note="Rain.", until=LATER)
    assert office.row(step).due == due
    office.fire(step, "grant_extension", "p.sec")
    row = office.row(step)
    assert (row.due, row.original_due, row.asked_until) == (LATER, due, None)
    with office.db.read() as conn:
        kept = conn.execute(text("SELECT state, due_before, until, reason FROM extension")).one()
    assert [str(value) for value in kept] == ["granted", str(due), str(LATER), "Rain."]


def test_the_issuer_may_grant_less_than_was_asked(office: Office) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    office.fire(step, "ask_extension", "a.staff", note="Rain.", until=LATER)
    office.fire(step, "grant_extension", "p.sec", until=LATER - timedelta(days=5))
    assert office.row(step).due == LATER - timedelta(days=5)


def test_a_refused_extension_changes_no_date(office: Office) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    due = office.row(step).due
    office.fire(step, "ask_extension", "a.staff", note="Rain.", until=LATER)
    office.fire(step, "refuse_extension", "p.sec", note="No.")
    assert (office.row(step).due, office.row(step).asked_until) == (due, None)


def test_extending_a_letter_moves_only_what_fell_due_earlier(office: Office) -> None:
    letter = office.letter("P", owe=["A"], tasks=[("1", "S"), ("2", "S2")])
    late, done = office.step(letter, "S", "1"), office.step(letter, "S2", "2")
    office.fire(late, "ask_extension", "s.staff", note="Rain.", until=LATER + timedelta(days=9))
    office.fire(late, "grant_extension", "p.sec")
    office.finish(done, "S2", "P")
    before = office.row(done).due
    office.fire_letter(letter, "extend", "p.sec", note="Storm.", until=LATER)
    assert office.row(office.step(letter, "A")).due == LATER
    assert office.row(late).due == LATER + timedelta(days=9)
    assert office.row(done).due == before
    assert consistent(office)


# -- refusals ------------------------------------------------------------------------------


def test_a_refused_move_tells_every_obstacle_at_once(office: Office) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    assert refusals(office, step, "report", "b.staff") == ["wrong_role", "evidence_missing"]


def test_the_reporter_does_not_accept_even_from_another_post(office: Office) -> None:
    with office.db.session() as session:
        user = organisation.user_id(session, "a1.staff", "a1.staff")
        head = (user, office.units["A"], Role.HEAD, SINCE, FOREVER)
        organisation.put_appointment(session, *head)
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    office.report(step, "A1")
    assert refusals(office, step, "accept", "a1.staff") == ["same_person"]
    office.fire(step, "accept", "a.head")


def test_who_issues_the_answer_does_not_accept_it(office: Office) -> None:
    with office.db.session() as session:
        user = organisation.user_id(session, "a.sec", "a.sec")
        post = (user, office.units["P"], Role.SECRETARIAT, SINCE, FOREVER)
        organisation.put_appointment(session, *post)
    directive = office.letter("P", owe=["A"])
    office.letter("A", implements=[directive])
    step = office.step(directive, "A")
    assert refusals(office, step, "accept", "a.sec") == ["same_person"]


def test_a_post_lasts_from_its_first_day_to_its_last(office: Office) -> None:
    with office.db.session() as session:
        user = organisation.user_id(session, "guest", "Guest")
        first, last = TODAY, TODAY + timedelta(days=1)
        organisation.put_appointment(session, user, office.units["A1"], Role.STAFF, first, last)
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    for days, codes in ((-1, ["wrong_role"]), (2, ["wrong_role"])):
        office.today = TODAY + timedelta(days=days)
        assert refusals(office, step, "start", "guest") == codes
    office.today = last
    office.fire(step, "start", "guest")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_reads_or_keeps_accounts_moves_nothing(office: Office, role: Role) -> None:
    with office.db.session() as session:
        user = organisation.user_id(session, "guest", "Guest")
        for unit in ("P", "A"):
            organisation.put_appointment(session, user, office.units[unit], role, SINCE, FOREVER)
    step = office.step(office.letter("P", owe=["A"]), "A")
    assert refusals(office, step, "acknowledge", "guest") == ["wrong_role"]
    assert refusals(office, step, "cancel", "guest", note="x") == ["wrong_role"]


def test_what_was_done_before_it_is_reported_counts_from_the_day_it_was_done(
    office: Office,
) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")], due=TODAY), "A1", "1")
    office.today = TODAY + timedelta(3)
    office.fire(step, "report", "a1.staff", done_on=TODAY, **FILE)
    assert office.row(step).reported_on == TODAY
    event = events(office, step)[-1]
    assert "2026-09-15" in str(event["data"])
    office.fire(step, "withdraw_report", "a1.staff", done_on=TODAY)
    assert events(office, step)[-1]["data"] in (None, "null")
    office.fire(step, "report", "a1.staff", **FILE)
    assert office.row(step).reported_on == TODAY + timedelta(3)


@pytest.mark.parametrize(
    ("done_on", "told"),
    [(TODAY - timedelta(1), "done_before_laid"), (TODAY + timedelta(1), "done_in_future")],
)
def test_nothing_is_done_before_it_is_laid_or_after_today(
    office: Office, done_on: date, told: str
) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    assert refusals(office, step, "report", "a1.staff", done_on=done_on, **FILE) == [told]


def test_what_an_act_brings_is_judged_before_it_is_made(office: Office) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    asked = Act(trigger="report", done_on=TODAY + timedelta(1))
    with office.db.read() as conn:
        told = options(conn, Ref("step", step), office.who("a1.staff"), office.moment, asked)
    assert [refusal.code for refusal in told["report"]] == ["evidence_missing", "done_in_future"]
    assert office.state(step) == "open"


def test_what_is_accepted_above_is_told_before_it_is_tried(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    letter = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    step = office.step(letter, "A1", "1")
    office.finish(step, "A1", "A")
    office.fire(office.step(directive, "A"), "accept", "p.sec")
    with office.db.read() as conn:
        told = options(conn, Ref("step", step), office.who("a.sec"), office.moment)
    assert "sealed_above" in [refusal.code for refusal in told["reopen"]]


def test_a_returned_report_must_show_something_new(office: Office) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    office.report(step, "A1")
    office.fire(step, "return", "a.sec", note="Not enough.")
    assert refusals(office, step, "report", "a1.staff") == ["evidence_missing"]
    office.report(step, "A1")


@pytest.mark.parametrize("back", ["return", "accept"])
def test_starting_again_does_not_make_old_evidence_new(office: Office, back: str) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    office.report(step, "A1")
    office.fire(step, back, "a.sec", note="Not enough.")
    if back == "accept":
        office.fire(step, "reopen", "a.sec", note="Not enough.")
    office.fire(step, "start", "a1.staff")
    assert refusals(office, step, "report", "a1.staff") == ["evidence_missing"]


def test_a_withdrawn_report_may_show_the_same_evidence_again(office: Office) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    office.report(step, "A1")
    office.fire(step, "withdraw_report", "a1.staff")
    office.fire(step, "report", "a1.staff")
    assert office.state(step) == "reported"


def test_a_letter_on_file_is_evidence(office: Office) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    shown = office.letter("A")
    with pytest.raises(NotFoundError):
        office.fire(step, "report", "a1.staff", evidence_letters=(999,))
    office.fire(step, "report", "a1.staff", evidence_letters=(shown,))
    with office.db.read() as conn:
        kept = conn.execute(text("SELECT step_id, letter_id, sha256 FROM evidence")).one()
    assert tuple(kept) == (step, shown, None)


def test_who_looked_at_an_older_version_is_told_so(office: Office) -> None:
    letter = office.letter("P", owe=["A"])
    step = office.step(letter, "A")
    seen = office.row(step).version
    office.fire(step, "acknowledge", "a.staff", seen_version=seen)
    with pytest.raises(MovedOnError):
        office.fire(step, "draft", "a.staff", seen_version=seen)
    with pytest.raises(MovedOnError):
        office.fire_letter(letter, "amend", "p.sec", note="x", seen_version=99)
    assert office.state(step) == "acknowledged"


@pytest.mark.parametrize("trigger", ["fulfil", "lose_answer", "supersede", "extend"])
def test_nobody_asks_for_what_follows_by_itself(office: Office, trigger: str) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    if trigger in ("fulfil", "lose_answer"):
        office.fire(step, "answer", "a.reg", answer=office.letter("A"))
    assert refusals(office, step, trigger, "p.sec", note="x") == ["only_by_itself"]


def test_a_letter_is_never_issued_by_a_bare_move(office: Office) -> None:
    with pytest.raises(NotFoundError, match="issued with its duties"):
        office.fire_letter(office.draft("P", owe=["A"]), "issue", "p.sec")


@pytest.mark.parametrize("kind", ["step", "letter"])
def test_what_is_not_there_is_said_so(office: Office, kind: str) -> None:
    fire = office.fire if kind == "step" else office.fire_letter
    with pytest.raises(NotFoundError):
        fire(4711, "remind", "p.sec")


def test_a_step_is_split_only_among_the_lead_units_own_parts(office: Office) -> None:
    step = office.step(office.letter("P", tasks=[("1", "A")]), "A", "1")
    with pytest.raises(BadInputError, match="not part of A: B1"):
        office.fire(step, "split", "a.staff", units=(office.units["A1"], office.units["B1"]))
    assert office.row(step).open_children == 0


@pytest.mark.parametrize("units", [(4711,), ()])
def test_a_transfer_names_a_unit_that_is_there(office: Office, units: tuple[int, ...]) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    with pytest.raises(CascadeError):
        office.fire(step, "transfer", "p.sec", note="x", units=units)
    assert office.state(step) == "sent"


@pytest.mark.parametrize(
    ("issuer", "state"), [("B", "issued by"), ("A", "draft")], ids=["another's", "a draft"]
)
def test_only_an_issued_letter_of_the_unit_answers(office: Office, issuer: str, state: str) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    letter = office.draft("A") if issuer == "A" else office.letter(issuer)
    with pytest.raises(BadInputError, match=state):
        office.fire(step, "answer", "a.reg", answer=letter)
    assert office.count("answer") == 0


def test_a_letter_does_not_answer_what_implements_it(office: Office) -> None:
    above = office.letter("A", owe=["AW"])
    below = office.letter("AW", owe=["A"], implements=[above])
    with pytest.raises(CycleError) as told:
        office.fire(office.step(below, "A"), "answer", "a.reg", answer=above)
    assert len(told.value.path) == 3
    assert told.value.path[0] == told.value.path[-1]


def test_a_circle_does_not_name_what_others_have_not_issued(office: Office) -> None:
    above = office.letter("A", owe=["AW"])
    draft = office.draft("AW", owe=["A"], implements=[above])
    below = office.letter("B", owe=["A"], implements=[draft])
    with pytest.raises(CycleError) as told:
        office.fire(office.step(below, "A"), "answer", "a.reg", answer=above)
    _, mine, hidden, last = told.value.path
    assert hidden == "…"
    assert "…" not in (mine, last)


def test_options_tell_for_each_move_what_stands_against_it(office: Office) -> None:
    letter = office.letter("A", tasks=[("1", "A1")])
    step = office.step(letter, "A1", "1")
    with office.db.read() as conn:
        of_step = options(conn, Ref("step", step), office.who("a1.staff"), office.moment)
        of_letter = options(conn, Ref("letter", letter), office.who("a.sec"), office.moment)
    assert of_step["start"] == []
    assert [r.code for r in of_step["cancel"]] == ["wrong_role", "reason_missing"]
    assert "fulfil" not in of_letter
    assert [r.code for r in of_letter["close"]] == ["reason_missing_while_open", "fate_missing"]


# -- splits and transfers ------------------------------------------------------------------


def test_parts_are_accepted_by_the_unit_that_split(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    whole = office.step(letter, "A", "1")
    parts = (office.units["A1"], office.units["A2"])
    office.fire(whole, "split", "a.staff", units=parts)
    first, second = office.step(letter, "A1", "1"), office.step(letter, "A2", "1")
    assert office.row(first).issuer_id == office.units["A"]
    assert office.row(first).due == office.row(whole).due

    office.report(first, "A1")
    assert refusals(office, first, "accept", "p.sec") == ["wrong_role"]
    assert refusals(office, whole, "report", "a.staff", **FILE) == ["children_open"]
    office.fire(first, "accept", "a.sec")
    office.finish(second, "A2", "A")
    assert office.letter_state(letter) == "issued"

    office.fire(whole, "report", "a.staff", **FILE)
    office.fire(whole, "accept", "p.sec")
    assert office.letter_state(letter) == "fulfilled"
    assert consistent(office)


def test_a_transferred_step_is_laid_anew_and_holds_the_letter_open(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    letter = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    step = office.step(letter, "A1", "1")
    told = len(events(office, office.step(directive, "A")))
    office.fire(step, "transfer", "a.sec", note="Not theirs.", units=(office.units["A2"],))
    new = office.step(letter, "A2", "1")
    assert office.letter_state(letter) == "issued"
    assert len(events(office, office.step(directive, "A"))) == told
    with office.db.read() as conn:
        previous = conn.execute(text("SELECT previous_id FROM step WHERE id = :id"), {"id": new})
        assert previous.scalar_one() == step
        rows = acting.letters(conn, [letter])
    assert rows[0].open_steps == 1
    office.finish(new, "A2", "A")
    assert office.letter_state(letter) == "fulfilled"


def test_a_part_can_be_transferred_and_still_holds_its_whole(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")])
    whole = office.step(letter, "A", "1")
    office.fire(whole, "split", "a.staff", units=(office.units["A1"],))
    part = office.step(letter, "A1", "1")
    office.fire(part, "transfer", "a.sec", note="Not theirs.", units=(office.units["A2"],))
    assert office.row(whole).open_children == 1
    assert office.row(office.step(letter, "A2", "1")).parent_id == whole
    assert consistent(office)


def test_a_day_is_the_moments_day_not_the_servers(office: Office) -> None:
    office.today = date(2031, 1, 2)
    letter = office.letter("A", tasks=[("1", "A1")])
    with office.db.read() as conn:
        laid = conn.execute(text("SELECT laid_on FROM step WHERE letter_id = :id"), {"id": letter})
        assert str(laid.scalar_one()) == "2031-01-02"


@pytest.mark.parametrize("trigger", ["supersede", "extend"])
def test_what_follows_by_itself_is_asked_for_by_nobody(office: Office, trigger: str) -> None:
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    for login in ("a.sec", "a1.head"):
        assert refusals(office, step, trigger, login, **NOTE) == ["only_by_itself"]
    assert office.row(step).state == "open"
