"""What programs read: the same as their owner on the pages, page by page, at a steady cost."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask

from cascade.tokens import Scope
from models.queries import api_units
from tests.web.api.conftest import ROOT, ProgramOf
from tests.web.conftest import opening, statements
from tests.worlds import TODAY, Office

MARK = "heronmarked"
LATE = {"due": TODAY - timedelta(days=3), "dated": TODAY - timedelta(days=9)}
UNRELATED = ("q.sec", "b1.head", "c.sec", "s.staff")
LISTS = (
    "/letters",
    "/letters?state=draft",
    "/letters?state=cited",
    "/steps",
    "/overdue",
    "/events",
)
sqlite_alone = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


class Ids(dict[str, list[int]]):
    """The letters and steps of a marked world."""


@pytest.fixture
def ids(office: Office) -> Ids:
    """A directive of P, A's answer with a reported task, and a draft: each text is marked."""
    top = office.letter("P", owe=["A"], subject=f"{MARK} directive", number="8881", **LATE)
    tasks = [("1", "A1"), ("2", "A2")]
    letter = office.letter("A", implements=[top], tasks=tasks, subject=f"{MARK} answer", **LATE)
    draft = office.draft("A", tasks=[("1", "A2")], subject=f"{MARK} draft")
    steps = [office.step(letter, "A1", "1"), office.step(letter, "A2", "2")]
    office.report(steps[0], "A1")
    return Ids(letter_id=[top, letter, draft], step_id=steps)


def addresses(site: Flask, method: str, ids: Ids) -> list[str]:
    """Every address of the interface that names a letter or a step, under its root."""
    found = []
    for rule in site.url_map.iter_rules():
        if rule.rule.startswith(ROOT) and method in (rule.methods or ()):
            if not {"letter_id", "step_id"} & rule.arguments:
                continue
            for values in product(*[ids[name] for name in rule.arguments]):
                built = rule.build(dict(zip(rule.arguments, values, strict=True)))
                assert built is not None
                found.append(built[1].removeprefix(ROOT))
    return found


@sqlite_alone
def test_what_somebody_is_not_concerned_with_is_not_there(
    site: Flask, ids: Ids, program_of: ProgramOf, office: Office
) -> None:
    tables = ("event", "step", "letter", "evidence", "api_answer")
    reads, acts = (addresses(site, method, ids) for method in ("GET", "POST"))
    assert (len(reads), len(acts)) == (13, 5)
    concerned, before = program_of("a.sec"), {one: office.count(one) for one in tables}
    told = sum(MARK in concerned.get(path).text for path in (*reads, *LISTS))
    assert told >= 9  # else nothing was looked for
    for login in UNRELATED:
        program = program_of(login)
        for path in reads:
            answer = program.get(path)
            assert (answer.status_code, MARK in answer.text) == (404, False), (login, path)
        for path in acts:
            # Alike, whatever else is wrong with it.
            for body, key in (({"trigger": "remind"}, "key-88888888"), ({}, "")):
                sent = {"If_Match": "*", "Idempotency_Key": key}
                assert program.post(path, body, **sent).status_code == 404, (login, path)
        for path in LISTS:
            assert program.items(path) == [], (login, path)
    assert {one: office.count(one) for one in tables} == before


def test_lists_page_by_key_and_hold_everything_once(ids: Ids, program_of: ProgramOf) -> None:
    program = program_of("p.sec")
    for path, most in (("/letters", 2), ("/steps", 3), ("/overdue", 1), ("/units", 14)):
        sign = "&" if "?" in path else "?"
        paged = program.items(f"{path}{sign}limit=1")
        assert len(paged) == len({one["id"] for one in paged}) == most, path
        assert paged == program.items(path)
    newest = [one["id"] for one in program.items("/letters")]
    assert newest == sorted(ids["letter_id"][:2], reverse=True)
    events = program.items("/events?limit=2")
    assert [one["seq"] for one in events] == sorted(one["seq"] for one in events)
    assert events == program.items("/events")
    assert {(one["letter_id"], one["trigger"]) for one in events} >= {
        (ids["letter_id"][0], "issue"),
        (ids["letter_id"][1], "report"),
    }
    end = program.get("/events").json["seen_to"]  # type: ignore[index]
    assert program.items(f"/events?after={end}") == []


