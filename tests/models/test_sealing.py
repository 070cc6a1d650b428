"""Sealing: every event is bound into one chain in its own transaction, whoever writes it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from cascade.history_check import HistoryCheck
from models import administration, schema, sealing
from models import sealing_form as form
from models.administration import Recorded
from models.database import Database
from models.sealing_erasure import NotErasableError, erase
from models.tables import AdminEvent, Event, table
from tests.models.test_statement_counts import statements
from tests.worlds import Office

HANOI = timezone(timedelta(hours=7))


def faults(db: Database) -> list[str]:
    """What is wrong with the history."""
    with db.read() as conn:
        return list(HistoryCheck().faults(conn))


def seals(db: Database) -> list[tuple[Any, ...]]:
    """(seq, kind, event) of every seal."""
    with db.read() as conn:
        rows = conn.execute(text("SELECT seq, kind, event_id FROM event_seal ORDER BY seq"))
        return [tuple(row) for row in rows]


# -- the form ------------------------------------------------------------------------------


def test_everything_an_event_holds_is_sealed() -> None:
    assert {c.name for c in table(Event).c} == {*form.EVENT_HEAD, *form.EVENT_BODY}
    assert {c.name for c in table(AdminEvent).c} == {*form.ADMIN_HEAD, *form.ADMIN_BODY}


MOMENTS = {
    "as SQLite keeps it": ("2026-09-15 02:00:00.000123", "2026-09-15T02:00:00.000123Z"),
    "typed without fraction": ("2026-09-15 02:00:00", "2026-09-15T02:00:00.000000Z"),
    "from PostgreSQL": (
        datetime(2026, 9, 15, 2, 0, 0, 123, tzinfo=UTC),
        "2026-09-15T02:00:00.000123Z",
    ),
    "in another zone": (datetime(2026, 9, 15, 9, tzinfo=HANOI), "2026-09-15T02:00:00.000000Z"),
}


@pytest.mark.parametrize(("given", "said"), MOMENTS.values(), ids=MOMENTS)
def test_a_moment_is_said_in_one_way(given: object, said: str) -> None:
    assert form.moment(given) == said


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.none() | st.integers(1, 2**31)
events = st.tuples(
    st.integers(1, 2**31),
    st.datetimes().map(str) | st.datetimes(timezones=st.just(UTC)),
    numbers,
    words,
    *[numbers] * 4,
    words,
    st.none() | words,
    words,
    st.none() | st.dates() | st.dates().map(str),
    numbers,
    words,
    st.none() | st.dictionaries(words, st.integers() | words | st.lists(words)).map(json.dumps),
)


@given(events)
def test_the_quick_way_says_what_the_canonical_form_says(row: tuple[Any, ...]) -> None:
    values = dict(zip((*form.EVENT_HEAD, *form.EVENT_BODY), row, strict=True))
    data = values["data"]
    body = {"note": values["note"], "data": None if data is None else json.loads(data)}
    wanted = form.canonical(form.event_head(values)), form.canonical(body)
    assert form.event_texts(row) == wanted


SAME = {
    "spaces and order": ('{"b": 1, "a": [2]}', '{"a":[2],"b":1}'),
    "composed and decomposed": ('"Th\\u1ea1ch"', '"Tha\\u0323ch"'),
    "decomposed after an escape": ('"\\n\\u0303a\\u0323"', '"\\n\\u0303\\u1ea1"'),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_reads_the_same_is_one_text(one: str, other: str) -> None:
    assert form.canonical(json.loads(one)) == form.canonical(json.loads(other))


def test_the_commitments_are_those_of_form_1() -> None:
    salt, before = bytes(range(16)), bytes(32)
    head, body = form.commit_head(salt, "{}"), form.commit_body(salt, "{}")
    assert head.hex() == "c8833b1af98b6c7061b037b2f595844d552945d278efcf0bc42a7058378e8d92"
    assert body.hex() == "33ff24436ba810501fdd5759a7142ef78c745f97269242a9c020bf765a286279"
    assert (
        form.link(before, 1, head, body).hex()
        == "e540b261e73dbd747ca72a252d0aea955343e3ea3949aa5feeeed85c6afe4c0e"
    )


# -- in the transaction --------------------------------------------------------------------


def test_every_act_is_sealed_in_the_order_of_what_happened(office: Office) -> None:
    top = office.letter("P", owe=["A"], tasks=[("1", "S"), ("2", "S2")])
    office.letter("A", tasks=[("1", "A1")], implements=[top])
    office.finish(office.step(top, "S", "1"), "S", "P")
    with office.db.write() as conn:
        administration.record(conn, None, office.moment.at, Recorded("add_user"))
    found = seals(office.db)
    count = office.count("event")
    assert [seq for seq, _, _ in found] == list(range(1, count + 2))
    assert [event for _, kind, event in found if kind == "event"] == list(range(1, count + 1))
    assert found[-1] == (count + 1, "admin", 1)
    assert faults(office.db) == []


def test_a_move_says_three_statements_more_at_most(office: Office) -> None:
    step = office.step(office.letter("P", tasks=[("1", "S")]), "S", "1")
    with statements(office.db) as sent:
        office.fire(step, "start", "s.staff")
    more = [said for said in sent if "event_seal" in said or "advisory" in said]
    assert len(more) <= (2 if office.db.is_sqlite else 3)
    assert faults(office.db) == []


def test_a_write_that_adds_nothing_says_nothing_more(office: Office) -> None:
    with statements(office.db) as sent, office.db.write() as conn:
        conn.execute(text("UPDATE unit SET code = code"))
    assert len([said for said in sent if not said.startswith("BEGIN")]) == 1


COPY = (
    "INSERT INTO event (at, actor_id, role, letter_id, trigger, source, target, note) "
    "SELECT at, actor_id, role, letter_id, 'amend', 'issued', 'issued', 'by hand' FROM event "
    "WHERE seq = 2"
)


@pytest.mark.parametrize("statement", [COPY, COPY.replace("INTO event", 'into\n "event"')])
def test_whoever_writes_events_need_not_think_of_seals(office: Office, statement: str) -> None:
    office.letter("P", owe=["A"])
    with office.db.write() as conn:
        conn.execute(text(statement))
        conn.execute(text(statement))
    office.letter("P", owe=["B"])
    assert faults(office.db) == []


def test_hand_written_events_before_an_act_are_sealed_too(office: Office) -> None:
    office.letter("P", owe=["A"])
    by_hand = "INSERT INTO admin_event (at, act) SELECT at, 'by hand' FROM event WHERE seq = 1"
    with office.db.write() as conn:
        conn.execute(text(by_hand))
        administration.record(conn, None, office.moment.at, Recorded("add_user"))
        conn.execute(text(COPY))
        sealing.many_follow(conn, sealing.EVENT)
        conn.execute(text(COPY))
    assert faults(office.db) == []


def test_what_came_by_another_road_is_found(office: Office) -> None:
    office.letter("P", owe=["A"])
    with office.db.engine.begin() as conn:
        conn.execute(text(COPY))
    newest = office.count("event")
    assert faults(office.db) == [f"event {newest} has no seal"]
    office.letter("P", owe=["B"])
    assert faults(office.db) == [f"event {newest} has no seal"], "and is not sealed afterwards"


def test_an_act_that_is_not_kept_leaves_no_seal(office: Office) -> None:
    office.letter("P", owe=["A"])
    before = seals(office.db)
    with suppress(ZeroDivisionError), office.db.write() as conn:
        conn.execute(text(COPY))
        raise ZeroDivisionError
    assert seals(office.db) == before
    office.letter("P", owe=["B"])
    assert faults(office.db) == []


def test_more_than_are_held_in_memory_at_once_are_sealed(office: Office) -> None:
    office.letter("P", owe=["A"])
    row = "SELECT at, actor_id, role, letter_id, trigger, source, target, note FROM event"
    columns = "at, actor_id, role, letter_id, trigger, source, target, note"
    with office.db.write() as conn:
        while conn.execute(text("SELECT count(*) FROM event")).scalar_one() <= sealing.AT_ONCE:
            conn.execute(text(f"INSERT INTO event ({columns}) {row}"))
    assert office.count("event") == office.count("event_seal") > sealing.AT_ONCE
    assert faults(office.db) == []


def test_many_at_once_are_sealed_without_a_gap(office: Office) -> None:
    def record(number: int) -> None:
        done = Recorded(f"act {number}")
        office.db.run(lambda conn: administration.record(conn, None, office.moment.at, done))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, range(40)))
    assert [seq for seq, _, _ in seals(office.db)] == list(range(1, 41))
    assert faults(office.db) == []


# -- what the database itself refuses ------------------------------------------------------

REFUSED = {
    "changing a seal": "UPDATE event_seal SET hash = head WHERE seq = 1",
    "forgetting a salt": "UPDATE event_seal SET body_salt = NULL WHERE seq = 1",
    "removing a seal": "DELETE FROM event_seal WHERE seq = 1",
    "emptying a note": "UPDATE event SET note = '', data = NULL WHERE seq = 1",
    "emptying an act": "UPDATE admin_event SET data = NULL WHERE id = 1",
    "removing an erasure": "DELETE FROM event_erasure",
    "changing an erasure": "UPDATE event_erasure SET seal_seq = seal_seq + 1",
    "changing more than is erased": "UPDATE event SET note = '', data = NULL, role = 'x' "
    "WHERE seq = 3",
    "saying something else": "UPDATE event SET note = 'x', data = NULL WHERE seq = 3",
    "a salt of one's own": "UPDATE event_seal SET body_salt = head_salt WHERE event_id = 3",
    "another seal's salt": "UPDATE event_seal SET body_salt = NULL, head = body WHERE event_id = 3",
}


def with_erasure(office: Office) -> Office:
    """An office in which event 3 was lawfully erased."""
    office.letter("P", owe=["A", "B"])
    with office.db.write() as conn:
        administration.record(conn, None, office.moment.at, Recorded("add_user", data={"a": 1}))
    with office.db.write() as conn:
        erase(conn, "event", 3, actor_id=1, at=office.moment.at, reason="Decision 5")
    return office


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_seals_and_what_is_sealed_stay(office: Office, statement: str) -> None:
    with_erasure(office)
    with pytest.raises(DBAPIError, match="is append-only"), office.db.write() as conn:
        conn.execute(text(statement))


@pytest.mark.parametrize("name", ["event_seal", "event_erasure", "event", "admin_event"])
@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_postgresql_does_not_empty_them(office: Office, name: str) -> None:
    with pytest.raises(DBAPIError, match="is append-only"), office.db.write() as conn:
        conn.execute(text(f"TRUNCATE {name} CASCADE"))


@pytest.mark.parametrize("name", ["event_seal", "event_erasure"])
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_sqlite_does_not_replace_them(office: Office, name: str) -> None:
    with_erasure(office)
    with pytest.raises(DBAPIError, match="is append-only"), office.db.write() as conn:
        conn.execute(text(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"))


# -- erasing -------------------------------------------------------------------------------


def test_an_erasure_leaves_the_history_whole(office: Office) -> None:
    step = office.step(office.letter("P", owe=["A"]), "A")
    fired = office.fire(step, "refuse", "a.head", note="The name of a sick child.")
    before = seals(office.db)
    with office.db.write() as conn:
        erase(conn, "event", fired.seq, actor_id=1, at=office.moment.at, reason="Decision 5")
    assert faults(office.db) == []
    with office.db.read() as conn:
        event = conn.execute(text(f"SELECT * FROM event WHERE seq = {fired.seq}")).mappings().one()
        act = conn.execute(text("SELECT * FROM admin_event")).mappings().one()
    assert (event["note"], event["data"], event["trigger"]) == ("", None, "refuse")
    assert (act["act"], act["actor_id"]) == ("erase_event", 1)
    assert seals(office.db) == [*before, (len(before) + 1, "admin", act["id"])]


def test_an_act_of_administration_is_erased_likewise(office: Office) -> None:
    at = office.moment.at
    with office.db.write() as conn:
        done = administration.record(conn, None, at, Recorded("rename_user", data={"name": "x"}))
    with office.db.write() as conn:
        erase(conn, "admin", done, actor_id=None, at=at, reason="Decision 6")
    assert faults(office.db) == []


def test_what_cannot_be_erased_is_refused(office: Office) -> None:
    with_erasure(office)
    for kind, event_id in (("event", 3), ("event", 99), ("admin", 2)):
        with pytest.raises(NotErasableError), office.db.write() as conn:
            erase(conn, kind, event_id, actor_id=1, at=office.moment.at, reason="again")
    assert faults(office.db) == []


# -- the migration -------------------------------------------------------------------------


def test_what_happened_before_is_sealed_by_the_migration(empty: Database) -> None:
    with empty.write() as conn:
        command.upgrade(schema.config(conn), "0010")
    with empty.engine.begin() as conn:  # the program that wrote this knew no seals
        _write_some(conn)
    schema.upgrade(empty)
    assert [row[1:] for row in seals(empty)] == [("event", 1), ("event", 2), ("admin", 1)]
    assert faults(empty) == []
    with empty.write() as conn:
        administration.record(conn, None, datetime(2026, 9, 15, tzinfo=UTC), Recorded("add_user"))
    assert [row[0] for row in seals(empty)] == [1, 2, 3, 4]
    assert faults(empty) == []


def _write_some(conn: Any) -> None:
    for statement in (
        "INSERT INTO unit (code) VALUES ('P')",
        "INSERT INTO user_account (login, name, is_active) VALUES ('a', 'A', true)",
        "INSERT INTO letter (issuer_id, issuer_name, kind, subject, form, state, version, "
        "open_steps) VALUES (1, 'P', 'x', 'x', 'state', 'draft', 1, 0)",
    ):
        conn.execute(text(statement))
    at = datetime(2026, 9, 15, 9, tzinfo=HANOI)
    born = {"at": at, "actor_id": 1, "role": "registrar", "letter_id": 1, "trigger": "register"}
    born |= {"target": "draft", "note": "Thạch", "until": date(2026, 9, 20), "data": {"ạ": [1]}}
    bare = {**born, "note": "", "until": None, "data": None}
    conn.execute(insert(table(Event)), [born, bare])
    conn.execute(insert(table(AdminEvent)), {"at": at, "act": "add_user", "data": {"name": "A"}})
