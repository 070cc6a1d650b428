"""Whatever is wrong, the console says what, where and what to do, and keeps nothing of it."""

from __future__ import annotations

import sqlite3

import pytest

from tests.cli.console import Console, Ran
from tests.cli.kept import kept
from tests.cli.letters import DIRECTIVE, DISPATCH, EVIDENCE, SHEETS, letter
from tests.cli.test_console_journey import staff_of, step_of

REFUSED, BAD_INPUT = 1, 2


def told(ran: Ran, code: int, *parts: str) -> None:
    """It ended so, said all of these, and showed nobody a traceback."""
    assert ran.code == code, ran
    assert [part for part in parts if part not in ran.err] == [], ran.err
    assert "Traceback" not in ran.err + ran.out


def refuses(console: Console, args: list[object], code: int, *parts: str) -> None:
    """The same, and everything kept is as it was."""
    before = kept(console.home)
    told(console(*args), code, *parts)
    assert kept(console.home) == before


# -- files that are no letter --------------------------------------------------------------

WITHOUT_NUMBER = letter("7").replace("Số: 7/UBND-NN\n", "")
FILES = [
    pytest.param(b"", ["the file is empty", "UTF-8"], id="an empty file"),
    pytest.param(b" \n\n", ["the file is empty"], id="a file of blanks"),
    pytest.param(b"MZ\x00\x01\x02", ["binary file", "at byte 2", "plain text"], id="a program"),
    pytest.param(b"PK\x03\x04rest", ["letter.txt", "broken"], id="a broken Word file"),
    pytest.param(
        letter("7").replace("ạ", "").encode("utf-8").replace(b"\xe1", b"\xff", 1),
        ["not UTF-8", "byte", "Windows-1258"],
        id="a file in an old code",
    ),
    pytest.param(WITHOUT_NUMBER, ["shows no number", "--set number="], id="no number"),
    pytest.param(
        "Xin chào.\n", ["shows no number, no symbol, no date", "--set date="], id="no letter at all"
    ),
    pytest.param(
        letter("7", to="Sở Ngoại vụ Sao Hỏa"),
        ["no units on file", "“Sở Ngoại vụ Sao Hỏa”", "--leave-unknown", "units import"],
        id="an unknown unit",
    ),
    pytest.param(
        letter("7", body="TỈNH KHÔNG CÓ"),
        ["issuing body is no unit on file", "--set issuer="],
        id="an unknown issuer",
    ),
    pytest.param(
        letter("7", mark="\nMẬT\n"),
        ["secrecy mark", "register for classified letters", "line 8"],
        id="a secrecy mark",
    ),
]


@pytest.mark.parametrize(("content", "parts"), FILES)
def test_a_file_is_not_registered(console: Console, content: str | bytes, parts: list[str]) -> None:
    path = console.write("letter.txt", content)
    before = kept(console.home)
    ran = console("letter", "import", path, "--yes", "--issue")
    told(ran, BAD_INPUT, *parts)
    assert kept(console.home) == before


def test_a_secrecy_mark_is_not_repeated(console: Console) -> None:
    path = console.write("letter.txt", letter("7", mark="\nTỐI MẬT\n"))
    for command in (["letter", "read", path], ["letter", "import", path, "--yes"]):
        ran = console(*command)
        told(ran, BAD_INPUT, "secrecy mark")
        assert "TỐI" not in ran.err + ran.out


def test_a_second_letter_with_the_same_identity_is_refused(console: Console) -> None:
    console.ok("letter", "import", console.write("a.txt", letter("7")), "--yes")
    again = console.write("b.txt", letter("7", to="Sở Giao thông vận tải"))
    refuses(
        console,
        ["letter", "import", again, "--yes"],
        BAD_INPUT,
        "7/UBND-NN (10/09/2024) is on file already, as letter 2",
        "b.txt",
        "cascade letter show 2",
    )


