"""Guessing gets slow for whoever guesses, and nobody else is locked out by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from cascade import accounts, clock, passwords
from cascade.accounts import TooManyTriesError, WrongPasswordError
from cascade.clock import Moment
from cascade.devices import Device
from tests.worlds import Office

PASSWORD = "three plain words"
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
KNOWN = Device("Firefox, Windows", "the-owner's-device-no1")
STRANGE = Device("Firefox, Windows")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; here it need not be."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)


def tried(
    office: Office,
    login: str,
    password: str,
    address: str,
    device: Device = STRANGE,
    moment: Moment | None = None,
) -> str:
    """What comes of one try."""
    try:
        accounts.sign_in(office.db, login, password, address, moment or clock.now(), device)
    except WrongPasswordError:
        return "wrong"
    except TooManyTriesError:
        return "wait"
    return "in"


def guess(office: Office, logins: list[str], address: str, device: Device = STRANGE) -> list[str]:
    """A wrong password for each of these."""
    return [tried(office, login, f"wrong {at}", address, device) for at, login in enumerate(logins)]


@pytest.mark.parametrize(
    ("story", "logins", "attacker", "device", "others"),
    [
        # (owner's address, owner's device) → what comes of the right password afterwards
        (
            "somebody at another address guesses one login",
            ["a.staff"] * 30,
            ELSEWHERE,
            STRANGE,
            {(OFFICE, KNOWN): "in", (OFFICE, STRANGE): "in", (ELSEWHERE, KNOWN): "in"},
        ),
        (
            "somebody at the same address guesses one login",
            ["a.staff"] * 30,
            OFFICE,
            STRANGE,
            {(OFFICE, KNOWN): "in", (OFFICE, STRANGE): "wait", (ELSEWHERE, STRANGE): "in"},
        ),
        (
            "somebody at the same address guesses many logins",
            [f"nobody{at}" for at in range(60)],
            OFFICE,
            STRANGE,
            {(OFFICE, KNOWN): "in", (OFFICE, STRANGE): "wait", (ELSEWHERE, STRANGE): "in"},
        ),
        (
            "somebody at the office's own machine, known for another login, guesses",
            ["a.staff"] * 30,
            OFFICE,
            Device("Firefox, Windows", "another-login's-device"),
            {(OFFICE, KNOWN): "in", (OFFICE, STRANGE): "in"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_others_guesses_do_not_lock_the_owner_out(
    office: Office,
    story: str,
    logins: list[str],
    attacker: str,
    device: Device,
    others: dict[tuple[str, Device], str],
) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    seen = guess(office, logins, attacker, device)
    assert seen[-1] == "wait", story
    found = {who: tried(office, "a.staff", PASSWORD, *who) for who in others}
    assert found == others


def test_the_guesser_gets_five_of_one_login_and_fifty_of_an_address(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    assert guess(office, ["a.staff"] * 7, OFFICE) == ["wrong"] * 5 + ["wait"] * 2
    assert tried(office, "A.STAFF", PASSWORD, OFFICE) == "wait"  # the same person's login
    seen = guess(office, [f"x{at}" for at in range(60)], OFFICE)
    assert seen == ["wrong"] * 45 + ["wait"] * 15


def test_the_guessers_own_account_does_not_make_the_addresss_guesses_good(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    assert guess(office, [f"x{at}" for at in range(49)], OFFICE) == ["wrong"] * 49
    assert tried(office, "b.staff", PASSWORD, OFFICE) == "in"
    assert guess(office, ["y1", "y2"], OFFICE) == ["wrong", "wait"]


def test_a_known_device_answers_for_its_own_guesses(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    assert guess(office, ["a.staff"] * 6, OFFICE, KNOWN) == ["wrong"] * 5 + ["wait"]
    assert tried(office, "a.staff", PASSWORD, OFFICE, KNOWN) == "wait"
    assert tried(office, "a.staff", PASSWORD, OFFICE) == "in"


def test_a_right_password_makes_earlier_slips_good(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    for device in (STRANGE, KNOWN):
        for _ in range(3):
            assert guess(office, ["a.staff"] * 4, OFFICE, device) == ["wrong"] * 4
            assert tried(office, "a.staff", PASSWORD, OFFICE, device) == "in"


def test_signing_in_all_day_counts_for_nothing(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    assert {tried(office, "a.staff", PASSWORD, OFFICE) for _ in range(70)} == {"in"}
    assert office.count("sign_in_failure") == 0


def test_after_a_quarter_of_an_hour_it_is_over_whatever_was_tried_meanwhile(
    office: Office,
) -> None:
    now = clock.now()
    accounts.give_all(office.db, PASSWORD, now)
    for _ in range(5):
        assert tried(office, "a.staff", "wrong", OFFICE, moment=now) == "wrong"
    for minutes, comes in ((5, "wait"), (10, "wait"), (14.9, "wait"), (15.1, "in")):
        later = now._replace(at=now.at + timedelta(minutes=minutes))
        assert tried(office, "a.staff", PASSWORD, OFFICE, moment=later) == comes, minutes


def test_guesses_sent_at_the_same_moment_do_not_slip_past_the_count(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(lambda at: tried(office, "a.staff", f"wrong {at}", OFFICE), range(40)))
    assert seen.count("in") == 0
    assert seen.count("wrong") <= 5
    # What was not judged does not count either.
    assert office.count("sign_in_failure") == 2 * seen.count("wrong")


@pytest.mark.parametrize("meanwhile", ["another password", "closed"])
def test_what_changes_while_a_password_is_judged_counts(
    office: Office, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    user, judge = office.who("a.staff").id, passwords.fits

    def slowly(kept: str | None, password: str) -> bool:
        fits = judge(kept, password)
        if meanwhile == "closed":
            with office.db.write() as conn:
                conn.exec_driver_sql(f"UPDATE user_account SET is_active = false WHERE id = {user}")
        else:
            accounts.set_password(office.db, user, "four quite other words", clock.now())
        return fits

    monkeypatch.setattr(passwords, "fits", slowly)
    assert tried(office, "a.staff", PASSWORD, OFFICE) == "wrong"
    assert office.count("web_session") == 0
