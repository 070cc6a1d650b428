"""Deadlines, parties and points: what one sentence lays on whom, and by when."""

from __future__ import annotations

from datetime import date

import pytest

from cascade.intake import read_text
from cascade.intake.bodies import name_end, split_bodies
from cascade.intake.dues import find_due
from cascade.intake.parties import read_parties
from cascade.intake.recurring import find_recurring

LETTER = date(2026, 6, 10)

DUES = [
    ("Gửi báo cáo trước ngày 15/12/2026 để tổng hợp.", "trước ngày 15/12/2026", date(2026, 12, 15)),
    ("Xong chậm nhất ngày 30/9/2026.", "chậm nhất ngày 30/9/2026", date(2026, 9, 30)),
    (
        "Báo cáo trước 16 giờ 00 phút, ngày 05/8/2026.",
        "trước 16 giờ 00 phút, ngày 05/8/2026",
        date(2026, 8, 5),
    ),
    ("Rà soát trước ngày 20/7.", "trước ngày 20/7", date(2026, 7, 20)),
    ("Rà soát trước ngày 20/01.", "trước ngày 20/01", date(2027, 1, 20)),
    ("Hoàn thành trong tháng 6/2026.", "trong tháng 6/2026", date(2026, 6, 30)),
    ("Kiểm tra hồ chứa trong tháng 6.", "trong tháng 6", date(2026, 6, 30)),
    ("Tổng kết vào cuối tháng 11/2026.", "cuối tháng 11/2026", date(2026, 11, 30)),
    ("Xong trong quý III năm 2026.", "trong quý III năm 2026", date(2026, 9, 30)),
    ("Xong trước quý II/2027.", "trước quý II/2027", date(2027, 3, 31)),
    ("Trực đến hết ngày 31/10/2026.", "đến hết ngày 31/10/2026", date(2026, 10, 31)),
    (
        "Nộp trước ngày 15 tháng 12 năm 2026.",
        "trước ngày 15 tháng 12 năm 2026",
        date(2026, 12, 15),
    ),
    (
        "Trả lời trong vòng 10 ngày, kể từ ngày ký.",
        "trong vòng 10 ngày, kể từ ngày ký",
        None,
    ),
    (
        "Làm trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này.",
        "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này",
        None,
    ),
    ("Báo cáo ngay sau khi bão tan.", "ngay sau khi bão tan", None),
]


@pytest.mark.parametrize(("sentence", "phrase", "day"), DUES)
def test_deadlines(sentence: str, phrase: str, day: date | None) -> None:
    due = find_due(sentence, LETTER)
    assert due is not None
    assert (due.text, due.day) == (phrase, day)


@pytest.mark.parametrize(
    "sentence",
    [
        "Rà soát 25/30 xã, phường.",
        "Theo Nghị quyết ngày 01/7/2025 của Tỉnh ủy.",
        "Các hộ đến ở trước ngày 01/7/2024.",
        "Xong trước ngày 31/02/2026.",
        "Kiểm tra đê.",
    ],
)
def test_what_is_no_deadline(sentence: str) -> None:
    due = find_due(sentence, LETTER)
    assert due is None or due.day is None


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        (
            "Định kỳ hằng tháng (trước ngày 20) báo cáo.",
            "Định kỳ hằng tháng (trước ngày 20)",
        ),
        ("Hằng quý báo cáo kết quả.", "Hằng quý"),
        ("Định kỳ 6 tháng, năm và đột xuất báo cáo.", "Định kỳ 6 tháng, năm và đột xuất"),
        ("Hàng tuần gửi số liệu mực nước.", "Hàng tuần"),
        ("Nộp vào ngày 25 của tháng cuối quý.", "vào ngày 25 của tháng cuối quý"),
        ("Báo cáo một lần.", None),
    ],
)
def test_recurring_phrases(sentence: str, phrase: str | None) -> None:
    assert find_recurring(sentence) == phrase


PARTIES = [
    (
        "Giao Sở Y tế chủ trì, phối hợp với Sở Giáo dục và Đào tạo xây dựng lịch tiêm.",
        ("Sở Y tế",),
        ("Sở Giáo dục và Đào tạo",),
    ),
    (
        "Phòng Kinh tế chủ trì phối hợp Ban Chỉ huy Quân sự xã kiểm tra đê bao.",
        ("Phòng Kinh tế",),
        ("Ban Chỉ huy Quân sự xã",),
    ),
    (
        "Trung tâm Phục vụ hành chính công làm đầu mối tổng hợp kết quả.",
        ("Trung tâm Phục vụ hành chính công",),
        (),
    ),
    (
        "Văn phòng HĐND và UBND là cơ quan chủ trì, phối hợp chặt chẽ với Công ty Thủy nông"
        " rà soát trạm bơm.",
        ("Văn phòng HĐND và UBND",),
        ("Công ty Thủy nông",),
    ),
    (
        "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam xã và các đoàn thể vận động nhân dân.",
        ("Ủy ban Mặt trận Tổ quốc Việt Nam xã", "các đoàn thể"),
        (),
    ),
    (
        "Yêu cầu hiệu trưởng các trường tiểu học báo cáo.",
        ("hiệu trưởng các trường tiểu học",),
        (),
    ),
    (
        "Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh và UBND các xã, phường kiểm tra lễ hội.",
        ("Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh", "UBND các xã, phường"),
        (),
    ),
    ("Sau mỗi đợt tiêm, trạm y tế xã tổng hợp số liệu.", ("trạm y tế xã",), ()),
    ("- Đơn vị chủ trì: Sở Y tế; đơn vị phối hợp: UBND các xã.", ("Sở Y tế",), ("UBND các xã",)),
    ("Tổ chức trực ban 24/24 giờ.", (), ()),
    ("Báo cáo kết quả trước ngày 20/7.", (), ()),
    ("Phòng, chống dịch bệnh là nhiệm vụ trọng tâm.", (), ()),
    ("Trường hợp phát sinh ca bệnh thì cách ly ngay.", (), ()),
    ("Sở Y tế đã ban hành hướng dẫn.", (), ()),
    ("Nhiệm vụ được giao phải xong đúng hạn.", (), ()),
]


