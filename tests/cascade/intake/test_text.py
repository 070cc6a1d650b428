"""Files are decoded strictly; what is no text is refused with what, where and what to do."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from time import process_time

import pytest

from cascade import naming
from cascade.errors import UnreadableLetterError
from cascade.intake import load_text, read_file, read_text
from cascade.intake.text import fold, lower, plain, without_piles

LINE = "Ủy ban nhân dân xã tổ chức tiêm chủng, phòng chống bão, lũ và cháy rừng trên địa bàn.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(LINE.encode(encoding))
    assert load_text(path) == LINE


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(unicodedata.normalize("NFD", LINE).encode())
    assert load_text(path) == LINE


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "Word"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1", "Word"),
        (b"So: 12\x00\x01", "byte 6"),
        (LINE.encode("utf-16-le"), "zero byte"),
        ("Số".encode() + b"\xe0\x20 12", "byte 4"),
        (b"\xef\xbb\xbfabc\xff", "byte 6"),
        ("đề nghị".encode("cp1258", "replace"), "not UTF-8"),
        ("Công điện".encode("latin-1", "replace"), "not UTF-8"),
        (b"C\xe9ng h\xb5a x\xb7 h\xe9i", "not UTF-8"),
        (("Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp, tù do " * 8).encode(), "old font code"),
        (b"\xff\xfea", "not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "cong-van.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableLetterError) as refused:
        read_file(path)
    assert told in refused.value.what
    assert refused.value.where == "cong-van.txt"
    assert refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [LINE, "a **b** <br> c", "| x | y |\r\n> z\r\n### t", "İẞǅ ﬁ — “x”", "\f\u2028\x85-----\n"],
)
def test_no_step_moves_a_character(text: str) -> None:
    assert len(plain(text)) == len(fold(text)) == len(lower(text)) == len(text)


def test_folding_drops_marks_case_and_kinds_of_dash() -> None:
    assert fold("ĐỀ NGHỊ – “Sở”") == 'de nghi - "so"'


PILED = "a" + "\u0323\u0301" * 150_000  # to compose this takes minutes
HIGHEST = "a" + "\u0323\u0301" * 15


def test_marks_piled_by_the_hundred_are_refused_at_once_wherever_a_file_is_decoded(
    tmp_path: Path,
) -> None:
    path = tmp_path / "letter.txt"
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes((LINE + PILED).encode(encoding))
        for read in (load_text, read_file):
            start = process_time()
            with pytest.raises(UnreadableLetterError, match="marks on one letter") as refused:
                read(path)
            assert process_time() - start < 2
            assert refused.value.where == "letter.txt"


def test_a_text_in_hand_with_piled_marks_is_read_without_them_in_time() -> None:
    start = process_time()
    reading = read_text(f"Kính gửi: Sở Y tế.\n{PILED} b{PILED}")
    naming.fold(f"Sở Y tế {PILED}")
    assert process_time() - start < 2
    assert [found.value for found in reading.addressees] == ["Sở Y tế"]


@pytest.mark.parametrize("text", ["", LINE, HIGHEST, f"{HIGHEST}{HIGHEST} {HIGHEST}"])
def test_what_a_language_may_pile_is_left_alone(text: str) -> None:
    assert without_piles(text) == text
    assert without_piles(f"{text}x{PILED}y{PILED}") == f"{text}x{PILED[:31]}y{PILED[:31]}"
