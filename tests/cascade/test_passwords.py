"""Which passwords are taken, and that the same one fits however a keyboard composes it."""

from __future__ import annotations

import time
import unicodedata

import pytest

from cascade import passwords
from cascade.passwords import BadPasswordError

ABOUT = ("hang.nt", "Nguyễn Thu Hằng", "SNN", "Sở Nông nghiệp và Môi trường")


@pytest.mark.parametrize(
    "password",
    [
        "three plain words",
        "threeplainwords",
        "correct horse battery staple",
        "bon mua nam thang",
        "k7#pQ2!vLm9z",
        "mưa nắng gió bão",
        "một con chim sẻ vàng",
        "a" + " word" * 3 + "s that nobody thinks of",
        "Ω漢字ж two wolves",
        "seven wolves below the old bridge" + " and more" * 24,
    ],
)
def test_a_password_of_some_words_or_of_chance_is_taken(password: str) -> None:
    passwords.check(password, ABOUT)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"),
        ("k7#pQ2!vLm9", "short"),
        ("k7#pQ2!vLm9z" * 22, "long"),
        # often used, by zxcvbn's lists
        ("password1234", "known"),
        ("passwordpassword", "known"),
        ("password password", "known"),
        ("p@ssw0rdp@ssw0rd", "known"),
        ("iloveyou1234", "known"),
        ("unbelievable1", "known"),
        # rows and repeats
        ("123456789012", "known"),
        ("1 2 3 4 5 6 7 8 9", "known"),
        ("qwertyuiop12", "known"),
        ("abcdefghijkl", "known"),
        ("aaaaaaaaaaaa", "known"),
        ("abc123abc123", "known"),
        (" " * 12, "known"),
        # what everybody here thinks of
        ("matkhau12345678", "known"),
        ("mật khẩu 123456", "known"),
        ("mậtkhẩumậtkhẩu", "known"),
        ("vanthu@123456", "known"),
        ("Hanoi@2026!!", "known"),
        ("Cascade2026!!", "known"),
        ("cascadecascade", "known"),
        # about the person
        ("hang.nt hang.nt", "known"),
        ("nguyenthuhang1990", "known"),
        ("Nguyễn Thu Hằng", "known"),
        ("12/05/1990 hang", "known"),
        ("So Nong nghiep 2026", "known"),
        ("SNN SNN SNN 2026", "known"),
    ],
)
def test_a_password_anybody_would_try_is_refused_and_told_why(password: str, why: str) -> None:
    with pytest.raises(BadPasswordError) as refused:
        passwords.check(password, ABOUT)
    assert refused.value.why == why
    assert "three or four words" in refused.value.remedy
    assert not password.strip() or password not in str(refused.value)


def test_words_about_one_person_are_only_that_persons_matter() -> None:
    passwords.check("So Nong nghiep huyen", ())
    with pytest.raises(BadPasswordError):
        passwords.check("So Nong nghiep 12", ABOUT)


@pytest.mark.parametrize("length", [12, 64, 255, 256])
def test_up_to_256_characters_all_count(length: int) -> None:
    password = ("k7#pQ2!vLm9z wolves " * 13)[:length]
    kept = passwords.hashed(password)
    assert passwords.fits(kept, password)
    assert not passwords.fits(kept, password[:-1])
    assert not passwords.fits(kept, password + "x")
    assert not passwords.fits(kept, password.upper())


def test_accents_typed_in_two_ways_are_one_password() -> None:
    composed = unicodedata.normalize("NFC", "mưa nắng gió bão")
    apart = unicodedata.normalize("NFD", composed)
    assert composed != apart
    assert passwords.fits(passwords.hashed(apart), composed)
    assert passwords.fits(passwords.hashed(composed), apart)


def test_blanks_at_the_ends_count() -> None:
    kept = passwords.hashed(" three plain words ")
    assert not passwords.fits(kept, "three plain words")


def test_the_worst_password_is_judged_in_a_moment() -> None:
    began = time.process_time()
    passwords.check("4@8({[<369!1|7$5+%2" * 13, ABOUT)
    assert time.process_time() - began < 10
