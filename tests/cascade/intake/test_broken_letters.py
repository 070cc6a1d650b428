"""What scanners, wrapped lines and short ways of speaking do to a letter, and how it is read."""

from __future__ import annotations

import pytest

from cascade.intake import Reading, read_text
from cascade.intake.bodies import list_end, name_end
from cascade.intake.mending import mend, mend_place

HEAD = "UBND XÃ SUỐI MƠ\nSố: 99/UBND-NN\nSuối Mơ, ngày 05 tháng 6 năm 2026\n"
TO = "V/v trồng cây\n\nKính gửi:\n- Các thôn;\n- Trạm Y tế xã.\n\n"


def read(body: str) -> Reading:
    return read_text(HEAD + TO + body)


@pytest.mark.parametrize(
    "name",
    [
        *("Sở Tài chính", "Công an các xã, phường", "Ban Chỉ huy Quân sự xã", "Công an tỉnh"),
        *("Tổng công ty Bảo đảm an toàn hàng hải miền Bắc", "Các bệnh viện đa khoa"),
        *("Chi cục Quản lý thị trường", "Đài Truyền thanh", "Ban Thường trực huyện"),
    ],
)
def test_a_name_does_not_swallow_a_verb_no_table_knows(name: str) -> None:
    for verb in ("giải tỏa ùn tắc", "lật sổ gốc") if "xã" in name or "tỉnh" in name else ():
        assert name_end(f"{name} {verb}") == len(name)
    assert name_end(f"{name} bình ổn giá") == len(name)


def test_a_field_closes_the_name_of_a_department() -> None:
    assert name_end("Sở Tài chính lật sổ gốc") == len("Sở Tài chính")
    assert name_end("Sở Y tế các tỉnh, thành phố báo cáo") == len("Sở Y tế các tỉnh, thành phố")


def test_the_clause_behind_where_belongs_to_the_name() -> None:
    name = "Chi cục Hải quan nơi làm thủ tục tạm nhập"
    assert name_end(f"{name} có trách nhiệm theo dõi tờ khai") == len(name)


def test_one_body_with_an_and_in_its_name() -> None:
    name = "Báo và Đài Phát thanh, Truyền hình tỉnh"
    assert list_end(f"{name} tăng thời lượng") == len(name)


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("Sở Y tê", "Sở Y tế"),
        ("UY BAN NHAN DAN", "ỦY BAN NHÂN DÂN"),
        ("Uỷ ban nhân dân xã", "Uỷ ban nhân dân xã"),
        ("Các đồng chí Ủy viên", "Các đồng chí Ủy viên"),
        ("xã Công Thượng", "xã Công Thượng"),
        ("Trung tâm Y tế thành phó", "Trung tâm Y tế thành phố"),
    ],
)
def test_standing_words_are_mended_and_clean_names_left(printed: str, right: str) -> None:
    assert mend(printed) == right


def test_a_place_in_bare_capitals_takes_its_marks_from_the_date_line() -> None:
    assert mend_place("UBND TINH SUOI MO", "Suối Mơ") == "UBND TỈNH SUỐI MƠ"
    assert mend_place("UBND TỈNH SUỐI MƠ", "Suối Mơ") == "UBND TỈNH SUỐI MƠ"


def test_a_number_alone_means_the_document_cited_before() -> None:
    reading = read(
        "Ngày 02/4/2026, UBND tỉnh ban hành Công văn số 188/UBND-KT về trồng cây.\n\n"
        "Thực hiện Công văn số 188 nêu trên, UBND xã yêu cầu các thôn trồng cây.\n"
    )
    assert [(c.number_symbol, c.role) for c in reading.citations] == [("188/UBND-KT", "implements")]


def test_a_number_that_two_documents_bear_is_left_alone() -> None:
    reading = read(
        "UBND tỉnh ban hành Công văn số 188/UBND-KT; Sở Y tế ban hành Công văn số 188/SYT-NV.\n\n"
        "Thực hiện Công văn số 188 nêu trên, UBND xã yêu cầu các thôn trồng cây.\n"
    )
    assert {c.role for c in reading.citations} == {"mentions"}


def test_these_documents_are_those_cited_just_before() -> None:
    reading = read(
        "UBND tỉnh ban hành Công văn số 1/UBND-KT và Công văn số 2/UBND-KT về trồng cây.\n\n"
        "Để thực hiện các văn bản nêu trên, UBND xã yêu cầu các thôn trồng cây.\n"
    )
    assert {c.role for c in reading.citations} == {"implements"}


def test_a_footnote_only_mentions() -> None:
    reading = read(
        "UBND xã yêu cầu các thôn trồng cây theo lịch của\n"
        "1 Thay thế Công văn số 3/UBND-KT ngày 02/3/2026 của UBND tỉnh.\n"
    )
    assert [c.role for c in reading.citations] == ["mentions"]


GUIDANCE = "UBND xã hướng dẫn một số nội dung như sau:\n\n"


@pytest.mark.parametrize(
    ("sentence", "lays"),
    [
        ("Trường hợp hộ dân đi vắng thì cơ quan quản lý lập hồ sơ.", False),
        ("Hội đồng ra đề do xã thành lập, làm việc độc lập.", False),
        ("Hạt Kiểm lâm làm việc cả ngày nghỉ.", False),
        ("Trạm Y tế xã phát phiếu cho từng hộ.", True),
        ("Hạt Kiểm lâm có trách nhiệm cấp cây giống.", True),
        ("Đề nghị Hạt Kiểm lâm cấp cây giống.", True),
    ],
)
def test_guidance_explains_and_charges_only_by_plain_words(sentence: str, lays: bool) -> None:
    reading = read(f"{GUIDANCE}1. Nội dung\n- {sentence}\n")
    assert [p.is_duty for p in reading.points] == [lays]


def test_an_annex_lays_a_duty_only_with_a_unit_and_a_day() -> None:
    reading = read(
        "UBND xã yêu cầu:\n\n1. Trồng cây.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nCHỦ TỊCH\n\n"
        "Lê Văn Tám\n\nPHỤ LỤC\n1. Trạm Y tế xã cấp thuốc.\n"
        "2. Trạm Y tế xã cấp thuốc trước ngày 20/7/2026.\n3. Cây giống loại tốt.\n"
    )
    assert [(p.no, p.lead) for p in reading.points if p.is_duty] == [
        ("1", ()),
        ("2", ("Trạm Y tế xã",)),
    ]


def test_an_order_told_of_is_not_given_anew() -> None:
    reading = read("Sở Y tế đã có Công văn số 5/SYT-NV yêu cầu Trạm Y tế xã trực đêm.\n")
    assert not any(p.is_duty for p in reading.points)


def test_junk_behind_a_copy_is_cut_off() -> None:
    reading = read(
        "UBND xã yêu cầu:\n\n1. Trồng cây.\n\nNơi nhận:\n- Như nt 2\n- Khoa Y; EM s0/\n"
        "- Luu: VT, Ko».\n\nCHỦ TỊCH\n\nLê Văn Tám\n"
    )
    assert [f.value for f in reading.distribution] == ["Như trên", "Khoa Y", "Lưu: VT"]