@sqlite_alone
def test_filters_narrow_down_and_name_only_what_there_is(
    ids: Ids, program_of: ProgramOf, office: Office
) -> None:
    program, (top, letter, draft) = program_of("a.sec"), ids["letter_id"]
    units = office.units
    for path, found in (
        ("/letters?state=draft", [draft]),
        ("/letters?issuer=P", [top]),
        (f"/letters?since={TODAY}", []),
        (f"/letters?until={TODAY - timedelta(days=2)}&issuer=A", [letter]),
        (f"/steps?letter={letter}", ids["step_id"]),
        ("/steps?unit=A2", ids["step_id"][1:]),
        (f"/steps?state=reported&kind=task&letter={letter}", ids["step_id"][:1]),
        (f"/steps?open=false&letter={letter}", []),
        ("/overdue?unit=A2", ids["step_id"][1:]),
        ("/units?on=2019-01-01", []),
        (f"/units?after={units['QA']}", [units["QA1"]]),
    ):
        assert [one["id"] for one in program.items(path)] == found, path
    for path, parameter in (
        ("/letters?issuer=XX", "issuer"),
        ("/steps?unit=XX", "unit"),
        ("/overdue?unit=XX", "unit"),
        ("/letters?state=lost", "state"),
        ("/letters?since=yesterday", "since"),
        ("/units?limit=201", "limit"),
        ("/events?after=12-12", "after"),
        ("/letters?after=2026-99-99.1", "after"),
        ("/steps?after=9999999999", "after"),
    ):
        answer = program.get(path)
        faults = answer.json["errors"]  # type: ignore[index]
        assert (answer.status_code, [one["parameter"] for one in faults]) == (422, [parameter])


@sqlite_alone
def test_one_letter_and_one_step_tell_what_their_pages_tell(
    ids: Ids, program_of: ProgramOf
) -> None:
    program, (top, letter, _draft), (step, waiting) = (
        program_of("a.sec"),
        ids["letter_id"],
        ids["step_id"],
    )
    answer = program.get(f"/letters/{letter}")
    shown = answer.json
    assert shown is not None
    assert answer.headers["ETag"] == f'"{shown["version"]}"'
    assert [one["no"] for one in shown["points"]] == ["1", "2"]
    assert [(one["id"], one["role"]) for one in shown["cites"]] == [(top, "implements")]
    assert (shown["issuer_code"], shown["state"], shown["open_steps"]) == ("A", "issued", 2)
    shown = program.get(f"/steps/{step}").json
    assert shown is not None
    assert (shown["state"], shown["turn"], shown["unit"]["code"]) == ("reported", "accepter", "A1")
    assert [one["file_name"] for one in shown["evidence"]] == ["report.txt"]
    moves = {one["trigger"]: one for one in shown["moves"]}
    assert moves["accept"]["is_possible"]
    assert [one["code"] for one in moves["withdraw_report"]["refusals"]] == ["wrong_role"]
    assert program.get(f"/steps/{step}/moves").json["items"] == shown["moves"]  # type: ignore[index]
    late = program.items("/overdue")
    assert [(one["id"], one["days_late"]) for one in late] == [(waiting, 3)]
    trace = program.get(f"/letters/{letter}/trace").json
    assert trace is not None
    assert {(one["source"], one["kind"]) for one in trace["down"]["edges"]} == {
        (f"letter/{letter}", "sets")
    }
    assert [one["id"] for one in trace["up"]["letters"]] == [top, letter]
    assert program.get(f"/letters/{letter}/trace?direction=up").json["down"] is None  # type: ignore[index]


@sqlite_alone
def test_a_cited_letter_that_may_not_be_read_has_a_number_and_no_more(
    office: Office, program_of: ProgramOf
) -> None:
    top = office.letter("P", owe=["A"], subject=f"{MARK} directive")
    letter = office.letter("A", implements=[top], tasks=[("1", "A1")])
    answer = program_of("a1.staff").get(f"/letters/{letter}")
    (cited,) = answer.json["cites"]  # type: ignore[index]
    assert (cited["id"], cited["number"], cited["state"]) == (None, "101", "cited")
    assert MARK not in answer.text