def circle(console: Console) -> list[object]:
    """The import that would close a circle of two letters, the first of which is on file."""
    cites = (
        "Thực hiện Công văn số {} ngày {}/9/2024 của Ủy ban nhân dân huyện {} về việc kiểm tra "
        "thuốc, Ủy ban nhân dân huyện yêu cầu:"
    )
    to = "Phòng Nông nghiệp và Phát triển nông thôn"
    first = letter(
        "20",
        day=10,
        to=to,
        body="HUYỆN AN TRẠCH",
        text=cites.format("21/UBND-NN", 11, "Thạch Lĩnh"),
    )
    second = letter(
        "21",
        day=11,
        to=to,
        body="HUYỆN THẠCH LĨNH",
        text=cites.format("20/UBND-NN", 10, "An Trạch"),
    )
    console.ok("letter", "import", console.write("20.txt", first), "--yes", "--as", "tue.tq")
    return ["letter", "import", console.write("21.txt", second), "--yes", "--as", "vuong.tt"]


def test_two_letters_that_implement_one_another_are_refused(console: Console) -> None:
    closing = circle(console)
    before = kept(console.home)
    told(
        console(*closing),
        BAD_INPUT,
        "21.txt: the letters would run in a circle",
        # What another unit has not issued yet is not named.
        "circle: … → công văn 21/UBND-NN (11/09/2024) → …",
        "correct the citation",
    )
    assert kept(console.home)[:2] == before[:2]


def test_a_circle_leaves_no_file_behind(console: Console) -> None:
    refuses(console, circle(console), BAD_INPUT, "run in a circle")


# The reader gives no due date before a letter's own; a correction of that date can.
LATER = ["--yes", "--set", "date=2024-10-05"]


def test_a_letter_due_before_its_date_is_not_issued(console: Console) -> None:
    console.ok("letter", "import", console.write("letter.txt", letter("7")), *LATER)
    refuses(
        console,
        ["letter", "issue", "L2"],
        REFUSED,
        "letter 2: issue is refused",
        "due before the letter's date 2024-10-05: point 1 (2024-09-29)",
    )


def test_a_letter_that_cannot_be_issued_at_once_is_not_half_imported(console: Console) -> None:
    path = console.write("letter.txt", letter("7"))
    refuses(console, ["letter", "import", path, *LATER, "--issue"], REFUSED, "due before")


def test_of_many_files_the_bad_ones_are_told_and_the_good_ones_kept(console: Console) -> None:
    good = console.write("good.txt", letter("7"))
    empty, secret = console.write("empty.txt", ""), console.write("x.txt", letter("8", mark="MẬT"))
    ran = console("letter", "import", empty, good, secret, "--yes", "--json")
    told(ran, BAD_INPUT, "the file is empty", "secrecy mark", "2 of 3 letters were not registered")
    assert [made["file"] for made in ran.json] == [str(good)]


def test_of_many_files_the_secret_one_is_named(console: Console) -> None:
    secret = console.write("secret.txt", letter("8", mark="MẬT"))
    told(console("letter", "import", secret, "--yes"), BAD_INPUT, "secret.txt")


# Importing a folder is importing what lies in it.
@pytest.mark.parametrize(
    ("command", "name"), [("read", "nowhere.txt"), ("read", "."), ("import", "nowhere.txt")]
)
def test_a_file_that_cannot_be_read_is_bad_input(console: Console, command: str, name: str) -> None:
    ran = console("letter", command, console.home / name, *(["--yes"] * (command == "import")))
    told(ran, BAD_INPUT, str(console.home / name), "Check the file name")


# -- acts that are refused -----------------------------------------------------------------


def test_a_move_by_the_wrong_role_is_refused(console: Console) -> None:
    step = step_of(console, "LG-SYT", "5.a")
    refuses(
        console,
        ["act", step, "cancel", "--note", "x", "--as", staff_of("LG-SYT")],
        REFUSED,
        f"step {step[1:]}: cancel is refused",
        "only head, secretariat of the issuing unit may do this",
    )


