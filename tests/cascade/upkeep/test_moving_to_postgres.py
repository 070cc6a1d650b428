"""A register that has outgrown SQLite goes on in PostgreSQL, row for row, by way of a backup."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cascade.errors import CascadeError
from cascade.upkeep.backup import backup, restore
from models import copying
from models.database import Database
from models.errors import CopyError
from models.tables import metadata
from tests.cascade.upkeep.conftest import NOW, ON_SQLITE, Installation, faults
from tests.postgres import PostgresServer
from tests.worlds import Office
from workflows.facts import Fate

pytestmark = ON_SQLITE


@pytest.fixture
def there(
    postgres: PostgresServer, at_work: Installation, tmp_path: Path
) -> Iterator[Installation]:
    """A home of its own and an empty PostgreSQL."""
    name = f"t_{uuid.uuid4().hex}"
    postgres.create(name)
    db = Database(postgres.url(name))
    home = tmp_path / name
    yield Installation(replace(at_work.settings, home=home, database=postgres.url(name)), db)
    db.dispose()
    postgres.drop(name)


def much_happens(office: Office) -> None:
    """Letters that replace one another, steps split and handed on, an extension, a series."""
    top = office.letter("P", owe=["A", "B"], tasks=[("1", "S")], with_units={"1": ["S2"]})
    answer = office.letter("A", implements=[top], tasks=[("1", "A1"), ("2", "A2")])
    newer = office.letter("A", implements=[top], tasks=[("1", "A1")])
    office.fire_letter(answer, "supersede", "a.sec", replacement=newer, fate=Fate.CARRY)
    step = office.step(top, "S", "1")
    later = office.today + timedelta(days=20)
    office.fire(step, "ask_extension", "s.staff", note="“Bão số 5”", until=later)
    office.fire(step, "transfer", "p.sec", note="To the other.", units=(office.units["S2"],))
    office.fire(office.step(top, "S2", "1"), "report", "s2.staff", evidence_letters=(top,))
    office.draft("B", implements=[top], tasks=[("1", "B1")], cites=[("Q", "901")])


def rows(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as the program reads it."""
    with db.read() as conn:
        return {
            table.name: sorted((tuple(row) for row in conn.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def moved(at_work: Installation, there: Installation) -> Path:
    """A backup of the one put into the other."""
    path = at_work.settings.home.parent / "one.tar"
    backup(at_work.settings, at_work.db, path, NOW)
    restore(path, there.settings, there.db)
    return path


def test_every_row_is_the_same_and_the_history_holds(
    office: Office, at_work: Installation, there: Installation
) -> None:
    much_happens(office)
    moved(at_work, there)
    before = rows(at_work.db)
    assert rows(there.db) == before
    filled = {name for name, some in before.items() if some}
    assert filled >= {"event", "event_seal", "step_unit", "extension", "reminder_policy", "term"}
    assert faults(there) == []


def test_people_go_on_where_they_were(
    office: Office, at_work: Installation, there: Installation
) -> None:
    much_happens(office)
    moved(at_work, there)
    office.db = there.db
    letter = office.letter("P", owe=["A"], tasks=[("1", "S")])
    step = office.step(letter, "S", "1")
    office.fire(step, "report", "s.staff", evidence_letters=(letter,))
    office.fire(step, "accept", "p.sec")
    assert faults(there) == []


def test_a_row_that_finds_no_place_leaves_nothing_behind(
    office: Office, at_work: Installation, there: Installation
) -> None:
    letter = office.letter("P", owe=["A"])
    with at_work.db.write() as conn:
        conn.execute(text("UPDATE letter SET place = 'a' || char(0) WHERE id = :i"), {"i": letter})
    with pytest.raises(CopyError, match="PostgreSQL"):
        moved(at_work, there)
    assert copying.is_empty(there.db)


def test_one_of_an_older_program_is_brought_up_to_date_first(
    at_work: Installation, there: Installation
) -> None:
    with at_work.db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0012'"))
    with pytest.raises(CascadeError, match="schema 0012") as refused:
        moved(at_work, there)
    assert "cascade migrate" in refused.value.remedy
    assert copying.is_empty(there.db)
