"""Folders of letters: in any order, again and again, in bad scans, one register comes out."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cascade import bulk
from cascade.bulk import Outcome, Result, Terms
from cascade.clock import Moment, on
from cascade.errors import BadInputError, StorageError
from cascade.files import gather
from cascade.fingerprint import alike, differs_by_slips, distance, fingerprint
from cascade.intake import read_text
from cascade.known import Known
from cascade.store import FileStore
from cascade.verify import verify
from models import organisation as organising
from models.base import FOREVER
from models.database import Database
from models.queries import acting, units
from tests.cli.letters import DIRECTIVE, SAMPLE, letter
from tests.worlds import SINCE, TODAY

ISSUERS = ("LG", "LG-TL", "LG-VL", "LG-VL-BD", "LG-AT", "TU")
MOMENT: Moment = on(TODAY)


class Desk:
    """A registry that may register for several bodies, with a folder of letters."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.store = FileStore(folder / "files")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        with db.session() as session:
            user = organising.user_id(session, "desk", "Desk")
            with db.engine.connect() as conn:
                codes = units.codes(conn)
            for code in ISSUERS:
                organising.put_appointment(session, user, codes[code], "registrar", SINCE, FOREVER)
        with db.read() as conn:
            found = acting.actor(conn, "desk")
        assert found is not None
        self.actor = found

    def put(self, name: str, content: str | bytes) -> Path:
        """A file in the inbox."""
        path = self.inbox / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def take(self, paths: Iterable[Path] | None = None, **terms: object) -> list[Outcome]:
        """Import files, or the whole inbox."""
        files = gather([self.inbox]) if paths is None else list(paths)
        given = Terms(**terms)  # type: ignore[arg-type]
        return list(bulk.run(self.db, self.store, files, self.actor, MOMENT, given))

    def results(self, paths: Iterable[Path] | None = None, **terms: object) -> dict[str, str]:
        """What became of each file, by its name; why, where it needs a person."""
        return {one.path.name: one.why or str(one.result) for one in self.take(paths, **terms)}

    def count(self, table: str, where: str = "1 = 1") -> int:
        """How many rows a table has."""
        with self.db.read() as conn:
            found = conn.execute(text(f"SELECT count(*) FROM {table} WHERE {where}"))
            return int(found.scalar_one())

    def edges(self) -> set[tuple[str, str, str]]:
        """Who cites whom and how, by number: the cascade whatever the ids."""
        ask = """
            SELECT a.number, c.role, b.number || ' ' || b.state FROM citation c
            JOIN letter a ON a.id = c.citing_id JOIN letter b ON b.id = c.cited_id
        """
        with self.db.read() as conn:
            return {tuple(row) for row in conn.execute(text(ask))}

    def lines(self) -> set[tuple[str, str]]:
        """Lines of descent, by number."""
        ask = """
            SELECT a.number, b.number FROM letter_line l
            JOIN letter a ON a.id = l.above_id JOIN letter b ON b.id = l.below_id
        """
        with self.db.read() as conn:
            return {tuple(row) for row in conn.execute(text(ask))}


@pytest.fixture
def desk(filled: Database, tmp_path: Path) -> Desk:
    """A desk on both databases."""
    return Desk(filled, tmp_path)


@pytest.fixture
def small_desk(small: Database, tmp_path: Path) -> Desk:
    """A desk where one database will do."""
    return Desk(small, tmp_path)


def scanned(content: str, share: float = 0.06, seed: int = 1) -> str:
    """The text as another scan gives it: some words with a letter misread, lines broken anew."""
    chance = random.Random(seed)
    words = content.split(" ")
    for at, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and word.islower() and chance.random() < share:
            i = chance.randrange(len(word))
            words[at] = word[:i] + chance.choice("lirnceo") + word[i + 1 :]
    return " ".join(words)


LETTERS = {
    path.name: path.read_text("utf-8")
    for path in sorted((SAMPLE / "letters").glob("*.txt"))
    if path.name[:2] in ("01", "02", "03", "04", "10")
}


# -- order and repetition ------------------------------------------------------------------