def test_every_obstacle_is_told_at_once(console: Console) -> None:
    step = step_of(console, "LG-SYT", "5.a")
    refuses(
        console,
        ["act", step, "report", "--done-on", "31/12/2999"],
        REFUSED,
        "- only drafter, head, registrar, secretariat, staff of the lead unit may do this",
        "- attach evidence: a file or a letter",
        "- done on 2999-12-31 lies after today",
    )


def test_a_move_that_is_not_possible_is_told_with_those_that_are(console: Console) -> None:
    step = step_of(console, "LG-SYT", "5.a")
    refuses(
        console,
        ["act", step, "accept"],
        REFUSED,
        "accept is not possible while open; possible now: start, report, return_nil, decline",
    )


def test_the_evidence_of_a_refused_report_is_not_kept(console: Console) -> None:
    step = step_of(console, "LG-SYT", "5.a")
    refuses(console, ["act", step, "report", "--evidence", EVIDENCE], REFUSED, "may do this")


@pytest.mark.parametrize(
    "login", ["thuc.pd", "truc.lq", "vuong.tt"], ids=["a drafter", "an auditor", "another body"]
)
def test_a_letter_is_registered_by_its_issuers_registry_alone(console: Console, login: str) -> None:
    refuses(
        console,
        ["letter", "import", console.write("letter.txt", letter("7")), "--yes", "--as", login],
        REFUSED,
        "register is refused",
        "only head, registrar, secretariat of the issuing unit may do this",
    )


# -- what is named wrongly -----------------------------------------------------------------

NAMED = [
    pytest.param("act S99 start", BAD_INPUT, ["step 99", "no such step", "cascade overdue"]),
    pytest.param("act L99 close", BAD_INPUT, ["letter 99", "no such letter", "letter list"]),
    pytest.param("act X1 start", BAD_INPUT, ["'X1' names neither", "S12"]),
    pytest.param("act S1 fly", REFUSED, ["there is no move fly; the moves are: acknowledge"]),
    pytest.param("act L1 issue", BAD_INPUT, ["letter 1", "cascade letter issue 1"]),
    pytest.param("act L1 fulfil", REFUSED, ["follows by itself"]),
    pytest.param("act S1 acknowledge --as nobody", BAD_INPUT, ["no active user 'nobody'", "--as"]),
    pytest.param("act S9 transfer --unit ZZ", BAD_INPUT, ["--unit", "'ZZ'", "units list"]),
    pytest.param("act S9 report --evidence nowhere", BAD_INPUT, ["nowhere", "Check the file"]),
    pytest.param("act S9 report --evidence .", BAD_INPUT, ["no file, or an empty one"]),
    pytest.param("act S9 report --letter L99 --as thoa.pb", BAD_INPUT, ["no letter 99"]),
    pytest.param("answer S1 L99 --as tue.tq", BAD_INPUT, ["no letter 99", "letter list"]),
    pytest.param("answer S1 L1 --as tue.tq", BAD_INPUT, ["step 1", "does not owe this step"]),
    pytest.param("answer S1 S1", BAD_INPUT, ["'S1' is a step", "L3"]),
    pytest.param("letter show L99", BAD_INPUT, ["L99", "no such letter", "letter list"]),
    pytest.param("letter issue L99 L98", BAD_INPUT, ["no letter 98, 99"]),
    pytest.param("letter issue L1", REFUSED, ["issue is not possible while issued"]),
    pytest.param("trace L99", BAD_INPUT, ["letter 99", "no such letter"]),
    pytest.param("trace S99", BAD_INPUT, ["step 99", "no such step"]),
    pytest.param("overdue --unit ZZ", BAD_INPUT, ["--unit", "'ZZ'", "units list"]),
    pytest.param("overdue --after tomorrow", BAD_INPUT, ["--after", "2026-09-02:S12"]),
    pytest.param("overdue --today soon", BAD_INPUT, ["--today"]),
    pytest.param("overdue --limit 0", BAD_INPUT, ["--limit"]),
    pytest.param("graph L99 -o x.svg", BAD_INPUT, ["letter 99"]),
    pytest.param("graph L1 -o x.docx", BAD_INPUT, [".svg"]),
    pytest.param("graph L1 -o nowhere/x.svg", REFUSED, ["nowhere"]),
    pytest.param("publish", BAD_INPUT, ["publish"]),
    pytest.param("letter publish", BAD_INPUT, ["publish"]),
    pytest.param("overdue --wrong", BAD_INPUT, ["--wrong"]),
    pytest.param("trace", BAD_INPUT, ["Missing argument"]),
]


