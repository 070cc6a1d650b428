"""A register kept in a spreadsheet: headings understood, dates read, each row whole or told why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from cascade import bulk, files, issue, rows, spreadsheet
from cascade.bulk import Outcome, Result, Terms
from cascade.clock import on
from cascade.errors import BadInputError, StorageError, UnreadableFileError
from cascade.rows import RowOutcome
from cascade.spreadsheet import Table
from cascade.store import FileStore
from cascade.verify import verify
from cascade.workbook import Cell
from models import filing
from models.database import Database
from models.queries import acting, recognising
from tests.cli.letters import letter

HEADINGS = (
    "STT",
    "Số/ký hiệu",
    "Ngày ban hành",
    "Cơ quan ban hành",
    "Trích yếu nội dung",
    "Đơn vị thực hiện",
    "Hạn xử lý (nếu có)",
    "Văn bản chỉ đạo",
    "Ghi chú",
)
P = "UBND tỉnh Lam Giang"


def workbook(folder: Path, *lines: Sequence[object], name: str = "so.xlsx") -> Path:
    """An Excel file with these lines, below an empty first sheet."""
    book = Workbook()
    sheet = book.create_sheet("Sổ đi")
    for line in lines:
        sheet.append(list(line))
    book.save(folder / name)
    return folder / name


def table_of(*lines: Sequence[Cell]) -> Table:
    """A table with the usual headings, its first row being row 2."""
    return Table("so", HEADINGS, tuple((at, tuple(line)) for at, line in enumerate(lines, 2)))


def enter(db: Database, table: Table, **given: str | None) -> list[RowOutcome]:
    """Register a table's rows as the province's secretariat."""
    with db.read() as conn:
        who = acting.actor(conn, "hang.nt")
    assert who is not None
    columns = spreadsheet.propose(table.headings)
    return list(rows.enter(db, table, columns, who, on(date(2024, 9, 20)), Terms(), **given))


def asked(db: Database, ask: str) -> set[tuple[object, ...]]:
    """The rows of a query."""
    with db.read() as conn:
        return {tuple(row) for row in conn.execute(text(ask))}


def test_a_file_that_cannot_be_read_is_told_alike_wherever_it_is_given(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.csv"
    readers: tuple[Callable[[Path], object], ...] = (
        spreadsheet.read,
        FileStore(tmp_path).keep,
        files.there,
    )
    for read in readers:
        with pytest.raises(UnreadableFileError) as told:
            read(nothing)
        assert told.value.where == str(nothing)
        assert told.value.remedy == "Check the file name and its permissions."


# -- headings ------------------------------------------------------------------------------

PROPOSED = [
    (HEADINGS, "reference date issuer subject units due implements"),
    (("TT", "Số", "Ký hiệu", "Ngày", "Nội dung"), "number symbol date subject"),
    (("Số đến", "Ngày đến", "Số, ký hiệu", "Ngày tháng"), "reference date"),
    (
        ("No", "Reference", "Issue date", "Issued by", "Subject", "Assigned to", "Deadline"),
        "reference date issuer subject units due",
    ),
    (("SO KY HIEU", "NGAY BAN HANH", "TRICH YEU", "NOI NHAN"), "reference date subject units"),
    (("Số/kí hiệu", "Ngày ban hànhh", "Trích yếu ND"), "reference date"),
    (("Nơi nhận", "Đơn vị thực hiện"), "units"),
    (("Căn cứ", "Văn bản liên quan", "Người ký", "Độ khẩn"), "basis related signer urgency"),
    (("Họ tên", "Điện thoại", ""), ""),
]


@pytest.mark.parametrize(("headings", "fields"), PROPOSED)
def test_headings_are_understood(headings: tuple[str, ...], fields: str) -> None:
    assert set(spreadsheet.propose(headings)) == set(fields.split())


def test_of_two_headings_for_one_field_the_better_is_proposed() -> None:
    assert spreadsheet.propose(("Nơi nhận", "Đơn vị thực hiện"))["units"] == "Đơn vị thực hiện"


def test_a_person_changes_what_a_column_means() -> None:
    table = Table("so", ("Số/ký hiệu", "Ngày", "Trích yếu", "Xong trước"), ())
    proposed = spreadsheet.propose(table.headings)
    changed = spreadsheet.mapped(table, proposed, {"due": "xong trước", "subject": ""})
    assert changed == {"reference": "Số/ký hiệu", "date": "Ngày", "due": "Xong trước"}
    moved = spreadsheet.mapped(table, proposed, {"kind": "Trích yếu"})
    assert (moved.get("subject"), moved["kind"]) == (None, "Trích yếu")
    with pytest.raises(BadInputError) as told:
        spreadsheet.mapped(table, proposed, {"colour": "", "due": "Hạn"})
    assert "no field 'colour'; there is no column 'Hạn'" in str(told.value)
    assert spreadsheet.lacking(changed, has_issuer=False) == ["subject", "issuer"]
    assert spreadsheet.lacking(proposed, has_issuer=True) == []


def test_what_columns_mean_is_remembered_by_their_headings(db: Database) -> None:
    table, other = Table("a", HEADINGS, ()), Table("b", HEADINGS[1:], ())
    for columns in ({"date": "Ngày"}, {"date": "Ngày ban hành"}):
        with db.write() as conn:
            filing.remember(conn, table.key, columns)
    again = Table("c", tuple(heading.upper() for heading in HEADINGS), ())
    with db.read() as conn:
        assert recognising.mapping(conn, again.key) == {"date": "Ngày ban hành"}
        assert recognising.mapping(conn, other.key) is None


# -- files ---------------------------------------------------------------------------------


def test_the_headings_are_found_below_a_title_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2024"],
        [],
        HEADINGS,
        [1, "101/UBND-NN", date(2024, 9, 5), P, "Kiểm tra", "Sở Y tế", 45565.0],
        [None] * 9,
        [2, 102, "06/9/2024", P, "Kiểm tra"],
    )
    table = spreadsheet.read(path)
    assert (table.name, table.headings) == ("Sổ đi", HEADINGS)
    assert [number for number, _ in table.rows] == [4, 6]
    assert table.rows[0][1][:4] == ("1", "101/UBND-NN", date(2024, 9, 5), P)
    assert (table.rows[0][1][6], table.rows[1][1][1]) == ("45565", "102")


@pytest.mark.parametrize("mark", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_csv_file_is_read_whatever_parts_its_cells(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "so.csv"
    lines = [HEADINGS, ("1", "7/UBND-NN", "5/9/2024", P, '"Kiểm tra; kho, thuốc"')]
    path.write_text("\n".join(mark.join(line) for line in lines), "utf-8-sig")
    table = spreadsheet.read(path)
    assert table.headings == HEADINGS
    assert table.rows[0][1][:5] == ("1", "7/UBND-NN", "5/9/2024", P, "Kiểm tra; kho, thuốc")


# -- rows ----------------------------------------------------------------------------------

DATES = [
    (date(2024, 9, 5), True),
    ("05/9/2024", True),
    ("5.9.2024", True),
    ("2024-09-05", True),
    ("ngày 05 tháng 9 năm 2024", True),
    ("31/9/2024", False),
    ("9/2024", False),
    (None, False),
]


@pytest.mark.parametrize(("cell", "is_read"), DATES)
def test_a_date_is_read_as_registers_write_it(
    small: Database, cell: date | str | None, is_read: bool
) -> None:
    (told,) = enter(small, table_of((None, "7/UBND-NN", cell, P, "Kiểm tra")))
    assert told.result is (Result.REGISTERED if is_read else Result.PERSON)
    if is_read:
        assert {str(day) for (day,) in asked(small, "SELECT dated FROM letter")} == {"2024-09-05"}
    else:
        assert "date" in told.why


REFERENCES = [
    ("7/UBND-NN", ("công văn", "7", "UBND-NN")),
    ("Số: 12/KH-UBND", ("kế hoạch", "12", "KH-UBND")),
    ("05/CĐ-UBND ngày 5/9/2024", ("công điện", "05", "CĐ-UBND")),
    ("512-CV/TU", ("công văn", "512", "CV/TU")),
    ("mười hai", None),
    (None, None),
]


@pytest.mark.parametrize(("cell", "identity"), REFERENCES)
def test_a_reference_is_read_with_its_kind(
    small: Database, cell: str | None, identity: tuple[str, str, str] | None
) -> None:
    (told,) = enter(small, table_of((None, cell, "5/9/2024", P, "Kiểm tra")))
    found = asked(small, "SELECT kind, number, symbol FROM letter")
    assert found == ({identity} if identity else set())
    assert told.result is (Result.REGISTERED if identity else Result.PERSON)


def test_rows_become_letters_with_their_duties_and_lines(filled: Database) -> None:
    table = table_of(
        # The answer stands before what it answers, which is on file only below it.
        (None, "12/KH-UBND", "6/9/2024", P, "Kế hoạch", "Sở Y tế, Sở Giao thông vận tải",
         "15/10/2024", "07/UBND-NN ngày 05/9/2024 của UBND tỉnh"),
        (None, "7/UBND-NN", "5/9/2024", P, "Kiểm tra", "UBND các huyện, thành phố\n- Sở Y tế",
         date(2024, 9, 30)),
        (None, "8/UBND-NN", "7/9/2024", P, "Không hạn", "Sở Y tế"),
        (None, "9/UBND-NN", "8/9/2024", P, "Hằng tuần", "Sở Y tế", "trong tháng 9/2024"),
    )  # fmt: skip
    done = enter(filled, table)
    assert [one.result for one in done] == [Result.REGISTERED] * 4, done
    assert asked(
        filled,
        """SELECT l.number, u.code, CAST(d.due AS VARCHAR(10)) FROM duty d
        JOIN letter l ON l.id = d.letter_id JOIN unit u ON u.id = d.unit_id
        WHERE u.code NOT IN ('LG-HK', 'LG-AT', 'LG-DK', 'LG-TN', 'LG-VL')""",
    ) == {
        ("12", "LG-SYT", "2024-10-15"),
        ("12", "LG-SGT", "2024-10-15"),
        ("7", "LG-TL", "2024-09-30"),
        ("7", "LG-SYT", "2024-09-30"),
        ("9", "LG-SYT", "2024-09-30"),
    }
    assert asked(
        filled,
        """SELECT a.number, c.role, b.number, b.state FROM citation c
        JOIN letter a ON a.id = c.citing_id JOIN letter b ON b.id = c.cited_id""",
    ) == {("12", "implements", "7", "draft")}
    assert asked(filled, "SELECT due_text FROM point WHERE due_text LIKE 'trong%'") == {
        ("trong tháng 9/2024",)
    }
    before = [asked(filled, f"SELECT count(*) FROM {name}") for name in ("letter", "event", "duty")]
    assert [one.result for one in enter(filled, table)] == [Result.ON_FILE] * 4
    after = [asked(filled, f"SELECT count(*) FROM {name}") for name in ("letter", "event", "duty")]
    assert before == after
    with filled.read() as conn:
        assert verify(conn) == []
        assert recognising.accuracy(conn) == []  # nothing was recognised, so nothing is counted


BAD = [
    ((None, "7/UBND-NN", "5/9/2024", "Sở Sao Hỏa", "x"), ["issuing body is no unit", "Sao Hỏa"]),
    ((None, "7/UBND-NN", "5/9/2024", P, None), ["no subject"]),
    ((None, "7/UBND-NN", "5/9/2024", None, "x"), ["no issuer"]),
    (
        (None, "x", "y", P, "x", None, "z"),
        ["'x' is no number", "'y' is not a date", "due date 'z'"],
    ),
    (
        (None, "7/UBND-NN", "5/9/2024", P, "x", "Sở Lạ; Sở Y tế", "hôm nào"),
        ["due date 'hôm nào' cannot be read", "“Sở Lạ”"],
    ),
    ((None, "7/UBND-NN", "5/9/2024", "UBND huyện Đại Khê", "x"), ["register is refused"]),
]


@pytest.mark.parametrize(("line", "parts"), BAD)
def test_a_row_that_cannot_be_taken_is_told_by_its_number_and_the_rest_is_kept(
    small: Database, line: tuple[Cell, ...], parts: list[str]
) -> None:
    good = (None, "99/UBND-NN", "5/9/2024", P, "Kiểm tra")
    bad, kept = enter(small, table_of(line, good))
    assert (bad.row, bad.result, kept.row, kept.result) == (2, Result.PERSON, 3, Result.REGISTERED)
    assert [part for part in parts if part not in bad.why] == [], bad.why
    assert asked(small, "SELECT number FROM letter") == {("99",)}


def test_the_issuer_may_be_the_same_for_all_rows(small: Database) -> None:
    table = Table("so", ("Số/ký hiệu", "Ngày", "Trích yếu"), ((2, ("7/UBND-NN", "5/9/2024", "x")),))
    (told,) = enter(small, table, issuer="LG")
    assert told.result is Result.REGISTERED


def take(db: Database, folder: Path, content: str, name: str = "7.txt", **terms: bool) -> Outcome:
    """Import one file in bulk as the province's secretariat."""
    path = folder / name
    path.write_text(content)
    with db.read() as conn:
        who = acting.actor(conn, "hang.nt")
    assert who is not None
    store, moment = FileStore(folder / "files"), on(date(2024, 9, 20))
    (told,) = bulk.run(db, store, [path], who, moment, Terms(**terms))  # type: ignore[arg-type]
    with db.read() as conn:
        assert verify(conn, store) == []
    return told


