"""Passwords: which are good enough, and what is kept of them."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from cascade.errors import BadInputError
from models.terms import words

SHORTEST = 12  # characters of a password; nothing is asked of which characters they are
LONGEST = 256
# What a password must be good for, by zxcvbn's lists of what people choose: its "hardly guessed".
_GUESSES = 100_000_000
_JUDGED = 32  # characters; more of them could only make it better, and longer to judge
# What no list of English passwords knows and everybody here thinks of first.
_HERE = (
    *("cascade", "matkhau", "congvan", "vanban", "vanthu", "vanphong", "chidao", "ubnd", "hdnd"),
    *("uybannhandan", "vietnam", "hanoi", "saigon", "xinchao", "anhyeuem", "chaobuoisang"),
)
_TOLD = {
    "short": f"a password has {SHORTEST} to {LONGEST} characters",
    "long": f"a password has {SHORTEST} to {LONGEST} characters",
    "known": "this password is easily guessed: it is on lists of common passwords, or made of "
    "names, dates, repeats or rows of keys",
}


class BadPasswordError(BadInputError):
    """The password is too short, too long, or among the first that anybody would try."""

    remedy = "Take three or four words that have nothing to do with each other or with you."

    def __init__(self, why: Literal["short", "long", "known"]) -> None:
        self.why = why
        super().__init__(_TOLD[why], where="password")


def hashed(password: str, about: Iterable[str] = ()) -> str:
    """What is kept of a new password; raises BadPasswordError."""
    check(password, about)
    return keep(password)


def check(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long or common; raises BadPasswordError.

    `about` are texts about the person, such as login, name and unit: they make no password.
    """
    said = normal(password)
    if len(said) < SHORTEST:
        raise BadPasswordError("short")
    if len(said) > LONGEST:
        raise BadPasswordError("long")
    near = _near(about)
    bare = "".join(_bare(said).split())
    # Also without accents and blanks, and without the words about the person: the rest must do.
    for form in {said, _without(near, bare)}:
        if not form or zxcvbn(form[:_JUDGED], user_inputs=near)["guesses"] < _GUESSES:
            raise BadPasswordError("known")


def keep(password: str) -> str:
    """What is kept of a password that nobody chose: for sample worlds."""
    return _hasher().hash(normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; nothing kept takes just as long to say no."""
    try:
        return _hasher().verify(kept or _nobody(), normal(password)[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


def normal(password: str) -> str:
    """The same characters however the keyboard composed them (NFC); nothing else is changed."""
    return unicodedata.normalize("NFC", password)


def _near(about: Iterable[str]) -> list[str]:
    found = set(_HERE)
    for text in about:
        parts = words(text)
        found |= {_bare(text), " ".join(parts), "".join(parts), *parts}
    return sorted((word for word in found if len(word) > 2), key=len, reverse=True)


def _without(near: Iterable[str], bare: str) -> str:
    for word in near:
        bare = bare.replace(word, "")
    return bare


def _bare(text: str) -> str:
    marked = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(char for char in marked if not unicodedata.combining(char))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the library's present defaults


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown name takes as long as a known one."""
    return _hasher().hash(secrets.token_urlsafe(32))
