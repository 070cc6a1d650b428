"""Acting as a deputy: what is allowed, what the history names, who may not accept what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import text

from cascade import act, chasing, verify
from cascade.acts import Ref
from cascade.chasing import Chosen
from cascade.errors import MoveRefusedError
from cascade.store import FileStore
from models import organisation
from models.base import FOREVER
from tests.lending import close, end_post, lend
from tests.worlds import EVIDENCE, SINCE, TODAY, Office
from workflows.facts import Fate
from workflows.roles import Role

DAY = timedelta(1)


def task(office: Office) -> int:
    """A task that A laid on A1."""
    return office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")


def refusals(office: Office, step: int, trigger: str, login: str) -> list[str]:
    """The codes of all that stands against a move, none where it is made."""
    try:
        office.fire(step, trigger, login, note="Because.", files=(EVIDENCE,))
    except MoveRefusedError as error:
        return [refusal.code for refusal in error.refused.refusals]
    return []


def made(office: Office, where: str) -> list[tuple[str, str, str | None, str, str | None]]:
    """(move, actor, for whom, role, unit) of events, the oldest first."""
    query = (
        "SELECT event.trigger, actor.login, giver.login, event.role, unit.code FROM event "
        "JOIN user_account AS actor ON actor.id = event.actor_id "
        "LEFT JOIN user_account AS giver ON giver.id = event.on_behalf_of_id "
        f"LEFT JOIN unit ON unit.id = event.unit_id WHERE {where} ORDER BY event.seq"
    )
    with office.db.read() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def post(office: Office, login: str, unit: str, role: Role) -> None:
    """An own post more."""
    with office.db.session() as session:
        user = organisation.user_id(session, login, login)
        organisation.put_appointment(session, user, office.units[unit], role, SINCE, FOREVER)


# -- what is allowed, and what the history says --------------------------------------------


def test_a_deputy_acts_and_the_history_names_both_and_the_post(office: Office) -> None:
    lend(office, "a1.head", "c.staff", ("A1", "head"))
    step = task(office)
    office.fire(step, "start", "c.staff")
    assert made(office, f"step_id = {step}")[1:] == [("start", "c.staff", "a1.head", "head", "A1")]


def test_an_own_post_is_used_before_anothers(office: Office) -> None:
    lend(office, "a1.head", "a1.staff", ("A1", "head"))
    step = task(office)
    office.fire(step, "start", "a1.staff")
    assert made(office, f"step_id = {step}")[1:] == [("start", "a1.staff", None, "staff", "A1")]


class Case(NamedTuple):
    """What is done before a deputy of a1.head starts a task of A1, and what stands against it."""

    sentence: str
    before: Callable[[Office], object]
    codes: Sequence[str]
    only: Sequence[str] | None = None


CASES = [
    Case("nothing else", lambda _: None, []),
    Case("before the first day", lambda o: setattr(o, "today", TODAY - 4 * DAY), ["wrong_role"]),
    Case("after the last day", lambda o: setattr(o, "today", TODAY + 4 * DAY), ["wrong_role"]),
    Case("the giver lost the post", lambda o: end_post(o, "a1.head", TODAY - DAY), ["wrong_role"]),
    Case("the giver's account is closed", lambda o: close(o, "a1.head"), ["wrong_role"]),
    Case("lent for this move", lambda _: None, [], ["start", "report"]),
    Case("lent for other moves", lambda _: None, ["wrong_role"], ["report"]),
]


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_a_deputy_may_act(office: Office, case: Case) -> None:
    step = task(office)
    lend(office, "a1.head", "c.staff", ("A1", "head"), only=case.only)
    case.before(office)
    with office.db.read() as conn:
        told = act.options(conn, Ref("step", step), office.who("c.staff"), office.moment)
    assert [refusal.code for refusal in told["start"]] == list(case.codes)
    assert refusals(office, step, "start", "c.staff") == list(case.codes)


def test_what_was_lent_is_not_lent_on(office: Office) -> None:
    step = task(office)
    lend(office, "a1.head", "c.head", ("A1", "head"))
    lend(office, "c.head", "c.staff", ("A1", "head"))
    assert refusals(office, step, "start", "c.staff") == ["wrong_role"]
    assert refusals(office, step, "start", "c.head") == []


def test_a_subtree_is_seen_and_not_acted_in(office: Office) -> None:
    step = task(office)
    lend(office, "p.sec", "c.staff", ("P", "secretariat"))
    for login in ("p.sec", "c.staff"):
        assert refusals(office, step, "start", login) == ["wrong_role"]


def test_a_deputy_registers_and_issues_and_what_follows_names_both(office: Office) -> None:
    lend(office, "a.reg", "c.staff", ("A", "registrar"))
    directive = office.letter("P", owe=["A"])
    draft = office.draft("A", implements=[directive], tasks=[("1", "A1")], login="c.staff")
    office.issue(draft, login="c.staff")
    assert made(office, f"letter_id = {draft}") == [
        ("register", "c.staff", "a.reg", "registrar", "A"),
        ("issue", "c.staff", "a.reg", "registrar", "A"),
        ("lay", "c.staff", "a.reg", "registrar", "A"),
    ]
    step = office.step(directive, "A")
    assert made(office, f"step_id = {step} AND event.trigger = 'answer'") == [
        ("answer", "c.staff", "a.reg", "itself", None)
    ]
    row = office.row(step)
    assert (row.reporter_id, row.reporter_for_id) == (
        office.who("c.staff").id,
        office.who("a.reg").id,
    )


def test_letters_of_several_bodies_are_issued_for_each_body_s_own_giver(office: Office) -> None:
    lend(office, "a.reg", "c.reg", ("A", "registrar"))
    lend(office, "b.reg", "c.reg", ("B", "registrar"))
    directive = office.letter("P", owe=["A", "B", "C"])
    drafts = [
        office.draft(unit, implements=[directive], tasks=[("1", lead)], login="c.reg")
        for unit, lead in (("A", "A1"), ("B", "B1"), ("C", "C"))
    ]
    office.issue(*drafts, login="c.reg")
    told = [made(office, f"letter_id = {draft} AND event.trigger = 'issue'") for draft in drafts]
    assert [(rows[0][2], rows[0][4]) for rows in told] == [
        ("a.reg", "A"),
        ("b.reg", "B"),
        (None, "C"),
    ]
    for unit, giver in (("A", "a.reg"), ("B", "b.reg"), ("C", None)):
        kept = office.row(office.step(directive, unit)).reporter_for_id
        assert kept == (office.who(giver).id if giver else None)


def test_an_answer_that_came_first_keeps_for_whom_it_was_issued(office: Office) -> None:
    lend(office, "a.reg", "c.staff", ("A", "registrar"))
    early = office.draft("A", cites=[("P", "77")], login="c.staff")
    office.issue(early, login="c.staff")
    directive = office.draft("P", owe=["A"], number="77")
    office.issue(directive)
    row = office.row(office.step(directive, "A"))
    assert row.state == "answered"
    assert (row.reporter_id, row.reporter_for_id) == (
        office.who("c.staff").id,
        office.who("a.reg").id,
    )


def test_a_deputy_chases(office: Office) -> None:
    lend(office, "a.head", "c.staff", ("A", "head"))
    step = task(office)
    chosen = [Chosen(step, office.row(step).version)]
    done = chasing.chase(office.db, chosen, "Soon.", office.who("c.staff"), office.moment)
    assert (done.reminded, done.refused) == ([step], [])
    assert made(office, f"step_id = {step}")[-1] == ("remind", "c.staff", "a.head", "head", "A")


def test_for_whom_it_was_reported_goes_with_the_report(office: Office) -> None:
    lend(office, "a1.head", "c.staff", ("A1", "head"))
    step = task(office)
    office.fire(step, "report", "c.staff", files=(EVIDENCE,))
    assert office.row(step).reporter_for_id == office.who("a1.head").id
    office.fire(step, "return", "a.head", note="Again.")
    assert office.row(step).reporter_for_id is None
    office.fire(step, "report", "a1.staff", files=(EVIDENCE,))
    assert office.row(step).reporter_for_id is None


def test_a_carried_step_remembers_for_whom_it_was_answered(office: Office) -> None:
    lend(office, "a.reg", "c.staff", ("A", "registrar"))
    directive = office.letter("P", owe=["A"])
    answer = office.draft("A", implements=[directive], tasks=[("1", "A1")], login="c.staff")
    office.issue(answer, login="c.staff")
    newer = office.letter("P")
    office.fire_letter(directive, "supersede", "p.sec", replacement=newer, fate=Fate.CARRY)
    assert office.row(office.step(newer, "A")).reporter_for_id == office.who("a.reg").id


# -- separation of duties ------------------------------------------------------------------


class Sod(NamedTuple):
    """Who reports a task of A1 and who accepts it for A; a1.head is also head of A."""

    sentence: str
    reports: str
    accepts: str
    codes: Sequence[str]
    lent: Sequence[tuple[str, str, str, str]] = ()  # giver, deputy, unit, role


BY_X = ("a1.head", "x", "A1", "head")
FOR_Y = ("a1.head", "y", "A", "head")
SODS = [
    Sod("somebody else", "a1.staff", "a1.head", []),
    Sod("oneself", "a1.head", "a1.head", ["same_person"]),
    Sod("whoever lent the post to the reporter", "x", "a1.head", ["same_principal"], [BY_X]),
    Sod("a deputy of whoever reported", "a1.head", "y", ["same_principal"], [FOR_Y]),
    Sod("another deputy of the same", "x", "y", ["same_principal"], [BY_X, FOR_Y]),
    Sod(
        "the same deputy for the same",
        "x",
        "x",
        ["same_person"],
        [BY_X, ("a1.head", "x", "A", "head")],
    ),
    Sod(
        "the same deputy for another",
        "x",
        "x",
        ["same_person"],
        [BY_X, ("a.sec", "x", "A", "secretariat")],
    ),
    Sod("a deputy of another", "x", "y", [], [BY_X, ("a.sec", "y", "A", "secretariat")]),
    Sod(
        "a deputy of the same and of another: for the other",
        "x",
        "y",
        [],
        [BY_X, FOR_Y, ("a.sec", "y", "A", "secretariat")],
    ),
    Sod(
        "from an own post, deputy of whoever reported too",
        "a1.head",
        "a.head",
        [],
        [("a1.head", "a.head", "A", "head")],
    ),
    Sod("from an own post, who stood in for the reporter", "x", "a.head", [], [BY_X]),
]


@pytest.mark.parametrize("sod", SODS, ids=[sod.sentence for sod in SODS])
def test_a_report_is_accepted_by(office: Office, sod: Sod) -> None:
    post(office, "a1.head", "A", Role.HEAD)
    post(office, "x", "S", Role.STAFF)
    post(office, "y", "S", Role.STAFF)
    for giver, deputy, unit, role in sod.lent:
        lend(office, giver, deputy, (unit, role))
    step = task(office)
    office.fire(step, "report", sod.reports, files=(EVIDENCE,))
    assert refusals(office, step, "accept", sod.accepts) == list(sod.codes)


def test_an_answer_is_not_accepted_in_the_name_it_was_issued_in(office: Office) -> None:
    post(office, "a.reg", "P", Role.SECRETARIAT)
    lend(office, "a.reg", "c.staff", ("A", "registrar"))
    lend(office, "a.reg", "s.staff", ("P", "secretariat"))
    directive = office.letter("P", owe=["A"])
    office.issue(office.draft("A", implements=[directive], login="c.staff"), login="c.staff")
    step = office.step(directive, "A")
    for login in ("a.reg", "s.staff"):
        assert refusals(office, step, "accept", login) == ["same_principal"]
    assert refusals(office, step, "accept", "p.sec") == []


def test_the_register_stays_consistent(office: Office, tmp_path: object) -> None:
    lend(office, "a1.head", "c.staff", ("A1", "head"))
    step = task(office)
    office.fire(step, "start", "c.staff")
    with office.db.read() as conn:
        found = verify.verify(conn, FileStore(tmp_path))  # type: ignore[arg-type]
    assert found == []