@pytest.mark.parametrize(
    ("args", "code", "parts"), NAMED, ids=[f"cascade {case.values[0]}" for case in NAMED]
)
def test_what_is_named_wrongly_is_told(
    console: Console, args: str, code: int, parts: list[str]
) -> None:
    refuses(console, list(args.split()), code, *parts)


@pytest.mark.parametrize(
    ("fix", "parts"),
    [
        ("colour=red", ["'colour=red' corrects nothing", "kind, number"]),
        ("number", ["'number' corrects nothing"]),
        ("date=soon", ["'soon' is not a date", "--set date=2026-09-02"]),
        ("issuer=ZZ", ["no unit has the code ZZ", "units list"]),
    ],
    ids=["an unknown field", "no value", "no date", "an unknown unit"],
)
def test_a_correction_that_corrects_nothing_is_told(
    console: Console, fix: str, parts: list[str]
) -> None:
    path = console.write("letter.txt", letter("7"))
    refuses(console, ["letter", "import", path, "--yes", "--set", fix], BAD_INPUT, *parts)


def test_nobody_is_there_to_confirm(console: Console) -> None:
    path = console.write("letter.txt", letter("7"))
    refuses(console, ["letter", "import", path], BAD_INPUT, "nobody is there to confirm", "--yes")


@pytest.mark.parametrize(
    "args",
    [["act", "S1", "acknowledge"], ["letter", "import", DISPATCH, "--yes"], ["letter", "issue", 1]],
    ids=["a move", "an import", "issuing"],
)
def test_who_acts_must_be_said(console: Console, args: list[object]) -> None:
    console.env.clear()
    refuses(console, args, BAD_INPUT, "who acts is not said", "--as LOGIN", "CASCADE_USER")


# -- organisation --------------------------------------------------------------------------

BROKEN = {
    "units.csv": (
        "code,name,parent,level,valid_from,valid_to\n"
        "N1,New one,LG,commune,2026-02-30,\n"
        "N2,New two,NOWHERE,commune,2026-01-01,\n"
        "N3,New three,LG,galaxy,2026-01-01,\n"
        ",Nameless,LG,commune,2026-01-01,\n"
        "N5,New five,LG,commune,2026-01-01,2025-01-01\n"
        "LG-SYT,Overlap,LG,department,2020-01-01,\n"
    ),
    "levels.csv": "code,name_vi,name_en,rank,duty\nx,x,x,first,rest\n",
    "groups.csv": "phrase,level,parent\nall,galaxy,issuer\nall,commune,NOWHERE\n",
    "people.csv": ("login,name,unit,role,valid_from,valid_to\nan,An,NOWHERE,emperor,2026-01-01,\n"),
}
FAULTS = [
    "units.csv, line 2: valid_from and valid_to are dates",
    "units.csv, line 3: unknown parent 'NOWHERE'",
    "units.csv, line 4: unknown level 'galaxy'",
    "units.csv, line 5: code and name are needed",
    "units.csv, line 6: ends on 2025-01-01 before it begins on 2026-01-01",
    "levels.csv, line 2: duty is obligation or task, rank a number",
    "groups.csv, line 2: unknown level 'galaxy'",
    "groups.csv, line 3: unknown parent 'NOWHERE'",
    "people.csv, line 2: unknown unit 'NOWHERE'",
    "people.csv, line 2: unknown role 'emperor'",
    "LG-SYT: the periods from",
    "Correct these lines and import again.",
]


