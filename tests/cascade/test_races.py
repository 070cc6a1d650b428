"""Killed, and many at once: the short forms of tests/faults."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults import kills, rivals
from tests.worlds import Office

ACTS = [
    *(("issue", point) for point in kills.POINTS),
    *(("report", point) for point in (*kills.POINTS[2:], *kills.FILE_POINTS)),
]


@pytest.mark.parametrize(("what", "point"), ACTS)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_killed_act_leaves_nothing_half_done(
    office: Office, tmp_path: Path, what: str, point: str
) -> None:
    kills.victim(office, tmp_path / "home").check(what, point)


@pytest.mark.parametrize(("what", "point"), [("issue", "commit"), ("report", "committed")])
@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_a_killed_act_leaves_nothing_half_done_on_a_server(
    office: Office, tmp_path: Path, what: str, point: str
) -> None:
    kills.victim(office, tmp_path / "home").check(what, point)


@pytest.mark.parametrize("trigger", ["report", "accept"])
def test_of_twenty_at_once_one_wins_and_the_others_are_told(office: Office, trigger: str) -> None:
    rivals.one_wins(office, trigger)


def test_two_last_siblings_fulfil_their_parent_once(office: Office) -> None:
    rivals.siblings(office, 100)


def test_nobody_accepts_above_what_is_being_reopened(office: Office) -> None:
    rivals.seal_and_reopen(office, 10)


def test_nobody_closes_above_what_is_being_reopened(office: Office) -> None:
    rivals.close_and_reopen(office, 10)


def test_a_letter_entered_by_several_is_on_file_once(office: Office) -> None:
    rivals.register_at_once(office, 6)


def test_a_missing_letter_cited_by_several_is_one_stub(office: Office) -> None:
    rivals.cite_at_once(office, 6)


def test_a_letter_is_issued_once(office: Office) -> None:
    letter = office.draft("P", owe=["A", "B"])
    told = rivals.together([lambda: office.issue(letter)] * 6)
    assert told == Counter({"done": 1, "not_from_here": 5})
    assert office.count("step") == 2
    rivals.consistent(office)
