"""Moves of programs go through the same door as those of people, once, and say why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cascade.store import FileStore
from tests.web.api.conftest import ROOT, Program, ProgramOf, new_key
from tests.worlds import TODAY, Office
from web.api import door

sqlite_alone = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


@pytest.fixture
def letter(office: Office) -> int:
    """A letter of A with a task for each of its sections, and noise beside."""
    office.letter("B", tasks=[("1", "B1")])
    return office.letter("A", tasks=[("1", "A1"), ("2", "A2")])


@pytest.fixture
def step(office: Office, letter: int) -> int:
    """The task of A1."""
    return office.step(letter, "A1", "1")


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem an answer tells, in the one form all have."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    told = answer.json
    assert told is not None
    assert {"type", "title", "status", "instance"} <= told.keys()
    assert told["status"] == status
    return dict(told)


def with_files(
    program: Program, path: str, sent: Mapping[str, object], key: str, seen: str
) -> TestResponse:
    """A move sent as a form, with files."""
    bearer = {"Authorization": f"Bearer {program.token}"}
    headers = {"Idempotency-Key": key, "If-Match": seen, **bearer}
    return program.client.post(f"{ROOT}{path}", data=sent, headers=headers)


def test_a_task_goes_its_way_and_the_history_tells_the_owner(
    office: Office, step: int, letter: int, program_of: ProgramOf
) -> None:
    doer, issuer = program_of("a1.staff"), program_of("a.sec")
    answer = doer.move(f"/steps/{step}", "start", note="Begun.")
    assert answer.status_code == 200, answer.text
    assert answer.json == {
        "kind": "step",
        "id": step,
        "event": answer.json["event"],  # type: ignore[index]
        "source": "open",
        "target": "in_progress",
        "followed": 0,
        "version": 2,
    }
    assert answer.headers["ETag"] == '"2"'
    done = doer.move(f"/steps/{step}", "report", letters=[letter], done_on=f"{TODAY}")
    assert done.status_code == 200, done.text
    assert issuer.move(f"/steps/{step}", "accept").status_code == 200
    assert office.state(step) == "accepted"
    shown = issuer.get(f"/steps/{step}").json
    assert shown is not None
    assert [(one["trigger"], one["actor"], one["role"]) for one in shown["history"][:3]] == [
        ("accept", "a.sec", "secretariat"),
        ("report", "a1.staff", "staff"),
        ("start", "a1.staff", "staff"),
    ]
    assert [one["letter_id"] for one in shown["evidence"]] == [letter]


@sqlite_alone
def test_files_come_as_a_form_and_are_kept_once(
    office: Office, step: int, program_of: ProgramOf
) -> None:
    program, path, key = program_of("a1.staff"), f"/steps/{step}", new_key()
    store: FileStore = program.client.application.extensions["world"].store

    def send(content: bytes, at: str = key) -> TestResponse:
        sent = {"trigger": "report", "note": "So.", "evidence": (BytesIO(content), "../m.txt")}
        return with_files(program, f"{path}/moves", sent, at, '"1"')

    first, again = send(b"minutes"), send(b"minutes")
    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert first.data == again.data
    (shown,) = program.get(path).json["evidence"]  # type: ignore[index]
    assert (shown["file_name"], shown["size"], office.count("evidence")) == ("m.txt", 7, 1)
    assert store.is_whole(shown["sha256"])
    assert problem(send(b"other"), 422)["type"].endswith("idempotency_key_reused")
    assert [path.name for path in store.folder.glob(".part-*")] == []
    empty = problem(send(b"", new_key()), 422)
    assert [one["pointer"] for one in empty["errors"]] == ["/evidence"]


def test_the_same_key_acts_once_and_no_other_request_may_take_it(
    step: int, program_of: ProgramOf
) -> None:
    program, path = program_of("a1.staff"), f"/steps/{step}/moves"
    sent = {"Idempotency_Key": new_key(), "If_Match": '"1"'}
    first = program.post(path, {"trigger": "start", "note": "So."}, **sent)
    again = program.post(path, {"note": "So.", "trigger": "start"}, **sent)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.data, first.headers["ETag"]) == (again.data, again.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    reused = program.post(path, {"trigger": "start", "note": "Otherwise."}, **sent)
    assert problem(reused, 422)["type"] == "urn:cascade:problem:idempotency_key_reused"
    assert len(program.get(f"/steps/{step}").json["history"]) == 2  # type: ignore[index]
    # Another person's key is another key, also where it is spelt alike.
    other = program_of("a.sec").post(path, {"trigger": "remind"}, **{**sent, "If_Match": '"2"'})
    assert other.status_code == 200, other.text


@sqlite_alone
def test_a_key_of_what_was_refused_may_be_used_once_more(
    office: Office, step: int, program_of: ProgramOf
) -> None:
    program, path, key = program_of("a1.staff"), f"/steps/{step}/moves", new_key()
    sent = {"Idempotency_Key": key, "If_Match": '"1"'}
    assert program.post(path, {"trigger": "decline"}, **sent).status_code == 409
    answer = program.post(path, {"trigger": "decline", "note": "Not ours."}, **sent)
    assert answer.status_code == 200, answer.text
    assert office.state(step) == "declined"


LATER = f"{TODAY + timedelta(days=5)}"
REFUSED: dict[str, tuple[str, dict[str, object], int, set[tuple[str, str | None]]]] = {
    "no evidence": ("a1.staff", {"trigger": "report"}, 409, {("evidence_missing", "evidence")}),
    "several at once": (
        "a1.staff",
        {"trigger": "report", "done_on": LATER},
        409,
        {("evidence_missing", "evidence"), ("done_in_future", "done_on")},
    ),
    "no reason": ("a1.staff", {"trigger": "decline"}, 409, {("reason_missing", "note")}),
    "not from here": ("a.sec", {"trigger": "resume"}, 409, {("not_from_here", None)}),
    "not by this post": ("a.sec", {"trigger": "start"}, 403, {("wrong_role", None)}),
    "the post alone is told": ("a2.head", {"trigger": "decline"}, 404, set()),
}


@sqlite_alone
def test_a_refused_move_tells_every_reason_by_code_words_and_member(
    office: Office, step: int, program_of: ProgramOf
) -> None:
    for case, (login, body, status, refusals) in REFUSED.items():
        answer = program_of(login).post(f"/steps/{step}/moves", body, If_Match='"1"')
        found = problem(answer, status).get("refusals", [])
        assert {(one["code"], one["field"]) for one in found} == refusals, case
        assert all(len(one["text"]) > 10 for one in found), case
        assert (office.state(step), office.count("api_answer")) == ("open", 0), case


@sqlite_alone
def test_who_reported_does_not_accept_through_a_program_either(
    office: Office, program_of: ProgramOf
) -> None:
    top = office.letter("A", tasks=[("1", "A1")])
    step = office.step(top, "A1", "1")
    with office.db.write() as conn:  # the same person on both sides
        conn.exec_driver_sql(
            "INSERT INTO appointment (user_id, unit_id, role, scope, valid_from, valid_to) SELECT "
            f"id, {office.units['A']}, 'secretariat', 'subtree', '2020-01-01', '9999-12-31' "
            "FROM user_account WHERE login = 'a1.staff'"
        )
    office.report(step, "A1")
    told = problem(program_of("a1.staff").move(f"/steps/{step}", "accept"), 409)
    assert [one["code"] for one in told["refusals"]] == ["same_person"]


BAD: dict[str, tuple[dict[str, object], dict[str, str], int, list[str]]] = {
    "no key": ({"trigger": "start"}, {"Idempotency_Key": "", "If_Match": "*"}, 400, []),
    "a short key": ({"trigger": "start"}, {"Idempotency_Key": "short", "If_Match": "*"}, 400, []),
    "no version": ({"trigger": "start"}, {}, 428, []),
    "an old version": ({"trigger": "start"}, {"If_Match": '"7"'}, 412, []),
    "a weak version": ({"trigger": "start"}, {"If_Match": 'W/"1"'}, 412, []),
    "no trigger": ({}, {"If_Match": "*"}, 422, ["/trigger"]),
    "an unknown move": ({"trigger": "explode"}, {"If_Match": "*"}, 422, ["/trigger"]),
    "an unknown member": ({"trigger": "start", "x/y": 1}, {"If_Match": "*"}, 422, ["/x~1y"]),
    "wrong kinds": (
        {"trigger": "start", "note": 3, "done_on": "soon", "units": "A1", "answer": "x"},
        {"If_Match": "*"},
        422,
        ["/answer", "/done_on", "/note", "/units"],
    ),
    "a NUL": ({"trigger": "start", "note": "a\0b"}, {"If_Match": "*"}, 422, ["/note"]),
    "no object": ({"trigger": None}, {"If_Match": "*"}, 422, ["/trigger"]),
    "no unit": ({"trigger": "split", "units": ["A1", "XX"]}, {"If_Match": "*"}, 422, ["/units/1"]),
    "no letter": ({"trigger": "report", "letters": [99]}, {"If_Match": "*"}, 422, ["/letters"]),
}


@sqlite_alone
def test_what_cannot_be_used_is_told_at_its_place(
    office: Office, step: int, program_of: ProgramOf
) -> None:
    program = program_of("a1.staff")
    for case, (body, headers, status, pointers) in BAD.items():
        told = problem(program.post(f"/steps/{step}/moves", body, **headers), status)
        assert sorted(one["pointer"] for one in told.get("errors", [])) == pointers, case
        assert office.state(step) == "open", case


NO_JSON = (
    (b"{", "application/json", 400),
    (b"[]", "application/json", 422),
    (b"trigger=start", "application/x-www-form-urlencoded", 415),
    (b'{"trigger": "start"}', "text/plain", 415),
    (b"", "application/json", 422),
    (b"", "", 415),
    (b"\xff\xfe", "application/json", 400),
    (b"[" * 200_000, "application/json", 400),
    (b'{"trigger": "start", "answer": ' + b"9" * 5_000 + b"}", "application/json", 400),
    (b'{"trigger": "start", "answer": NaN}', "application/json", 422),
    (b'{"trigger": "start", "note": "\\ud800"}', "application/json", 422),
    (b'{"\\ud800": 1, "trigger": "start"}', "application/json", 422),
    (b" " * (8 * 1024 * 1024 + 1), "application/json", 413),
)


@sqlite_alone
def test_what_is_no_json_is_not_taken(step: int, program_of: ProgramOf) -> None:
    program = program_of("a1.staff")
    headers = {"If-Match": "*", "Authorization": f"Bearer {program.token}"}
    there = f"{ROOT}/steps/{step}/moves"
    for content, kind, status in NO_JSON:
        sent = {**headers, "Idempotency-Key": new_key(), "Content-Type": kind}
        problem(program.client.post(there, data=content, headers=sent), status)
    problem(program.client.delete(there, headers=headers), 405)


@sqlite_alone
def test_problems_speak_the_language_asked_for(step: int, program_of: ProgramOf) -> None:
    program = program_of("a1.staff")
    told = {}
    for lang in ("vi", "en"):
        program.headers = {"Accept-Language": lang}
        answer = program.post(f"/steps/{step}/moves", {"trigger": "report"}, If_Match="*")
        told[lang] = [one["text"] for one in problem(answer, 409)["refusals"]]
    assert told["vi"] == ["Phải kèm minh chứng (tệp hoặc văn bản)."]
    assert told["en"] == ["Attach evidence: a file or a letter."]


@sqlite_alone
def test_splitting_and_transferring_name_units_by_code(
    office: Office, program_of: ProgramOf
) -> None:
    top = office.letter("P", owe=["A"], tasks=[("1", "S")])
    step = office.step(top, "S", "1")
    program = program_of("p.sec")
    answer = program.move(f"/steps/{step}", "transfer", units=["A1"], note="Theirs.")
    assert answer.status_code == 200, answer.text
    assert office.state(step) == "transferred"
    (taken,) = program.items("/steps?unit=A1")
    assert taken["state"] == "open"
    parted = program_of("a.staff")
    step = office.step(office.letter("P", tasks=[("1", "A")]), "A", "1")
    answer = parted.move(f"/steps/{step}", "split", units=["A1", "A2"])
    assert answer.status_code == 200, answer.text
    shown = parted.get(f"/steps/{step}").json
    assert shown is not None
    assert (len(shown["parts"]), shown["open_children"]) == (2, 2)


def test_letters_are_issued_closed_and_replaced_through_the_door(
    office: Office, program_of: ProgramOf
) -> None:
    draft, program = office.draft("A", tasks=[("1", "A1")]), program_of("a.sec")
    stale = program.post(f"/letters/{draft}/moves", {"trigger": "issue"}, If_Match='"4"')
    assert problem(stale, 412)["type"] == "urn:cascade:problem:moved_on"
    issued = program.move(f"/letters/{draft}", "issue")
    assert issued.status_code == 200, issued.text
    assert issued.json["target"] == "issued"  # type: ignore[index]
    assert issued.json["followed"] == 1  # type: ignore[index]
    assert [one["unit"]["code"] for one in program.items(f"/steps?letter={draft}")] == ["A1"]
    told = problem(program.move(f"/letters/{draft}", "close"), 409)
    assert {(one["code"], one["field"]) for one in told["refusals"]} == {
        ("fate_missing", "fate"),
        ("reason_missing_while_open", "note"),
    }
    unseen = office.draft("Q")
    told = problem(program.move(f"/letters/{draft}", "supersede", replacement=unseen), 422)
    assert [one["pointer"] for one in told["errors"]] == ["/replacement"]
    done = program.move(f"/letters/{draft}", "close", note="Enough.", fate="cancel")
    assert done.status_code == 200, done.text
    assert office.letter_state(draft) == "closed"
    problem(program_of("a1.staff").move(f"/letters/{draft}", "reopen", note="No."), 403)


@sqlite_alone
def test_what_happened_meanwhile_is_412_also_between_reading_and_writing(
    office: Office, step: int, program_of: ProgramOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of("a1.staff")
    make = door.make

    def late(*given: Any) -> Any:
        office.fire(step, "start", "a1.head")
        return make(*given)

    monkeypatch.setattr(door, "make", late)
    answer = program.post(f"/steps/{step}/moves", {"trigger": "start"}, If_Match='"1"')
    assert problem(answer, 412)["type"] == "urn:cascade:problem:moved_on"
