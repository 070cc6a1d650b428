"""Letters entered by programs: drafts as the page would make them, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.web.api.conftest import Program, ProgramOf, new_key
from tests.worlds import Office

sqlite_alone = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
HEAD: dict[str, Any] = {
    "issuer": "A",
    "kind": "công văn",
    "number": "77",
    "symbol": "UBND-VP",
    "date": "2026-09-10",
    "subject": "Về việc phòng, chống bão số 3",
}


def enter(program: Program, **members: Any) -> TestResponse:
    """A letter of A entered with these members."""
    return program.post("/letters", {**HEAD, **members})


def faults(answer: TestResponse) -> list[str]:
    """The places of what is wrong."""
    assert answer.status_code == 422, answer.text
    return sorted(one["pointer"] for one in answer.json["errors"])  # type: ignore[index]


def test_a_letter_is_entered_whole_and_issued_as_any_other(
    office: Office, program_of: ProgramOf
) -> None:
    top, program = office.letter("P", owe=["A"]), program_of("a.reg")
    points = [
        {"no": "1", "text": "Check the dykes.", "lead": ["A1"], "due": "2026-09-30"},
        {"no": "2", "text": "Report.", "lead": ["A2"], "coordinating": ["AW"], "due": "2026-10-05"},
        {"no": "3", "text": "This letter is for information too."},
    ]
    answer = enter(
        program,
        signer="Nguyễn Văn A",
        text="Kính gửi: ...",
        to_act=["AW"],
        to_know=["P"],
        points=points,
        citations=[
            {"role": "implements", "letter": top},
            {"role": "basis", "number": "5", "symbol": "QĐ-TTg", "date": "2026-01-02"},
        ],
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json["state"], answer.headers["ETag"]) == ("draft", '"1"')  # type: ignore[index]
    letter_id = answer.json["id"]  # type: ignore[index]
    assert answer.headers["Location"] == f"/api/v1/letters/{letter_id}"
    shown = program.get(f"/letters/{letter_id}").json
    assert shown is not None
    assert (shown["issuer"], shown["signer"], len(shown["points"])) == ("Body A", "Nguyễn Văn A", 3)
    assert {(one["role"], one["number"], one["state"]) for one in shown["cites"]} == {
        ("implements", "101", "issued"),
        ("basis", "5", "cited"),
    }
    assert [(one["role"], one["as_printed"], one["code"]) for one in shown["units"]] == [
        ("act", "Body AW", "AW"),
        ("know", "Body P", "P"),
    ]
    late = program.move(f"/letters/{letter_id}", "issue")  # for what A owes the province
    assert (late.status_code, "say why" in late.text) == (409, True)
    issued = program.move(f"/letters/{letter_id}", "issue", note="As agreed.")
    assert issued.status_code == 200
    laid = program.items(f"/steps?letter={letter_id}")
    assert {(one["unit"]["code"], one["kind"], one["point"], one["due"]) for one in laid} == {
        ("AW", "obligation", "", None),
        ("A1", "task", "1", "2026-09-30"),
        ("A2", "task", "2", "2026-10-05"),
    }
    assert office.state(office.step(top, "A")) == "answered"  # by what it cites
    assert office.count("recognition") == 0  # nothing was read in it


@sqlite_alone
def test_duties_may_be_named_instead_of_following_from_the_points(
    office: Office, program_of: ProgramOf
) -> None:
    assert office.units
    points = [{"no": "1", "text": "One.", "lead": ["A1"]}, {"no": "2", "text": "Two."}]
    duties = [{"unit": "A2", "point": "2", "due": "2026-11-01"}, {"unit": "AW"}]
    program = program_of("a.sec")
    answer = enter(program, points=points, duties=duties)
    letter_id = answer.json["id"]  # type: ignore[index]
    program.move(f"/letters/{letter_id}", "issue")
    laid = program.items(f"/steps?letter={letter_id}")
    assert {(one["unit"]["code"], one["point"]) for one in laid} == {("A2", "2"), ("AW", "")}


def test_asked_for_again_it_is_the_same_letter_and_under_another_key_it_is_on_file(
    office: Office, program_of: ProgramOf
) -> None:
    program, key = program_of("a.reg"), new_key()
    first, again = (
        program.post("/letters", {**HEAD, "text": "Whole."}, Idempotency_Key=key) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert (first.data, first.headers["Location"]) == (again.data, again.headers["Location"])
    letter_id = first.json["id"]  # type: ignore[index]
    for members in ({}, {"number": "78", "text": "Whole."}):
        told = enter(program, **members)
        assert (told.status_code, told.json["letter"]) == (409, letter_id)  # type: ignore[index]
        assert told.json["type"] == "urn:cascade:problem:on_file"  # type: ignore[index]
    assert office.count("letter") == 1
    # Of another body's letter with the same text nothing is told but that there is one.
    told = program_of("q.reg").post("/letters", {**HEAD, "issuer": "Q", "text": "Whole."})
    assert (told.status_code, "letter" in told.json) == (409, False)  # type: ignore[operator]


@sqlite_alone
def test_what_is_wrong_is_told_at_its_place_and_nothing_is_kept(
    office: Office, program_of: ProgramOf
) -> None:
    unseen, program = office.letter("Q", owe=["QA"]), program_of("a.reg")
    before = office.count("letter")
    point = {"no": "1", "text": "One."}
    for members, places in (
        ({"issuer": "XX"}, ["/issuer"]),
        ({"date": "2019-01-01"}, ["/issuer"]),  # before there was such a unit
        ({"to_act": ["A1", "XX"], "to_know": ["YY"]}, ["/to_act/1", "/to_know/0"]),
        ({"points": [{**point, "lead": ["XX"]}]}, ["/points/0/lead/0"]),
        ({"points": [{"no": "1"}]}, ["/points/0/text"]),
        ({"points": [point], "duties": [{"unit": "A1", "point": "9"}]}, ["/duties/0/point"]),
        ({"citations": [{"role": "implements", "letter": unseen}]}, ["/citations/0/letter"]),
        ({"citations": [{"role": "implements", "number": "5"}]}, ["/citations/0"]),
        ({"citations": [{"role": "envies", "letter": 1}]}, ["/citations/0/role"]),
        ({"number": " ", "x": 1, "date": "soon"}, ["/date", "/number", "/x"]),
        ({"subject": "a\0b", "text": 5}, ["/subject", "/text"]),
        ({"urgency": "MẬT"}, [""]),
        ({"text": "TUYỆT MẬT\nCộng hòa"}, ["/text"]),
    ):
        assert faults(enter(program, **members)) == places, members
    assert (office.count("letter"), office.count("api_answer")) == (before, 0)


@sqlite_alone
def test_only_the_registry_of_its_issuer_enters_a_letter(
    office: Office, program_of: ProgramOf
) -> None:
    told = enter(program_of("b.reg"))
    assert told.status_code == 403
    assert [one["code"] for one in told.json["refusals"]] == ["wrong_role"]  # type: ignore[index]
    assert enter(program_of("a1.staff")).status_code == 403
    assert office.count("letter") == 0


@sqlite_alone
def test_a_cited_letter_that_comes_takes_the_place_of_what_was_known_of_it(
    office: Office, program_of: ProgramOf
) -> None:
    top = office.letter("P", cites=[("A", "77"), ("A", "78")], owe=["B"])
    program, reader = program_of("a.reg"), program_of("p.sec")
    known = {one["number"]: one["id"] for one in reader.items("/letters?state=cited")}
    with office.db.write() as conn:  # now the first may be this letter, or the second one's
        conn.exec_driver_sql("UPDATE letter SET number='77', dated='2026-09-05' WHERE number='78'")
    assert faults(enter(program, symbol="UBND-A")) == ["/replaces"]
    answer = enter(program, symbol="UBND-A", replaces=[known["77"]])
    assert (answer.status_code, answer.json["id"]) == (201, known["77"])  # type: ignore[index]
    assert [one["state"] for one in reader.get(f"/letters/{top}").json["cites"]] == [  # type: ignore[index]
        "cited",
        "cited",
    ]
