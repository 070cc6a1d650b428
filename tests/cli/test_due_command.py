"""`cascade due` says when a phrase falls due and why, with or without a register."""

from __future__ import annotations

import json
import sqlite3
import unicodedata

import pytest

from tests.cli.console import Console

COUNTED = "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này"
DATES = ("--signed", "2026-06-10", "--received", "12/6/2026")


@pytest.mark.parametrize(
    ("phrase", "named", "inclusive", "due", "why"),
    [
        ("trước ngày 15/12/2026", "2026-12-15", False, "2026-12-14", "leaves the named day out"),
        ("chậm nhất ngày 30/9/2026", "2026-09-30", True, "2026-09-30", "names the day"),
        (COUNTED, "2026-06-19", True, "2026-06-19", "the first day is not counted"),
        ("Trả lời trong vòng 10 ngày, kể từ ngày ký.", "2026-06-20", True, "2026-06-22", "148"),
        ("trong quý III năm 2026", "2026-09-30", True, "2026-09-30", "last day of the period"),
        ("Định kỳ hằng tháng (trước ngày 20)", "2026-06-20", False, "2026-06-19", "comes again"),
        ("trong vòng 24 giờ kể từ khi bão tan", None, True, None, "without a date"),
    ],
)
def test_a_phrase_is_told_with_its_dates_and_why(
    bare: Console, phrase: str, named: str | None, inclusive: bool, due: str | None, why: str
) -> None:
    told = bare.ok("due", phrase, *DATES, "--json").json
    assert (told["named"], told["inclusive"], told["due"]) == (named, inclusive, due)
    assert why in "; ".join(told["why"])
    assert told["phrase"] == phrase
    assert told["calendar"].startswith("vn-")
    assert not bare.home.exists()  # asking makes no register


def test_it_is_told_in_words_too(bare: Console) -> None:
    told = bare.ok("due", "trước 16 giờ 00 phút, ngày 05/8/2026", CASCADE_LANG="vi").out
    assert "05/08/2026, đến 16:00" in told
    assert "có nêu giờ" in told
    told = bare.ok("due", "trước ngày 20/7", "--signed", "10/6/2026").out
    assert "due  19/07/2026" in told
    assert "20/07/2026 (itself too late)" in told
    assert "no date" in bare.ok("due", "trước ngày 20/7").out


def test_what_a_house_settles_counts(bare: Console) -> None:
    told = bare.ok("due", "trước ngày 15/12/2026", "--json", CASCADE_BEFORE="includes").json
    assert (told["inclusive"], told["due"]) == (True, "2026-12-15")


def test_a_unit_has_its_own_calendar(console: Console) -> None:
    ask = ("due", COUNTED, *DATES, "--json")
    with sqlite3.connect(console.home / "cascade.db") as conn:
        conn.execute(
            "INSERT INTO calendar_override (unit_id, day, is_off, reason, legal_basis) "
            "SELECT id, '2026-06-15', 1, 'a day of its own', '' FROM unit WHERE code = 'LG-SYT'"
        )
    own, others = (console.ok(*ask, "--unit", code).json for code in ("LG-SYT", "LG-SNN"))
    assert (own["due"], others["due"]) == ("2026-06-22", "2026-06-19")
    assert own["calendar"] != others["calendar"]
    assert console.ok(*ask).json["calendar"] == others["calendar"]
    told = console(*ask, "--unit", "ZZ")
    assert told.code == 2
    assert "no unit has the code 'ZZ'" in told.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("xin chào",), "is no deadline that can be read"),
        (("",), "is no deadline that can be read"),
        (("trước ngày 15/12/2026", "--signed", "hôm qua"), "--signed"),
        (("trước ngày 15/12/2026", "--unit", "A"), "no register"),
    ],
)
def test_what_cannot_be_told_is_bad_use(bare: Console, given: tuple[str, ...], told: str) -> None:
    ran = bare("due", *given)
    assert ran.code != 0
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_a_phrase_in_other_clothes_is_the_same(bare: Console) -> None:
    for phrase in ("TRƯỚC NGÀY 15/12/2026", unicodedata.normalize("NFD", "trước ngày 15/12/2026")):
        made = json.loads(bare.ok("due", phrase, "--json").out)
        assert made["due"] == "2026-12-14"
