"""The list of the ASVS is whole, and every test and page it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
# Levels 1 and 2 that concern a program with passwords of its own: 64 and 126.
_APPLY = """
1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.9 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.3.6 1.3.7 1.3.10
1.3.11 1.5.1 1.5.2
2.1.1 2.1.2 2.1.3 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.4.1
3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.2 3.5.3 3.5.4
3.7.1 3.7.2
4.1.1 4.1.2 4.1.3 4.2.1
5.1.1 5.2.1 5.2.2 5.2.3 5.3.1 5.3.2 5.4.1 5.4.2 5.4.3
6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12
6.3.1 6.3.2 6.3.3 6.3.4 6.4.1 6.4.2 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5
7.1.1 7.1.2 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2
8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3
11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.1 11.3.2 11.3.3 11.4.1 11.4.2 11.4.3 11.4.4 11.5.1
11.6.1
12.1.1 12.1.2 12.2.1 12.2.2 12.3.1 12.3.2 12.3.3 12.3.4
13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 13.3.2 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5
14.1.1 14.1.2 14.2.1 14.2.2 14.2.3 14.2.4 14.3.1 14.3.2 14.3.3
15.1.1 15.1.2 15.1.3 15.2.1 15.2.2 15.2.3 15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.6 15.3.7
16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3
16.5.1 16.5.2 16.5.3
"""
_MORE = """
4.1.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 8.3.2 8.3.3 13.3.4 13.4.6 15.2.4 15.4.1 15.4.2 15.4.3 16.5.4
"""
WANTED, MORE = _APPLY.split(), _MORE.split()  # MORE is of level 3
STATES = {"met", "partly", "host", "none", "open"}


def rows() -> list[list[str]]:
    """The lines of the list: number, level, what is asked, state, how, what shows it."""
    lines = re.findall(r"^\| (\d+\.\d+\.\d+ \|.*) \|$", page(), re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def page() -> str:
    """The list as it stands."""
    return (DOCS / "asvs.md").read_text("utf-8")


def test_every_number_is_there_once() -> None:
    assert (len(WANTED), len(MORE)) == (190, 15)
    assert sorted(row[0] for row in rows()) == sorted(WANTED + MORE)
    levels = [row[1] for row in rows()]
    assert [levels.count(level) for level in "123"] == [64, 126, 15]
    assert {row[0] for row in rows() if row[1] == "3"} == set(MORE)


def test_every_line_says_how_and_where_it_is_shown() -> None:
    for number, _level, asks, state, how, shown in rows():
        assert asks, number
        assert how, number
        assert state in STATES, number
        assert "](" in shown, number


def test_the_count_at_the_head_is_true() -> None:
    states = [row[3] for row in rows()]
    told = re.findall(
        r"(\d+) (?:are (met)|(partly)|by the (host)|do not (apply)|are (open))", page()
    )
    names = {"apply": "none"}
    found = {names.get(name, name): int(count) for count, *rest in told for name in rest if name}
    assert found == {state: states.count(state) for state in STATES}


@pytest.mark.parametrize("name", ["asvs.md", "security.md"])
def test_what_is_named_is_there(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    for shown, href in re.findall(r"\[([^\]]+)\]\(([^)#]+)[^)]*\)", text):
        path = (DOCS / href).resolve()
        assert path.exists(), href
        if path.suffix == ".py" and re.fullmatch(r"\w+", shown):
            assert f"def {shown}(" in path.read_text("utf-8"), (href, shown)
