"""What is put into a composed letter is what the reader gives back, field by field."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from cascade.intake import Reading, read_text
from tests.cascade.intake.composing import Composed, Point, day, letters


def check(letter: Composed) -> None:
    reading = read_text(letter.text)
    found = {name: value_of(reading, name) for name in letter.head}
    assert found == letter.head
    assert tuple(entry.value for entry in reading.addressees) == letter.addressees
    assert tuple(entry.value for entry in reading.distribution) == letter.distribution
    assert (
        tuple((c.number_symbol, c.dated, c.issuer, c.role) for c in reading.citations)
        == letter.citations
    )
    assert tuple(
        Point(p.no, p.lead, p.coordinating, p.due, p.due_text) for p in reading.points if p.is_duty
    ) == tuple(letter.points)
    assert reading.missing == ()
    assert reading.oddities == ()
    party = "party-399-2026" if letter.head["dated"] >= "2026-01-09" else "party-36-2018"
    assert reading.profile == ("state-30-2020" if reading.form == "state" else party)


def value_of(reading: Reading, name: str) -> str:
    found = getattr(reading, name)
    return found if isinstance(found, str) else found.value if found else ""


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(letters())
def test_a_composed_letter_is_read_as_it_was_put_together(letter: Composed) -> None:
    check(letter)


@pytest.mark.slow
@settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(letters())
def test_many_composed_letters_are_read_as_they_were_put_together(letter: Composed) -> None:
    check(letter)


def test_the_days_are_written_by_the_rule() -> None:
    assert day(date(2026, 2, 3)) == "03/02/2026"
    assert day(date(2026, 11, 12)) == "12/11/2026"
