"""The second factor: set with a code, asked after the password, each code good once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher

from cascade import accounts, clock, keyring, passwords, second_factor
from cascade.accounts import CodeNeededError, TooManyTriesError, WrongPasswordError
from cascade.administration import By
from cascade.clock import Moment
from cascade.devices import Device
from cascade.errors import NotFoundError
from cascade.second_factor import FactorSetError, HalfGoneError, State, WrongCodeError
from models.queries import administration
from models.queries.accounts import SessionRow
from tests.worlds import Office

PASSWORD, KEY = "three plain words", "the installation's key"
NOW = clock.now()
KNOWN, STRANGE = Device("Firefox, Windows", "the-owner's-device-no1"), Device("Firefox, Windows")


@pytest.fixture(autouse=True)
def everybody_has_a_password(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; here it need not be."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)
    accounts.give_all(office.db, PASSWORD, NOW)


def after(seconds: float) -> Moment:
    """A moment that much later."""
    return NOW._replace(at=NOW.at + timedelta(seconds=seconds))


def code(secret: str, seconds: float = 0) -> str:
    """The code the telephone shows that much later."""
    return pyotp.TOTP(secret).at(after(seconds).at)


def session(office: Office, token: str) -> SessionRow:
    """The session of a token."""
    found = accounts.signed_in(office.db, token, NOW)
    assert found is not None
    return found


def enrolled(office: Office, login: str = "a.staff") -> tuple[str, list[str], SessionRow]:
    """A person with a second factor set at a moment five minutes ago: secret, recovery codes."""
    me = session(office, accounts.sign_in(office.db, login, PASSWORD, "here", NOW))
    second_factor.propose(office.db, me.user_id, KEY, after(-300))
    secret = second_factor.state(office.db, me.user_id, KEY, after(-300)).secret
    codes = second_factor.confirm(office.db, me, code(secret, -300), KEY, after(-300))
    return secret, codes, me


def half(office: Office, login: str = "a.staff", moment: Moment = NOW) -> str:
    """The token of a half-session: the password was right."""
    with pytest.raises(CodeNeededError) as needed:
        accounts.sign_in(office.db, login, PASSWORD, "here", moment)
    return needed.value.token


def enter(
    office: Office, token: str, code: str, seconds: float = 0, device: Device = STRANGE
) -> str:
    """A half-session turned into a session by a code."""
    return second_factor.sign_in(office.db, token, code, KEY, after(seconds), device)


def test_it_is_asked_for_once_a_first_code_has_confirmed_it(office: Office) -> None:
    me = session(office, accounts.sign_in(office.db, "a.staff", PASSWORD, "here", NOW))
    other = accounts.sign_in(office.db, "a.staff", PASSWORD, "there", NOW)
    assert second_factor.state(office.db, me.user_id, KEY, NOW) == State()
    second_factor.propose(office.db, me.user_id, KEY, NOW)
    waiting = second_factor.state(office.db, me.user_id, KEY, NOW)
    assert len(waiting.secret) == 32  # 160 bits
    assert accounts.sign_in(office.db, "a.staff", PASSWORD, "here", NOW)  # not asked for yet
    with pytest.raises(WrongCodeError):
        second_factor.confirm(office.db, me, code(waiting.secret, 3600), KEY, NOW)
    codes = second_factor.confirm(office.db, me, code(waiting.secret), KEY, NOW)
    assert len(set(codes)) == 10
    assert second_factor.state(office.db, me.user_id, KEY, NOW) == State(is_set=True)
    assert session(office, accounts.sign_in(office.db, "b.staff", PASSWORD, "here", NOW))
    assert accounts.signed_in(office.db, other, NOW) is None  # other sessions ended
    half(office)


def test_the_code_that_confirmed_it_signs_nobody_in(office: Office) -> None:
    me = session(office, accounts.sign_in(office.db, "a.staff", PASSWORD, "here", NOW))
    second_factor.propose(office.db, me.user_id, KEY, NOW)
    secret = second_factor.state(office.db, me.user_id, KEY, NOW).secret
    second_factor.confirm(office.db, me, code(secret), KEY, NOW)
    with pytest.raises(WrongCodeError):
        enter(office, half(office), code(secret))
    assert enter(office, half(office), code(secret, 30), 30)


def test_nothing_on_file_is_worth_a_code(office: Office) -> None:
    secret, codes, _ = enrolled(office)
    with office.db.read() as conn:
        kept = str(conn.exec_driver_sql("SELECT * FROM second_factor").all())
        kept += str(conn.exec_driver_sql("SELECT * FROM recovery_code").all())
    assert secret not in kept
    assert [one for one in codes if one in kept or one.replace("-", "") in kept] == []
    other_key = "another installation's"
    with pytest.raises(WrongCodeError):
        second_factor.sign_in(office.db, half(office), code(secret), other_key, NOW, STRANGE)


def test_a_half_session_is_no_session(office: Office) -> None:
    enrolled(office)
    token = half(office)
    assert accounts.signed_in(office.db, token, NOW) is None
    assert second_factor.waiting(office.db, token, NOW)
    assert second_factor.waiting(office.db, token, after(601)) is None
    with pytest.raises(HalfGoneError):
        enter(office, "no such token", "123456")


def test_a_code_makes_it_a_session_under_another_token_and_is_used_up(office: Office) -> None:
    secret, _, _ = enrolled(office)
    first, second = half(office), half(office)
    token = enter(office, first, code(secret))
    assert token not in (first, second)
    assert session(office, token).has_factor
    with pytest.raises(HalfGoneError):
        enter(office, first, code(secret, 30))
    with pytest.raises(WrongCodeError):
        enter(office, second, code(secret))
    assert enter(office, second, code(secret, 30), 30)


@pytest.mark.parametrize(
    ("shown", "fits"), [(-90, False), (-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_wrong(office: Office, shown: int, fits: bool) -> None:
    secret, _, _ = enrolled(office)
    token = half(office)
    if fits:
        assert enter(office, token, code(secret, shown))
    else:
        with pytest.raises(WrongCodeError):
            enter(office, token, code(secret, shown))


def test_after_a_later_code_an_earlier_one_is_worth_nothing(office: Office) -> None:
    secret, _, _ = enrolled(office)
    assert enter(office, half(office), code(secret, 30))
    with pytest.raises(WrongCodeError):
        enter(office, half(office), code(secret))


def test_of_eight_who_send_one_code_at_the_same_moment_one_comes_in(office: Office) -> None:
    secret, _, _ = enrolled(office)
    tokens = [half(office) for _ in range(8)]

    def one(token: str) -> bool:
        try:
            return bool(enter(office, token, code(secret)))
        except (WrongCodeError, TooManyTriesError):
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, tokens)) == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 5000])
def test_what_is_no_code_is_wrong(office: Office, typed: str) -> None:
    enrolled(office)
    with pytest.raises(WrongCodeError):
        enter(office, half(office), typed)


def test_each_recovery_code_is_good_once_however_it_is_typed(office: Office) -> None:
    _, codes, _ = enrolled(office)
    enrolled(office, "b.staff")
    typed = [codes[0], codes[1].upper(), codes[2].replace("-", " "), codes[3].replace("-", "")]
    for one in typed:
        assert enter(office, half(office), one)
    for one in typed:
        with pytest.raises(WrongCodeError):
            enter(office, half(office), one)
    with pytest.raises(WrongCodeError):
        enter(office, half(office, "b.staff"), codes[4])  # another person's
    assert enter(office, half(office), codes[5], device=KNOWN)


def test_guessing_codes_gets_slow_and_does_not_lock_a_known_device_out(office: Office) -> None:
    secret, _, _ = enrolled(office)
    thief, owner = half(office), half(office)
    for _ in range(10):
        with pytest.raises(WrongCodeError):
            enter(office, thief, "000000")
    with pytest.raises(TooManyTriesError):
        enter(office, thief, code(secret))
    with pytest.raises(TooManyTriesError):
        enter(office, half(office), code(secret))  # a new password step gives no new tries
    assert enter(office, owner, code(secret), device=KNOWN)
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            enter(office, half(office), "000000", device=KNOWN)
    with pytest.raises(TooManyTriesError):
        enter(office, half(office), code(secret, 30), 30, device=KNOWN)


@pytest.mark.parametrize(
    ("how", "stays"),
    [("password", False), ("signed out", False), ("lost", False), ("another's", True)],
)
def test_what_ends_sessions_ends_half_ones_too(office: Office, how: str, stays: bool) -> None:
    _, _, me = enrolled(office)
    token = half(office)
    match how:
        case "password":
            accounts.set_password(office.db, me.user_id, PASSWORD, NOW)
        case "signed out":
            accounts.sign_out_everywhere(office.db, me.user_id, NOW)
        case "lost":
            second_factor.remove_lost(office.db, me.user_id, By(None, NOW))
        case _:
            second_factor.remove_lost(office.db, office.who("b.staff").id, By(None, NOW))
    assert (second_factor.waiting(office.db, token, NOW) is not None) == stays


def test_the_half_session_of_a_closed_account_is_nobodys(office: Office) -> None:
    secret, _, _ = enrolled(office)
    token = half(office)
    with office.db.write() as conn:
        conn.exec_driver_sql("UPDATE user_account SET is_active = false WHERE login = 'a.staff'")
    with pytest.raises(HalfGoneError):
        enter(office, token, code(secret))


def test_a_set_factor_is_not_replaced_without_being_removed(office: Office) -> None:
    secret, codes, me = enrolled(office)
    with pytest.raises(FactorSetError):
        second_factor.propose(office.db, me.user_id, KEY, NOW)
    with pytest.raises(HalfGoneError):
        second_factor.confirm(office.db, me, code(secret), KEY, NOW)
    second_factor.remove(office.db, me, NOW)
    assert office.count("second_factor") == office.count("recovery_code") == 0
    assert accounts.sign_in(office.db, "a.staff", PASSWORD, "here", NOW)
    assert codes


def test_a_secret_that_waits_too_long_is_not_shown_and_not_confirmed(office: Office) -> None:
    me = session(office, accounts.sign_in(office.db, "a.staff", PASSWORD, "here", NOW))
    second_factor.propose(office.db, me.user_id, KEY, NOW)
    secret = second_factor.state(office.db, me.user_id, KEY, NOW).secret
    assert second_factor.state(office.db, me.user_id, KEY, after(901)) == State()
    with pytest.raises(HalfGoneError):
        second_factor.confirm(office.db, me, code(secret, 901), KEY, after(901))
    second_factor.propose(office.db, me.user_id, KEY, after(901))
    assert second_factor.state(office.db, me.user_id, KEY, after(901)).secret not in ("", secret)


def test_a_lost_one_is_removed_on_record_and_ends_every_session(office: Office) -> None:
    _, _, me = enrolled(office)
    token = enter(office, half(office), code(kept_secret(office)))
    by = By(office.who("p.sec").id, office.moment)
    second_factor.remove_lost(office.db, me.user_id, by)
    assert accounts.signed_in(office.db, token, NOW) is None
    assert accounts.sign_in(office.db, "a.staff", PASSWORD, "here", NOW)
    with office.db.read() as conn:
        newest = administration.record(conn)[0]
    assert (newest.act, newest.login) == ("remove_second_factor", "a.staff")
    with pytest.raises(NotFoundError):
        second_factor.remove_lost(office.db, 10**6, by)


def kept_secret(office: Office) -> str:
    """The secret as only the key opens it."""
    with office.db.read() as conn:
        sealed = conn.exec_driver_sql("SELECT sealed_secret FROM second_factor").scalar_one()
    return keyring.unseal(KEY, "second factor", str(sealed))


def test_a_wrong_password_never_comes_to_the_code(office: Office) -> None:
    enrolled(office)
    with pytest.raises(WrongPasswordError):
        accounts.sign_in(office.db, "a.staff", "wrong words here", "here", NOW)
    assert office.count("half_session") == 0