def test_every_broken_line_of_every_sheet_is_told_at_once(console: Console) -> None:
    paths = [console.write(name, content) for name, content in BROKEN.items()]
    refuses(console, ["units", "import", *paths, SHEETS[1]], BAD_INPUT, *FAULTS)


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("a,b\n1,2\n", ["its columns fit none of levels, units, groups", "units: code"]),
        (b"code,name\n\xff\xfe\n", ["not UTF-8 at byte 10", "CSV UTF-8"]),
        (b"", ["its columns fit none"]),
    ],
    ids=["other columns", "another code", "an empty file"],
)
def test_a_sheet_that_is_none_is_told(
    console: Console, content: str | bytes, parts: list[str]
) -> None:
    path = console.write("sheet.csv", content)
    refuses(console, ["units", "import", SHEETS[1], path], BAD_INPUT, "sheet.csv", *parts)


# -- registers that are none ---------------------------------------------------------------

COMMANDS = ["letter list", "overdue", "trace L1", "verify", "units list", "act S1 start --as x"]


@pytest.mark.parametrize("args", COMMANDS)
def test_there_is_no_register_yet(bare: Console, args: str) -> None:
    told(bare(*args.split()), REFUSED, "no register here yet", "cascade init", str(bare.home))
    assert not bare.home.exists()


def test_asking_for_a_register_makes_none(bare: Console) -> None:
    bare.home.mkdir()
    told(bare("letter", "list"), REFUSED, "no register here yet", "cascade init")
    assert list(bare.home.iterdir()) == []


@pytest.mark.parametrize("command", ["letter list", "init", "units list"])
def test_a_register_of_a_newer_program_is_left_alone(console: Console, command: str) -> None:
    with sqlite3.connect(console.home / "cascade.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    refuses(console, list(command.split()), REFUSED, "schema 9999, newer", "newer version")


@pytest.mark.parametrize("command", ["letter list", "init"])
def test_a_file_that_is_no_register_is_left_alone(bare: Console, command: str) -> None:
    bare.home.mkdir()
    path = bare.home / "cascade.db"
    path.write_text("This is a diary. " * 100)
    told(bare(*command.split()), REFUSED, "not a register", str(path), "backup")
    assert path.read_text() == "This is a diary. " * 100


UNREACHABLE = "postgresql+psycopg://clerk:secret@127.0.0.1:1/cascade"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("nonsense", ["CASCADE_DATABASE", "postgresql+psycopg://"]),
        ("carrier-pigeon://x/y", ["CASCADE_DATABASE", "postgresql+psycopg://"]),
        (UNREACHABLE, ["clerk:***@127.0.0.1:1", "running and reachable"]),
        ("sqlite:////nowhere/at/all.db", ["/nowhere/at/all.db", "cascade init"]),
    ],
    ids=["no URL", "an unknown sort", "no server there", "no folder there"],
)
@pytest.mark.parametrize("command", ["letter list", "init"])
def test_a_database_that_cannot_be_used_is_told(
    bare: Console, command: str, url: str, parts: list[str]
) -> None:
    ran = bare(*command.split(), CASCADE_DATABASE=url)
    told(ran, REFUSED, *parts)
    assert "secret" not in ran.err


def test_a_language_that_is_none_is_told(bare: Console) -> None:
    ran = bare("letter", "list", CASCADE_LANG="fr")
    told(ran, BAD_INPUT, "'fr'", "CASCADE_LANG", "vi or en")


def test_a_damaged_store_is_found_out(console: Console) -> None:
    (stored,) = [path for path in (console.home / "files").rglob("*") if path.is_file()]
    stored.write_bytes(DIRECTIVE.read_bytes() + b"x")
    told(console("verify"), REFUSED, "1 faults", DIRECTIVE.name, "missing or changed", "backup")
    assert console("verify", "--json").json["consistent"] is False
