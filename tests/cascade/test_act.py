"""The one door: a move, its event, its refusals, what follows by itself."""

from __future__ import annotations

import pytest

from cascade.errors import MoveRefusedError
from tests.worlds import Office


def test_accepting_the_last_task_fulfils_every_letter_above(office: Office) -> None:
    directive = office.letter("P", owe=["A"])
    answer = office.letter("A", tasks=[("1", "A1"), ("2", "A2")], implements=[directive])
    obligation = office.step(directive, "A")
    assert office.state(obligation) == "answered"

    office.finish(office.step(answer, "A1", "1"), "A1", "A")
    assert (office.letter_state(answer), office.state(obligation)) == ("issued", "answered")
    fired = office.finish(office.step(answer, "A2", "2"), "A2", "A")

    assert fired.followed == 3
    assert office.letter_state(answer) == "fulfilled"
    assert office.state(obligation) == "fulfilled"
    assert office.letter_state(directive) == "fulfilled"


def test_a_refused_move_tells_every_obstacle_at_once(office: Office) -> None:
    letter = office.letter("A", tasks=[("1", "A1")])
    with pytest.raises(MoveRefusedError) as refused:
        office.fire(office.step(letter, "A1", "1"), "report", "b.staff")
    codes = [refusal.code for refusal in refused.value.refused.refusals]
    assert codes == ["wrong_role", "evidence_missing"]
