"""The board's queries: every filter among noise, every page once, every count as its list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from alembic import command
from sqlalchemy import insert, text

from models import organisation, schema
from models.database import Database
from models.queries import board, scopes
from models.queries.board import Asked
from models.queries.board_rows import BoardRow, Key
from models.tables import Step, table
from tests.worlds import SINCE, TODAY, Office
from workflows.kinds import MACHINES

YESTERDAY = TODAY - timedelta(days=1)
# name → kind, state, lead unit, issuer, days from today (None: no due date)
STEPS: dict[str, tuple[str, str, str, str, int | None]] = {
    "late task": ("task", "open", "A1", "A", -1),
    "later task": ("task", "in_progress", "A1", "A", -9),
    "very late": ("obligation", "sent", "A", "P", -40),
    "declined": ("task", "declined", "A2", "A", -3),
    "village": ("task", "returned", "AW1", "AW", -8),
    "other branch": ("task", "open", "B1", "B", -2),
    "today": ("task", "open", "A1", "A", 0),
    "in a week": ("task", "open", "A1", "A", 7),
    "in eight days": ("task", "open", "A1", "A", 8),
    "no date": ("task", "open", "A1", "A", None),
    "reported": ("task", "reported", "A1", "A", -5),
    "paused": ("task", "suspended", "A1", "A", -5),
    "ended": ("task", "accepted", "A1", "A", -5),
    "stranger": ("task", "open", "QA1", "QA", -5),
}
LATE = "very late, later task, village, declined, other branch, late task"


class Laid:
    """The steps above, some below a directive; ids by name."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.top = office.letter("P", owe=["C"], due=TODAY + timedelta(days=90))
        self.below = office.letter("A", implements=[self.top], owe=["AW"], due=TODAY)
        self.aside = office.letter("P")
        office.fire(office.step(self.top, "C"), "cancel", "p.sec", note="done with")
        office.fire(office.step(self.below, "AW"), "cancel", "a.sec", note="done with")
        self.ids: dict[str, int] = {}
        rows = []
        for number, (name, (kind, state, unit, issuer, days)) in enumerate(STEPS.items(), 1000):
            self.ids[name] = number
            turn = MACHINES[kind].turn(state)
            acting = {"lead": unit, "issuer": issuer, "accepter": issuer}.get(turn)
            rows.append(
                {
                    "id": number,
                    "letter_id": self.below if unit.startswith("A") else self.aside,
                    "kind": kind,
                    "state": state,
                    "turn": str(turn),
                    "unit_id": office.units[unit],
                    "issuer_id": office.units[issuer],
                    "acting_id": office.units[acting] if acting else None,
                    "version": 1,
                    "open_children": 0,
                    "laid_on": date(2026, 1, 1),
                    "due": None if days is None else TODAY + timedelta(days=days),
                }
            )
        with office.db.write() as conn:
            conn.execute(insert(table(Step)), rows)
        self.names = {number: name for name, number in self.ids.items()}

    def scope(self, *codes: str, level: str | None = None) -> list[int]:
        tops = [self.office.units[code] for code in codes]
        with self.office.db.read() as conn:
            return scopes.below(conn, tops, TODAY, level=level)

    def said(self, rows: list[BoardRow]) -> str:
        return ", ".join(self.names[row.id] for row in rows)

    def list(self, asked: Asked, **given: object) -> list[BoardRow]:
        with self.office.db.read() as conn:
            return board.rows(conn, asked, TODAY, **given)  # type: ignore[arg-type]

    def count(self, asked: Asked) -> int:
        with self.office.db.read() as conn:
            return board.count(conn, asked)


@pytest.fixture
def laid(office: Office) -> Laid:
    return Laid(office)