def test_a_folder_is_registered_and_a_second_run_reads_nothing_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in LETTERS.items():
        desk.put(f"2024/{name}", content)
    desk.put("2024/.hidden.txt", "no letter")
    desk.put("~$lock.docx", "no letter")
    first = desk.take()
    assert Counter(one.result for one in first) == {Result.REGISTERED: len(LETTERS)}
    assert [one.path.name for one in first] == sorted(LETTERS)
    rows = desk.count("letter"), desk.count("event"), desk.count("fingerprint")

    monkeypatch.setattr(bulk, "read_text", lambda _text: pytest.fail("read again"))
    again = desk.take()
    assert {one.result for one in again} == {Result.ON_FILE}
    assert [one.letter for one in again] == [one.letter for one in first]
    assert (desk.count("letter"), desk.count("event"), desk.count("fingerprint")) == rows
    with desk.db.read() as conn:
        assert verify(conn, desk.store) == []


def test_a_run_that_was_stopped_goes_on_where_it_ended(desk: Desk) -> None:
    for name, content in LETTERS.items():
        desk.put(name, content)
    run = bulk.run(desk.db, desk.store, gather([desk.inbox]), desk.actor, MOMENT, Terms())
    assert len(list(itertools.islice(run, 2))) == 2
    del run
    with desk.db.read() as conn:
        assert verify(conn, desk.store) == []
    assert Counter(desk.results().values()) == {"on file": 2, "registered": len(LETTERS) - 2}


CHAIN = ("01", "02", "04", "10")  # two directives, the letter that answers both, the ward's below


def test_the_order_of_the_files_does_not_matter(sample_file: Path, tmp_path: Path) -> None:
    found = []
    names = [name for name in LETTERS if name[:2] in CHAIN]
    for number, order in enumerate(itertools.permutations(names)):
        if number % 3:
            continue  # a third of them has every letter in every place
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "cascade.db").write_bytes(sample_file.read_bytes())
        desk = Desk(Database(f"sqlite:///{folder / 'cascade.db'}"), folder)
        paths = [desk.put(name, LETTERS[name]) for name in order]
        # One of them gives its unit more time than it has itself.
        done = desk.results(paths, also_issue=True, note="The dyke cannot be mended sooner.")
        assert set(done.values()) == {"registered"}
        assert desk.count("letter", "state = 'cited'") == 0
        found.append((desk.edges(), desk.lines(), desk.count("answer"), desk.count("step")))
        desk.db.dispose()
    assert len(found) == 8
    assert all(one == found[0] for one in found)
    assert found[0][0] == {
        ("1845", "implements", "3158 issued"),
        ("1845", "implements", "512 issued"),
        ("92", "implements", "1845 issued"),
    }


def cites(reference: str, dated: str, by: str = "Ủy ban nhân dân tỉnh") -> str:
    """A sentence that implements another letter."""
    day = f" ngày {dated}" if dated else ""
    return (
        f"Thực hiện Công văn số {reference}{day} của {by} về việc kiểm tra thuốc dự phòng, "
        "Ủy ban nhân dân yêu cầu:"
    )


ITS_UNIT = "Phòng Nông nghiệp và Phát triển nông thôn"
DISTRICT: dict[str, Any] = {"body": "HUYỆN THẠCH LĨNH", "to": ITS_UNIT}
OTHER: dict[str, Any] = {"body": "HUYỆN AN TRẠCH", "to": ITS_UNIT}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_what_two_letters_know_of_a_third_comes_together(
    small_desk: Desk, order: tuple[int, ...]
) -> None:
    """One cites it without its date, one with zeros before its number."""
    paths = [
        small_desk.put("whole.txt", letter("7", day=5)),
        small_desk.put(
            "undated.txt", letter("20", day=11, text=cites("7/UBND-NN", ""), **DISTRICT)
        ),
        small_desk.put("zeros.txt", letter("21", text=cites("07/UBND-NN", "05/9/2024"), **OTHER)),
    ]
    assert set(small_desk.results([paths[i] for i in order]).values()) == {"registered"}
    assert small_desk.count("letter") == 3
    assert small_desk.edges() == {
        ("20", "implements", "7 draft"),
        ("21", "implements", "7 draft"),
    }


