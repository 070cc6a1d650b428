"""What counts from receipt is due so long after the day on which the unit took it in hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from cascade.receiving import counts_from_receipt
from cascade.verify import verify
from models.queries import dues
from tests.worlds import TODAY, Office  # a Tuesday

FIVE = "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này"
NEXT_TUESDAY = TODAY + timedelta(days=7)


def times(office: Office, step: int) -> tuple[date | None, date | None, str | None]:
    """A step's due date, its first one, and the calendar that one was reckoned with."""
    row = office.row(step)
    return row.due, row.original_due, row.due_calendar


@pytest.mark.parametrize(
    ("phrase", "counts"),
    [
        (FIVE, True),
        ("chậm nhất 10 ngày kể từ khi nhận được Công văn này", True),
        ("trong vòng 07 ngày kể từ ngày ký", False),
        ("trước ngày 20/12/2026", False),
        ("hằng tháng", False),
        ("sớm nhất", False),
        ("", False),
    ],
)
def test_a_phrase_counts_from_receipt_or_not(phrase: str, counts: bool) -> None:
    assert counts_from_receipt(phrase) is counts


def test_each_unit_has_its_own_days_from_the_day_it_acknowledged(office: Office) -> None:
    letter = office.letter("P", owe=("A", "B", "C"), phrase=FIVE)
    early, late, never = (office.step(letter, unit) for unit in ("A", "B", "C"))
    assert times(office, early) == (None, None, None)
    office.fire(early, "acknowledge", "a.staff")
    office.today += timedelta(days=3)  # Friday
    office.fire(late, "acknowledge", "b.staff")
    due, first, made_with = times(office, early)
    assert due == first == NEXT_TUESDAY
    assert made_with is not None
    assert made_with.startswith("vn-")
    assert times(office, late)[0] == NEXT_TUESDAY + timedelta(days=3)
    assert times(office, never) == (None, None, None)
    with office.db.read() as conn:
        (told,) = dues.history(conn, early)
        assert verify(conn) == []
    assert (told.trigger, told.until) == ("acknowledge", NEXT_TUESDAY)
    assert told.data == {"received": TODAY.isoformat(), "calendar": made_with}


def test_a_days_off_of_the_unit_is_not_counted(office: Office) -> None:
    with office.db.write() as conn:
        conn.execute(
            text(
                "INSERT INTO calendar_override (unit_id, day, is_off, reason, legal_basis) "
                f"VALUES ({office.units['A']}, :day, true, 'r', 'b')"
            ).bindparams(day=TODAY + timedelta(days=1))
        )
    letter = office.letter("P", owe=("A", "B"), phrase=FIVE)
    for unit in ("A", "B"):
        office.fire(office.step(letter, unit), "acknowledge", f"{unit.lower()}.staff")
    assert office.row(office.step(letter, "A")).due == NEXT_TUESDAY + timedelta(days=1)
    assert office.row(office.step(letter, "B")).due == NEXT_TUESDAY


def test_a_task_begins_when_it_is_started(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "S"), ("2", "S2")], phrase=FIVE)
    step = office.step(letter, "S", "1")
    office.fire(step, "start", "s.staff")
    assert times(office, step)[:2] == (NEXT_TUESDAY, NEXT_TUESDAY)
    assert office.row(office.step(letter, "S2", "2")).due is None


def test_the_parts_of_a_step_split_at_once_have_its_date(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "A")], phrase=FIVE)
    step = office.step(letter, "A", "1")
    office.fire(step, "split", "a.staff", units=(office.units["A1"], office.units["A2"]))
    assert times(office, step)[0] == NEXT_TUESDAY
    parts = [office.step(letter, unit, "1") for unit in ("A1", "A2")]
    assert [times(office, part) for part in parts] == [times(office, step)] * 2


def test_a_date_once_set_stays_when_it_is_taken_in_hand_again(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "S")], phrase=FIVE)
    step = office.step(letter, "S", "1")
    office.fire(step, "start", "s.staff")
    office.fire(step, "decline", "s.staff", note="Not ours.")
    office.today += timedelta(days=2)
    office.fire(step, "uphold", "p.sec", note="It is.")
    office.fire(step, "start", "s.staff")
    assert times(office, step)[0] == NEXT_TUESDAY


def test_an_extension_is_told_beside_the_date_the_receipt_set(office: Office) -> None:
    letter = office.letter("P", owe=("A",), phrase=FIVE)
    step = office.step(letter, "A")
    office.fire(step, "acknowledge", "a.staff")
    later = NEXT_TUESDAY + timedelta(days=3)
    office.fire(step, "ask_extension", "a.staff", note="The storm.", until=later)
    office.fire(step, "grant_extension", "p.sec")
    assert times(office, step)[:2] == (later, NEXT_TUESDAY)


@pytest.mark.parametrize(
    "phrase", ["trong vòng 07 ngày kể từ ngày ký", "sau khi bão tan", "sớm nhất"]
)
def test_other_phrases_set_no_date(office: Office, phrase: str) -> None:
    letter = office.letter("P", owe=("A",), phrase=phrase)
    step = office.step(letter, "A")
    office.fire(step, "acknowledge", "a.staff", until=NEXT_TUESDAY)  # nobody may name one here
    assert times(office, step) == (None, None, None)
    with office.db.read() as conn:
        assert dues.history(conn, step) == []


def test_a_dated_step_keeps_its_date_whatever_its_letter_says_elsewhere(office: Office) -> None:
    letter = office.letter("P", owe=("A",), due=TODAY + timedelta(days=30))
    step = office.step(letter, "A")
    office.fire(step, "acknowledge", "a.staff", until=NEXT_TUESDAY)
    assert office.row(step).due == TODAY + timedelta(days=30)
    with office.db.read() as conn:
        assert dues.history(conn, step) == []


def test_a_point_that_another_unit_leads_sets_no_date(office: Office) -> None:
    letter = office.letter("P", owe=("A",), tasks=[("1", "S")], phrase=FIVE)
    step = office.step(letter, "A")
    office.fire(step, "acknowledge", "a.staff")
    assert office.row(step).due is None


def test_a_transferred_step_keeps_the_calendar_of_its_first_date(office: Office) -> None:
    letter = office.letter("P", tasks=[("1", "S")], phrase=FIVE)
    step = office.step(letter, "S", "1")
    office.fire(step, "start", "s.staff")
    office.fire(step, "transfer", "p.sec", note="To the other.", units=(office.units["S2"],))
    assert times(office, office.step(letter, "S2", "1")) == times(office, step)