@pytest.fixture(params=["few units", "many units"])
def paths(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The board reads small scopes and large ones by different indexes."""
    if request.param == "many units":
        monkeypatch.setattr(board, "_FEW", 0)


DAY = timedelta(days=1)
FILTERS: dict[str, tuple[dict[str, object], str]] = {
    "overdue": ({}, LATE),
    "of a kind": ({"kind": "obligation"}, "very late"),
    "in a state": ({"state": "returned"}, "village"),
    "of a kind in a state": ({"kind": "task", "state": "declined"}, "declined"),
    "that the issuer must decide": ({"state": "declined"}, "declined"),
    "more than a week late": ({"last": TODAY - 8 * DAY}, "very late, later task, village"),
    "due soon": ({"first": TODAY, "last": TODAY + 7 * DAY}, "today, in a week"),
    "between two days": (
        {"first": TODAY - 9 * DAY, "last": TODAY - 8 * DAY},
        "later task, village",
    ),
    "from a day on": ({"first": TODAY + 8 * DAY, "last": date.max}, "in eight days"),
    "below a directive": (
        {"directive": "top"},
        "very late, later task, village, declined, late task",
    ),
    "below a letter in the middle, of a kind": (
        {"directive": "below", "kind": "task"},
        "later task, village, declined, late task",
    ),
    "below another letter": ({"directive": "aside"}, "other branch"),
}


@pytest.mark.parametrize("order", ["unit", "longest"])
@pytest.mark.usefixtures("paths")
def test_each_filter_leaves_just_what_it_says_and_the_count_agrees(laid: Laid, order: str) -> None:
    for name, (given, wanted) in FILTERS.items():
        values = {"last": YESTERDAY, "order": order, **given}
        if "directive" in values:
            values["directive_id"] = getattr(laid, str(values.pop("directive")))
        asked = Asked(units=laid.scope("P"), **values)  # type: ignore[arg-type]
        rows = laid.list(asked)
        found = laid.said(sorted(rows, key=lambda row: (row.due, row.id)))
        assert found == wanted, name
        assert laid.count(asked) == len(rows), name
        order_of = [(row.acting_code, row.due, row.id) for row in rows]
        if order == "longest":
            order_of = [("", row.due, row.id) for row in rows]
        assert order_of == sorted(order_of), name
        with laid.office.db.read() as conn:
            units = {row.acting_id for row in rows}
            counts = board.counts_of(conn, asked, sorted(units))
        assert counts == {u: sum(row.acting_id == u for row in rows) for u in units}, name


SCOPES = {
    ("P",): LATE,
    ("A",): "very late, later task, village, declined, late task",
    ("AW",): "village",
    ("A1", "B"): "later task, other branch, late task",
    ("C",): "",
    ("Q",): "stranger",
}


@pytest.mark.usefixtures("paths")
def test_a_scope_is_its_units_with_all_below_them(laid: Laid) -> None:
    for tops, wanted in SCOPES.items():
        asked = Asked(laid.scope(*tops), YESTERDAY, order="longest")
        assert laid.said(laid.list(asked)) == wanted, tops
        assert laid.count(asked) == len([name for name in wanted.split(", ") if name]), tops


def test_a_level_is_that_of_the_unit_that_must_act(laid: Laid) -> None:
    asked = Asked(laid.scope("P", level="district"), YESTERDAY, order="longest")
    assert laid.said(laid.list(asked)) == "very late, declined"


def test_a_unit_is_within_another_when_it_is_the_same_or_below(laid: Laid) -> None:
    units = laid.office.units
    wanted = {("AW1", "A"): True, ("A", "A"): True, ("A", "AW"): False, ("QA1", "P"): False}
    with laid.office.db.read() as conn:
        for (unit, top), said in wanted.items():
            assert scopes.is_within(conn, units[unit], [units[top]], TODAY) is said, (unit, top)


def test_what_an_ended_unit_owes_stays_in_the_scope_of_the_body_above_it(laid: Laid) -> None:
    values: dict[str, object] = {"name": "B1", "short_name": "B1", "name_en": "B1"}
    values |= {"level": "section", "parent_id": laid.office.units["B"], "valid_to": YESTERDAY}
    with laid.office.db.session() as session:
        organisation.put_period(session, laid.office.units["B1"], SINCE, values)
    asked = Asked(laid.scope("B"), YESTERDAY)
    assert laid.said(laid.list(asked)) == "other branch"


def walked(laid: Laid, asked: Asked, limit: int) -> Iterator[BoardRow]:
    """Every row, page after page."""
    after: Key | None = None
    while page := laid.list(asked, limit=limit, after=after):
        assert len(page) <= limit
        yield from page
        after = page[-1].key


@pytest.mark.parametrize("order", ["unit", "longest"])
@pytest.mark.usefixtures("paths")
def test_the_pages_together_are_the_list_once_each_in_order(laid: Laid, order: str) -> None:
    for given in ({}, {"directive_id": laid.top}, {"kind": "task"}):
        asked = Asked(laid.scope("P"), YESTERDAY, order=order, **given)  # type: ignore[arg-type]
        whole = laid.list(asked)
        assert len(whole) >= 5
        for limit in (1, 2, 4):
            pages = list(walked(laid, asked, limit))
            assert [row.id for row in pages] == [row.id for row in whole], (given, limit)
        with laid.office.db.read() as conn:
            assert list(board.everything(conn, asked, TODAY, most=4)) == whole[:4]


def test_a_file_is_filled_page_after_page(laid: Laid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "_AT_ONCE", 2)
    asked = Asked(laid.scope("P"), YESTERDAY)
    with laid.office.db.read() as conn:
        assert list(board.everything(conn, asked, TODAY, most=100)) == laid.list(asked)
        assert list(board.everything(conn, asked, TODAY, most=3)) == laid.list(asked)[:3]


@pytest.mark.usefixtures("paths")
def test_counting_stops(laid: Laid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST", 2)
    monkeypatch.setattr(board, "MOST_OF_ONE", 0)
    for directive in (None, laid.top):
        asked = Asked(laid.scope("P"), YESTERDAY, directive_id=directive)
        assert laid.count(asked) == 3
    with laid.office.db.read() as conn:
        unit = laid.office.units["A1"]
        assert board.counts_of(conn, Asked([unit], YESTERDAY), [unit]) == {unit: 1}


def test_a_row_tells_all_that_chasing_needs(office: Office) -> None:
    day = TODAY - timedelta(days=3)
    letter = office.letter("A", tasks=[("3.b", "A1")], due=day, dated=day)
    step = office.step(letter, "A1", "3.b")
    office.fire(step, "remind", "a.sec")
    with office.db.read() as conn:
        (row,) = board.rows(conn, Asked([office.units["A1"]], YESTERDAY), TODAY)
    assert row == BoardRow(
        id=step,
        version=2,
        kind="task",
        state="open",
        turn="lead",
        due=day,
        reported_on=None,
        acting_id=office.units["A1"],
        acting_code="A1",
        acting="A1",
        unit="A1",
        issuer_id=office.units["A"],
        issuer="A",
        point="3.b",
        text="Point 3.b",
        letter_id=letter,
        letter_kind="công văn",
        number="101",
        symbol="UBND-A",
        dated=day,
        reminded_at=office.moment.at,
    )


_IS_ANSWER = "SELECT id, is_answer FROM letter"


def test_an_older_register_learns_who_must_act_and_which_letters_answer(empty: Database) -> None:
    with empty.write() as conn:
        command.upgrade(schema.config(conn), "0004")
        conn.execute(text("INSERT INTO unit (id, code) VALUES (1, 'P'), (2, 'A')"))
        for letter in (1, 2):
            conn.execute(
                text(
                    "INSERT INTO letter (id, issuer_name, kind, subject, form, state, version, "
                    f"open_steps) VALUES ({letter}, '', '', '', 'state', 'issued', 1, 0)"
                )
            )
        for turn in ("lead", "issuer", "accepter", "paused", "nobody"):
            conn.execute(
                text(
                    "INSERT INTO step (letter_id, kind, unit_id, issuer_id, state, turn, version, "
                    "open_children, laid_on) "
                    f"VALUES (1, 'task', 2, 1, 'any', '{turn}', 1, 0, '2026-01-01')"
                )
            )
        conn.execute(text("INSERT INTO answer (step_id, letter_id) SELECT min(id), 2 FROM step"))
    schema.upgrade(empty)
    with empty.read() as conn:
        acting = {row[0]: row[1] for row in conn.execute(text("SELECT turn, acting_id FROM step"))}
        answers = {row[0]: bool(row[1]) for row in conn.execute(text(_IS_ANSWER))}
    assert acting == {"lead": 2, "issuer": 1, "accepter": 1, "paused": None, "nobody": None}
    assert answers == {1: False, 2: True}
