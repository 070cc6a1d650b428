"""One-time links: good once, for a day, for one person; they end what was open before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from cascade import accounts, administration, clock, passwords, resets
from cascade.administration import By, InactiveUserError
from cascade.clock import Moment
from cascade.errors import NotFoundError
from cascade.passwords import BadPasswordError
from cascade.resets import LinkGoneError
from cascade.throttle import TooManyTriesError
from models.queries import administration as reading
from tests.worlds import Office

PASSWORD, NEW = "three plain words", "four quite other words"
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; here it need not be."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)


def by(office: Office) -> By:
    """Who administers here."""
    return By(office.who("p.sec").id, office.moment)


def hours(count: float) -> Moment:
    """The moment in that many hours."""
    now = clock.now()
    return now._replace(at=now.at + timedelta(hours=count))


def link(office: Office, login: str = "a.staff") -> str:
    """A new link for a person."""
    return resets.make(office.db, office.who(login).id, by(office))


def use(office: Office, token: str, password: str = NEW, moment: Moment | None = None) -> None:
    """The password set by it."""
    resets.use(office.db, token, password, HERE, moment or clock.now())


def test_a_link_sets_the_first_password_and_it_is_on_record(office: Office) -> None:
    token = link(office)
    assert resets.whose(office.db, token, HERE, clock.now()).login == "a.staff"
    use(office, token)
    assert accounts.sign_in(office.db, "a.staff", NEW, HERE, clock.now())
    with office.db.read() as conn:
        used, made = reading.record(conn)
    assert (made.act, made.actor, made.login) == ("make_reset_link", "p.sec", "a.staff")
    assert (used.act, used.actor, used.login) == ("use_reset_link", "a.staff", "a.staff")
    assert token not in str((used, made))


def test_another_password_ends_every_session_and_the_old_one(office: Office) -> None:
    accounts.give_all(office.db, PASSWORD, clock.now())
    before = accounts.sign_in(office.db, "a.staff", PASSWORD, HERE, clock.now())
    other = accounts.sign_in(office.db, "b.staff", PASSWORD, HERE, clock.now())
    token = link(office)
    assert accounts.signed_in(office.db, before, clock.now())  # making it changes nothing yet
    use(office, token)
    assert accounts.signed_in(office.db, before, clock.now()) is None
    assert accounts.signed_in(office.db, other, clock.now())
    with pytest.raises(accounts.WrongPasswordError):
        accounts.sign_in(office.db, "a.staff", PASSWORD, HERE, clock.now())


def test_nothing_on_file_is_a_link(office: Office) -> None:
    token = link(office)
    with office.db.read() as conn:
        (kept,) = conn.exec_driver_sql("SELECT token_sha256 FROM reset_link").scalars()
    assert kept != token
    with pytest.raises(LinkGoneError):
        use(office, kept)


def _spoil(office: Office, how: str, token: str) -> str:
    user = office.who("a.staff").id
    match how:
        case "used":
            use(office, token)
        case "voided by a newer one":
            link(office)
        case "of an account that was closed":
            administration.deactivate_user(office.db, user, by(office))
        case "voided by another password":
            accounts.set_password(office.db, user, PASSWORD, clock.now())
        case "made up":
            return token[:-1] + ("A" if token[-1] != "A" else "B")
    return "" if how == "empty" else token


@pytest.mark.parametrize(
    "how",
    [
        "used",
        "voided by a newer one",
        "of an account that was closed",
        "voided by another password",
        "made up",
        "empty",
    ],
)
def test_every_link_that_is_not_good_is_refused_alike(
    office: Office, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "keep_an_administrator", lambda *_: None)
    token = _spoil(office, how, link(office))
    with pytest.raises(LinkGoneError) as refused:
        use(office, token)
    assert str(refused.value) == str(LinkGoneError())


def test_a_closed_account_opened_again_does_not_bring_its_link_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "keep_an_administrator", lambda *_: None)
    user, token = office.who("a.staff").id, link(office)
    administration.deactivate_user(office.db, user, by(office))
    with pytest.raises(InactiveUserError):
        resets.make(office.db, user, by(office))
    administration.activate_user(office.db, user, by(office))
    with pytest.raises(LinkGoneError):
        use(office, token)


@pytest.mark.parametrize(("after", "is_good"), [(23.9, True), (24.1, False), (24 * 365, False)])
def test_a_link_is_good_for_a_day(office: Office, after: float, is_good: bool) -> None:
    token = link(office)
    if is_good:
        use(office, token, moment=hours(after))
    else:
        with pytest.raises(LinkGoneError):
            use(office, token, moment=hours(after))


@pytest.mark.parametrize(
    "password", ["short", "x" * 257, "password1234", "a.staff a.staff", "a.staff-body-a"]
)
def test_a_bad_password_leaves_the_link_good(office: Office, password: str) -> None:
    token = link(office)
    with pytest.raises(BadPasswordError):
        use(office, token, password)
    use(office, token)


def test_of_eight_who_use_one_link_at_the_same_moment_one_does(office: Office) -> None:
    token = link(office)

    def one(at: int) -> bool:
        try:
            use(office, token, f"{NEW} {at}")
        except LinkGoneError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 1


def test_trying_links_gets_slow_and_locks_no_right_one_out(office: Office) -> None:
    token = link(office)

    def tried() -> str:
        try:
            resets.whose(office.db, "made up", HERE, clock.now())
        except LinkGoneError:
            return "gone"
        except TooManyTriesError:
            return "wait"
        return "good"

    assert [tried() for _ in range(22)] == ["gone"] * 20 + ["wait"] * 2
    use(office, token)


def test_nobody_is_nobody(office: Office) -> None:
    with pytest.raises(NotFoundError):
        resets.make(office.db, 10**6, by(office))
