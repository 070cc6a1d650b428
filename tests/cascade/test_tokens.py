"""Tokens of programs are never worth more than their owner, and an act under a key is made once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from cascade import administration, clock, once, tokens
from cascade.administration import By
from cascade.clock import Moment
from cascade.once import Answer, Asked, KeyTakenError
from cascade.tokens import Scope
from models import sessions
from models.administration import set_active
from models.base import OFFICE
from tests.worlds import Office
from workflows.roles import Role

EVERY = frozenset(Scope)
NOW = clock.now()


def later(days: float) -> Moment:
    """A moment some days from now."""
    at = NOW.at + timedelta(days=days)
    return Moment(at, at.astimezone(OFFICE).date())


def made(office: Office, login: str = "a.staff", days: int = 30) -> str:
    """A token of a person, made now."""
    return tokens.give(office.db, office.who(login).id, "sheet robot", EVERY, days, NOW)


def set_password(office: Office, user_id: int, moment: Moment) -> None:
    """A person's password, without the time that hashing takes."""
    office.db.run(lambda conn: sessions.put_password(conn, user_id, "no hash", moment.at))


def test_a_token_is_shown_once_and_only_its_hash_is_kept(office: Office) -> None:
    secret = made(office)
    noise = made(office, "b.staff")
    found = tokens.find(office.db, secret, NOW)
    assert found is not None
    assert (found.login, found.scopes) == ("a.staff", "act read register")
    assert secret.startswith("csc_")
    assert len({secret, noise}) == 2
    with office.db.read() as conn:
        rows = str(conn.execute(text("SELECT * FROM api_token")).all())
        record = str(conn.execute(text("SELECT * FROM admin_event")).all())
    assert secret not in rows + record
    assert secret[4:] not in rows + record
    assert "sheet robot" in record


def test_it_ends_by_itself_by_its_owner_and_with_the_account(office: Office) -> None:
    secret, mine = made(office), office.who("a.staff").id
    assert tokens.find(office.db, secret, later(29.9)) is not None
    assert tokens.find(office.db, secret, later(30)) is None
    (row,) = tokens.of_person(office.db, mine, NOW)
    assert not tokens.end(office.db, office.who("b.staff").id, row.id, NOW)
    assert tokens.end(office.db, mine, row.id, NOW)
    assert not tokens.end(office.db, mine, row.id, NOW)
    assert tokens.find(office.db, secret, NOW) is None
    assert tokens.of_person(office.db, mine, NOW) == []
    another, by = made(office), By(None, NOW)
    for is_active in (False, True):
        with office.db.write() as conn:
            set_active(conn, mine, is_active=is_active)
        assert (tokens.find(office.db, another, NOW) is not None) == is_active
    head = office.who("p.head").id
    administration.appoint(
        office.db, head, office.units["P"], Role.ADMINISTRATOR, NOW.today, None, by
    )
    set_password(office, head, NOW)  # an administrator must be left
    administration.deactivate_user(office.db, mine, by)
    assert tokens.find(office.db, another, NOW) is None
    administration.activate_user(office.db, mine, by)  # what was ended stays ended
    assert tokens.find(office.db, another, NOW) is None


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_another_password_ends_the_tokens_of_the_time_before(office: Office) -> None:
    mine = office.who("a.staff").id
    set_password(office, mine, later(-2))
    secret = tokens.give(office.db, mine, "old", EVERY, 30, later(-1))
    assert tokens.find(office.db, secret, NOW) is not None
    set_password(office, mine, NOW)
    assert tokens.find(office.db, secret, NOW) is None
    assert tokens.find(office.db, made(office), later(0.1)) is not None


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_is_no_token_is_nobodys(office: Office) -> None:
    secret = made(office)
    for wrong in ("", "csc_", secret[:-1], secret + "x", secret.upper(), "x" * 47, f"{secret}\0"):
        assert tokens.find(office.db, wrong, NOW) is None
    for days in (0, 366, -1):
        with pytest.raises(ValueError, match="365"):
            made(office, days=days)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_day_of_its_use_is_kept_and_written_once_a_day(office: Office) -> None:
    secret, mine = made(office), office.who("a.staff").id
    for at in (NOW, NOW, later(1)):
        tokens.find(office.db, secret, at)
        (row,) = tokens.of_person(office.db, mine, at)
        assert row.used_on == at.today


def counting() -> tuple[list[int], Callable[[Connection], Answer]]:
    """Work that adds a unit, and the list of how often it was begun."""
    begun: list[int] = []

    def work(conn: Connection) -> Answer:
        begun.append(1)
        conn.execute(text(f"INSERT INTO unit (code) VALUES ('N{len(begun)}')"))
        return Answer(201, f"made {len(begun)}", "/there", '"1"')

    return begun, work


def test_an_act_under_a_key_is_made_once_and_answered_alike(office: Office) -> None:
    mine, other = office.who("a.staff").id, office.who("b.staff").id
    begun, work = counting()
    asked = Asked(mine, "key-00000001", "a" * 64)
    assert once.again(office.db, asked, NOW.at) is None
    first = once.make(office.db, asked, NOW.at, work)
    assert once.make(office.db, asked, NOW.at, work) == first == Answer(*first)
    assert once.again(office.db, asked, NOW.at) == first
    assert len(begun) == 1
    otherwise = asked._replace(sha256="b" * 64)
    with pytest.raises(KeyTakenError):
        once.again(office.db, otherwise, NOW.at)
    with pytest.raises(KeyTakenError):
        once.make(office.db, otherwise, NOW.at, work)
    assert once.make(office.db, asked._replace(user_id=other), NOW.at, work).body == "made 2"
    after = NOW.at + once.KEPT + timedelta(seconds=1)
    assert once.make(office.db, asked, after, work).body == "made 3"
    assert office.count("api_answer") == 1  # the others are swept


def test_what_is_refused_leaves_no_trace_and_its_key_is_free(office: Office) -> None:
    asked = Asked(office.who("a.staff").id, "key-00000001", "a" * 64)

    def refused(conn: Connection) -> Answer:
        conn.execute(text("INSERT INTO unit (code) VALUES ('gone')"))
        raise KeyTakenError

    with pytest.raises(KeyTakenError):
        once.make(office.db, asked, NOW.at, refused)
    assert (office.count("api_answer"), office.count("unit")) == (0, len(office.units))
    _begun, work = counting()
    assert once.make(office.db, asked._replace(sha256="c" * 64), NOW.at, work).body == "made 1"


def test_of_several_who_come_at_once_one_acts_and_all_hear_the_same(office: Office) -> None:
    asked = Asked(office.who("a.staff").id, "key-00000001", "a" * 64)
    gate, heard = threading.Barrier(4), []

    def work(conn: Connection) -> Answer:
        conn.execute(text("INSERT INTO unit (code) VALUES ('one')"))
        return Answer(200, "done")

    def ask() -> None:
        gate.wait()
        heard.append(once.make(office.db, asked, NOW.at, work))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [Answer(200, "done")] * 4
    assert office.count("unit") == len(office.units) + 1
