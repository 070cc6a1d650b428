"""The rules of form are chosen by form and day; what departs from them is told, not refused."""

from __future__ import annotations

from datetime import date

import pytest

from cascade.intake import read_text
from cascade.intake.profiles import PROFILES, profile_of


@pytest.mark.parametrize(
    ("form", "day", "name"),
    [
        ("state", date(2020, 3, 5), "state-30-2020"),
        ("state", date(2020, 3, 4), ""),
        ("party", date(2018, 1, 1), "party-36-2018"),
        ("party", date(2026, 1, 8), "party-36-2018"),
        ("party", date(2026, 1, 9), "party-399-2026"),
        ("party", date(2017, 12, 31), ""),
        ("unknown", date(2026, 1, 9), ""),
        ("state", None, ""),
    ],
)
def test_the_profile_in_force(form: str, day: date | None, name: str) -> None:
    found = profile_of(form, day)
    assert (found.name if found else "") == name


def test_every_profile_has_a_source_and_its_own_name() -> None:
    assert len({one.name for one in PROFILES}) == len(PROFILES)
    assert all(one.source for one in PROFILES)


def test_a_letter_in_form_has_no_oddities(state_letter: str, party_letter: str) -> None:
    assert [(r.profile, r.oddities) for r in map(read_text, (state_letter, party_letter))] == [
        ("state-30-2020", ()),
        ("party-399-2026", ()),
    ]


@pytest.mark.parametrize(
    ("printed", "odd", "told"),
    [
        ("Số: 734", "Số 734", "no colon after Số (state-30-2020)"),
        (
            "TM. ỦY BAN NHÂN DÂN",
            "T/M ỦY BAN NHÂN DÂN",
            "signed T/M, a mark of another form (state-30-2020)",
        ),
    ],
)
def test_what_departs_from_the_form_is_named(
    state_letter: str, printed: str, odd: str, told: str
) -> None:
    reading = read_text(state_letter.replace(printed, odd))
    assert reading.oddities == (told,)
    assert reading.number is not None
    assert reading.missing == ()


def test_a_colon_is_odd_in_a_party_letter(party_letter: str) -> None:
    reading = read_text(party_letter.replace("Số 297", "Số: 297"))
    assert reading.oddities == ("a colon after Số (party-399-2026)",)


def test_without_a_day_no_rules_are_held_against_a_letter(state_letter: str) -> None:
    reading = read_text(state_letter.replace("ngày 05 tháng 8", "ngày   tháng 8"))
    assert (reading.profile, reading.oddities) == ("", ())
