"""What a form asks for follows from the guards of its move."""

from __future__ import annotations

import pytest

from tests.workflows.tables import NAMED
from tests.workflows.test_guard_table import CASES
from workflows.asks import ASKED_BY, MENDED_BY, Ask, asks, obstacles
from workflows.refusals import Refusal

FORMS = {
    "start": "",
    "acknowledge": "",
    "report": "done_on evidence",
    "answer": "answer",
    "return_nil": "note",
    "withdraw_report": "",
    "accept": "",
    "return": "note",
    "decline": "note",
    "split": "units",
    "transfer": "units note",
    "cancel": "fate note",
    "waive": "fate note",
    "ask_extension": "until note",
    "grant_extension": "until",
    "refuse_extension": "note",
    "remind": "",
    "close": "fate note",
    "supersede": "replacement fate",
    "extend": "until note",
}


@pytest.mark.parametrize(("trigger", "wanted"), FORMS.items(), ids=FORMS)
def test_a_move_asks_for_what_its_guards_look_at(trigger: str, wanted: str) -> None:
    moves = [m for one in NAMED.values() for m in one.moves if m.trigger == trigger and m.by.side]
    assert moves
    assert {asks(move) for move in moves} == {tuple(Ask(name) for name in wanted.split())}


def test_what_a_guard_of_a_form_says_can_be_mended_there_and_nothing_else_can() -> None:
    for case in CASES:
        if case.says is None:
            continue
        assert MENDED_BY.get(case.says.code) == ASKED_BY.get(case.guard), case.says.code


def test_only_what_no_form_mends_is_an_obstacle() -> None:
    told = [Refusal("reason_missing"), Refusal("same_person"), Refusal("until_missing")]
    assert obstacles(told) == [Refusal("same_person")]
