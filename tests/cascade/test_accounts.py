"""Passwords: how they are kept, how long they are; a session's end by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from cascade import accounts, clock
from cascade.errors import BadInputError
from models.queries import accounts as query
from tests.worlds import Office

PASSWORD = "three plain words"


def test_a_password_is_kept_as_argon2id_at_the_librarys_strength(office: Office) -> None:
    who = office.who("a.staff")
    accounts.set_password(office.db, who.id, PASSWORD, clock.now())
    with office.db.read() as conn:
        found = query.hash_of(conn, "a.staff")
    assert found is not None
    kept, usual = extract_parameters(found[1]), PasswordHasher()
    assert kept.type is Type.ID
    assert (kept.time_cost, kept.memory_cost) == (usual.time_cost, usual.memory_cost)
    assert PASSWORD not in found[1]


@pytest.mark.parametrize("password", ["", "short words", "x" * 257])
def test_a_password_that_is_too_short_or_too_long_is_refused(office: Office, password: str) -> None:
    with pytest.raises(BadInputError, match="12 to 256 characters"):
        accounts.set_password(office.db, office.who("a.staff").id, password, clock.now())
    assert office.count("password") == 0


@pytest.mark.parametrize("password", ["a.staff-body-a", "password1234"])
def test_a_password_made_of_login_and_unit_is_refused(office: Office, password: str) -> None:
    with pytest.raises(BadInputError, match="easily guessed"):
        accounts.set_password(office.db, office.who("a.staff").id, password, clock.now())
    assert office.count("password") == 0


def test_a_session_ends_when_it_is_left_and_at_the_end_of_the_day(office: Office) -> None:
    began = clock.now()
    accounts.set_password(office.db, office.who("a.staff").id, PASSWORD, began)
    token = accounts.sign_in(office.db, "a.staff", PASSWORD, "here", began)

    def is_open(hours: float) -> bool:
        later = began._replace(at=began.at + timedelta(hours=hours))
        return accounts.signed_in(office.db, token, later) is not None

    assert [is_open(hours) for hours in (0, 3.9, 7.7, 11.5, 12.1)] == [True] * 4 + [False]
    token = accounts.sign_in(office.db, "a.staff", PASSWORD, "here", began)
    assert not is_open(4.1)


def test_nothing_on_file_is_worth_a_session(office: Office) -> None:
    accounts.set_password(office.db, office.who("a.staff").id, PASSWORD, clock.now())
    token = accounts.sign_in(office.db, "a.staff", PASSWORD, "here", clock.now())
    with office.db.read() as conn:
        (kept,) = conn.exec_driver_sql("SELECT token_sha256 FROM web_session").scalars()
    assert kept != token
    assert accounts.signed_in(office.db, kept, clock.now()) is None
