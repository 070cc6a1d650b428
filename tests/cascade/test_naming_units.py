"""Printed names matched to units: seen from the body that writes, on the day it writes."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from cascade import organisation as importing
from cascade.naming import Directory, Named, fold, unknown
from cascade.sample.world import FOLDER, NAMES
from models import organisation
from models.base import FOREVER
from models.database import Database
from models.queries import units

STORM, BEFORE, AFTER = date(2024, 9, 9), date(2025, 6, 30), date(2025, 7, 1)
SHEETS = ("levels.csv", "units.csv", "groups.csv", "changes.csv")
# Beside those of the sample: names that differ in marks or in digits alone.
MORE = {
    "HAF": ("Thôn Hà xã An Phong", "Thôn Hà", "LG-AT-AP"),
    "T10": ("Tổ dân phố số 10 phường Bến Đò", "Tổ dân phố số 10", "LG-VL-BD"),
    "TH1": ("Trường Tiểu học số 1 Thạch Sơn", "Trường Tiểu học số 1", "LG-TL-TS"),
    "DXK-T1": ("Đội xung kích tổ dân phố", "Đội xung kích", "LG-VL-BD-T1"),
    "DXK-VL": ("Đội xung kích thành phố", "Đội xung kích", "LG-VL"),
}


class Found(NamedTuple):
    """What a name stands for, by the codes of units."""

    units: list[str]
    named: Named


Find = Callable[..., Found]


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Find]:
    """Find a name in a sample organisation: find("Sở Y tế", near="LG", on=…, every=…)."""
    books: dict[str, Database] = {}
    for name in NAMES:
        path = tmp_path_factory.mktemp(name) / "cascade.db"
        shutil.copy(sqlite_template, path)
        books[name] = Database(f"sqlite:///{path}")
        sheets = [FOLDER / name / sheet for sheet in SHEETS]
        importing.import_files(books[name], [sheet for sheet in sheets if sheet.exists()])
    with books["three_levels"].session() as session:
        for code, (long, short, parent) in MORE.items():
            above = organisation.unit_id(session, parent)
            values = {"valid_to": FOREVER, "name": long, "short_name": short, "name_en": short}
            organisation.put_period(
                session, organisation.unit_id(session, code), date(2016, 7, 1),
                {**values, "parent_id": above, "level": "village"},
            )  # fmt: skip

    def ask(printed: str, near: str = "", on: date = STORM, every: bool = False) -> Found:
        book = books["three_levels" if on == STORM else "two_levels"]
        with book.read() as conn:
            codes = units.codes(conn)
            directory = Directory(conn, on)
        asked = directory.find_all if every else directory.find
        named = asked(printed, codes[near] if near else None)
        return Found([code for code, unit in codes.items() if unit in named.unit_ids], named)

    yield ask
    for book in books.values():
        book.dispose()


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        pytest.param("Ủy ban nhân dân tỉnh Lam Giang", "LG", id="exact"),
        pytest.param("ỦY BAN NHÂN DÂN TỈNH LAM GIANG", "LG", id="in capitals"),
        pytest.param("Uỷ ban nhân dân tỉnh", "LG", id="the other tone spelling"),
        pytest.param("UBND xã Thạch Thuỷ", "LG-TL-TT", id="the other tone spelling in a name"),
        pytest.param(unicodedata.normalize("NFD", "UBND xã Thạch Thủy"), "LG-TL-TT", id="NFD"),
        pytest.param("  UBND  xã\nThạch Thủy; ", "LG-TL-TT", id="odd spaces and a semicolon"),
        pytest.param("UBND tỉnh", "LG", id="short name"),
        pytest.param("Sở NN&PTNT", "LG-SNN", id="alias"),
        pytest.param("Sở Nông nghiệp và PTNT", "LG-SNN", id="half abbreviated"),
        pytest.param("UBND TP. Vĩnh Lam", "LG-VL", id="abbreviated with a point"),
        pytest.param("Chủ tịch UBND xã Thạch Thủy", "LG-TL-TT", id="the head for the body"),
        pytest.param("Chủ tịch Uỷ ban nhân dân xã Thạch Thuỷ", "LG-TL-TT", id="head, in full"),
        pytest.param("Đồng chí Giám đốc Sở Y tế", "LG-SYT", id="two titles"),
        pytest.param("Các Sở Y tế", "LG-SYT", id="a plural of one"),
        pytest.param("Sở Y tế (để phối hợp)", "LG-SYT", id="a note in brackets"),
        pytest.param("Ban Thường vụ Tỉnh ủy", "TU", id="a Party committee by its bureau"),
        pytest.param("Thành ủy Vĩnh Lam", "TU-VL", id="not the city's People's Committee"),
        pytest.param("Trường Tiểu học An Phong", "LG-AT-AP-TH", id="a school is no title"),
        pytest.param("Sở Giao thông vân tãi", "LG-SGT", id="wrong marks"),
        pytest.param("Sở Giao thông vận tảii", "LG-SGT", id="a slip of the key"),
    ],
)
def test_a_printed_name_means_one_unit(find: Find, printed: str, unit: str) -> None:
    found = find(printed)
    assert found.units == [unit]
    assert not found.named.is_ambiguous
    assert found.named.printed == printed


@pytest.mark.parametrize(
    ("printed", "near", "unit"),
    [
        pytest.param("Phòng Kinh tế", "LG-VL", "LG-VL-PKT", id="own section"),
        pytest.param("Phòng Kinh tế", "LG-HK", "LG-HK-PKT", id="the same name elsewhere"),
        pytest.param("Phòng Kinh tế", "LG-VL-BD", "LG-VL-PKT", id="that of the body above"),
        pytest.param("Phòng Nông nghiệp và PTNT", "LG-TN", "LG-TN-PNN", id="of four namesakes"),
        pytest.param("Ban Chỉ huy PCTT và TKCN", "LG-TL", "LG-TL-BCH", id="by an alias"),
        pytest.param("Ban CHQS xã", "LG-AT-AP", "LG-AT-AP-QS", id="wherever else one is"),
        pytest.param("Trưởng phòng Phòng Kinh tế", "LG-HK", "LG-HK-PKT", id="by its head"),
        pytest.param("Sở Y tế", "LG-VL-BD", "LG-SYT", id="two levels up"),
        pytest.param("Đội xung kích", "LG-VL-BD", "DXK-T1", id="own, deep below, not above"),
        pytest.param("Thôn Hạ", "LG-AT-AP", "LG-AT-AP-HA", id="marks decide: Hạ"),
        pytest.param("thôn Hà", "LG-AT-AP", "HAF", id="marks decide: Hà"),
    ],
)
def test_the_nearest_namesake_is_meant(find: Find, printed: str, near: str, unit: str) -> None:
    assert find(printed, near).units == [unit]


@pytest.mark.parametrize(
    ("printed", "near", "several"),
    [
        ("Phòng Kinh tế", "", 2),
        ("Phòng Kinh tế", "LG", 2),
        ("Phòng Kinh tế", "LG-TL", 2),
        ("Ban Chỉ huy PCTT và TKCN", "LG", 3),
        ("THON HA", "LG-AT-AP", 2),
    ],
)
def test_namesakes_as_near_as_each_other_are_told(
    find: Find, printed: str, near: str, several: int
) -> None:
    found = find(printed, near)
    assert (found.units, found.named.is_ambiguous) == ([], True)
    assert len(found.named.suggestions) == several
    assert f"“{printed}” (several: " in unknown([found.named])


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Sở Nông nghiệp & PTNT", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Lam Giang"),
        ("UBND thành phố Vĩnh Lâm mới", "Ủy ban nhân dân thành phố Vĩnh Lam"),
        ("TP Vĩnh Lam", "Ủy ban nhân dân thành phố Vĩnh Lam"),
    ],
)
def test_what_is_not_a_unit_s_name_is_told_with_what_it_may_mean(
    find: Find, printed: str, meant: str
) -> None:
    found = find(printed)
    assert (found.units, found.named.is_ambiguous) == ([], False)
    assert meant in found.named.suggestions
    assert "did you mean" in unknown([found.named])


@pytest.mark.parametrize("printed", ["Sở Văn hóa", "Bộ Quốc phòng", "", "(để báo cáo)", "…", "12"])
def test_a_stranger_is_nobody(find: Find, printed: str) -> None:
    found = find(printed)
    assert (found.units, found.named.suggestions, found.named.is_ambiguous) == ([], (), False)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("Tổ dân phố số 1", ["LG-VL-BD-T1"]),
        ("Tổ dân phố số 2", ["LG-VL-BD-T2"]),
        ("Tổ dân phố số 10", ["T10"]),
        ("TDP số 2", ["LG-VL-BD-T2"]),
        ("Chi bộ Tổ dân phố số 2", ["TU-VL-BD-C2"]),
        ("Trường Tiểu học số 1 Thạch Sơn", ["TH1"]),
        ("Trường Tiểu học số 2 Thạch Sơn", []),
        ("Tổ dân phố số 3", []),
        ("Tổ dân phố số 11", []),
        ("Tổ dân phố số 12 phường Bến Đò", []),
        ("Tổ dân phố số 100 phường Bến Đò", []),
        ("Chi bộ Tổ dân phố số 3 phường Bến Đò", []),
    ],
)
def test_one_digit_makes_another_unit(find: Find, printed: str, unit: list[str]) -> None:
    assert find(printed, "LG-VL-BD").units == unit


@pytest.mark.parametrize(
    ("phrase", "near", "members"),
    [
        ("UBND các huyện, thành phố", "LG", "LG-AT LG-DK LG-HK LG-TL LG-TN LG-VL"),
        ("Uỷ ban nhân dân các huyện, thành phố", "LG", "LG-AT LG-DK LG-HK LG-TL LG-TN LG-VL"),
        ("UBND các xã, thị trấn", "LG-TL", "LG-TL-TR LG-TL-TS LG-TL-TT"),
        ("UBND các xã", "LG-AT", "LG-AT-AH LG-AT-AP"),
        ("UBND các phường, xã", "LG-VL", "LG-VL-BD LG-VL-CM LG-VL-VP"),
        ("CÁC THÔN", "LG-TL-TT", "LG-TL-TT-BT LG-TL-TT-DV"),
        ("Sở Y tế", "LG", "LG-SYT"),
        ("UBND các huyện, thành phố", "TU", ""),
        ("UBND các xã", "", ""),
    ],
)
def test_a_group_stands_for_the_issuer_s_own(
    find: Find, phrase: str, near: str, members: str
) -> None:
    assert sorted(find(phrase, near, every=True).units) == members.split()


@pytest.mark.parametrize(
    ("phrase", "near", "before", "after"),
    [
        ("UBND các xã, phường", "VH", "", "VH-PHL VH-PV VH-TLI VH-TS"),
        ("UBND các xã, phường", "VH-VT", "VH-VT-VA VH-VT-VP VH-VT-VS VH-VT-VY", ""),
        ("Các thôn", "VH-TS", "", "VH-TS-BT VH-TS-NL"),
        ("Các thôn", "VH-VT-VS", "VH-TS-NL", ""),
    ],
)
def test_a_group_is_that_of_the_day(
    find: Find, phrase: str, near: str, before: str, after: str
) -> None:
    assert sorted(find(phrase, near, BEFORE, every=True).units) == before.split()
    assert sorted(find(phrase, near, AFTER, every=True).units) == after.split()


@pytest.mark.parametrize(
    ("printed", "before", "after"),
    [
        pytest.param("UBND xã Hà Tiến", "VH-TLI", "VH-TLI", id="a former name still means it"),
        pytest.param("UBND xã Tiến Lĩnh", None, "VH-TLI", id="the new name"),
        pytest.param("Thôn Nà Lĩnh xã Vân Sơn", "VH-TS-NL", "VH-TS-NL", id="former, no alias"),
        pytest.param("Trường Tiểu học Hà Tiến", "VH-TLI-TH", "VH-TLI-TH", id="a renamed school"),
        pytest.param("Trung tâm Y tế huyện Vân Thượng", "VH-TTVT", "VH-TTVT", id="moved"),
        pytest.param("Trung tâm Y tế huyện", "VH-TTVT", "", id="a short name that is gone"),
        pytest.param("UBND huyện Vân Thượng", "VH-VT", "", id="ended"),
        pytest.param("UBND thị trấn Hà Lĩnh", "VH-HL-TT", "", id="merged away"),
        pytest.param("UBND phường Hà Lĩnh", "", "VH-PHL", id="made by a merger"),
        pytest.param("UBND xã Thượng Sơn", "", "VH-TS", id="not there yet"),
        pytest.param("Sở Y tế", "VH-SYT", "VH-SYT", id="the same throughout"),
    ],
)
def test_a_name_on_the_last_day_before_a_reorganisation_and_on_the_first_after(
    find: Find, printed: str, before: str | None, after: str
) -> None:
    if before is not None:  # a name before its time may be anything but another unit's
        assert find(printed, on=BEFORE).units == before.split()
    assert set(find(printed, on=BEFORE).units) <= {before or after}
    assert find(printed, on=AFTER).units == after.split()


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Ủy ban nhân dân thành phố Đà Lạt", "ubnd tp da lat"),
        ("UỶ BAN NHÂN DÂN TP. ĐÀ LẠT (để b/c)", "ubnd tp da lat"),
        ("Hội đồng nhân dân xã A", "hdnd xa a"),
        ("Sở Nông nghiệp và Phát triển nông thôn", "so nong nghiep va ptnt"),
        ("  Phòng VH-XH  ", "phong vh xh"),
        ("(để báo cáo)", ""),
        ("Tổ dân phố số 1", "to dan pho so 1"),
    ],
)
def test_a_name_folds_to_what_is_compared(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert fold(unicodedata.normalize("NFD", name)) == folded
    assert fold(folded) == folded
