"""Folders, corrections and choices on the console, and at a terminal where somebody answers."""

from __future__ import annotations

import csv
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.console import COMMAND, Console
from tests.cli.kept import kept
from tests.cli.letters import DIRECTIVE, letter
from tests.cli.test_bad_input import BAD_INPUT, REFUSED, refuses, told


@pytest.fixture
def inbox(console: Console) -> Path:
    """A folder with a good letter in a folder of its own and one that needs a person."""
    folder = console.home.parent / "inbox"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "good.txt").write_text(letter("7"))
    (folder / "unknown.txt").write_text(letter("8", to="Sở Ngoại vụ Sao Hỏa"))
    return folder


def at_terminal(console: Console, answers: Sequence[str], *args: object, **env: str) -> str:
    """Run a command in a terminal, giving each answer when it asks; all that was shown."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, args)],
        env=console.environment(TERM="dumb", COLUMNS="160", **env),
        cwd=console.home.parent,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    said, waiting = b"", list(answers)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.3)
        if ready:
            try:
                part = os.read(master, 65536)
            except OSError:
                break  # the other side has closed
            if not part:
                break
            said += part
        elif waiting and said.rstrip().endswith((b":", b"]")):
            os.write(master, (waiting.pop(0) + "\n").encode())
        elif process.poll() is not None:
            break
    os.close(master)
    process.wait(10)
    assert waiting == [], said.decode()
    return said.decode()


# -- folders -------------------------------------------------------------------------------


def test_a_folder_is_imported_and_what_needs_a_person_is_reported(
    console: Console, inbox: Path
) -> None:
    report = console.home.parent / "report.csv"
    ran = console("letter", "import", inbox, DIRECTIVE, "--yes", "--report", report)
    told(ran, REFUSED, "1 of 3 files need a person", "without --yes")
    assert "Registered 1; on file already 1; need a person 1." in ran.out
    assert "Sao Hỏa" in ran.out
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = {Path(row["file"]).name: row for row in csv.DictReader(file)}
    assert {name: (row["result"], row["letter"]) for name, row in rows.items()} == {
        "good.txt": ("registered", "L2"),
        "unknown.txt": ("needs a person", ""),
        DIRECTIVE.name: ("on file", "L1"),
    }
    assert "Sao Hỏa" in rows["unknown.txt"]["why"]

    before = kept(console.home)
    again = console("letter", "import", inbox, "--yes", "--json")
    assert [one["result"] for one in again.json] == ["on file", "needs a person"]
    assert kept(console.home) == before
    left = console.ok("letter", "import", inbox, "--yes", "--leave-unknown", "--issue").out
    assert "Registered 1; on file already 1; need a person 0." in left
    console.ok("verify")


def test_a_report_cannot_become_a_formula(console: Console) -> None:
    folder = console.home.parent / "=cmd"
    folder.mkdir()
    (folder / "x.txt").write_text("=1+1")
    ran = console("letter", "import", "=cmd", "--yes", "--report", "r.csv")
    assert ran.code == REFUSED
    assert "'=cmd" in (console.home.parent / "r.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (["nowhere", "--report", "r.csv"], ["nowhere: there is no such file or folder"]),
        ([".", "--set", "number=1"], ["corrections are of one letter", "by itself"]),
        ([".", "--report", "no/r.csv"], []),
    ],
    ids=["no such folder", "corrections of a folder", "a report that cannot be written"],
)
def test_a_folder_named_wrongly_is_told(
    console: Console, args: list[object], parts: list[str]
) -> None:
    ran = console("letter", "import", *args, "--yes")
    assert ran.code in (REFUSED, BAD_INPUT)
    assert [part for part in parts if part not in ran.err] == [], ran
    assert "Traceback" not in ran.err


def test_ctrl_c_leaves_a_clean_register_that_the_next_run_completes(console: Console) -> None:
    folder = console.home.parent / "many"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number:03}.txt").write_text(letter(str(1000 + number)))
    process = subprocess.Popen(
        [*COMMAND, "letter", "import", "many", "--yes"],
        env=console.environment(),
        cwd=console.home.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 20
    while kept(console.home).rows["letter"] < 5 and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, (out, err)
    assert "of 400 files; the same command goes on." in err
    assert "need a person 0." in out
    console.ok("verify")
    after = kept(console.home)
    assert 5 <= after.rows["letter"] < 400
    assert len(after.files) == after.rows["letter"]
    for path in sorted(folder.iterdir())[after.rows["letter"] + 20 :]:
        path.unlink()
    rest = console.ok("letter", "import", "many", "--yes").out
    assert "Registered 21; on file already" in rest


# -- corrections ---------------------------------------------------------------------------


def test_a_letter_is_corrected_by_options_and_the_accuracy_tells(console: Console) -> None:
    path = console.write("a.txt", letter("7", to="Sở Y tế"))
    console.ok(
        *("letter", "import", path, "--yes", "--set", "subject=Kiểm tra thuốc"),
        *("--duty", "LG-SGT=2024-10-01", "--duty", "LG-SYT@1=2/10/2024"),
    )
    rows = {row["field"]: row for row in console.ok("letter", "accuracy", "--json").json}
    assert (rows["subject"]["changed"], rows["subject"]["right"]) == (1, 1)
    assert (rows["duty unit"]["missed"], rows["duty due"]["changed"]) == (1, 1)
    table = console.ok("letter", "accuracy").out
    assert "right of read" in table
    assert "50%" in table
    console.ok("letter", "issue", "L2")
    steps = console.ok("trace", "L2", "--json").json["steps"]
    assert {(s["unit_code"], s["due"]) for s in steps} == {
        ("LG-SYT", "2024-10-02"),
        ("LG-SGT", "2024-10-01"),
    }


def test_an_accuracy_of_nothing_is_told(bare: Console) -> None:
    bare.ok("init")
    assert "No letter was read yet" in bare.ok("letter", "accuracy").out


WRONG = [
    (["--duty", "ZZ@8"], ["no unit has the code ZZ", "no point 8", "a.txt"]),
    (["--no-duty", "LG-SGT"], ["LG-SGT: the letter lays no such duty"]),
    (["--duty", "@"], ["'@' corrects nothing", "--duty", "CODE@POINT=DATE"]),
    (["--cites", "7"], ["'7' corrects nothing", "--cites"]),
    (["--set", "x=1", "--no-duty", "="], ["--set: 'x=1' corrects nothing", "--no-duty: '='"]),
]


@pytest.mark.parametrize(("args", "parts"), WRONG, ids=lambda a: " ".join(a))
def test_a_wrong_correction_is_told_and_nothing_kept(
    console: Console, args: list[str], parts: list[str]
) -> None:
    path = console.write("a.txt", letter("7"))
    refuses(console, ["letter", "import", path, "--yes", *args], BAD_INPUT, *parts)


def ambiguous(console: Console) -> Path:
    """Two letters of one number on file, and a letter that cites either."""
    for day in (3, 4):
        path = console.write(f"{day}.txt", letter("7", day=day))
        console.ok("letter", "import", path, "--yes")
    citing = letter(
        "20",
        day=20,
        body="HUYỆN THẠCH LĨNH",
        to="Phòng Nông nghiệp và Phát triển nông thôn",
        text="Thực hiện Công văn số 7/UBND-NN của Ủy ban nhân dân tỉnh về việc kiểm tra thuốc, "
        "Ủy ban nhân dân huyện yêu cầu:",
    )
    return console.write("20.txt", citing)


def test_an_ambiguous_citation_is_refused_with_its_choices_until_one_is_named(
    console: Console,
) -> None:
    path = ambiguous(console)
    asked = ["letter", "import", path, "--yes", "--as", "vuong.tt"]
    refuses(
        console,
        asked,
        BAD_INPUT,
        "20.txt: these citations fit several letters",
        "L2 công văn 7/UBND-NN (03/09/2024)",
        "L3 công văn 7/UBND-NN (04/09/2024)",
        "--cites 7/UBND-NN=L2",
    )
    out = console.ok(*asked, "--cites", "7/UBND-NN=L3").out
    assert "implements 7/UBND-NN (L3)" in out


def doubtful(console: Console) -> tuple[Path, str]:
    """A letter, and one cited without its day that may be it or its namesake of another year."""
    district = {"body": "HUYỆN THẠCH LĨNH", "to": "Phòng Nông nghiệp và Phát triển nông thôn"}
    said = "Thực hiện Công văn số 7/UBND-NN{} của Ủy ban nhân dân tỉnh về việc kiểm tra thuốc, "
    said += "Ủy ban nhân dân huyện yêu cầu:"
    asked = ["--yes", "--as", "vuong.tt", "--cites", "7/UBND-NN=none"]
    for number, day in (("20", " ngày 10/9/2023"), ("21", "")):
        text = letter(number, day=20, text=said.format(day), **district)
        console.ok("letter", "import", console.write(f"{number}.txt", text), *asked)
    stubs = console.ok("letter", "list", "--state", "cited", "--json").json
    (undated,) = [f"L{row['id']}" for row in stubs if row["number"] == "7" and not row["dated"]]
    return console.write("7.txt", letter("7", day=12)), undated


def test_a_cited_letter_that_may_be_another_is_refused_with_its_choice_until_told(
    console: Console,
) -> None:
    path, undated = doubtful(console)
    asked = ["letter", "import", path, "--yes"]
    refuses(console, asked, BAD_INPUT, "may be this one", f"{undated} công văn 7/UBND-NN")
    refuses(console, [*asked, "--replaces", "x"], BAD_INPUT, "'x' corrects nothing", "--replaces")
    told(console(*asked, "--report", "r.csv"), REFUSED, "1 of 1 files need a person")
    console.ok(*asked, "--replaces", undated)
    assert console.ok("letter", "show", undated, "--json").json["state"] == "draft"
    console.ok("verify")


def test_somebody_says_that_a_cited_letter_is_another(console: Console) -> None:
    path, undated = doubtful(console)
    said = at_terminal(console, ["n", "y"], "letter", "import", path)
    assert f"{undated} công văn 7/UBND-NN" in said
    assert "is cited and not on file. Is it this letter?" in said
    assert console.ok("letter", "show", undated, "--json").json["state"] == "cited"
    console.ok("verify")


def test_another_scan_of_a_letter_is_refused_unless_its_number_is_given(console: Console) -> None:
    console.ok("letter", "import", console.write("a.txt", letter("3158", day=3)), "--yes")
    scan = letter("3158", day=3).replace("Số: 3158", "Số: 3153").replace("thuốc", "thuoo")
    path = console.write("b.txt", scan)
    refuses(console, ["letter", "import", path, "--yes"], BAD_INPUT, "that of L2", "may be misread")
    console.ok("letter", "import", path, "--yes", "--set", "number=3153")


# -- at a terminal -------------------------------------------------------------------------


def test_somebody_picks_the_unit_and_the_letter_and_says_yes(console: Console) -> None:
    path = ambiguous(console)
    misread = path.read_text("utf-8").replace("Nông nghiệp", "Nôêg nghiệp")
    path.write_text(misread.replace("nông thôn", "nôg thôn"))
    said = at_terminal(console, ["1", "2", "y"], "letter", "import", path, CASCADE_USER="vuong.tt")
    assert "is no unit on file:" in said
    assert "[LG-TL-PNN]" in said
    assert "7/UBND-NN may be several letters:" in said
    assert "L3 công văn 7/UBND-NN (04/09/2024)" in said
    assert "line" in said
    assert "Số: [20]" in said
    assert "98%" in said
    assert "Registered as L4." in said
    sheet = console.ok("letter", "show", "L4", "--json").json
    assert [cited["id"] for cited in sheet["cites"]] == [3]


def test_somebody_gives_what_is_missing_edits_the_rest_and_says_no(console: Console) -> None:
    path = console.write("a.txt", letter("7").replace("Số: 7/UBND-NN\n", ""))
    editor = console.write(
        "editor.sh", '#!/bin/sh\nsed -i "s/^number: 9/number: 11/; s/^kind:.*/kind:/" "$1"\n'
    )
    fixing = console.write("fix.sh", '#!/bin/sh\nsed -i "s/^kind:.*/kind: công văn/" "$1"\n')
    editor.chmod(0o755)
    fixing.chmod(0o755)
    once = console.write(
        "once.sh",
        f'#!/bin/sh\nif [ -e {path}.done ]; then {fixing} "$1"; else {editor} "$1"; fi\n'
        f"touch {path}.done\n",
    )
    once.chmod(0o755)
    before = kept(console.home)
    answers = ["9", "UBND-NN", "e", "y", "n"]
    said = at_terminal(console, answers, "letter", "import", path, EDITOR=str(once))
    assert "shows no number, no symbol" in said
    assert "kind is needed" in said
    assert "công văn 11/UBND-NN (10/09/2024)" in said
    assert "given by you" in said
    assert kept(console.home) == before


# -- a register kept in a spreadsheet ------------------------------------------------------

SHEET = """\
STT;Số/ký hiệu;Ngày ban hành;Cơ quan ban hành;Trích yếu;Đơn vị thực hiện;Hạn xử lý;Ghi chú
1;101/UBND-NN;05/9/2024;UBND tỉnh Lam Giang;Kiểm tra kho thuốc;Sở Y tế;30/9/2024;
2;102/UBND-NN;06/9/2024;UBND tỉnh Lam Giang;Kiểm tra cầu yếu;Sở Lạ lùng;30/9/2024;
"""


def test_a_register_is_taken_over_and_its_headings_are_remembered(console: Console) -> None:
    path = console.write("so.csv", SHEET)
    refuses(console, ["register", "import", path], BAD_INPUT, "nobody is there", "--yes")
    ran = console("register", "import", path, "--yes")
    told(ran, REFUSED, "so.csv: 1 of 2 rows were not registered")
    assert "Hạn xử lý" in ran.out
    assert "Not taken: STT, Ghi chú" in ran.out
    assert "Sở Lạ lùng" in ran.out
    before = kept(console.home)
    again = console("register", "import", path, "--json")  # needs no question any more
    assert [(row["row"], row["result"]) for row in again.json] == [
        (2, "on file"),
        (3, "needs a person"),
    ]
    assert kept(console.home) == before
    console.ok("letter", "issue", "L2")
    (step,) = console.ok("trace", "L2", "--json").json["steps"]
    assert (step["unit_code"], step["due"]) == ("LG-SYT", "2024-09-30")
    console.ok("verify")


def test_the_file_of_a_letter_known_from_a_register_is_attached_saying_so(
    console: Console,
) -> None:
    console("register", "import", console.write("so.csv", SHEET), "--yes")
    before = console.ok("letter", "show", "L2", "--json").json
    content = letter("101", day=5, to="Sở Ngoại vụ Sao Hỏa")
    path = console.write("101.txt", content)
    said = at_terminal(console, ["y"], "letter", "import", path)
    assert "Mind: công văn 101/UBND-NN (05/09/2024) is on file as L2, without its file" in said
    assert "Attach the file? y yes, n no, e edit" in said
    assert "L2 keeps its fields; the file says otherwise: subject “kiểm tra thuốc dự ph" in said
    after = console.ok("letter", "show", "L2", "--json").json
    assert after.pop("file_name") == "101.txt"
    assert {**before, "file_sha256": 0} == {**after, "file_name": None, "file_sha256": 0}
    console.ok("verify")
    again = ["letter", "import", path, "--yes", "--leave-unknown"]
    refuses(console, again, BAD_INPUT, "on file already, as letter 2")


def test_the_file_is_attached_without_asking_and_in_bulk(console: Console) -> None:
    sheet = SHEET.replace("Sở Lạ lùng", "Sở Y tế")
    console.ok("register", "import", console.write("so.csv", sheet), "--yes")
    one = console.write("101.txt", letter("101", day=5, to="Sở Ngoại vụ Sao Hỏa"))
    told_one = console.ok("letter", "import", one, "--yes").out
    assert "(05/09/2024) was on file without its file, now attached to it." in told_one
    two = console.write("102.txt", letter("102", day=6, due="30/9/2024"))
    ran = console.ok("letter", "import", two, one, "--yes", "--report", "r.csv")
    assert "Registered 0; files attached 1; on file already 1; need a person 0." in ran.out
    with (console.home.parent / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["result"], row["letter"], row["why"]) for row in csv.DictReader(file)]
    subject = "subject “kiểm tra thuốc dự phòng”, on file “Kiểm tra cầu yếu”"
    assert rows == [
        ("file attached", "L3", f"the file says otherwise: {subject}"),
        ("on file", "L2", ""),
    ]


def test_somebody_confirms_what_the_columns_mean(console: Console) -> None:
    path = console.write("so.csv", SHEET)
    before = kept(console.home)
    said = at_terminal(console, ["n"], "register", "import", path, "--map", "due=")
    assert "Do the columns mean this?" in said
    assert "Nothing was registered" in said
    assert kept(console.home) == before
    said = at_terminal(console, ["y"], "register", "import", path)
    assert "Registered 1;" in said


REGISTER_FAULTS = [
    ("so.csv", SHEET, ["--map", "colour=x"], ["'colour=x' says what no column means"]),
    ("so.csv", SHEET, ["--map", "due=Hạn"], ["there is no column 'Hạn'", "Hạn xử lý"]),
    ("so.csv", SHEET, ["--map", "date="], ["no column says the date", "--map date="]),
    ("so.csv", SHEET, ["--issuer", "ZZ"], ["no unit has the code 'ZZ'", "--issuer"]),
    ("so.csv", "a;b\n1;2\n", [], ["no row of headings", "a, b", "--map"]),
    ("so.csv", "", [], ["the file is empty"]),
    ("so.xlsx", "no zip", [], ["no Excel workbook", ".xlsx"]),
    ("so.csv", b"\xff\xfeS", [], ["not UTF-8 at byte 0"]),
]


@pytest.mark.parametrize(("name", "content", "args", "parts"), REGISTER_FAULTS)
def test_a_register_that_cannot_be_taken_is_told(
    console: Console, name: str, content: str | bytes, args: list[str], parts: list[str]
) -> None:
    path = console.write(name, content)
    refuses(console, ["register", "import", path, "--yes", *args], BAD_INPUT, *parts)
