"""Whole letters, State and Party form: every field with its value and its place."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from cascade.intake import Found, Reading, as_labels, read_text
from cascade.intake.__main__ import main


def values(found: tuple[Found, ...]) -> list[str]:
    return [entry.value for entry in found]


def test_a_state_letter(state_letter: str) -> None:
    labels = as_labels(read_text(state_letter))
    assert labels["kind"] == "công văn"
    assert (labels["number"], labels["symbol"]) == ("734", "UBND-VX")
    assert (labels["place"], labels["date"]) == ("Suối Mơ", "2026-08-05")
    assert labels["issuer"] == "ỦY BAN NHÂN DÂN HUYỆN SUỐI MƠ"
    assert labels["parent_body"] is None
    assert labels["subject"] == "chuẩn bị cơ sở vật chất cho năm học 2026-2027"
    assert labels["urgency"] == "THƯỢNG KHẨN"
    assert labels["signer"] == "Lê Thị Hồng Vân"
    assert labels["signer_capacity"] == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    assert labels["distribution"] == ["Như trên", "UBND tỉnh (b/c)", "Lưu: VT, VX"]
    assert labels["addressees"] == [
        "Phòng Giáo dục và Đào tạo",
        "Phòng Tài chính - Kế hoạch",
        "UBND các xã, thị trấn",
    ]
    assert labels["missing"] == []


def test_a_party_letter(party_letter: str) -> None:
    reading = read_text(party_letter)
    labels = as_labels(reading)
    assert reading.form == "party"
    assert (labels["number"], labels["symbol"]) == ("297", "CV/HU")
    assert labels["issuer"] == "HUYỆN ỦY SUỐI MƠ"
    assert labels["parent_body"] == "TỈNH ỦY HẢI SƠN"
    assert labels["subject"] == "tăng cường phòng cháy, chữa cháy rừng"
    assert labels["date"] == "2026-06-11"
    assert labels["addressees"] == ["Đảng ủy các xã"]
    assert labels["signer_capacity"] == "T/M BAN THƯỜNG VỤ PHÓ BÍ THƯ"
    assert labels["citations"] == [
        {
            "number_symbol": "251-CV/HU",
            "date": "2026-03-03",
            "issuer": "Ban Thường vụ Huyện ủy",
            "verb": "Tiếp theo",
            "role": "continues",
        }
    ]
    # A group that is the whole audience is owed by everybody; nobody is singled out.
    assert [(t["lead"], t["due"]) for t in labels["tasks"]] == [([], "2026-06-25")]


def test_the_points_of_a_state_letter(state_letter: str) -> None:
    points = read_text(state_letter).points
    assert [(p.no, p.lead, p.due, p.recurring) for p in points if p.is_duty] == [
        ("1", ("Phòng Giáo dục và Đào tạo",), date(2026, 8, 20), None),
        ("2.a", ("UBND các xã, thị trấn",), date(2026, 8, 30), None),
        ("2.b", ("UBND các xã, thị trấn",), None, "Định kỳ hằng tháng (trước ngày 25)"),
        ("3", ("Phòng Tài chính - Kế hoạch",), date(2026, 9, 30), None),
    ]
    assert points[0].coordinating == ("Phòng Tài chính - Kế hoạch",)


def test_the_citations_of_a_state_letter(state_letter: str) -> None:
    cited = read_text(state_letter).citations
    assert [(c.number_symbol, c.dated, c.role, c.kind) for c in cited] == [
        ("2210/UBND-VX", date(2026, 7, 28), "implements", "công văn"),
        ("45/KH-UBND", date(2026, 2, 2), "implements", "kế hoạch"),
    ]
    assert cited[0].subject == "chuẩn bị năm học mới"
    assert cited[0].issuer == "Ủy ban nhân dân tỉnh"


def test_places_are_offsets_of_the_text(state_letter: str) -> None:
    text = unicodedata.normalize("NFC", state_letter)
    reading = read_text(text)
    for name in ("number", "symbol", "place", "signer", "urgency"):
        found = getattr(reading, name)
        assert text[found.start : found.end] == found.value
    spans = [(f.start, f.end, f.confidence) for f in (*reading.addressees, *reading.distribution)]
    spans += [(f.start, f.end, f.confidence) for f in reading.citations]
    spans += [(f.start, f.end, f.confidence) for f in reading.points]
    for start, end, sure in spans:
        assert 0 <= start < end <= len(text)
        assert 0 < sure <= 1
    for point in reading.points:
        assert " ".join(text[point.start : point.end].split()) == point.text


def test_what_is_illegible_is_named_missing(state_letter: str) -> None:
    spoilt = state_letter.replace("Số: 734/", "Số: 7#4/").replace("ngày 05 tháng", "ngày §§ tháng")
    reading = read_text(spoilt)
    assert reading.number is None
    assert reading.dated is None
    assert reading.symbol is not None
    assert {"number", "dated"} <= set(reading.missing)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "abc", "Số:", "Kính gửi:", "1.", "-", "“", "Nơi nhận:"]
)
def test_odd_texts_leave_gaps_only(text: str) -> None:
    reading = read_text(text)
    assert {"number", "dated", "issuer"} <= set(reading.missing)


def test_labels_are_json(state_letter: str) -> None:
    labels = as_labels(read_text(state_letter))
    assert json.loads(json.dumps(labels)) == labels
    assert labels["spans"]["number"][2] > 0.9


def test_the_command_prints_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Số: 12/UBND-NN\n", "utf-8")
    assert main([str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["number"] == "12"
    assert main([str(tmp_path / "none.txt")]) == 2
    assert main([]) == 2


def test_a_reading_is_empty_by_default() -> None:
    reading = Reading()
    assert all(not getattr(reading, part.name) for part in fields(reading) if part.name != "form")


HEADS = [
    ("Số: 1234/UBND-NN", "1234", "UBND-NN"),
    ("Số 297-CV/HU", "297", "CV/HU"),
    ("Số: 12 -KH/ĐU", "12", "KH/ĐU"),
    ("Số: 05/KH-UBND", "05", "KH-UBND"),
    ("Số: 30/2026/QĐ-UBND", "30", "2026/QĐ-UBND"),
    ("Số : 1500 /SNN&PTNT-KL", "1500", "SNN&PTNT-KL"),
    ("Số: 77/UBND", "77", "UBND"),
    ("Số: 15a/TB-UBND", "15a", "TB-UBND"),
    ("Số:      /UBND-KT", None, "UBND-KT"),
    ("Số: ...../KH-UBND", None, "KH-UBND"),
    ("Số: 5O8%/STC-QLNS", None, "STC-QLNS"),
]


@pytest.mark.parametrize(("line", "number", "symbol"), HEADS)
def test_numbers_and_symbols(line: str, number: str | None, symbol: str) -> None:
    labels = as_labels(read_text(f"UBND HUYỆN SUỐI MƠ\n{line}\nV/v trồng cây\n\nKính gửi: Các xã."))
    assert (labels["number"], labels["symbol"]) == (number, symbol)


DATES = [
    ("Suối Mơ, ngày 05 tháng 3 năm 2026", "2026-03-05", "Suối Mơ"),
    ("Thành phố Hồ Chí Minh, ngày 31 tháng 12 năm 2026", "2026-12-31", "Thành phố Hồ Chí Minh"),
    ("Suối Mơ, ngày 05/3/2026", "2026-03-05", "Suối Mơ"),
    ("Suối Mơ, ngày     tháng 3 năm 2026", None, "Suối Mơ"),
    ("Suối Mơ, ngày tháng năm", None, "Suối Mơ"),
    ("Suối Mơ, ngày 31 tháng 02 năm 2026", None, "Suối Mơ"),
    ("Suối Mơ, ngày § tháng 3 năm 2026", None, "Suối Mơ"),
]


@pytest.mark.parametrize(("line", "day", "place"), DATES)
def test_days_and_places(line: str, day: str | None, place: str) -> None:
    labels = as_labels(read_text(f"SỞ Y TẾ\nSố: 12/SYT-NVY\n{line}\n\nKính gửi: Các trạm y tế."))
    assert labels["date"] == day
    assert labels["place"] == place


SUBJECTS = [
    "V/v tiêm vắc xin sởi",
    "V/v: tiêm vắc xin sởi",
    "Về việc tiêm vắc xin sởi",
    "v/v tiêm\nvắc xin sởi",
    "Trích yếu: tiêm vắc xin sởi",
    "tiêm vắc xin sởi",
]


@pytest.mark.parametrize("printed", SUBJECTS)
def test_subjects(printed: str) -> None:
    text = f"SỞ Y TẾ\nSố: 12/SYT-NVY\n{printed}\n\nKính gửi: Các trạm y tế."
    assert as_labels(read_text(text))["subject"] == "tiêm vắc xin sởi"


def test_a_plan_has_its_subject_under_its_name() -> None:
    text = "UBND XÃ SUỐI MƠ\nSố: 12/KH-UBND\n\nKẾ HOẠCH\nTrồng cây đầu năm 2026\n\nCăn cứ Luật."
    labels = as_labels(read_text(text))
    assert (labels["kind"], labels["subject"]) == ("kế hoạch", "Trồng cây đầu năm 2026")
