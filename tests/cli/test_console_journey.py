"""The day's work on the console, from an empty folder to a verified register."""

from __future__ import annotations

from pathlib import Path

from tests.cli.console import Console
from tests.cli.letters import DIRECTIVE, DISPATCH, EVIDENCE, SHEETS


def step_of(console: Console, unit: str, point: str = "") -> str:
    """The step of a unit, as the trace names it."""
    steps = console.ok("trace", "L1", "--json").json["steps"]
    return str(next(s["id"] for s in steps if (s["unit_code"], s["point"]) == (unit, point)))


def staff_of(unit: str) -> str:
    """Somebody who may act for a unit."""
    people = SHEETS[-1].read_text("utf-8").splitlines()
    rows = [line.split(",") for line in people]
    return next(row[0] for row in rows if row[2:4] == [unit, "staff"])


def test_from_an_empty_folder_to_a_verified_register(bare: Console) -> None:
    made = bare.ok("init")
    assert "The register is ready" in made.out
    assert "units import" in made.out
    counted = bare.ok("units", "import", *SHEETS, "--json").json
    rows = {sheet.stem: len(sheet.read_text("utf-8").splitlines()) - 1 for sheet in SHEETS}
    assert {name: counted[name] for name in rows} == rows
    verified = bare.ok("verify", "--json").json
    assert (verified["consistent"], verified["faults"]) == (True, [])

    told = bare.ok("letter", "import", DIRECTIVE, "--yes", "--as", "man.vt")
    assert "công văn 3158/UBND-NN (09/09/2024)" in told.out
    assert "Next: cascade letter issue L1" in told.out
    issued = bare.ok("letter", "issue", "L1", "--as", "man.vt")
    assert "Issued 1; laid 12 steps; answered 0 obligations." in issued.out

    registered = bare.ok(
        "letter", "import", DISPATCH, "--yes", "--issue", "--json", "--as", "vuong.tt"
    ).json
    assert [(made["letter"], made["answered"]) for made in registered] == [(2, 1)]
    obligation = step_of(bare, "LG-TL")
    tree = bare.ok("trace", "L1", "--json").json
    assert {"from": obligation, "to": "L2", "kind": "answers"} in tree["edges"]
    assert bare.ok("verify").out.startswith("The register is consistent")


def test_letters_are_listed_and_shown(console: Console) -> None:
    table = console.ok("letter", "list").out
    (row,) = console.ok("letter", "list", "--json").json
    assert ("L1" in table, "3158/UBND-NN" in table, "12" in table) == (True, True, True)
    assert (row["id"], row["state"], row["open_steps"]) == (1, "issued", 12)
    assert "No letter here" in console.ok("letter", "list", "--after", "L1").out

    sheet = console.ok("letter", "show", "1", "--json").json
    text = console.ok("letter", "show", "L1").out
    assert (sheet["number"], sheet["urgency"], len(sheet["points"])) == ("3158", "KHẨN", 8)
    assert "text" not in sheet
    assert all(point["no"] in text for point in sheet["points"])


def test_letters_are_listed_by_state_as_the_list_shows_it(console: Console) -> None:
    assert console.ok("letter", "list", "--state", "closed", "--json").json == []
    assert len(console.ok("letter", "list", "--state", "issued", "--json").json) == 1


def test_a_letter_is_withdrawn_with_all_below_it(console: Console) -> None:
    fired = console.ok(
        "act", "L1", "withdraw", "--note", "By mistake.", "--children", "cancel", "--json"
    ).json
    assert (fired["target"], fired["followed"]) == ("withdrawn", 12)


def test_a_letter_is_read_without_a_register(bare: Console) -> None:
    assert "3158" in bare.ok("letter", "read", DIRECTIVE).out
    assert bare.ok("letter", "read", DIRECTIVE, "--json").json["number"]
    assert not bare.home.exists()


def test_what_was_deduced_is_said_where_it_is_read(bare: Console, tmp_path: Path) -> None:
    smudged = tmp_path / "smudged.txt"
    clean = DIRECTIVE.read_text("utf-8")
    smudged.write_text(
        clean.replace("ngày 09 tháng 9 năm 2024", "ngày O9 tháng 9 năm 2024"), "utf-8"
    )
    told = bare.ok("letter", "read", smudged).out
    assert "Mind: the date is deduced: printed" in told
    assert "2024-09-09" in told
    assert "Mind: the date" not in bare.ok("letter", "read", DIRECTIVE).out


def test_what_is_overdue_is_listed_a_page_at_a_time(console: Console) -> None:
    day = ("--today", "2024-09-26")
    rows = console.ok("overdue", *day, "--json").json
    assert [(row["unit_code"], row["days_late"]) for row in rows] == [
        ("LG-SYT", 7),
        ("LG-SNN", 1),
    ]
    first = console.ok("overdue", *day, "--limit", "1").out
    key = first.rsplit("--after ", 1)[1].strip()
    second = console.ok("overdue", *day, "--limit", "1", "--after", key, "--json").json
    assert second == rows[1:2]
    assert "Nothing is overdue on 09/09/2024." in console.ok("overdue", "--today", "09/09/2024").out
    below = console.ok("overdue", *day, "--unit", "LG-SYT", "--json").json
    assert [row["unit_code"] for row in below] == ["LG-SYT"]


def test_a_task_is_started_reported_and_accepted(console: Console) -> None:
    step = step_of(console, "LG-SYT", "5.a")
    staff = staff_of("LG-SYT")
    started = console.ok("act", step, "start", "--as", staff, CASCADE_LANG="vi")
    assert started.out == f"{step}: chưa thực hiện → đang thực hiện\n"
    fired = console.ok("act", step, "report", "--evidence", EVIDENCE, "--as", staff, "--json").json
    assert (fired["source"], fired["target"]) == ("in_progress", "reported")
    assert console.ok("act", step, "accept").out == f"{step}: reported → accepted\n"
    assert console.ok("verify").code == 0
    up = console.ok("trace", step, "--json").json
    assert (up["tops"], [s["state"] for s in up["steps"]]) == (["L1"], ["accepted"])


def test_an_obligation_is_answered_by_hand(console: Console) -> None:
    console.ok("letter", "import", DISPATCH, "--yes", "--as", "vuong.tt")
    step = step_of(console, "LG-TL")
    refused = console("answer", step, "L2", "--as", "vuong.tt")
    assert (refused.code, "Issue it first" in refused.err) == (2, True)
    console.ok("letter", "issue", "L2", "--as", "vuong.tt")
    again = console.ok("answer", step, "L2", "--as", "vuong.tt", "--json").json
    assert (again["source"], again["target"]) == ("answered", "answered")


def test_the_cascade_is_drawn(console: Console, tmp_path: Path) -> None:
    for name, begin in {"c.svg": b"<", "c.dot": b""}.items():
        said = console.ok("graph", "L1", "-o", tmp_path / name).out
        assert "(13 nodes)" in said
        assert (tmp_path / name).read_bytes().startswith(begin)
        assert b"3158/UBND-NN" in (tmp_path / name).read_bytes()


def test_the_units_are_those_of_the_day(console: Console) -> None:
    table = console.ok("units", "list", "--today", "2024-09-10").out
    rows = console.ok("units", "list", "--today", "2024-09-10", "--json").json
    assert (rows[0]["code"], rows[0]["parent"]) == ("LG", None)
    assert all(row["code"] in table for row in rows)
    assert (
        "No unit exists on 01/01/1990" in console.ok("units", "list", "--today", "1990-01-01").out
    )
