"""What a device is called, and the mark by which it is known again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cascade import devices, keyring
from cascade.keyring import SealBrokenError

KEY, TODAY = "the installation's key", date(2026, 9, 15)
MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:130.0) Gecko Firefox/130.0",
            "Firefox, Windows",
        ),
        (f"{MOZILLA} (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        (
            f"{MOZILLA} (Windows NT 10.0) coc_coc_browser/117 Chrome/117 Safari/537",
            "Cốc Cốc, Windows",
        ),
        (f"{MOZILLA} (X11; Linux x86_64) Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        (f"{MOZILLA} (Linux; Android 14; SM) Chrome/130 Mobile Safari/537", "Chrome, Android"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604",
            "Safari, iPhone",
        ),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari, macOS"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script> Firefox", "Firefox"),
    ],
)
def test_a_device_is_told_by_browser_and_system_alone(agent: str, words: str) -> None:
    assert devices.in_words(agent) == words


def test_a_mark_is_known_again_for_its_login() -> None:
    mark = devices.mark(KEY, "a.staff", TODAY)
    number = devices.known(KEY, "a.staff", mark, TODAY)
    assert number
    again = devices.mark(KEY, "a.staff", TODAY + timedelta(1), number)
    assert devices.known(KEY, "a.staff", again, TODAY + timedelta(1)) == number


@pytest.mark.parametrize(
    ("what", "key", "login", "days"),
    [
        ("another login", KEY, "b.staff", 0),
        ("another case of the login", KEY, "A.staff", 0),
        ("another key", "guessed", "a.staff", 0),
        ("too old", KEY, "a.staff", 366),
        ("from a day to come", KEY, "a.staff", -1),
    ],
)
def test_a_mark_is_no_others(what: str, key: str, login: str, days: int) -> None:
    mark = devices.mark(KEY, "a.staff", TODAY)
    assert devices.known(key, login, mark, TODAY + timedelta(days)) == "", what


def test_no_character_of_a_mark_can_be_changed() -> None:
    mark = devices.mark(KEY, "a.staff", TODAY)
    for at, char in enumerate(mark):
        other = "A" if char != "A" else "B"
        changed = mark[:at] + other + mark[at + 1 :]
        # The last letter of the signature carries two bits that are not part of it: the signature
        # is compared as text, so those count too.
        assert devices.known(KEY, "a.staff", changed, TODAY) == "", at


@pytest.mark.parametrize(
    "shown", ["", ".", "..", "x" * 10_000, "a.1.b", "é" * 22 + ".1." + "a" * 43]
)
def test_what_is_no_mark_is_nobodys(shown: str) -> None:
    assert devices.known(KEY, "a.staff", shown, TODAY) == ""


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert keyring.derived(KEY, "one") != keyring.derived(KEY, "another")
    assert len(keyring.derived(KEY, "one")) == 32


def test_a_seal_opens_for_its_purpose_and_key_alone() -> None:
    sealed = keyring.seal(KEY, "one", "a secret")
    assert "secret" not in sealed
    assert keyring.unseal(KEY, "one", sealed) == "a secret"
    for key, purpose, text in [
        ("other", "one", sealed),
        (KEY, "another", sealed),
        (KEY, "one", sealed[:-4] + "AAA="),
        (KEY, "one", ""),
    ]:
        with pytest.raises(SealBrokenError, match=r"secret\.key"):
            keyring.unseal(key, purpose, text)
