"""Every document cited, once, with its role; what only looks like one is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from cascade.intake import CitationFound, read_text

HEAD = "UBND XÃ SUỐI MƠ\nSố: 99/UBND-NN\nV/v trồng cây\n\nKính gửi: Các thôn.\n\n"


def cited(body: str) -> tuple[CitationFound, ...]:
    return read_text(HEAD + body).citations


CITED = [
    (
        "Thực hiện Công văn số 1234/UBND-NN ngày 02/9/2025 của Ủy ban nhân dân tỉnh về việc"
        " ứng phó bão, UBND xã yêu cầu:",
        ("1234/UBND-NN", date(2025, 9, 2), "Ủy ban nhân dân tỉnh", "implements", "công văn"),
    ),
    (
        "Căn cứ Kế hoạch số 87/KH-UBND ngày 15/01/2026 của UBND tỉnh về cải cách hành chính;",
        ("87/KH-UBND", date(2026, 1, 15), "UBND tỉnh", "basis", "kế hoạch"),
    ),
    (
        "Theo Công văn số 45-CV/ĐU, ngày 03/3/2026 của Đảng ủy xã về tết trồng cây;",
        ("45-CV/ĐU", date(2026, 3, 3), "Đảng ủy xã", "basis", "công văn"),
    ),
    (
        "Tiếp theo Công văn số 310/SYT-NVY ngày 10/4/2026 của Sở Y tế về tiêm chủng;",
        ("310/SYT-NVY", date(2026, 4, 10), "Sở Y tế", "continues", "công văn"),
    ),
    (
        "Triển khai Công điện số 12/CĐ-UBND ngày 20/8/2026 của Chủ tịch UBND tỉnh về lũ;",
        ("12/CĐ-UBND", date(2026, 8, 20), "Chủ tịch UBND tỉnh", "implements", "công điện"),
    ),
    (
        "Thi hành Quyết định số 55/2025/QĐ-UBND ngày 30/12/2025 của UBND tỉnh;",
        ("55/2025/QĐ-UBND", date(2025, 12, 30), "UBND tỉnh", "implements", "quyết định"),
    ),
    (
        "Phúc đáp Công văn số 77/PVHXH ngày 5/5/2026 của Phòng Văn hóa - Xã hội về thư viện;",
        ("77/PVHXH", date(2026, 5, 5), "Phòng Văn hóa - Xã hội", "mentions", "công văn"),
    ),
    (
        "Công văn này thay thế Công văn số 101/UBND-KT ngày 01/02/2026 của UBND xã.",
        ("101/UBND-KT", date(2026, 2, 1), "UBND xã", "replaces", "công văn"),
    ),
    (
        "Bổ sung Kế hoạch số 9-KH/TU ngày 11-6-2026 của Tỉnh ủy về xóa nhà tạm;",
        ("9-KH/TU", date(2026, 6, 11), "Tỉnh ủy", "continues", "kế hoạch"),
    ),
    (
        "Đôn đốc thực hiện Công văn số 1500/UBND-NC ngày 14 tháng 3 năm 2026 của UBND tỉnh;",
        ("1500/UBND-NC", date(2026, 3, 14), "UBND tỉnh", "reminds", "công văn"),
    ),
    (
        "Ngày 10/01/2026, Sở Y tế đã ban hành Kế hoạch số 20/KH-SYT về tiêm chủng.",
        ("20/KH-SYT", date(2026, 1, 10), "Sở Y tế", "mentions", "kế hoạch"),
    ),
    (
        "Thực hiện ý kiến chỉ đạo của UBND tỉnh tại Thông báo số 18/TB-UBND ngày 09/01/2026;",
        ("18/TB-UBND", date(2026, 1, 9), "UBND tỉnh", "implements", "thông báo"),
    ),
    (
        "Căn cứ Luật Phòng, chống thiên tai số 33/2013/QH13;",
        ("33/2013/QH13", None, None, "basis", "luật"),
    ),
    (
        "Thực hiện Quyết định số 25/QD- UBND ngày 02/3/2026 của UBND tỉnh;",
        ("25/QĐ-UBND", date(2026, 3, 2), "UBND tỉnh", "implements", "quyết định"),
    ),
]


@pytest.mark.parametrize(("sentence", "wanted"), CITED)
def test_a_citation(sentence: str, wanted: tuple[object, ...]) -> None:
    for text in (sentence, sentence.replace(" ngày", "\nngày").replace(" của", "\ncủa")):
        (one,) = cited(text)
        assert (one.number_symbol, one.dated, one.issuer, one.role, one.kind) == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "Báo cáo theo mẫu số 01/BC-TH kèm theo.",
        "Tiêm cho 1.250 trẻ, đạt 96,4%; 3/5 thôn xong trước ngày 05/8/2026.",
        "Xét nghiệm RT-PCR/RT-LAMP; 480km/giờ; 100.000 đồng/người.",
        "Điện thoại 0240.123/UBND.",
    ],
)
def test_what_is_no_citation(sentence: str) -> None:
    assert cited(sentence) == ()


def test_later_mentions_are_the_same_document() -> None:
    (one,) = cited(
        "Thực hiện Công văn số 1234/UBND-NN ngày 02/9/2025 của UBND tỉnh, UBND xã yêu cầu:\n\n"
        "1. Rà soát theo Công văn số 1234/UBND-NN.\n"
    )
    assert (one.dated, one.role) == (date(2025, 9, 2), "implements")


def test_a_list_shares_verb_and_issuer() -> None:
    body = (
        "Thực hiện Công văn số 11/UBND-NN ngày 02/3/2026; Công văn số 12/UBND-NN ngày 05/3/2026 "
        "của UBND tỉnh, UBND xã đề nghị các thôn trồng cây."
    )
    assert [(c.issuer, c.role) for c in cited(body)] == [("UBND tỉnh", "implements")] * 2


def test_own_documents_and_narratives_are_only_mentioned() -> None:
    own = "Thực hiện Kế hoạch số 3/KH-UBND ngày 02/3/2026 của UBND xã Suối Mơ, UBND xã yêu cầu:"
    told = (
        "Thực hiện Công văn số 4/UBND-NN ngày 02/3/2026 của UBND tỉnh, UBND huyện đã ban hành "
        "Kế hoạch số 5/KH-UBND ngày 05/3/2026."
    )
    assert {c.role for c in (*cited(own), *cited(told))} == {"mentions"}


def test_the_subject_may_carry_the_order() -> None:
    text = HEAD.replace("trồng cây", "triển khai Kế hoạch số 8/KH-UBND của UBND huyện")
    (one,) = read_text(text + "Đề nghị các thôn trồng cây.\n").citations
    assert (one.number_symbol, one.role) == ("8/KH-UBND", "implements")


HEADED = """ỦY BAN NHÂN DÂN
XÃ SUỐI MƠ
Số: 10/UBND-NN
V/v phòng, chống bão

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Suối Mơ, ngày 04 tháng 3 năm 2026

Kính gửi: Các thôn.

Thực hiện {cited}, Ủy ban nhân dân xã yêu cầu:
1. Các thôn kiểm tra nhà yếu.
"""


@pytest.mark.parametrize(
    ("said", "dated"),
    [
        ("Công văn số 10/UBND-NN ngày 04/3/2026 của Ủy ban nhân dân xã Suối Mơ", None),
        ("Công văn số 10/UBND-NN", None),
        ("Công văn số 10/UBND-NN ngày 04/3/2026", None),
        ("Công văn số 10/UBND-NN ngày 20/02/2026 của Ủy ban nhân dân tỉnh", "2026-02-20"),
        ("Công văn số 10/UBND-NN ngày 05/3/2025", "2025-03-05"),
        ("Công văn số 11/UBND-NN ngày 20/02/2026 của Ủy ban nhân dân tỉnh", "2026-02-20"),
    ],
)
def test_a_letter_does_not_cite_itself_but_may_cite_one_of_its_number(
    said: str, dated: str | None
) -> None:
    found = read_text(HEADED.format(cited=said)).citations
    assert [str(one.dated) for one in found] == ([] if dated is None else [dated])