# -- the same letter again -----------------------------------------------------------------


def test_a_second_scan_is_not_a_second_letter(desk: Desk) -> None:
    first = desk.put("a.txt", LETTERS[DIRECTIVE.name])
    (registered,) = desk.take([first])
    scan = desk.put("b.txt", scanned(LETTERS[DIRECTIVE.name]))
    (again,) = desk.take([scan])
    assert (again.result, again.letter) == (Result.ON_FILE, registered.letter)
    assert desk.count("letter") == 1
    capitals = desk.put("c.txt", LETTERS[DIRECTIVE.name].replace("\n\n", "\n \n"))
    assert desk.results([capitals]) == {"c.txt": "on file"}
    assert desk.count("fingerprint") == 3


def test_two_letters_from_one_template_are_two_letters(desk: Desk) -> None:
    paths = [
        desk.put("7.txt", letter("7")),
        desk.put("8.txt", letter("8")),  # the next number, of the same day and text
        desk.put("9.txt", letter("7", day=12)),
        desk.put("other.txt", letter("7", to="Sở Giao thông vận tải", symbol="UBND-KT")),
        desk.put("district.txt", letter("7", **DISTRICT)),
    ]
    assert set(desk.results(paths).values()) == {"registered"}
    assert desk.count("letter") == 5


LONG = (
    "Thời gian qua, việc dự trữ thuốc tại một số cơ sở còn thiếu, chưa có danh mục thống nhất giữa "
    "các đơn vị; nhiều kho chưa kiểm kê định kỳ. Để khắc phục, Ủy ban nhân dân tỉnh yêu cầu:"
)
CASES = [
    pytest.param(
        scanned(letter("3158", text=LONG), 0.2).replace("Số: 3158", "Số: 3153"),
        ["its number reads 3153, not 3158", "may be misread", "L1"],
        id="a scan with one digit of the number misread",
    ),
    pytest.param(
        scanned(letter("3158", text=LONG)).replace("Số: 3158/UBND-NN\n", ""),
        ["that of L1", "shows no number"],
        id="a scan without its number",
    ),
    pytest.param(
        scanned(letter("3158", text=LONG)).replace("NHÂN DÂN\n", "rHÂN DÂW\n"),
        ["that of L1", "issuing body is no unit on file"],
        id="a scan with its head broken",
    ),
    pytest.param(
        letter(
            "3158", to="Sở Giao thông vận tải", text="Căn cứ tình hình mưa lũ, yêu cầu:"
        ).replace("thuốc dự phòng", "cầu yếu, ngầm tràn trên các tuyến đường tỉnh"),
        ["on file already, as letter 1", "another text"],
        id="another text under the same number",
    ),
]


@pytest.mark.parametrize(("content", "parts"), CASES)
def test_an_uncertain_case_goes_to_a_person(
    small_desk: Desk, content: str, parts: list[str]
) -> None:
    small_desk.take([small_desk.put("a.txt", letter("3158", text=LONG))])
    (told,) = small_desk.take([small_desk.put("b.txt", content)])
    assert told.result is Result.PERSON
    assert [part for part in parts if part not in told.why] == [], told.why
    assert small_desk.count("letter") == 1


# -- what needs a person -------------------------------------------------------------------


def test_one_bad_file_never_stops_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whys: dict[str, tuple[str | bytes, str]] = {
        "1-empty.txt": (b"", "empty"),
        "2-program.bin": (b"MZ\x00\x01\x02", ""),
        "3-secret.txt": (letter("31", mark="MẬT"), "secrecy mark"),
        "4-nothing.txt": ("Xin chào.\n", "shows no number, no symbol"),
        "5-unknown.txt": (letter("32", to="Sở Ngoại vụ Sao Hỏa"), "“Sở Ngoại vụ Sao Hỏa”"),
        "6-strange.txt": (letter("33", body="TỈNH KHÔNG CÓ"), "no unit on file"),
        "7-not-ours.txt": (letter("34", body="HUYỆN ĐẠI KHÊ", to="Sở Y tế"), "register is refused"),
        "8-stumble.txt": (letter("35"), "unforeseen: ZeroDivisionError"),
    }
    real = read_text

    def stumbling(content: str) -> object:
        return 1 / 0 if "Số: 35/" in content else real(content)

    monkeypatch.setattr(bulk, "read_text", stumbling)
    for name, (content, _) in whys.items():
        desk.put(name, content)
    desk.put("9-good.txt", letter("36"))
    done = desk.take()
    assert [one.path.name for one in done if one.result is Result.REGISTERED] == ["9-good.txt"]
    told = {one.path.name: one.why for one in done if one.result is Result.PERSON}
    assert {name: part for name, (_, part) in whys.items() if part not in told[name]} == {}
    assert "MẬT" not in told["3-secret.txt"]
    assert desk.count("letter") == 1
    assert len([p for p in desk.store.folder.rglob("*") if p.is_file()]) == 1