def test_the_number_of_statements_does_not_grow_with_the_list(
    office: Office, program_of: ProgramOf
) -> None:
    top = office.letter("P", owe=["A", "B", "C"], **LATE)
    program = program_of("p.sec")
    program.get("/units")  # marks the token as used today
    # What may be seen, and who asks; SQLite is told to begin by a statement.
    settled = len(opening(office, "p.sec")) + 1 + office.db.is_sqlite
    asked = statements(office.db)
    paths = ("/letters", "/steps", "/overdue", "/units", "/events", f"/letters/{top}")
    counts = []
    for size in (1, 8):
        for _ in range(size):
            office.letter("A", implements=[top], tasks=[("1", "A1"), ("2", "A2")], **LATE)
        counted = {}
        for path in (*paths, f"/letters/{top}/trace"):
            asked.clear()
            assert program.get(path).status_code == 200
            counted[path] = len(asked)
        counts.append(counted)
    assert counts[0] == counts[1]
    own = {path: count - settled for path, count in counts[0].items()}
    assert {path: own[path] for path in paths[:5]} == {
        "/letters": 1,
        "/steps": 1,
        "/overdue": 1,
        "/units": 1,
        "/events": 2,
    }
    assert (own[f"/letters/{top}"], own[f"/letters/{top}/trace"]) == (8, 9)


@sqlite_alone
def test_a_token_without_reading_rights_in_any_post_sees_units_and_nothing_else(
    ids: Ids, program_of: ProgramOf, office: Office
) -> None:
    assert ids
    with office.db.write() as conn:
        conn.exec_driver_sql(
            "UPDATE appointment SET valid_to = '2026-09-14' WHERE user_id IN "
            "(SELECT id FROM user_account WHERE login = 'a.sec')"
        )
    program = program_of("a.sec")
    assert len(program.items("/units")) == len(office.units)
    for path in LISTS:
        assert program.items(path) == [], path


SCOPES = (
    ({Scope.READ}, "/letters", "register"),
    ({Scope.READ, Scope.ACT}, "/letters", "register"),
    ({Scope.READ, Scope.REGISTER}, "/steps/1/moves", "act"),
    ({Scope.READ, Scope.REGISTER}, "/letters/1/moves", "act"),
)


@sqlite_alone
def test_a_token_is_good_for_its_scopes_alone(program_of: ProgramOf) -> None:
    for scopes, path, scope in SCOPES:
        program = program_of("a.sec", frozenset(scopes))
        answer = program.post(path, {})
        wanted = answer.headers["WWW-Authenticate"]
        assert (answer.status_code, wanted) == (
            403,
            f"Bearer error=insufficient_scope, scope={scope}",
        )
        assert program.get("/letters").status_code == 200


@sqlite_alone
def test_without_a_good_token_nothing_opens_in_either_language(
    site: Flask, program_of: ProgramOf
) -> None:
    program = program_of("a.sec")
    client, good = site.test_client(), program.token
    for given in (
        "",
        "Bearer",
        "Bearer x",
        f"bearer {good}x",
        f"Basic {good}",
        f"Bearer {good[:4]}{good[4:].swapcase()}",
        f"Token {good}",
    ):
        for path in ("/letters", "/events", "/units/1"):
            headers = {"Authorization": given} if given else {}
            answer = client.get(f"{ROOT}{path}", headers={**headers, "Accept-Language": "vi"})
            assert answer.status_code == 401, given
            assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=Cascade")
            assert answer.mimetype == "application/problem+json"
            assert "Set-Cookie" not in answer.headers
    assert client.get(f"{ROOT}/units?access_token={good}").status_code == 401
    page = client.get("/letters", headers={"Authorization": f"Bearer {good}"})
    assert (page.status_code, "/sign-in" in page.headers["Location"]) == (302, True)
    assert program.get("/units").status_code == 200


@sqlite_alone
def test_a_fault_of_ours_is_a_problem_that_tells_its_code_and_nothing_of_itself(
    program_of: ProgramOf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError(MARK)

    monkeypatch.setattr(api_units, "page", fail)
    answer = program_of("a.sec").get("/units")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert MARK not in answer.text
    assert answer.json["instance"].removeprefix("urn:cascade:request:") in caplog.text  # type: ignore[index]
