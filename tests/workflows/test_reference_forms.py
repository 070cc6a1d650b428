"""Letters are named as offices write them: State symbols take a slash, Party symbols a dash."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.reference import identity, reference


@pytest.mark.parametrize(
    ("number", "symbol", "written"),
    [
        pytest.param("1234", "UBND-NN", "1234/UBND-NN", id="an official letter of the State"),
        pytest.param("41", "UBND", "41/UBND", id="a commune's letter without a drafting unit"),
        pytest.param("22", "KH-UBND", "22/KH-UBND", id="a plan of the State"),
        pytest.param("03", "CĐ-UBND", "03/CĐ-UBND", id="an urgent dispatch keeps its zero"),
        pytest.param("45", "2026/NĐ-CP", "45/2026/NĐ-CP", id="a decree, whose symbol has a year"),
        pytest.param("297", "CV/TU", "297-CV/TU", id="a letter of the Party"),
        pytest.param("12", "CT/ThU", "12-CT/ThU", id="a directive of the Party"),
        pytest.param("7", None, "7", id="a number alone"),
        pytest.param("7", "", "7", id="an empty symbol"),
        pytest.param(None, "UBND-NN", "?/UBND-NN", id="the number is not known"),
        pytest.param(None, "CV/TU", "?-CV/TU", id="a Party letter whose number is not known"),
        pytest.param(None, None, "?", id="nothing is known"),
    ],
)
def test_a_reference_joins_number_and_symbol(
    number: str | None, symbol: str | None, written: str
) -> None:
    assert reference(number, symbol) == written


@pytest.mark.parametrize(
    ("dated", "written"),
    [
        pytest.param(date(2026, 9, 2), "công văn 1234/UBND-NN (02/09/2026)", id="with its day"),
        pytest.param(None, "công văn 1234/UBND-NN (?)", id="whose day is not known"),
    ],
)
def test_an_identity_is_kind_reference_and_day(dated: date | None, written: str) -> None:
    assert identity("công văn", "1234", "UBND-NN", dated) == written