def test_an_ambiguous_citation_goes_to_a_person_with_its_choices(small_desk: Desk) -> None:
    small_desk.take(
        [small_desk.put("a.txt", letter("7", day=3)), small_desk.put("b.txt", letter("7", day=4))]
    )
    citing = letter("20", day=11, text=cites("7/UBND-NN", ""), **DISTRICT)
    (told,) = small_desk.take([small_desk.put("c.txt", citing)])
    assert told.result is Result.PERSON
    assert "7/UBND-NN: L1 công văn 7/UBND-NN (03/09/2024)" in told.why
    assert "L2 công văn 7/UBND-NN (04/09/2024)" in told.why
    assert small_desk.count("letter") == 2


def test_a_full_disk_stops_the_run(small_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    small_desk.put("a.txt", letter("7"))

    def full(_file: object) -> None:
        raise StorageError("no room")

    monkeypatch.setattr("cascade.bulk.store.place", full)
    with pytest.raises(StorageError):
        small_desk.take()
    assert small_desk.count("letter") == 0


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere: there is no such file or folder"):
        gather([tmp_path / "nowhere"])


def test_files_and_folders_are_gathered_once_each_by_name(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/1.txt", "a/.git/x", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = gather([tmp_path / "c.txt", tmp_path, tmp_path / "b"])
    assert [str(p.relative_to(tmp_path)) for p in found] == ["c.txt", "a/1.txt", "b/2.txt"]


# -- fingerprints --------------------------------------------------------------------------


def test_letters_registered_before_fingerprints_get_them(small_desk: Desk) -> None:
    path = small_desk.put("a.txt", letter("7"))
    small_desk.take([path])
    with small_desk.db.write() as conn:
        conn.execute(text("DELETE FROM fingerprint"))
    assert Known(small_desk.db).text(fingerprint(letter("7").upper())) == 1
    assert small_desk.count("fingerprint") == 1


def test_a_scan_is_near_and_another_letter_is_far() -> None:
    texts = list(LETTERS.values())
    for one, other in itertools.combinations(texts, 2):
        assert alike(one, other) < 0.8
    for seed, one in enumerate(texts):
        again = scanned(one, 0.1, seed)
        assert distance(fingerprint(one).simhash, fingerprint(again).simhash) <= 16
        assert alike(one, again) > 0.95
        assert differs_by_slips(one, again)


SLIPS = [
    ("hoàn thành trước ngày 30", "hoàn thành truớc ngảy 30", False),  # marks do not count
    ("hoàn thành trước ngày 30", "hoan thanb truoc ngay 30", True),
    ("hoàn thành trước ngày 30", "hoàn thành trước ngày 38", True),
    ("hoàn thành trước ngày 30", "hoàn thành trước ngày 15", False),
    ("Sở Y tế chủ trì", "Sở Giao thông vận tải chủ trì", False),
    ("Sở Y tế chủ trì", "Sở Y tế. chủ trì", False),
    ("kiểm tra kho thuốc", "kiểm trakho thuốc", True),
    ("kiểm tra kho thuốc", "kiểm tra toàn bộ các kho thuốc", False),
]


@pytest.mark.parametrize(("one", "other", "slips"), SLIPS)
def test_slips_are_told_from_other_words(one: str, other: str, slips: bool) -> None:
    assert differs_by_slips(one, other) is slips
