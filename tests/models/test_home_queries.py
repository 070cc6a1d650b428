"""The first page's queries: which letters are directives, and what is late and missing below."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cascade import graph
from models.queries import home, scopes
from tests.worlds import TODAY, Office

LATE = TODAY - timedelta(days=2)
LONG_AGO = TODAY - timedelta(days=30)


def test_a_directive_is_an_issued_letter_that_answers_nobody_newest_first(office: Office) -> None:
    old = office.letter("P", owe=["A", "B"], dated=LONG_AGO)
    new = office.letter("Q", owe=["QA"])
    office.draft("P", owe=["C"])
    answer = office.letter("A", implements=[old], tasks=[("1", "A1")])
    nil = office.letter("B", cites=[("P", "77")], tasks=[("1", "B1")])
    withdrawn = office.letter("P", owe=["C"], dated=LONG_AGO - timedelta(days=1))
    office.fire_letter(withdrawn, "withdraw", "p.sec", note="a mistake", fate="cancel")
    with office.db.read() as conn:
        found = [row.id for row in home.directives(conn)]
        assert found == [nil, new, old, withdrawn]
        assert answer not in found
        paged: list[int] = []
        after: tuple[date, int] | None = None
        while page := home.directives(conn, after=after, limit=1):
            paged += [row.id for row in page]
            assert page[0].dated is not None
            after = (page[0].dated, page[0].id)
        assert paged == found


def test_a_letter_named_as_an_answer_is_no_directive_any_more(office: Office) -> None:
    above = office.letter("P", owe=["A"])
    alone = office.letter("A", tasks=[("1", "A1")])
    office.fire(office.step(above, "A"), "answer", "a.staff", answer=alone)
    with office.db.read() as conn:
        assert [row.id for row in home.directives(conn)] == [above]


@pytest.fixture
def cascade(office: Office) -> dict[str, int]:
    """P → A (answered, tasks late) and B, C (not answered, B late); Q is noise."""
    top = office.letter("P", owe=["A", "B", "C"], due=LATE, dated=LONG_AGO)
    below = office.letter(
        "A",
        implements=[top],
        tasks=[("1", "A1"), ("2", "A2")],
        owe=["AW"],
        due=LATE,
        dated=LONG_AGO,
    )
    other = office.letter("Q", owe=["QA"], due=LATE, dated=LONG_AGO)
    office.report(office.step(below, "A2", "2"), "A2")
    office.fire(office.step(top, "C"), "refuse", "c.staff", note="Not ours.")
    return {"top": top, "below": below, "other": other}


def test_overdue_below_is_what_is_not_done_in_time_in_the_cascade_and_in_a_scope(
    office: Office, cascade: dict[str, int]
) -> None:
    letters = list(cascade.values())
    # B has not answered, A1 and AW are late; P must decide on C's refusal.
    everywhere = {cascade["top"]: 4, cascade["below"]: 2, cascade["other"]: 1}
    of_a = {cascade["top"]: 2, cascade["below"]: 2, cascade["other"]: 0}
    with office.db.read() as conn:
        assert home.overdue_below(conn, letters, TODAY) == everywhere
        units = scopes.below(conn, [office.units["A"]], TODAY)
        assert home.overdue_below(conn, letters, TODAY, units) == of_a
        assert home.overdue_below(conn, letters, TODAY, []) == dict.fromkeys(letters, 0)
        for letter in letters:
            below = graph.down(conn, letter, TODAY)
            assert below.below(("letter", letter)).overdue == everywhere[letter]


def test_missing_below_is_what_the_cascade_says(office: Office, cascade: dict[str, int]) -> None:
    office.fire(office.step(cascade["top"], "A"), "return", "p.sec", note="Again.")
    letters = list(cascade.values())

    def missing() -> dict[int, int]:
        with office.db.read() as conn:
            found = home.missing_below(conn, letters)
            for letter in letters:
                assert found[letter] == len(graph.down(conn, letter, TODAY).missing())
        return found

    # B and AW; A's letter is on file although it was returned.
    assert missing() == {cascade["top"]: 2, cascade["below"]: 1, cascade["other"]: 1}
    office.fire_letter(cascade["below"], "withdraw", "a.sec", note="a mistake", fate="keep")
    assert missing()[cascade["top"]] == 3


def test_counting_below_stops(
    office: Office, cascade: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST_BELOW", 1)
    home._below.cache_clear()
    with office.db.read() as conn:
        assert home.overdue_below(conn, [cascade["top"]], TODAY) == {cascade["top"]: 2}
    home._below.cache_clear()


def test_drafts_are_those_of_the_units_named(office: Office) -> None:
    office.letter("A", tasks=[("1", "A1")])
    mine = [office.draft("A", dated=LONG_AGO), office.draft("A"), office.draft("P")]
    office.draft("B")
    with office.db.read() as conn:
        units = [office.units["A"], office.units["P"]]
        found = [row.id for row in home.drafts(conn, units, limit=9)]
        assert found == [mine[2], mine[1], mine[0]]
        assert len(home.drafts(conn, units, limit=2)) == 2
