"""What scanners do to a letter: lost spaces, other dashes, broken marks."""

from __future__ import annotations

import pytest

from cascade.intake import as_labels, read_text
from cascade.intake.bodies import name_end
from cascade.intake.signature import is_name


@pytest.mark.parametrize(
    ("printed", "noisy"),
    [
        ("Số: 734/UBND-VX", "Số: 734/UBND–VX"),
        ("Số: 734/UBND-VX", "Số: 734/UBND~VX"),
        ("Số: 734/UBND-VX            Suối Mơ", "Số: 734/UBND-VXSuối Mơ"),
        ("            CỘNG HÒA XÃ HỘI", "CỘNG HÒAXÃ HỘI"),
        ("ngày 05 tháng 8 năm 2026", "nqày 05 tbáng 8 nărn 2026"),
        ("Kính gửi:", "Kínb gừi:"),
        ("yêu cầu các đơn vị thực hiện", "yêu cẩu các đơn vị thực hiện"),
    ],
)
def test_noise_that_changes_nothing(state_letter: str, printed: str, noisy: str) -> None:
    assert printed in state_letter
    clean = as_labels(read_text(state_letter))
    read = as_labels(read_text(state_letter.replace(printed, noisy)))
    fields = ("number", "symbol", "date", "issuer", "addressees", "tasks")
    assert {name: read[name] for name in fields} == {name: clean[name] for name in fields}


def test_a_parted_number_is_joined_and_less_sure(state_letter: str) -> None:
    number = read_text(state_letter.replace("Số: 734/", "Số: 1 734 /")).number
    assert number is not None
    assert (number.value, number.confidence < 0.9) == ("1734", True)


def test_a_day_in_the_body_is_not_the_letters() -> None:
    head = "UBND TỈNH HẢI SƠN\nSỞ Y TẾ\nSố: 12/KH-SYT\n\nKẾ HOẠCH\nTiêm chủng mở rộng\n\n"
    body = "Căn cứ Công văn số 3/SYT-NV của Sở Y tế; các trạm hoàn thành trước\nngày 15/11/2024.\n"
    reading = read_text(head + body + "Sở Y tế báo cáo kết quả, gửi về trước ngày 20/12/2024.\n")
    assert reading.dated is None


def test_the_day_may_stand_beside_the_issuers_name() -> None:
    reading = read_text(
        "TỈNH ỦY HẢI SƠN ĐẢNG CỘNG SẢN VIỆT NAM\n"
        "BAN TUYÊN GIÁO Hải Sơn, ngày 18 tháng 10 năm 2022\n*\nSố 612-CV/BTGTU\n\n"
        "Kính gửi: Ban tuyên giáo các huyện ủy\n"
    )
    assert reading.issuer is not None
    assert reading.issuer.value == "BAN TUYÊN GIÁO"
    assert reading.dated is not None
    assert reading.dated.value == "2022-10-18"


@pytest.mark.parametrize(
    "name",
    [
        "Phóng Công nghệ thông tin",
        "Cảc Sở Y tế",
        "Tổ hỗ trợ",
        "Công ty Cổ phần Cấp nước Hải Sơn",
        "Cục Quản lý xây dựng và Chất lượng công trình",
        "Ban tuyên giáo các huyện, thị, thành ủy",
        "Các chi bộ, đảng bộ trực thuộc",
        "Hiệp hội Vận tải",
    ],
)
def test_where_a_name_ends(name: str) -> None:
    text = f"{name} có trách nhiệm rà soát, báo cáo."
    assert text[: name_end(text)] == name


@pytest.mark.parametrize("text", ["Tổ chửc trực ban", "Đội với các hộ", "Báo cáo kết quả"])
def test_what_is_no_name(text: str) -> None:
    assert name_end(text) == 0


@pytest.mark.parametrize("name", ["Y Thi Mơ", "Ngụy Như Quỳnh", "Trần Văn Kính"])
def test_names_of_people(name: str) -> None:
    assert is_name(name)