SEVEN = (None, "7/UBND-NN", "10/9/2024", P, "Kiểm tra thuốc dự phòng")
KEPT = "SELECT kind, number, symbol, dated, subject, signer, form, state, version FROM letter"


def test_the_file_of_a_letter_taken_from_a_register_is_attached_to_it(
    filled: Database, tmp_path: Path
) -> None:
    enter(filled, table_of(SEVEN))
    before = asked(filled, KEPT)
    told = take(filled, tmp_path, letter("7"))
    assert (told.result, told.letter) == (Result.ATTACHED, 1)
    sha = files.sha256(tmp_path / "7.txt")
    assert asked(filled, "SELECT file_name, file_sha256, text FROM letter") == {
        ("7.txt", sha, letter("7"))
    }
    assert asked(filled, "SELECT letter_id, file_sha256 FROM fingerprint") == {(1, sha)}
    assert asked(filled, KEPT) == before
    again = take(filled, tmp_path, letter("7"))
    assert (again.result, again.letter) == (Result.ON_FILE, 1)
    assert asked(filled, "SELECT count(*) FROM fingerprint") == {(1,)}


def test_what_the_attached_file_says_otherwise_is_told_and_not_taken(
    small: Database, tmp_path: Path
) -> None:
    enter(small, table_of((*SEVEN[:4], "Kiểm tra cầu yếu", "Sở Y tế", "1/9/2024")))
    before = asked(small, "SELECT unit_id, due FROM duty"), asked(small, KEPT)
    told = take(small, tmp_path, letter("7", to="Sở Ngoại vụ Sao Hỏa"))
    assert told.result is Result.ATTACHED
    assert told.why == (
        "the file says otherwise: subject “kiểm tra thuốc dự phòng”, on file “Kiểm tra cầu yếu”; "
        "addressees 0, on file 1; duties 0, on file 1"
    )
    assert (asked(small, "SELECT unit_id, due FROM duty"), asked(small, KEPT)) == before


