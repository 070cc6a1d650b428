"""Two people at once: one act comes first, the other is told, and the history stays whole."""

from __future__ import annotations

import subprocess

import pytest

from cascade import act
from cascade.acts import Act, Ref
from cascade.errors import MovedOnError
from tests.cli.console import COMMAND, Console
from tests.cli.kept import kept
from tests.cli.test_console_journey import step_of
from tests.worlds import Office


@pytest.mark.parametrize("seen", [1, 3], ids=["an older version", "a version yet to come"])
def test_who_looked_at_another_version_is_told_and_nothing_happens(
    office: Office, seen: int
) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    office.fire(step, "acknowledge", "a.sec", seen_version=1)
    events = office.count("event")
    asked = Act(trigger="draft", seen_version=seen)
    who, ref = office.who("a.sec"), Ref("step", step)
    with pytest.raises(MovedOnError, match=f"step {step}: it moved on") as told:
        act.fire(office.db, ref, asked, who, office.moment)
    assert "Look at it again" in str(told.value)
    assert (office.state(step), office.count("event")) == ("acknowledged", events)
    office.fire(step, "draft", "a.sec", seen_version=2)


def test_who_looked_at_another_version_of_a_letter_is_told(office: Office) -> None:
    letter = office.letter("P", owe=["A"])
    with pytest.raises(MovedOnError, match=f"letter {letter}"):
        office.fire_letter(letter, "amend", "p.sec", note="x", seen_version=1)
    office.fire_letter(letter, "amend", "p.sec", note="x", seen_version=2)


def test_of_two_processes_that_race_for_one_move_one_wins(console: Console) -> None:
    step = step_of(console, "LG-SYT", "5.a")
    before = kept(console.home).rows
    racing = [
        subprocess.Popen(
            [*COMMAND, "act", step, "start", "--as", login],
            env=console.environment(),
            cwd=console.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for login in ("luc.qd", "thoa.pb")
    ]
    said = [process.communicate(timeout=60) for process in racing]
    assert sorted(process.returncode for process in racing) == [0, 1], said
    loser = next(err for out, err in said if not out)
    assert "start is not possible while in progress" in loser or "moved on" in loser
    assert "Traceback" not in loser
    after = kept(console.home).rows
    sealed = {name: before[name] + 1 for name in ("event", "event_seal")}
    assert after == before | sealed
    console.ok("verify")
