"""Many at once, for many rounds, on both databases."""

from __future__ import annotations

import pytest

from tests.faults import rivals
from tests.worlds import Office

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("trigger", ["report", "accept"])
def test_of_twenty_at_once_one_wins(office: Office, trigger: str) -> None:
    for _ in range(50):
        rivals.one_wins(office, trigger)


def test_two_last_siblings_fulfil_their_parent_once(office: Office) -> None:
    rivals.siblings(office, 1000)


def test_nobody_accepts_above_what_is_being_reopened(office: Office) -> None:
    rivals.seal_and_reopen(office, 300)


def test_nobody_closes_above_what_is_being_reopened(office: Office) -> None:
    rivals.close_and_reopen(office, 300)


def test_a_letter_entered_by_several_is_on_file_once(office: Office) -> None:
    rivals.register_at_once(office, 200)


def test_a_missing_letter_cited_by_several_is_one_stub(office: Office) -> None:
    rivals.cite_at_once(office, 200)