def test_a_letter_whose_identity_is_not_read_surely_gets_no_file_unseen(
    small: Database, tmp_path: Path
) -> None:
    enter(small, table_of((None, "10357/UBND-NN", "10/9/2024", P, "Kiểm tra thuốc dự phòng")))
    told = take(small, tmp_path, letter("10357").replace("Số: 10357", "Số: l0357"))
    assert (told.result, told.letter) == (Result.PERSON, None)
    assert "number: not read surely" in told.why
    assert asked(small, "SELECT file_sha256 FROM letter") == {(None,)}


def test_only_the_registry_of_the_issuer_attaches_a_file(small: Database, tmp_path: Path) -> None:
    enter(small, table_of(SEVEN))
    path = tmp_path / "7.txt"
    path.write_text(letter("7"))
    with small.read() as conn:
        who = acting.actor(conn, "vuong.tt")
    assert who is not None
    store = FileStore(tmp_path / "files")
    (told,) = bulk.run(small, store, [path], who, on(date(2024, 9, 20)), Terms())
    assert told.result is Result.PERSON
    assert "register is refused" in told.why
    assert asked(small, "SELECT file_sha256 FROM letter") == {(None,)}
    assert [p for p in store.folder.rglob("*") if p.is_file()] == []


def test_a_file_that_cannot_be_kept_leaves_the_letter_as_it_was(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(filled, table_of(SEVEN))

    def full(_file: object) -> None:
        raise StorageError("no room")

    with monkeypatch.context() as patched:
        patched.setattr("cascade.bulk.store.place", full)
        with pytest.raises(StorageError):
            take(filled, tmp_path, letter("7"))
    assert asked(filled, "SELECT file_sha256, text FROM letter") == {(None, "")}
    assert asked(filled, "SELECT count(*) FROM fingerprint") == {(0,)}
    assert take(filled, tmp_path, letter("7")).result is Result.ATTACHED


def test_the_file_is_attached_to_an_issued_letter_too(small: Database, tmp_path: Path) -> None:
    enter(small, table_of((*SEVEN, "Sở Y tế", "30/9/2024")))
    with small.read() as conn:
        who = acting.actor(conn, "hang.nt")
    assert who is not None
    issue.issue(small, [1], who, on(date(2024, 9, 20)))
    before = asked(small, "SELECT id, state, version, due FROM step")
    told = take(small, tmp_path, letter("7"), also_issue=True)
    assert (told.result, told.why) == (Result.ATTACHED, "")
    assert asked(small, "SELECT id, state, version, due FROM step") == before
