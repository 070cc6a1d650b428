"""The number of statements an act or a page needs does not grow with the cascade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import event

from cascade import graph
from cascade.acts import Ref
from models.database import Database
from models.queries import lists
from tests.worlds import TODAY, Office


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The statements sent inside the block."""
    sent: list[str] = []

    def listen(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        sent.append(statement.split("\n")[0])

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


class World(NamedTuple):
    """A directive, the letter of A that answers it, and drafts; so many, with so many tasks."""

    office: Office
    size: int
    directive: int
    answer: int
    drafts: list[int]


def grow(office: Office, size: int) -> World:
    """A directive with letters below it; `size` tasks in each, all overdue tomorrow."""
    many = [(str(no), "A1" if no % 2 else "A2") for no in range(size)]
    directive = office.letter("P", owe=["A", "B", "C"])
    for _ in range(size):
        office.letter("B", tasks=[("1", "B1")], implements=[directive])
    answer = office.letter("A", tasks=many, implements=[directive], due=TODAY)
    drafts = [office.draft("A", tasks=many) for _ in range(size)]
    return World(office, size, directive, answer, drafts)


def trace_down(world: World) -> None:
    """The secretariat opens the cascade."""
    with world.office.db.read() as conn:
        found = graph.down(conn, world.directive, TODAY)
    assert len(found.steps) == 3 + 2 * world.size


def trace_up(world: World) -> None:
    """A section asks where its task comes from."""
    step = world.office.step(world.answer, "A2", "0")
    with world.office.db.read() as conn:
        found = graph.up(conn, Ref("step", step), TODAY)
    assert len(found.letters) == 2


def overdue_page(world: World) -> None:
    """A page of what is overdue tomorrow."""
    with world.office.db.read() as conn:
        tomorrow = TODAY + timedelta(days=1)
        rows = lists.overdue(conn, tomorrow)
        assert len(rows) == min(50, world.size)
        assert lists.count_overdue(conn, tomorrow) == world.size


def issue(world: World) -> None:
    """Letters with all their duties are issued together."""
    assert world.office.issue(*world.drafts).steps == world.size**2


def start(world: World) -> None:
    """A section starts one of its tasks."""
    world.office.fire(world.office.step(world.answer, "A2", "0"), "start", "a2.staff")


def accept(world: World) -> None:
    """A reported task is accepted while others are open."""
    world.office.report(world.office.step(world.answer, "A2", "0"), "A2")
    world.office.fire(world.office.step(world.answer, "A2", "0"), "accept", "a.sec")


@pytest.mark.parametrize(
    "ask",
    [trace_down, trace_up, overdue_page, issue, start, accept],
    ids=[
        "trace down",
        "trace up",
        "the overdue page",
        "issue letters",
        "start a task",
        "accept a task",
    ],
)
def test_a_bigger_cascade_asks_no_more_statements(
    office: Office, ask: Callable[[World], None]
) -> None:
    needed = []
    for size in (2, 7):
        world = grow(office, size)
        with statements(office.db) as sent:
            ask(world)
        needed.append(len(sent))
        for left in range(size):  # what this world leaves overdue is not the next one's
            unit = "A1" if left % 2 else "A2"
            step = office.step(world.answer, unit, str(left))
            if office.state(step) != "accepted":
                office.fire(step, "cancel", "a.sec", note="done with")
    assert needed[0] == needed[1] > 0
