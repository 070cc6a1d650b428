"""A smudged date is deduced only where one day alone is left; a legible one is never touched."""

from __future__ import annotations

from datetime import date

import pytest

from cascade.intake import read_text
from cascade.intake.smudged import CONFUSED, DEDUCED, Smudged, deduce, readings

LETTER = """\
SỞ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 214/SYT-NV Suối Mơ, {printed} năm 2021
V/v tiêm chủng mở rộng

Kính gửi: Các bệnh viện

Thực hiện Công văn số 77/BYT-DP ngày {cited} của Bộ Y tế, Sở Y tế thông báo: {until}đã tiêm
được 12.000 trẻ.
"""


@pytest.mark.parametrize(
    ("day", "month", "past", "read"),
    [
        ("ló", "U", [date(2021, 12, 10), date(2021, 12, 15)], date(2021, 12, 16)),
        ("ló", "U", [date(2021, 12, 10)], None),  # 10 or 16 December
        ("ló", "U", [date(2021, 11, 2)], None),  # four days are left
        ("l6", "3", [], date(2021, 3, 16)),
        ("l6", "3", [date(2021, 3, 17)], None),  # the print contradicts the letter
        ("l6", "3", [date(2022, 1, 5)], None),  # a year behind the stated one
        ("Z8", "12", [date(2021, 12, 1)], date(2021, 12, 28)),
        ("1O", "§", [date(2021, 7, 20)], date(2021, 8, 10)),  # 10 May is past
        ("1O", "§", [date(2021, 2, 1)], None),  # May or August
        ("£0", "4", [date(2021, 3, 18)], None),  # 10, 20 or 30 April
        ("£0", "4", [date(2021, 4, 22)], date(2021, 4, 30)),
        ("é", "U", [date(2021, 12, 31)], None),  # nothing of it is legible
        ("", "U", [date(2021, 12, 30)], None),  # a blank is no smudge
        ("...", "12", [date(2021, 12, 30)], None),
        ("46", "8", [date(2021, 8, 6)], None),  # figures stand, though they make no day
        ("30", "2", [], None),
    ],
)
def test_what_is_left(day: str, month: str, past: list[date], read: date | None) -> None:
    assert deduce(Smudged(day, month, 2021, 0, 1), past) == read


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [("ló", {10, 16}), ("O7", {7}), ("3|", {31}), ("B", {8}), ("$", {5, 8}), ("99", set())],
)
def test_what_a_smudge_may_stand_for(printed: str, numbers: set[int]) -> None:
    assert readings(printed, 31) == numbers


def test_no_sign_stands_in_two_rows() -> None:
    signs = "".join(CONFUSED.values())
    assert len(set(signs)) == len(signs)


@pytest.mark.parametrize(
    ("printed", "cited", "until", "read"),
    [
        ("ngàyló thảngU", "10/12/2021", "tính đến hết ngày 15/12/2021 ", "2021-12-16"),
        ("ngàyló thảngU", "10/12/2021", "tính đến hết ngày 15/12 ", None),
        ("ngày l6 tháng 3", "02/3/2021", "", "2021-03-16"),
        ("ngày lZ tháng U", "02/3/2021", "", None),
        ("ngày    tháng 3", "02/3/2021", "", None),
    ],
)
def test_in_a_letter(printed: str, cited: str, until: str, read: str | None) -> None:
    reading = read_text(LETTER.format(printed=printed, cited=cited, until=until))
    assert (reading.dated.value if reading.dated else None) == read
    deduced = [odd for odd in reading.oddities if "deduced" in odd]
    assert len(deduced) == (read is not None)
    assert ("dated" in reading.missing) == (read is None)
    assert reading.dated is None or reading.dated.confidence == DEDUCED


@pytest.mark.parametrize("day", ["01", "9", "16", "31"])
def test_a_legible_date_stays(day: str) -> None:
    text = LETTER.format(printed=f"ngày {day} tháng 3", cited="28/12/2021", until="")
    reading = read_text(text)
    assert reading.dated is not None
    assert reading.dated.value == f"2021-03-{int(day):02}"
    assert reading.dated.confidence > DEDUCED
    assert not [odd for odd in reading.oddities if "deduced" in odd]