@pytest.mark.parametrize(("sentence", "lead", "helpers"), PARTIES)
def test_parties(sentence: str, lead: tuple[str, ...], helpers: tuple[str, ...]) -> None:
    for text in (sentence, sentence.replace(" ", "\n", 1)):
        parties = read_parties(text, "UBND xã Suối Mơ")
        assert (parties.lead, parties.coordinating) == (lead, helpers)


@pytest.mark.parametrize("heading", ["Sở Y tế:", "Sở Y tế", "Sở Y tế.", "UBND các xã, phường:"])
def test_a_heading_names_the_unit(heading: str) -> None:
    assert read_parties(heading, "", item=True).lead == (heading.rstrip(":."),)


@pytest.mark.parametrize(
    "name",
    [
        "Ban Chỉ huy PCTT và TKCN huyện",
        "Phòng Văn hóa - Xã hội",
        "Sở Nông nghiệp và Môi trường",
        "Trung tâm Y tế các huyện, thị xã, thành phố",
        "các sở, ban, ngành",
        "Cục Kiểm tra văn bản",
    ],
)
def test_names_of_bodies_are_whole(name: str) -> None:
    assert name_end(f"{name} khẩn trương rà soát") == len(name)
    assert name_end(f"{name}, Công an tỉnh rà soát") == len(name)
    assert split_bodies(name) == (name,)


def points(body: str) -> list[tuple[str, tuple[str, ...], bool]]:
    head = (
        "UBND XÃ SUỐI MƠ\nSố: 12/UBND-NN\nV/v trồng cây\n\n"
        "Kính gửi:\n- Các thôn;\n- Trạm Y tế xã.\n\n"
    )
    return [(p.no, p.lead, p.is_duty) for p in read_text(head + body).points]


def test_items_under_a_unit_have_its_lead() -> None:
    body = "UBND xã yêu cầu:\n\n1. Trạm Y tế xã:\na) Lập danh sách;\nb) Báo cáo kết quả.\n"
    assert points(body) == [("1.a", ("Trạm Y tế xã",), True), ("1.b", ("Trạm Y tế xã",), True)]


def test_imperatives_under_a_command_are_duties() -> None:
    body = "UBND xã yêu cầu các đơn vị thực hiện:\n\n1. Lập danh sách hộ dân.\n\n2. Báo cáo.\n"
    assert points(body) == [("1", (), True), ("2", (), True)]


def test_descriptions_are_kept_and_are_no_duties() -> None:
    body = (
        "UBND xã hướng dẫn như sau:\n\n1. Đối tượng: trẻ em dưới 5 tuổi.\n\n2. Thời gian: 7 ngày.\n"
    )
    assert points(body) == [("1", (), False), ("2", (), False)]


def test_a_closing_formula_is_no_duty_and_a_demand_is() -> None:
    body = "UBND xã yêu cầu:\n\n1. Lập danh sách.\n\nYêu cầu các thôn nghiêm túc thực hiện.\n"
    assert points(body) == [("1", (), True)]
    body = body.replace("nghiêm túc thực hiện", "gửi danh sách về xã trước ngày 20/7")
    assert points(body) == [("1", (), True), ("", ("các thôn",), True)]


def test_a_quoted_order_charges_nobody_here() -> None:
    body = (
        "UBND xã thông báo ý kiến của tỉnh:\n\n“Các xã thực hiện như sau.\n\n"
        "Giao Sở Y tế chủ trì tiêm chủng.”\n\nĐề nghị Trạm Y tế xã triển khai.\n"
    )
    duties = [lead for _, lead, is_duty in points(body) if is_duty]
    assert duties == [("Trạm Y tế xã",)]


def test_a_stray_number_at_a_line_head_is_no_item() -> None:
    body = "UBND xã yêu cầu:\n\n1. Làm theo khoản\n2. Điều 5 Quy chế, báo cáo năm\n2026. Hết.\n"
    assert [no for no, _, _ in points(body)] == ["1"]
