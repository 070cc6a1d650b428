"""A letter that bears a secrecy mark is refused; the word in a sentence is not a mark."""

from __future__ import annotations

import pytest

from cascade.errors import SecrecyMarkError
from cascade.intake import read_text


@pytest.mark.parametrize(
    "mark",
    [
        "MẬT",
        "Mật",
        "TỐI MẬT",
        "Tuyệt mật",
        "[MẬT]",
        "(TỐI MẬT)",
        "* * MẬT * *",
        "Độ mật: Mật",
        "ĐỘ MẬT: TUYỆT MẬT",
        "TÀI LIỆU MẬT",
        "TOI MAT",
        "MAT",
        "M Ậ T",
        "TỐI M Ậ T",
    ],
)
def test_a_mark_in_the_head_is_refused(state_letter: str, mark: str) -> None:
    for line in ("THƯỢNG KHẨN", "V/v chuẩn bị cơ sở vật chất"):
        with pytest.raises(SecrecyMarkError):
            read_text(state_letter.replace(line, f"{mark}\n{line}"))
    with pytest.raises(SecrecyMarkError):
        read_text(f"{mark}\n{state_letter}")


def test_a_mark_in_a_column_of_its_own_is_refused(state_letter: str) -> None:
    with pytest.raises(SecrecyMarkError):
        read_text(state_letter.replace("THƯỢNG KHẨN", "TỐI MẬT              THƯỢNG KHẨN"))


def test_a_mark_behind_the_number_is_refused(party_letter: str) -> None:
    with pytest.raises(SecrecyMarkError):
        read_text(party_letter.replace("Số 297-CV/HU ", "Số 297-CV/HU  MẬT  "))


def test_a_stamp_under_the_greeting_is_refused(party_letter: str) -> None:
    with pytest.raises(SecrecyMarkError):
        read_text(party_letter.replace("Đảng ủy các xã\n", "Đảng ủy các xã\n\nMẬT\n"))


@pytest.mark.parametrize(
    "words",
    [
        "bảo đảm bí mật thông tin người bệnh",
        "mật độ dân số cao",
        "nuôi ong lấy mật",
        "rà soát văn bản tuyệt mật đã giải mật",
        "phối hợp mật thiết với nhân dân",
    ],
)
def test_the_word_in_a_sentence_is_no_mark(state_letter: str, words: str) -> None:
    read_text(state_letter.replace("rà soát\nphòng học", words))
    read_text(state_letter.replace("cho năm học 2026-2027", f"và {words}"))


def test_the_refusal_does_not_repeat_the_letter(state_letter: str) -> None:
    with pytest.raises(SecrecyMarkError) as refused:
        read_text("TỐI MẬT\n" + state_letter)
    assert "Suối Mơ" not in str(refused.value)


@pytest.mark.parametrize("mark", ["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ"])
def test_the_urgency_mark_is_read(state_letter: str, mark: str) -> None:
    reading = read_text(state_letter.replace("THƯỢNG KHẨN", mark))
    assert reading.urgency is not None
    assert reading.urgency.value == mark
